// The template's projects for Visual Studio compile what the SDK's build compiles, against the same packages.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class VisualStudioTests
{
    private const string Natives = "boards/template/VisualStudio/Natives";
    private const string Board = "boards/template/VisualStudio/Board";

    private static readonly Dictionary<string, string> versions = new[] { "coreLibrary.props", "nanoFramework.targets" }
        .SelectMany(file => Load($"hal/nanoFramework/{file}").Descendants())
        .Where(element => element.Name.LocalName is "NanoPackage" or "PackageReference" && element.Attribute("Version") is not null)
        .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);

    [TestMethod]
    [DataRow(Natives, "hal/VirtioGpio.Hal.Native")]
    [DataRow(Board, "boards/template hal/VirtioGpio.Hal firmware/VirtioGpio.Firmware")]
    public void CompileItems_OfAProject_AreTheSourcesInTheirOrder(string project, string folders)
    {
        // The order counts among natives: it is that of the slots in the native table.
        string[] expected = folders.Split(' ').SelectMany(folder => Flashed.Sources(folder)).ToArray();
        CollectionAssert.AreEqual(expected, Compiled(project));
    }

    [TestMethod]
    [DataRow(Natives)]
    [DataRow(Board)]
    public void Packages_OfAProject_HaveTheVersionsOfTheBuild(string project)
    {
        Dictionary<string, string> packages = Load($"{project}/packages.config").Descendants("package")
            .ToDictionary(package => (string)package.Attribute("id")!, package => (string)package.Attribute("version")!);
        Found.None(
            from package in packages
            where versions.GetValueOrDefault(package.Key) != package.Value
            select $"{project}/packages.config: {package.Key} {package.Value}");
        string[] folders = packages.Select(package => $"{package.Key}.{package.Value}").Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(folders, HintedFolders(project));
    }

    [TestMethod]
    public void Packages_OfTheBuild_StandInTheTemplatesReadme()
    {
        string readme = File.ReadAllText(Path.Combine(Flashed.Root, "boards/template/README.md"));
        Assert.HasCount(5, versions);
        Found.None(
            from package in versions
            where !readme.Contains($"| {package.Key} | {package.Value} |", StringComparison.Ordinal)
            select $"boards/template/README.md: {package.Key} {package.Value}");
    }

    [TestMethod]
    public void Packages_ThatBecameContracts_HaveTheirVersion()
    {
        // The device binds by name and major.minor.
        Found.None(
            from package in versions
            let contract = package.Key.Replace("nanoFramework.System.", "System.", StringComparison.Ordinal)
            let file = Path.Combine(Flashed.Contracts, contract + ".dll")
            where File.Exists(file)
            let version = System.Reflection.AssemblyName.GetAssemblyName(file).Version!
            where !package.Value.StartsWith($"{version.Major}.{version.Minor}.", StringComparison.Ordinal)
            select $"{package.Key} {package.Value}, contract {version}");
    }

    private static string[] Compiled(string project)
    {
        string folder = Path.Combine(Flashed.Root, project);
        return Items(project, "Compile")
            .Select(item => Path.Combine(folder, ((string)item.Attribute("Include")!).Replace('\\', '/')))
            .Select(file => Path.GetRelativePath(Flashed.Root, Path.GetFullPath(file)))
            .ToArray();
    }

    private static string[] HintedFolders(string project)
    {
        return Items(project, "HintPath")
            .Select(path => path.Value.Split('\\'))
            .Select(parts => parts[Array.IndexOf(parts, "packages") + 1])
            .Order(StringComparer.Ordinal)
            .ToArray();
    }

    private static IEnumerable<XElement> Items(string project, string name)
    {
        string file = Directory.GetFiles(Path.Combine(Flashed.Root, project), "*.nfproj").Single();
        return XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == name);
    }

    private static XDocument Load(string file) => XDocument.Load(Path.Combine(Flashed.Root, file));
}
