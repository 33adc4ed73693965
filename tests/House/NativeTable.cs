// NativeTable: the table by which nanoCLR finds natives, as nanoFramework's metadata processor makes it of an assembly: a slot for
// each method, and a checksum over the names and signatures of those that are native.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

/// <summary>What the metadata processor would say of an assembly.</summary>
internal static class NativeTable
{
    private const uint Polynomial = 0x04C11DB7;

    private static readonly Dictionary<string, string> tokens = new()
    {
        ["System.Void"] = "VOID",
        ["System.Boolean"] = "BOOLEAN",
        ["System.Char"] = "CHAR",
        ["System.SByte"] = "I1",
        ["System.Byte"] = "U1",
        ["System.Int16"] = "I2",
        ["System.UInt16"] = "U2",
        ["System.Int32"] = "I4",
        ["System.UInt32"] = "U4",
        ["System.Int64"] = "I8",
        ["System.UInt64"] = "U8",
        ["System.String"] = "STRING",
        ["System.Object"] = "OBJECT",
    };

    /// <summary>Every method, in the order of the slots: classes by name; in each the virtual methods, those of objects, the static ones.</summary>
    internal static IEnumerable<MethodDefinition> MethodsOf(AssemblyDefinition assembly)
    {
        return
            from type in assembly.MainModule.GetTypes()
            where type.Name != "<Module>"
            orderby type.FullName
            from method in type.Methods.OrderBy(method => method.IsVirtual ? 0 : method.IsStatic ? 2 : 1)
            select method;
    }

    /// <summary>Whether a method is native: it has no body and is not abstract.</summary>
    internal static bool IsNative(MethodDefinition method) => method.RVA == 0 && !method.IsAbstract;

    /// <summary>A method's name with its signature.</summary>
    internal static string NameOf(MethodDefinition method)
    {
        IEnumerable<string> types = method.Parameters.Select(parameter => TokenOf(parameter.ParameterType)).Prepend(TokenOf(method.ReturnType));
        return $"{method.Name}{(method.IsStatic ? "___STATIC__" : "___")}{string.Join("__", types)}".Replace('.', '_');
    }

    /// <summary>The number that nanoCLR compares with that of its natives.</summary>
    internal static uint ChecksumOf(AssemblyDefinition assembly)
    {
        uint crc = 0;
        bool hasNative = false;
        foreach (MethodDefinition method in MethodsOf(assembly))
        {
            string[] strings = IsNative(method)
                ? [assembly.Name.Name, method.DeclaringType.FullName.Replace('.', '_'), NameOf(method)]
                : ["NULL"];
            foreach (string text in strings)
            {
                // Until a native method is complete, the metadata processor begins anew with each string.
                crc = Crc(Encoding.ASCII.GetBytes(text), hasNative ? crc : 0);
            }

            hasNative |= IsNative(method);
        }

        return crc;
    }

    /// <summary>A CRC of 32 bits, most significant bit first, neither inverted nor mirrored.</summary>
    internal static uint Crc(byte[] bytes, uint crc)
    {
        foreach (byte value in bytes)
        {
            crc ^= (uint)value << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? crc << 1 ^ Polynomial : crc << 1;
            }
        }

        return crc;
    }

    private static string TokenOf(TypeReference type) => type switch
    {
        ArrayType array => $"SZARRAY_{TokenOf(array.ElementType)}",
        ByReferenceType reference => $"BYREF_{TokenOf(reference.ElementType)}",
        _ => tokens.TryGetValue(type.FullName, out string? token) ? token : type.FullName.Replace(".", "", StringComparison.Ordinal),
    };
}
