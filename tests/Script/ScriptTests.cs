// ./test counts what happened: suites that die, sources that were edited, names that nothing has.
//
// The script runs in a small tree of one suite: with the real dotnet where a suite has to be built or has to die, and with a
// stand-in for dotnet where the runner itself does what it should not.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Script;

[TestClass]
[SupportedOSPlatform("linux")]
public sealed partial class ScriptTests
{
    private static readonly string tree = Directory.CreateTempSubdirectory("script-").FullName;
    private readonly string tools = Directory.CreateTempSubdirectory("script-tools-").FullName;

    private static string SuiteSource => Path.Combine(tree, "tests", "Spec", "SmallTests.cs");

    [ClassInitialize]
    public static void Plant(TestContext _)
    {
        foreach (string file in new[] { "VirtioGpioFirmware.sln", "tests/Spec/VirtioGpio.Tests.Spec.csproj", "tests/Spec/SmallTests.cs" })
        {
            Copy(Path.Combine("tests", "Script", "Tree", file), file);
        }

        Copy("test", "test");
        Copy("Directory.Build.props", "Directory.Build.props");
        Copy("tests/tests.props", "tests/tests.props");
    }

    [ClassCleanup]
    public static void Fell() => Directory.Delete(tree, recursive: true);

    [TestCleanup]
    public void Clean() => Directory.Delete(tools, recursive: true);

    [TestMethod]
    public void Suite_SourceWasEdited_IsBuiltBeforeItRuns()
    {
        string right = File.ReadAllText(SuiteSource);
        Ending before = Run(new() { ["SMALL_END"] = "skip" }, "Spec");
        File.WriteAllText(SuiteSource, right.Replace("Answer = 42", "Answer = 43"));
        Ending edited = Run([], "Spec");
        File.WriteAllText(SuiteSource, right);

        Assert.AreEqual("3 passed, 0 failed, 1 skipped", before.LastLine, before.Said);
        Assert.AreEqual(0, before.ExitCode);
        Assert.MatchesRegex(@"took: Build \d+ s, Spec \d+ s, \d+ s in all", before.Said);
        Assert.AreEqual("3 passed, 1 failed", edited.LastLine, edited.Said);
        Assert.AreEqual(1, edited.ExitCode);
        Assert.Contains("Failed First_OfThree_Passes", edited.Said);
    }

    [TestMethod]
    [DataRow("exit")]
    [DataRow("kill")]
    [DataRow("recursion")]
    public void Suite_ItsProcessDies_IsNamedAndCountsAsFailed(string end)
    {
        Ending died = Run(new() { ["SMALL_END"] = end }, "Spec");

        CheckBrokeOff(died);
    }

    [TestMethod]
    [DataRow(3, "report 2 2 0", "3 passed", "Spec broke off: 2 of its 3 tests were run; exit code 0.")]
    [DataRow(3, "report 3 3 0; exit 1", "4 passed", "Spec broke off: 3 of its 3 tests were run; exit code 1.")]
    [DataRow(3, "exit 137", "1 passed", "Spec broke off: 0 of its 3 tests were run; exit code 137.")]
    [DataRow(0, "report 0 0 0", "1 passed", "Spec broke off: 0 of its 0 tests were run; exit code 0.")]
    public void Runner_EndsWithoutEveryResult_SuiteIsNamedAndCountsAsFailed(int found, string run, string passed, string sentence)
    {
        StandInForDotnet(found, run);

        Ending broken = Run([], "Spec");

        CheckBrokeOff(broken);
        Assert.StartsWith(passed, broken.LastLine);
        Assert.Contains(sentence, broken.Said);
    }

    [TestMethod]
    public void Name_OfNoSuite_IsRefusedWithThoseThatThereAre()
    {
        StandInForDotnet(3, "report 3 3 0");

        Ending refused = Run([], "Spec", "Spce");

        Assert.AreEqual(2, refused.ExitCode);
        Assert.AreEqual(
            "There is no suite \"Spce\". There are: Build Format Native Script House Unit Spec Model Lives Hostile Contract Price Memory OnTarget Packages Guest Bench",
            refused.LastLine);
    }

    [TestMethod]
    [DataRow("--nosuch")]
    [DataRow("--soak")]
    [DataRow("--soak", "soon")]
    [DataRow("--soak", "0")]
    [DataRow("--fuzz")]
    [DataRow("--fuzz", "soon")]
    public void Option_ThatMakesNoSense_IsRefusedAndCountsNothing(params string[] arguments)
    {
        Ending refused = Run([], arguments);

        Assert.AreEqual(2, refused.ExitCode);
        Assert.DoesNotContain("passed", refused.Said);
    }

    [TestMethod]
    public void Build_Fails_NothingElseRuns()
    {
        StandInForDotnet(3, "report 3 3 0", buildExitCode: 1);

        Ending failed = Run([], "Spec");

        Assert.AreEqual("0 passed, 1 failed", failed.LastLine, failed.Said);
        Assert.AreEqual(1, failed.ExitCode);
        Assert.Contains("Build failed.", failed.Said);
    }

    [TestMethod]
    public void Run_IsStopped_CountsAsFailed()
    {
        StandInForDotnet(3, "kill -TERM $PPID; report 3 3 0");

        Ending stopped = Run([], "Spec");

        Assert.AreEqual("1 passed, 1 failed", stopped.LastLine, stopped.Said);
        Assert.AreEqual(1, stopped.ExitCode);
        Assert.Contains("The run was stopped.", stopped.Said);
    }

    // The guest's folders are named by stand-ins as well; all parts of the suite report.
    [TestMethod]
    [DataRow("report 3 3 0", "10 passed, 0 failed")]
    [DataRow("case $arguments in *LogFileName=GuestA.*) report 3 1 1 ;; *) report 3 3 0 ;; esac", "8 passed, 1 failed, 1 skipped")]
    [DataRow("case $arguments in *LogFileName=GuestB.*) exit 137 ;; *) report 3 3 0 ;; esac", "7 passed, 1 failed")]
    [DataRow("case $arguments in *LogFileName=GuestB.*) kill -KILL $PPID ;; *) report 3 3 0 ;; esac", "7 passed, 1 failed")]
    public void Guest_RunsInParts_AllAreCounted(string run, string lastLine)
    {
        StandInForDotnet(3, run);
        StandIn(Path.Combine(tree, "boards/emulated/linux/build"), "echo guest");
        StandIn(Path.Combine(tree, "tests/Guest/linux/build"), "echo guest");

        Ending ending = Run([], "Guest");

        Assert.AreEqual(lastLine, ending.LastLine, ending.Said);
    }

    // A stand-in for afl-fuzz, so that nothing is installed here.
    [TestMethod]
    [DataRow("[ $1 = 7 ]", "2 passed, 0 failed")]
    [DataRow("exit 1", "1 passed, 1 failed")]
    [DataRow("exit 77", "1 passed, 0 failed, 1 skipped")]
    public void Fuzz_EndsSo_IsCountedSo(string end, string lastLine)
    {
        StandInForDotnet(3, "report 3 3 0");
        StandIn(Path.Combine(tools, "afl-fuzz"), "");
        StandIn(Path.Combine(tree, "tests/Fuzz/run"), end);

        Ending ending = Run([], "--fuzz", "7");

        Assert.AreEqual(lastLine, ending.LastLine, ending.Said);
    }

    [TestMethod]
    public void Dotnet_IsNotThere_CountsAsFailed()
    {
        File.CreateSymbolicLink(Path.Combine(tools, "dirname"), "/usr/bin/dirname");

        Ending without = Run(new() { ["PATH"] = tools });

        Assert.AreEqual("0 passed, 1 failed", without.LastLine, without.Said);
        Assert.AreEqual(1, without.ExitCode);
    }

    private static void CheckBrokeOff(Ending ending)
    {
        Assert.AreEqual(1, ending.ExitCode, ending.Said);
        Assert.IsTrue(Counts().Match(ending.LastLine) is { Success: true } counts && counts.Groups[1].Value == "1", ending.Said);
        Assert.Contains("Spec broke off: ", ending.Said);
    }

    private static void Copy(string from, string to)
    {
        string target = Path.Combine(tree, to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(Project.Root, from), target);
    }

    // "report TOTAL PASSED FAILED" leaves a report.
    private void StandInForDotnet(int found, string run, int buildExitCode = 0)
    {
        string dotnet = Path.Combine(tools, "dotnet");
        File.WriteAllText(dotnet, $$"""
            #!/usr/bin/env bash
            arguments=$*
            report() {
                mkdir -p artifacts/test-results
                [[ $arguments =~ LogFileName=([A-Za-z]+) ]]
                echo "<Counters total=\"$1\" executed=\"$1\" passed=\"$2\" failed=\"$3\" />" >artifacts/test-results/${BASH_REMATCH[1]}.trx
            }
            case "$*" in
            build*) exit {{buildExitCode}} ;;
            *--list-tests*) for ((i = 0; i < {{found}}; i++)); do echo "    Test$i"; done ;;
            *) {{run}} ;;
            esac

            """);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static void StandIn(string file, string command)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n{command}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    // No process that outlives the script may hold its output open.
    private Ending Run(Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("/bin/bash", [Path.Combine(tree, "test"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["VGPIO_TEST_VERBOSITY"] = "minimal";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process script = Process.Start(start)!;
        Task<string> errors = script.StandardError.ReadToEndAsync();
        string said = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        return new Ending(script.ExitCode, errors.Result + said);
    }

    [GeneratedRegex(@"^\d+ passed, (\d+) failed$")]
    private static partial Regex Counts();

    private sealed record Ending(int ExitCode, string Said)
    {
        internal string LastLine { get; } = Said.TrimEnd().Split('\n').Last();
    }
}
