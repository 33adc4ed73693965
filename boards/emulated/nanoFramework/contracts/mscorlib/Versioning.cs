// Contract of mscorlib 1.17: target framework.

namespace System.Runtime.Versioning;

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = false, Inherited = false)]
public sealed class TargetFrameworkAttribute : Attribute
{
    public string FrameworkName => throw null;
    public string FrameworkDisplayName { get => throw null; set => throw null; }
    public TargetFrameworkAttribute(string frameworkName) => throw null;
}
