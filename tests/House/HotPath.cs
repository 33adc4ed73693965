// HotPath: what runs for a message, and what must not be done there: it allocates, or costs the interpreter many times a simple
// operation.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.House;

/// <summary>The methods reachable by calls from some roots, within some assemblies; constructors are not entered.</summary>
internal sealed class HotPath
{
    internal const string Allocation = "allocation";
    internal const string Boxing = "boxing";
    internal const string Struct = "struct value";
    internal const string Virtual = "virtual call outside the seam";
    internal const string Lock = "lock";
    internal const string Throw = "throw";
    internal const string Strings = "string work";
    internal const string Delegate = "delegate created";

    private readonly TypeDefinition[] types;
    private readonly string seam;
    private readonly HashSet<MethodDefinition> methods = [];

    /// <summary>Follows the calls.</summary>
    /// <param name="assemblies">What is followed into.</param>
    /// <param name="roots">Where it begins: "Type.Method".</param>
    /// <param name="seam">The full name of the one interface whose calls are meant.</param>
    internal HotPath(IEnumerable<AssemblyDefinition> assemblies, IEnumerable<string> roots, string seam)
    {
        this.seam = seam;
        types = assemblies.SelectMany(assembly => assembly.MainModule.GetTypes()).ToArray();
        string[] wanted = roots.ToArray();
        foreach (MethodDefinition root in types.SelectMany(type => type.Methods).Where(method => wanted.Contains(Mention.NameOf(method))))
        {
            Follow(root);
        }
    }

    /// <summary>The methods.</summary>
    internal IReadOnlyCollection<MethodDefinition> Methods => methods;

    /// <summary>All breaches.</summary>
    internal IEnumerable<Finding> Inspect() => methods.SelectMany(Inspect);

    private void Follow(MethodDefinition method)
    {
        if (!types.Contains(method.DeclaringType) || method.IsConstructor || !methods.Add(method))
        {
            return;
        }

        IEnumerable<MethodDefinition> called = method.HasBody
            ? method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
                .Select(reference => reference.Resolve()).OfType<MethodDefinition>()
            : [];
        foreach (MethodDefinition next in called.Concat(ImplementationsOf(method)))
        {
            Follow(next);
        }
    }

    private IEnumerable<MethodDefinition> ImplementationsOf(MethodDefinition method)
    {
        return method.IsVirtual
            ? types.Where(type => IsA(type, method.DeclaringType))
                .SelectMany(type => type.Methods)
                .Where(other => Implements(other, method))
            : [];
    }

    private static bool IsA(TypeDefinition type, TypeDefinition other)
    {
        return type.Interfaces.Any(implemented => implemented.InterfaceType.FullName == other.FullName)
            || type.BaseType?.FullName == other.FullName;
    }

    private static bool Implements(MethodDefinition method, MethodDefinition declared)
    {
        return method.IsVirtual
            && (method.Name == declared.Name || method.Name.EndsWith("." + declared.Name, StringComparison.Ordinal))
            && method.Parameters.Select(parameter => parameter.ParameterType.FullName)
                .SequenceEqual(declared.Parameters.Select(parameter => parameter.ParameterType.FullName));
    }

    private IEnumerable<Finding> Inspect(MethodDefinition method)
    {
        string place = Mention.NameOf(method);
        if (method.IsSynchronized)
        {
            yield return new Finding(Lock, place, "is synchronized");
        }

        if (!method.HasBody)
        {
            yield break;
        }

        foreach (VariableDefinition local in method.Body.Variables.Where(local => IsStruct(local.VariableType)))
        {
            yield return new Finding(Struct, place, $"a local of type {local.VariableType.Name}");
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            foreach (string rule in RulesAgainst(instruction))
            {
                yield return new Finding(rule, place, instruction.ToString()[9..]);
            }
        }
    }

    private IEnumerable<string> RulesAgainst(Instruction instruction)
    {
        return instruction.OpCode.Code switch
        {
            Code.Newobj when IsDelegate(((MethodReference)instruction.Operand).DeclaringType) => [Delegate],
            Code.Newobj or Code.Newarr => [Allocation],
            Code.Box => [Boxing],
            Code.Throw or Code.Rethrow => [Throw],
            Code.Ldstr => [Strings],
            Code.Call or Code.Callvirt => RulesAgainstCall((MethodReference)instruction.Operand, instruction.OpCode.Code == Code.Callvirt),
            _ => [],
        };
    }

    private IEnumerable<string> RulesAgainstCall(MethodReference called, bool looksUp)
    {
        string type = called.DeclaringType.FullName;
        if (type == "System.Threading.Monitor")
        {
            yield return Lock;
        }

        if (type == "System.String" || called.ReturnType.FullName == "System.String")
        {
            yield return Strings;
        }

        if (called.Parameters.Select(parameter => parameter.ParameterType).Append(called.ReturnType).Any(IsStruct))
        {
            yield return Struct;
        }

        if (looksUp && type != seam && called.Resolve() is not { IsVirtual: false })
        {
            yield return Virtual;
        }
    }

    private static bool IsStruct(TypeReference type) => type.IsValueType && !type.IsPrimitive && type.Resolve() is not { IsEnum: true };

    private static bool IsDelegate(TypeReference type) => type.Resolve()?.BaseType?.FullName == "System.MulticastDelegate";
}
