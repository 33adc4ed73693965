// "dotnet build -p:NanoFramework=packages" takes every reference from the packages, asks for a .pe of every flashed assembly, and
// names in one sentence the packages that are missing.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Packages;

[TestClass]
public sealed class PackagesBuildTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("packages-").FullName;

    private string FeedFolder => Path.Combine(folder, "feed");

    private string RestoredFolder => Path.Combine(folder, "restored");

    [TestCleanup]
    public void Clean() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow("boards/template", "VirtioGpio.Boards.Template", false, "RestoreAdditionalProjectSources")]
    [DataRow("tests/OnTarget/NFUnitTest", "NFUnitTest", true, "RestoreSources")]
    public void Build_PackagesAreThere_EveryAssemblyBecomesAPeFromThem(string project, string program, bool hasTests, string property)
    {
        Feed.Fill(FeedFolder);

        (int exitCode, string[] said) = Build(project, property);

        Assert.AreEqual(0, exitCode, string.Join('\n', said));
        foreach (string assembly in new[] { program, "VirtioGpio.Hal", "VirtioGpio.Firmware" })
        {
            string[] call = File.ReadAllLines(PeOf(assembly, assembly));
            Assert.EndsWith($"{assembly}.dll", call[0]);
            CheckReferences(assembly, call[1..]);
        }

        // What is deployed lies beside the program.
        foreach (string assembly in new[] { program, "VirtioGpio.Hal.Native", "VirtioGpio.Hal", "VirtioGpio.Firmware", "mscorlib", "System.Device.Gpio", "nanoFramework.Runtime.Events" })
        {
            Assert.IsTrue(File.Exists(PeOf(program, assembly)), $"{assembly}.pe");
        }

        Assert.AreEqual(hasTests, File.Exists(PeOf(program, "nanoFramework.TestFramework")));
    }

    [TestMethod]
    [DataRow("no package")]
    [DataRow("nanoFramework.CoreLibrary")]
    public void Build_PackagesAreMissing_FailsWithOneSentenceThatNamesThem(string there)
    {
        Feed.Fill(FeedFolder);
        foreach (string package in Directory.GetFiles(FeedFolder).Where(file => !Path.GetFileName(file).StartsWith(there, StringComparison.Ordinal)))
        {
            File.Delete(package);
        }

        (int exitCode, string[] said) = Build("boards/template", "RestoreSources");

        Assert.AreNotEqual(0, exitCode);
        string[] errors = said.Where(line => line.Contains("error", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().ToArray();
        Assert.HasCount(1, errors, string.Join('\n', said));
        foreach ((string id, string version, _) in Feed.Libraries.Append((Feed.Processor, "3.0.100", "")))
        {
            Assert.AreEqual(id != there, errors[0].Contains($"{id} {version}", StringComparison.Ordinal), errors[0]);
        }
    }

    private void CheckReferences(string assembly, string[] references)
    {
        HashSet<string> names = [.. references.Select(reference => Path.GetFileNameWithoutExtension(reference))];
        Assert.Contains("mscorlib", names, assembly);
        foreach ((string id, string version, string library) in Feed.Libraries.Where(library => names.Contains(library.Assembly)))
        {
            string packaged = Path.Combine(RestoredFolder, id.ToLowerInvariant(), version, "lib", library + ".dll");
            Assert.Contains(packaged, references, assembly);
        }
    }

    private string PeOf(string project, string assembly) => Path.Combine(folder, "artifacts", "bin", project, "release_packages", assembly + ".pe");

    // The compiler's server of ./test, if that runs: one of this build's own would outlive it.
    private static string[] Compiler => Environment.GetEnvironmentVariable("VGPIO_COMPILER") is { Length: > 0 } id
        ? ["-p:UseSharedCompilation=true", $"-p:SharedCompilationId={id}"]
        : ["-p:UseSharedCompilation=false"];

    // Everything that the build writes lies in the test's own folder, the packages too.
    private (int ExitCode, string[] Said) Build(string project, string property)
    {
        string sources = Directory.CreateDirectory(property == "RestoreSources" ? FeedFolder : Path.Combine(folder, "empty")).FullName;
        ProcessStartInfo start = new("dotnet",
        [
            "build", Path.Combine(Project.Root, project), "--configuration", "Release", "--nologo", "-tl:off", "-nodeReuse:false",
            "--artifacts-path", Path.Combine(folder, "artifacts"), "-p:NanoFramework=packages", .. Compiler,
            $"-p:RestoreSources={sources}", $"-p:{property}={FeedFolder}", $"-p:RestorePackagesPath={RestoredFolder}",
        ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_TieredPGO"] = "0"; // as ./test builds
        using Process build = Process.Start(start)!;
        string[] said = build.StandardOutput.ReadToEnd().Split('\n');
        build.WaitForExit();
        return (build.ExitCode, said);
    }
}
