// Contract of mscorlib 1.17: attributes of namespace System.

namespace System;

public abstract class Attribute
{
    protected Attribute() => throw null;
}

[Flags]
public enum AttributeTargets
{
    Assembly = 1,
    Module = 2,
    Class = 4,
    Struct = 8,
    Enum = 16,
    Constructor = 32,
    Method = 64,
    Property = 128,
    Field = 256,
    Event = 512,
    Interface = 1024,
    Parameter = 2048,
    Delegate = 4096,
    ReturnValue = 8192,
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class AttributeUsageAttribute : Attribute
{
    public AttributeTargets ValidOn => throw null;
    public bool AllowMultiple { get => throw null; set => throw null; }
    public bool Inherited { get => throw null; set => throw null; }
    public AttributeUsageAttribute(AttributeTargets validOn) => throw null;
}

public sealed class CLSCompliantAttribute : Attribute
{
    public bool IsCompliant => throw null;
    public CLSCompliantAttribute(bool isCompliant) => throw null;
}

[AttributeUsage(AttributeTargets.Enum, Inherited = false)]
public class FlagsAttribute : Attribute
{
    public FlagsAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum |
    AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field |
    AttributeTargets.Event | AttributeTargets.Interface | AttributeTargets.Delegate, Inherited = false)]
public sealed class ObsoleteAttribute : Attribute
{
    public string Message => throw null;
    public bool IsError => throw null;
    public ObsoleteAttribute() => throw null;
    public ObsoleteAttribute(string message) => throw null;
    public ObsoleteAttribute(string message, bool error) => throw null;
}

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ParamArrayAttribute : Attribute
{
    public ParamArrayAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Delegate, Inherited = false)]
public sealed class SerializableAttribute : Attribute
{
    public SerializableAttribute() => throw null;
}
