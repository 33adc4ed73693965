// The table of natives in hal/native is that of the assembly: slots, names, checksum, version. A slot that is one too far runs the
// wrong native, and the checksum that nanoCLR compares does not notice every shift.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed partial class NativeTableTests
{
    private static readonly string folder = Path.Combine(Flashed.Root, "hal/native/interop");
    private static readonly string source = File.ReadAllText(Path.Combine(folder, "VirtioGpio_Hal_Native.cpp"));

    private static AssemblyDefinition Assembly => Flashed.Assemblies[Flashed.Natives];

    [TestMethod]
    public void Table_Slots_AreTheMethodsInTheirOrder()
    {
        Dictionary<string, string> classes = Alias().Matches(source).ToDictionary(alias => alias.Groups[2].Value, alias => alias.Groups[1].Value);
        string[] slots = Table().Match(source).Groups[1].Value
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(slot => slot == "NULL" ? slot : $"{classes[slot.Split("::")[0]]}::{slot.Split("::")[1]}")
            .ToArray();
        string[] methods = NativeTable.MethodsOf(Assembly)
            .Select(method => NativeTable.IsNative(method) ? $"{LibraryOf(method.DeclaringType)}::{NativeTable.NameOf(method)}" : "NULL")
            .ToArray();
        Assert.AreEqual(string.Join(Environment.NewLine, methods), string.Join(Environment.NewLine, slots));
    }

    [TestMethod]
    public void Table_Checksum_IsThatOfTheAssembly()
    {
        uint checksum = Convert.ToUInt32(Checksum().Match(source).Groups[1].Value, 16);
        Assert.AreEqual($"0x{NativeTable.ChecksumOf(Assembly):X8}", $"0x{checksum:X8}");
    }

    [TestMethod]
    public void Table_NameAndVersion_AreThoseOfTheAssembly()
    {
        string version = (string)Assembly.CustomAttributes
            .Single(attribute => attribute.AttributeType.Name == "AssemblyNativeVersionAttribute").ConstructorArguments[0].Value;
        Match data = NameAndVersion().Match(source);
        Assert.AreEqual($"{Flashed.Natives} {version}", $"{data.Groups[1].Value} {data.Groups[2].Value.Replace(", ", ".", StringComparison.Ordinal)}");
    }

    [TestMethod]
    public void Native_OfTheAssembly_IsDeclaredAndDefined()
    {
        string header = File.ReadAllText(Path.Combine(folder, "VirtioGpio_Hal_Native.h"));
        Found.None(
            from method in NativeTable.MethodsOf(Assembly).Where(NativeTable.IsNative)
            let name = NativeTable.NameOf(method)
            let definition = File.ReadAllText(Path.Combine(folder, $"VirtioGpio_Hal_Native_{method.DeclaringType.Name}.cpp"))
            where !header.Contains($"NANOCLR_NATIVE_DECLARE({name});", StringComparison.Ordinal)
                || !definition.Contains($"HRESULT {method.DeclaringType.Name}::{name}(CLR_RT_StackFrame &stack)", StringComparison.Ordinal)
            select $"{method.DeclaringType.Name}::{name}");
    }

    [TestMethod]
    public void FindModule_Files_AreThere()
    {
        string module = File.ReadAllText(Path.Combine(folder, "FindINTEROP-VirtioGpio.Hal.Native.cmake"));
        string[] named = ModuleFile().Matches(module).Select(file => file.Groups[1].Value).Order(StringComparer.Ordinal).ToArray();
        string[] there = Flashed.Files("hal/native", "*.c*")
            .Select(file => file["hal/native/".Length..])
            .Where(file => file.StartsWith("core/", StringComparison.Ordinal) || file.StartsWith("interop/", StringComparison.Ordinal)
                || file.StartsWith("port/cpu_gpio/", StringComparison.Ordinal))
            .Where(file => !file.EndsWith(".cmake", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.AreEqual(string.Join(' ', there), string.Join(' ', named));
    }

    // What nanoFramework's own metadata processor makes of these natives.
    [TestMethod]
    public void Checksum_OfKnownBytes_IsKnown()
    {
        Assert.AreEqual(0x89A1897Fu, NativeTable.Crc(Encoding.ASCII.GetBytes("123456789"), 0));
    }

    private static string LibraryOf(TypeDefinition type) => $"Library_VirtioGpio_Hal_Native_{type.FullName.Replace('.', '_')}";

    [GeneratedRegex(@"typedef (Library_\w+) (\w+);")]
    private static partial Regex Alias();

    [GeneratedRegex(@"method_lookup\[\]\s*=\s*\{([^}]*)\}")]
    private static partial Regex Table();

    [GeneratedRegex(@"^\s*0x([0-9A-F]{8}),", RegexOptions.Multiline)]
    private static partial Regex Checksum();

    [GeneratedRegex("\"(VirtioGpio[\\w.]+)\",[^{]*\\{ *([0-9, ]+?) *\\}")]
    private static partial Regex NameAndVersion();

    [GeneratedRegex(@"\$\{VGPIO_FOLDER\}/([\w/]+\.c\w*)")]
    private static partial Regex ModuleFile();
}
