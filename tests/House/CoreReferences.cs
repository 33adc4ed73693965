// CoreReferences: what an assembly names of the core library, looked up in nanoFramework's and in the desktop's. It is compiled
// against the first and runs on both.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

internal static class CoreReferences
{
    private const string CoreLibrary = "mscorlib";

    // Only the natives carry it, and on the desktop a twin takes their place.
    private const string DeviceOnly = "System.Reflection.AssemblyNativeVersionAttribute";

    private static readonly (MetadataResolver Resolver, string Name)[] libraries =
    [
        (In(Flashed.Contracts), "nanoFramework's core library"),
        (In(Path.GetDirectoryName(typeof(object).Assembly.Location)!), "the desktop's runtime"),
    ];

    /// <summary>Each type and member that a core library lacks, or keeps only to throw.</summary>
    internal static IEnumerable<string> Problems(AssemblyDefinition assembly)
    {
        ModuleDefinition module = assembly.MainModule;
        return
            from member in module.GetTypeReferences().Concat(module.GetMemberReferences())
            let type = (member as TypeReference ?? member.DeclaringType).GetElementType()
            where type.Scope is AssemblyNameReference { Name: CoreLibrary } && type.FullName != DeviceOnly
            from library in libraries
            let found = Find(member, library.Resolver)
            where found is null || IsObsolete(found)
            select $"{assembly.Name.Name}: {member.FullName} is {(found is null ? "not" : "obsolete")} in {library.Name}";
    }

    private static MetadataResolver In(string folder)
    {
        DefaultAssemblyResolver resolver = new();
        foreach (string other in resolver.GetSearchDirectories())
        {
            resolver.RemoveSearchDirectory(other);
        }

        resolver.AddSearchDirectory(folder);
        return new MetadataResolver(resolver);
    }

    // Static or not, and visible: neither is part of the name by which the resolver finds a member.
    private static ICustomAttributeProvider? Find(MemberReference member, MetadataResolver library)
    {
        return member switch
        {
            TypeReference type when library.Resolve(type) is ({ IsPublic: true } or { IsNestedPublic: true }) and { } found => found,
            FieldReference field when library.Resolve(field) is ({ IsPublic: true } or { IsFamily: true }) and { } found => found,
            MethodReference method when library.Resolve(method) is ({ IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true }) and { } found
                && found.HasThis == method.HasThis => found,
            _ => null,
        };
    }

    // Thread.Suspend, say, throws PlatformNotSupportedException, and that is all it does.
    private static bool IsObsolete(ICustomAttributeProvider member) =>
        member.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == typeof(ObsoleteAttribute).FullName);
}
