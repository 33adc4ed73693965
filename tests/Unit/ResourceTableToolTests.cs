// The tool that writes a board's resource table for a firmware image: the bytes are those that the firmware publishes, and the tools of
// whoever links them agree.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Boards.EmulatedB;
using VirtioGpio.Emulated.ResourceTable;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public sealed class ResourceTableToolTests
{
    private const string Emulated = "VirtioGpio.Boards.Emulated";
    private const string EmulatedB = "VirtioGpio.Boards.EmulatedB";

    private readonly string folder = Directory.CreateTempSubdirectory("resource-table-").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapIndirect)]
    public void Files_OfTheEmulatedBoard_HaveWhatItsFirmwarePublishes(int straps)
    {
        Wiring wiring = new()
        {
            SramAddress = EmulatedBoard.SramAddress,
            DramAddress = EmulatedBoard.PoolLocalAddress,
            DramCpuAddress = EmulatedBoard.PoolAddress,
            Pins = EmulatedBoard.LinePins,
        };
        TestBoard board = new(EmulatedBoard.Describe(straps), wiring, isLatched: true);

        Run(0, Emulated, $"{straps}");

        AreThoseOf(board, wiring.SramAddress);
    }

    [TestMethod]
    public void Files_OfTheSecondBoard_HaveWhatItsFirmwarePublishes()
    {
        TestBoard board = BoardB.Start(isLatched: true);

        Run(0, EmulatedB);

        AreThoseOf(board, EmulatedBoardB.SharedAddress);
    }

    [TestMethod]
    public void Table_OfABoardWhoseRingsLieInThePool_IsWhatItsFirmwarePublishes()
    {
        TestBoard board = PoolBoard.Start();
        CollectionAssert.AreEqual(PublishedBy(board, board.Wiring.SramAddress), PublishedTable.Of(board.Description));
    }

    [TestMethod]
    [DataRow("arm", "ARM", "ELF32")]
    [DataRow("aarch64", "AArch64", "ELF64")]
    [DataRow("riscv32", "RISC-V", "ELF32")]
    public void Object_ForAMachine_HasTheTableInItsSectionAndItsSymbol(string machine, string name, string kind)
    {
        Run(0, "--machine", machine, EmulatedB);
        string file = Path.Combine(folder, "resource_table.o");
        byte[] table = File.ReadAllBytes(Path.Combine(folder, "resource_table.bin"));

        string said = ReadElf(file);

        Assert.MatchesRegex($@"Class: +{kind}\n", said);
        Assert.MatchesRegex($@"Machine: +{name}\n", said);
        Assert.MatchesRegex(@"Type: +REL ", said);
        Assert.MatchesRegex(@"\.symtab +SYMTAB ", said);
        Assert.MatchesRegex($@"0+ +{table.Length} OBJECT +GLOBAL DEFAULT +1 resource_table\n", said);
        CollectionAssert.AreEqual(table, SectionOf(file, said, address: 0));
    }

    [TestMethod]
    public void Source_Compiled_IsTheTableAndNothingElse()
    {
        Run(0, EmulatedB);

        Call("gcc", "-c", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "resource_table.c", "-o", "compiled.o");

        string file = Path.Combine(folder, "compiled.o");
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folder, "resource_table.bin")), SectionOf(file, ReadElf(file), address: 0));
    }

    [TestMethod]
    public void Image_OfTheEmulatedBoard_IsOneSegmentAndSaysWhichBuildItIs()
    {
        GpioBoard board = EmulatedBoard.Describe(0);
        string file = Path.Combine(folder, EmulatedImage.Name);
        File.WriteAllBytes(file, EmulatedImage.Make(0));

        string said = ReadElf(file);

        Assert.MatchesRegex(@"Type: +EXEC ", said);
        Assert.MatchesRegex($@"\n  LOAD +0x\w+ 0x{board.TableAddress:x8} 0x{board.TableAddress:x8} 0x00094 0x00400 RW  0x8\n", said);
        Assert.MatchesRegex(@"Build ID: [0-9a-f]{40}\n", said);
        CollectionAssert.AreEqual(PublishedTable.Of(board), SectionOf(file, said, board.TableAddress));
        CollectionAssert.AreNotEqual(EmulatedImage.Make(EmulatedBoard.StrapIndirect), EmulatedImage.Make(0));
    }

    [TestMethod]
    [DataRow("VirtioGpio.Boards.Template", "", "the resource table: its address is 0, not 4-byte aligned, or too high")]
    [DataRow("VirtioGpio.Firmware", "", "has 0 public static methods GpioBoard Describe")]
    [DataRow("VirtioGpio.Tests.Nothing", "", "there is no ")]
    [DataRow(Emulated, "", "EmulatedBoard.Describe takes 1 arguments (Int32 straps), not 0")]
    [DataRow(Emulated, "one", "one is no number")]
    public void Mistake_IsNamedInASentence(string assembly, string argument, string sentence)
    {
        string said = Run(2, argument.Length == 0 ? [assembly] : [assembly, argument]);

        Assert.HasCount(2, said.Split('\n'), said);
        Assert.Contains(sentence, said);
        Assert.IsEmpty(Directory.GetFiles(folder));
    }

    private static byte[] PublishedBy(TestBoard board, uint sramAddress) =>
        board.Sram.AsSpan((int)(board.Description.TableAddress - sramAddress), board.Description.TraceAddress == 0 ? 96 : 148).ToArray();

    private static byte[] SectionOf(string file, string said, uint address)
    {
        Match section = Regex.Match(said, @"\.resource_table +PROGBITS +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) 00 +WA ");
        Assert.IsTrue(section.Success, said);
        Assert.AreEqual(address, uint.Parse(section.Groups[1].Value, NumberStyles.HexNumber));
        return File.ReadAllBytes(file).AsSpan(
            int.Parse(section.Groups[2].Value, NumberStyles.HexNumber), int.Parse(section.Groups[3].Value, NumberStyles.HexNumber)).ToArray();
    }

    private void AreThoseOf(TestBoard board, uint sramAddress) =>
        CollectionAssert.AreEqual(PublishedBy(board, sramAddress), File.ReadAllBytes(Path.Combine(folder, "resource_table.bin")));

    private string ReadElf(string file)
    {
        string said = Call("readelf", "-W", "-h", "-S", "-l", "-s", "-n", file);
        Assert.DoesNotContain("Warning", said);
        Assert.DoesNotContain("Error", said);
        return said;
    }

    // The name of the assembly is its place beside the tests; the folder follows it.
    private string Run(int exitCode, params string[] arguments)
    {
        List<string> all = [Path.Combine(AppContext.BaseDirectory, "VirtioGpio.Emulated.ResourceTable.dll")];
        foreach (string argument in arguments)
        {
            all.Add(argument.StartsWith("VirtioGpio.", StringComparison.Ordinal) ? Path.Combine(AppContext.BaseDirectory, argument + ".dll") : argument);
            all.AddRange(argument.StartsWith("VirtioGpio.", StringComparison.Ordinal) ? [folder] : []);
        }

        (int code, string said) = Start("dotnet", [.. all]);
        Assert.AreEqual(exitCode, code, said);
        return said;
    }

    private string Call(string program, params string[] arguments)
    {
        (int code, string said) = Start(program, arguments);
        Assert.AreEqual(0, code, said);
        return said;
    }

    private (int ExitCode, string Said) Start(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, said);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive($"there is no {program}");
            throw;
        }
    }
}
