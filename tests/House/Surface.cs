// Surface: the public and protected part of an assembly as text, one line a type and one a member, in the form of the
// listings of the real assemblies: "class A : B, C" and, under it, "static int Do(ref int x)".

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

/// <summary>One type: its kind and name, what it derives from, its members.</summary>
/// <param name="Head">Modifiers, kind and full name; a delegate's whole signature.</param>
/// <param name="Bases">Base class other than the implied one, and interfaces.</param>
/// <param name="Members">Member lines.</param>
internal sealed record TypeSurface(string Head, IReadOnlySet<string> Bases, IReadOnlySet<string> Members);

/// <summary>The types of an assembly by full name.</summary>
internal static class Surface
{
    private static readonly Dictionary<string, string> keywords = new()
    {
        ["System.Void"] = "void",
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Char"] = "char",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.String"] = "string",
        ["System.Object"] = "object",
    };

    private static readonly string[] impliedBases =
        ["System.Object", "System.ValueType", "System.Enum", "System.MulticastDelegate"];

    /// <summary>Reads a listing: a type's line begins in the first column, its members' lines are indented.</summary>
    internal static Dictionary<string, TypeSurface> OfListing(string path)
    {
        Dictionary<string, TypeSurface> types = [];
        HashSet<string> members = [];
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string text = line.Replace(" [native]", "", StringComparison.Ordinal);
            if (text[0] == ' ')
            {
                members.Add(text[2..]);
                continue;
            }

            members = [];
            string[] parts = text.Split(" : ", 2);
            HashSet<string> bases = parts.Length == 1 ? [] : [.. parts[1].Split(", ")];
            types.Add(NameIn(parts[0]), new TypeSurface(parts[0], bases, members));
        }

        return types;
    }

    /// <summary>Reads a compiled assembly.</summary>
    internal static Dictionary<string, TypeSurface> OfAssembly(AssemblyDefinition assembly)
    {
        return assembly.MainModule.GetTypes()
            .Where(IsVisible)
            .ToDictionary(Name, type => new TypeSurface(Head(type), Bases(type), Members(type).ToHashSet()));
    }

    /// <summary>A type's name as the listings write it.</summary>
    internal static string Name(TypeReference type)
    {
        string plain = type.FullName.TrimEnd('&').Replace('/', '.');
        string element = plain.TrimEnd('[', ']');
        return keywords.TryGetValue(element, out string? keyword) ? keyword + plain[element.Length..] : plain;
    }

    private static string NameIn(string head) =>
        head.StartsWith("delegate ", StringComparison.Ordinal) ? head.Split('(')[0].Split(' ')[2] : head.Split(' ')[^1];

    private static bool IsVisible(TypeDefinition type)
    {
        return type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily) && IsVisible(type.DeclaringType) : type.IsPublic;
    }

    private static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static string Head(TypeDefinition type)
    {
        string name = type.FullName.Replace('/', '.');
        if (IsDelegate(type))
        {
            MethodDefinition invoke = type.Methods.Single(method => method.Name == "Invoke");
            return $"delegate {Name(invoke.ReturnType)} {name}({Parameters(invoke.Parameters)})";
        }

        return type switch
        {
            { IsEnum: true } => $"enum {name}",
            { IsValueType: true } => $"struct {name}",
            { IsInterface: true } => $"interface {name}",
            { IsAbstract: true, IsSealed: true } => $"static class {name}",
            { IsAbstract: true } => $"abstract class {name}",
            { IsSealed: true } => $"sealed class {name}",
            _ => $"class {name}",
        };
    }

    private static HashSet<string> Bases(TypeDefinition type)
    {
        IEnumerable<string> interfaces = type.Interfaces.Select(implementation => implementation.InterfaceType.FullName);
        string? baseName = type.BaseType?.FullName;

        bool isImplied = baseName is null || impliedBases.Contains(baseName);
        return (isImplied ? interfaces : interfaces.Append(baseName!)).ToHashSet();
    }

    private static IEnumerable<string> Members(TypeDefinition type)
    {
        if (IsDelegate(type))
        {
            return [];
        }

        HashSet<MethodDefinition> accessors =
        [
            .. type.Properties.SelectMany(property => new[] { property.GetMethod, property.SetMethod }),
            .. type.Events.SelectMany(ev => new[] { ev.AddMethod, ev.RemoveMethod }),
        ];
        return type.Fields.Where(IsVisible).Select(Field)
            .Concat(type.Properties.Select(Property).OfType<string>())
            .Concat(type.Events.Where(ev => IsVisible(ev.AddMethod)).Select(Event))
            .Concat(type.Methods.Where(method => IsVisible(method) && !accessors.Contains(method)).Select(Method));
    }

    private static bool IsVisible(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldDefinition field)
    {
        return (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsRuntimeSpecialName;
    }

    private static string Access(MethodDefinition method) => method.IsPublic ? "" : "protected ";

    private static string Field(FieldDefinition field)
    {
        string access = field.IsPublic ? "" : "protected ";
        if (field.DeclaringType.IsEnum)
        {
            return $"{field.Name} = {Constant(field.Constant)}";
        }

        if (field.HasConstant)
        {
            return $"{access}const {Name(field.FieldType)} {field.Name} = {Constant(field.Constant)}";
        }

        string modifiers = (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{access}{modifiers}{Name(field.FieldType)} {field.Name}";
    }

    private static string? Property(PropertyDefinition property)
    {
        MethodDefinition? get = property.GetMethod is { } getter && IsVisible(getter) ? getter : null;
        MethodDefinition? set = property.SetMethod is { } setter && IsVisible(setter) ? setter : null;
        if ((get ?? set) is not { } shown)
        {
            return null;
        }

        string index = property.HasParameters ? $"[{Parameters(property.Parameters)}]" : "";
        string accessors = (get is null ? "" : "get; ") + (set is null ? "" : "set; ");
        string modifier = shown.IsStatic ? "static " : "";
        return $"{Access(shown)}{modifier}{Name(property.PropertyType)} {property.Name}{index} {{ {accessors}}}";
    }

    private static string Event(EventDefinition ev) => $"{Access(ev.AddMethod)}event {Name(ev.EventType)} {ev.Name}";

    private static string Method(MethodDefinition method)
    {
        return method.IsConstructor
            ? $"{Access(method)}ctor({Parameters(method.Parameters)})"
            : $"{Access(method)}{Modifier(method)}{Name(method.ReturnType)} {method.Name}({Parameters(method.Parameters)})";
    }

    private static string Modifier(MethodDefinition method)
    {
        return method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsNewSlot: false } => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
    }

    private static string Parameters(IEnumerable<ParameterDefinition> parameters)
    {
        return string.Join(", ", parameters.Select(parameter =>
        {
            string passing = !parameter.ParameterType.IsByReference ? "" : parameter.IsOut ? "out " : "ref ";
            string optional = parameter.HasConstant ? $" = {Constant(parameter.Constant)}" : "";
            return $"{passing}{Name(parameter.ParameterType)} {parameter.Name}{optional}";
        }));
    }

    private static string Constant(object? value)
    {
        return value switch
        {
            null => "null",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }
}
