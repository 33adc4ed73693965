// What flashed code may call must exist on the desktop too, where the mscorlib facade of .NET supplies the core types.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class DesktopFacadeTests
{
    // Only the compiler and the device read these two; no flashed assembly that runs here carries the first.
    private static readonly string[] deviceOnly =
    [
        "System.Reflection.AssemblyNativeVersionAttribute",
        "System.Runtime.CompilerServices.CallerArgumentExpressionAttribute",
    ];

    [TestMethod]
    public void CoreContract_EachMember_ExistsOnDesktop()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        using DefaultAssemblyResolver resolver = new();
        resolver.AddSearchDirectory(runtime);
        ReaderParameters parameters = new() { AssemblyResolver = resolver };
        using AssemblyDefinition facade = AssemblyDefinition.ReadAssembly(Path.Combine(runtime, "mscorlib.dll"), parameters);
        using AssemblyDefinition contract =
            AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "contracts", "mscorlib.dll"));

        HashSet<string> wanted = contract.MainModule.Types.Select(type => type.FullName).ToHashSet();
        Dictionary<string, TypeDefinition> desktop = facade.MainModule.ExportedTypes
            .Where(type => wanted.Contains(type.FullName))
            .Select(type => type.Resolve())
            .SelectMany(type => type.NestedTypes.Append(type))
            .ToDictionary(type => type.FullName);
        string[] missing = contract.MainModule.GetTypes()
            .Where(type => (type.IsPublic || type.IsNestedPublic) && !deviceOnly.Contains(type.FullName))
            .SelectMany(type => Missing(type, desktop.GetValueOrDefault(type.FullName)))
            .ToArray();
        Assert.IsEmpty(missing, Environment.NewLine + string.Join(Environment.NewLine, missing));
    }

    private static IEnumerable<string> Missing(TypeDefinition wanted, TypeDefinition? given)
    {
        if (given is null)
        {
            return [wanted.FullName];
        }

        HashSet<string> there = WithBases(given).SelectMany(Signatures).ToHashSet();
        return Signatures(wanted).Where(signature => !there.Contains(signature)).Select(member => $"{wanted.FullName}: {member}");
    }

    private static IEnumerable<TypeDefinition> WithBases(TypeDefinition type)
    {
        for (TypeDefinition? level = type; level is not null; level = level.BaseType?.Resolve())
        {
            yield return level;
        }
    }

    // Return type, name and parameter types: what the runtime looks a member up by. Constants count by value.
    private static IEnumerable<string> Signatures(TypeDefinition type)
    {
        IEnumerable<string> methods = type.Methods
            .Where(method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            .Select(method => $"{(method.IsStatic ? "static " : "")}{method.ReturnType.FullName} {method.Name}("
                + string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.FullName)) + ")");
        IEnumerable<string> fields = type.Fields
            .Where(field => (field.IsPublic || field.IsFamily) && !field.IsRuntimeSpecialName)
            .Select(field => $"{field.FieldType.FullName} {field.Name}{(field.HasConstant ? " = " + field.Constant : "")}");
        return methods.Concat(fields);
    }
}
