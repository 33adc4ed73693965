// Mention: every type that a compiled type names: in its declaration, in the signatures of its members, and in their code.

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.House;

/// <summary>A type that is named somewhere.</summary>
/// <param name="Type">The type, as it is named there.</param>
/// <param name="Place">The member, or the type, that names it.</param>
internal sealed record Mention(TypeReference Type, string Place)
{
    /// <summary>All that a type names.</summary>
    internal static IEnumerable<Mention> In(TypeDefinition type)
    {
        IEnumerable<TypeReference> declared = type.Interfaces.Select(implemented => implemented.InterfaceType);
        IEnumerable<Mention> declaration = (type.BaseType is null ? declared : declared.Append(type.BaseType))
            .Select(named => new Mention(named, NameOf(type)));
        IEnumerable<Mention> fields = type.Fields.Select(field => new Mention(field.FieldType, $"{NameOf(type)}.{field.Name}"));
        return declaration.Concat(fields).Concat(type.Methods.SelectMany(In));
    }

    /// <summary>A type as the sources write it: the parts of a nested name, without its namespace.</summary>
    internal static string NameOf(TypeReference type) =>
        type.DeclaringType is null ? type.Name : $"{NameOf(type.DeclaringType)}.{type.Name}";

    /// <summary>A method as the sources write it.</summary>
    internal static string NameOf(MethodReference method) => $"{NameOf(method.DeclaringType)}.{method.Name}";

    /// <summary>A type and all that it is made of: elements, arguments, modifiers.</summary>
    internal static IEnumerable<TypeReference> PartsOf(TypeReference type)
    {
        IEnumerable<TypeReference> inner = type switch
        {
            GenericInstanceType generic => generic.GenericArguments.Append(generic.ElementType),
            IModifierType modified => [modified.ModifierType, modified.ElementType],
            FunctionPointerType function => function.Parameters.Select(parameter => parameter.ParameterType).Append(function.ReturnType),
            TypeSpecification specification => [specification.ElementType],
            _ => [],
        };
        return inner.SelectMany(PartsOf).Prepend(type);
    }

    private static IEnumerable<Mention> In(MethodDefinition method)
    {
        IEnumerable<TypeReference> named = SignatureOf(method);
        if (method.HasBody)
        {
            named = named
                .Concat(method.Body.Variables.Select(variable => variable.VariableType))
                .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>())
                .Concat(method.Body.Instructions.SelectMany(In));
        }

        return named.Select(type => new Mention(type, NameOf(method)));
    }

    private static IEnumerable<TypeReference> In(Instruction instruction)
    {
        return instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method => SignatureOf(method).Concat(method.GenericArguments).Append(method.DeclaringType),
            MethodReference method => SignatureOf(method).Append(method.DeclaringType),
            CallSite site => site.Parameters.Select(parameter => parameter.ParameterType).Append(site.ReturnType),
            _ => [],
        };
    }

    private static IEnumerable<TypeReference> SignatureOf(MethodReference method)
    {
        return method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType);
    }
}
