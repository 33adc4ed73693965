// Contract of mscorlib 1.17: layout attributes.

namespace System.Runtime.InteropServices;

public enum CharSet
{
    None = 1,
    Ansi = 2,
    Unicode = 3,
    Auto = 4,
}

public enum LayoutKind
{
    Sequential = 0,
    Explicit = 2,
    Auto = 3,
}

[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false, Inherited = false)]
public sealed class OutAttribute : Attribute
{
    public OutAttribute() => throw null;
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class StructLayoutAttribute : Attribute
{
    public int Pack;
    public int Size;
    public CharSet CharSet;
    public LayoutKind Value => throw null;
    public StructLayoutAttribute(LayoutKind layoutKind) => throw null;
    public StructLayoutAttribute(short layoutKind) => throw null;
}
