// One build, two homes: what is flashed needs nanoFramework alone, and what is tested on the desktop is what is flashed.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class FlashedReferenceTests
{
    private const string DesktopProgram = "VirtioGpio.Emulated.Firmware";

    // The device binds by name and major.minor.
    private static readonly string[] nanoFramework =
    [
        "mscorlib 1.17",
        "nanoFramework.Runtime.Events 1.11",
        "System.Device.Gpio 1.1",
        "nanoFramework.TestFramework 3.0",
    ];

    [TestMethod]
    public void Projects_ThatImportNanoFramework_AreBuilt()
    {
        string[] expected = [Flashed.Natives, Flashed.Hal, Flashed.Firmware, "VirtioGpio.Boards.Emulated", "NFUnitTest"];
        CollectionAssert.IsSubsetOf(expected, Flashed.Projects.Select(project => project.Name).ToArray());
        Found.None(
            from project in Flashed.Projects
            where !File.Exists(project.Output)
            select $"{project.Name} is flashed, but the project of these tests does not build it");
    }

    [TestMethod]
    public void Reference_OfFlashedAssembly_IsToNanoFrameworkOrFlashed()
    {
        HashSet<string> known = [.. nanoFramework, .. Flashed.Assemblies.Values.Select(assembly => Identity(assembly.Name))];
        Found.None(
            from assembly in Flashed.Assemblies.Values
            from reference in assembly.MainModule.AssemblyReferences
            where !known.Contains(Identity(reference))
            select $"{assembly.Name.Name} refers to {Identity(reference)}");
    }

    [TestMethod]
    public void Reference_OfABoard_IsNotToAnotherBoard()
    {
        FlashedProject[] boards = Flashed.Projects.Where(project => project.LiesIn("boards")).ToArray();
        Found.None(
            from board in boards
            from reference in Flashed.Assemblies[board.Name].MainModule.AssemblyReferences
            where boards.Any(other => other.AssemblyName == reference.Name)
            select $"{board.AssemblyName} refers to {reference.Name}");
    }

    [TestMethod]
    public void Source_OfHalOrFirmware_HasNoConditionalPart()
    {
        Found.None(
            from file in Flashed.Sources("hal", "firmware")
            from directive in SourceArrows.Parse(file).GetRoot().DescendantTrivia().Where(trivia => trivia.IsDirective)
            let text = directive.ToString()
            where text.TrimStart('#', ' ').StartsWith("if", StringComparison.Ordinal)
            select $"{file}: {text.Trim()}");
    }

    [TestMethod]
    [DataRow(Flashed.Hal)]
    [DataRow(Flashed.Firmware)]
    [DataRow("VirtioGpio.Boards.Emulated")]
    public void DesktopProgram_BesideIt_LieTheBytesThatAreFlashed(string name)
    {
        string flashed = Flashed.Projects.Single(project => project.Name == name).Output;
        Assert.AreEqual(HashOf(flashed), HashOf(BesideDesktopProgram(name)), $"{name}.dll beside {DesktopProgram} is another build");
    }

    [TestMethod]
    public void DesktopProgram_BesideIt_LieNoNativesOfTheDevice()
    {
        string flashed = Flashed.Projects.Single(project => project.Name == Flashed.Natives).Output;
        Assert.AreNotEqual(HashOf(flashed), HashOf(BesideDesktopProgram(Flashed.Natives)));
    }

    [TestMethod]
    public void Output_OfAProgramOrFlashedProject_HasNoCoreLibraryOfTheDevice()
    {
        // The desktop has an mscorlib of its own.
        string bin = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../.."));
        string[] programs = Directory.GetFiles(bin, "*.runtimeconfig.json", SearchOption.AllDirectories);
        CollectionAssert.Contains(programs, Path.ChangeExtension(BesideDesktopProgram(DesktopProgram), "runtimeconfig.json"));
        Found.None(
            from file in programs.Concat(Flashed.Projects.Select(project => project.Output))
            let copy = Path.Combine(Path.GetDirectoryName(file)!, "mscorlib.dll")
            where File.Exists(copy)
            select copy);
    }

    private static string Identity(AssemblyNameReference name) => $"{name.Name} {name.Version.Major}.{name.Version.Minor}";

    private static string BesideDesktopProgram(string name) => Flashed.OutputOf(DesktopProgram, name);

    private static string HashOf(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
