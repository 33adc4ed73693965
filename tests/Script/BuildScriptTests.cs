// boards/emulated/build, which ./run and ./bench begin with: a project is built if a source has changed, and by one at a time.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Script;

[TestClass]
[SupportedOSPlatform("linux")]
public sealed class BuildScriptTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly string tree = Directory.CreateTempSubdirectory("build-script-").FullName;

    // A stand-in for dotnet says when it begins and ends, and makes the program.
    public BuildScriptTests()
    {
        foreach (string folder in new[] { "boards/emulated/Small", "firmware", "hal", "tests", "tools" })
        {
            Directory.CreateDirectory(Path.Combine(tree, folder));
        }

        foreach (string file in new[] { "Directory.Build.props", ".editorconfig", "boards/emulated/Small/Small.csproj", "firmware/A.cs", "firmware/B.cs" })
        {
            File.WriteAllText(Path.Combine(tree, file), "");
        }

        File.Copy(Path.Combine(Project.Root, "boards", "emulated", "build"), Path.Combine(tree, "boards", "emulated", "build"));
        string dotnet = Path.Combine(tree, "tools", "dotnet");
        File.WriteAllText(dotnet, $$"""
            #!/bin/sh
            echo begin >>{{tree}}/log
            sleep 0.2
            mkdir -p {{tree}}/artifacts/bin/Small/release
            : >{{tree}}/artifacts/bin/Small/release/Small.dll
            echo end >>{{tree}}/log
            exit $(cat {{tree}}/code 2>/dev/null || echo 0)

            """);
        File.SetUnixFileMode(dotnet, Executable);
    }

    private int Builds => File.Exists(Path.Combine(tree, "log")) ? File.ReadAllLines(Path.Combine(tree, "log")).Count(line => line == "begin") : 0;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(tree, recursive: true);

    [TestMethod]
    public void Build_NothingHasChanged_IsNotDoneAgain()
    {
        Assert.AreEqual(0, Build());
        Assert.AreEqual(0, Build());

        Assert.AreEqual(1, Builds);
    }

    // As ./test leaves it.
    [TestMethod]
    [DataRow("", 1)]
    [DataRow("touch firmware/A.cs", 2)]
    public void Build_TheWholeTreeWasBuilt_IsDoneOnlyAfterAChange(string change, int builds)
    {
        Build();
        Run("/bin/sh", "-c", $"mv artifacts/bin/Small/release/built artifacts/built; {change}");

        Assert.AreEqual(0, Build());
        Assert.AreEqual(builds, Builds);
    }

    [TestMethod]
    [DataRow("echo x >>firmware/A.cs")]
    [DataRow("rm firmware/B.cs")]
    [DataRow("mv firmware/B.cs firmware/C.cs")]
    [DataRow("touch Directory.Build.props")]
    [DataRow("rm artifacts/bin/Small/release/Small.dll")]
    public void Build_SomethingHasChanged_IsDoneAgain(string change)
    {
        Build();
        Run("/bin/sh", "-c", change);

        Assert.AreEqual(0, Build());
        Assert.AreEqual(2, Builds);
    }

    [TestMethod]
    public void Build_Failed_IsDoneAgain()
    {
        File.WriteAllText(Path.Combine(tree, "code"), "1");
        Assert.AreNotEqual(0, Build());
        File.Delete(Path.Combine(tree, "code"));

        Assert.AreEqual(0, Build());
        Assert.AreEqual(2, Builds);
    }

    [TestMethod]
    public void Build_TwoAtOnce_AreDoneOneAfterTheOther()
    {
        using Process first = Start();
        using Process second = Start();
        first.WaitForExit();
        second.WaitForExit();

        Assert.AreEqual((0, 0), (first.ExitCode, second.ExitCode));
        CollectionAssert.AreEqual(new[] { "begin", "end" }, File.ReadAllLines(Path.Combine(tree, "log")));
    }

    private int Build()
    {
        using Process build = Start();
        build.WaitForExit();
        return build.ExitCode;
    }

    private Process Start() => Start("/bin/bash", "boards/emulated/build", "boards/emulated/Small");

    private void Run(params string[] command)
    {
        using Process process = Start(command);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode);
    }

    private Process Start(params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = tree };
        start.Environment["PATH"] = $"{Path.Combine(tree, "tools")}:{start.Environment["PATH"]}";
        return Process.Start(start)!;
    }
}
