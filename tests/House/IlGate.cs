// IlGate: refuses what the compiler accepts and the metadata processor or the interpreter does not: some of it crashes nanoCLR
// without a diagnosis, some of it is silently ignored there.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.House;

/// <summary>Rules for all flashed code.</summary>
internal static class IlGate
{
    internal const string Generics = "generics";
    internal const string MultiDimensional = "multi-dimensional array";
    internal const string Pointer = "pointer";
    internal const string Fixed = "fixed";
    internal const string StackAlloc = "stackalloc";
    internal const string DefaultInterfaceMethod = "default interface method";
    internal const string Calli = "calli";
    internal const string MissingType = "type that nanoFramework lacks";
    internal const string ShiftedNatives = "method slot among natives";
    internal const string StaticConstructor = "static constructor that depends on an order";
    internal const string Checked = "checked arithmetic";

    private static readonly string[] compilersNamespaces = ["Microsoft.CodeAnalysis", "System.Runtime.CompilerServices"];

    /// <summary>All breaches in an assembly.</summary>
    internal static IEnumerable<Finding> Inspect(AssemblyDefinition assembly)
    {
        TypeDefinition[] types = assembly.MainModule.GetTypes().ToArray();
        return types.SelectMany(Inspect).Concat(ShiftedSlots(types));
    }

    /// <summary>Whether the method is native code.</summary>
    internal static bool IsNative(MethodDefinition method) => method.IsInternalCall;

    private static IEnumerable<Finding> Inspect(TypeDefinition type)
    {
        IEnumerable<Finding> named =
            from mention in Mention.In(type)
            from part in Mention.PartsOf(mention.Type)
            let rule = RuleAgainst(part)
            where rule is not null
            select new Finding(rule, mention.Place, part.FullName);
        return named.Concat(Declared(type)).Concat(type.Methods.SelectMany(Inspect));
    }

    private static string? RuleAgainst(TypeReference type)
    {
        return type switch
        {
            GenericInstanceType or GenericParameter => Generics,
            ArrayType { IsVector: false } => MultiDimensional,
            PointerType or FunctionPointerType => Pointer,
            PinnedType => Fixed,
            TypeSpecification => null,
            _ when type.Scope is AssemblyNameReference && type.Resolve() is null => MissingType,
            _ => null,
        };
    }

    private static IEnumerable<Finding> Declared(TypeDefinition type)
    {
        if (type.HasGenericParameters)
        {
            yield return new Finding(Generics, Mention.NameOf(type), "has type parameters");
        }

        if (type.IsInterface)
        {
            foreach (MethodDefinition method in type.Methods.Where(method => method.IsVirtual && !method.IsAbstract))
            {
                yield return new Finding(DefaultInterfaceMethod, Mention.NameOf(method), "has a body");
            }
        }
    }

    private static IEnumerable<Finding> Inspect(MethodDefinition method)
    {
        string place = Mention.NameOf(method);
        if (method.HasGenericParameters)
        {
            yield return new Finding(Generics, place, "has type parameters");
        }

        if (!method.HasBody)
        {
            yield break;
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (RuleAgainst(instruction) is { } rule)
            {
                yield return new Finding(rule, place, instruction.OpCode.Name);
            }
            else if (method.IsConstructor && method.IsStatic && ReachesOut(instruction, method.DeclaringType))
            {
                yield return new Finding(StaticConstructor, place, instruction.ToString());
            }
        }
    }

    private static string? RuleAgainst(Instruction instruction)
    {
        return instruction.OpCode.Code switch
        {
            Code.Calli => Calli,
            Code.Localloc => StackAlloc,
            _ when instruction.Operand is GenericInstanceMethod => Generics,
            _ when instruction.OpCode.Name.Contains(".ovf", StringComparison.Ordinal) => Checked,
            _ => null,
        };
    }

    // On the device all static constructors of all assemblies run before Main, in an order that nothing promises, and an
    // exception in one is swallowed. So one may build its own constants, and say new for its own type if that does no more.
    private static bool ReachesOut(Instruction instruction, TypeDefinition own)
    {
        return instruction.Operand switch
        {
            FieldReference field when instruction.OpCode.Code is Code.Ldsfld or Code.Ldsflda or Code.Stsfld => field.DeclaringType != own,
            MethodReference { Name: "InitializeArray" } => false,
            MethodReference made when instruction.OpCode.Code == Code.Newobj => !IsHarmless(made, own),
            MethodReference => true,
            _ => false,
        };
    }

    private static bool IsHarmless(MethodReference constructor, TypeDefinition own)
    {
        return constructor.DeclaringType.FullName == "System.Object"
            || (constructor.DeclaringType == own
                && constructor.Resolve() is { } made
                && made.Body.Instructions.All(IsOfAnEmptyConstructor));
    }

    private static bool IsOfAnEmptyConstructor(Instruction instruction)
    {
        return instruction.OpCode.Code is Code.Nop or Code.Ret or Code.Ldarg_0
            || (instruction.OpCode.Code == Code.Call && ((MethodReference)instruction.Operand).DeclaringType.FullName == "System.Object");
    }

    // The checksum that the device compares covers natives, but not the slots that other methods take among them.
    private static IEnumerable<Finding> ShiftedSlots(TypeDefinition[] types)
    {
        if (!types.SelectMany(type => type.Methods).Any(IsNative))
        {
            return [];
        }

        return
            from type in types
            where type.HasMethods && (compilersNamespaces.Contains(type.Namespace) || !type.Methods.Any(IsNative))
            select new Finding(ShiftedNatives, Mention.NameOf(type), "has methods, and stands in an assembly with natives");
    }
}
