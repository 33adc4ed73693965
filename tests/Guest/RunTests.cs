// ./run as a person uses it, and every command of the README.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class RunTests
{
    private static readonly string readme = File.ReadAllText(Path.Combine(Project.Root, "README.md"));

    [TestInitialize]
    public void NeedsAGuest() => _ = GuestRig.Folder;

    [TestMethod]
    public void Tour_OnATerminal_PrintsWhatTheReadmeShows()
    {
        using Terminal terminal = new("./run");

        Assert.AreEqual(0, terminal.WaitForExit(), terminal.Screen);

        string shown = OutputShownBehind("./run");
        string tour = terminal.Screen[terminal.Screen.IndexOf("1. ", StringComparison.Ordinal)..];
        Assert.AreEqual(WithoutWhatVaries(shown), WithoutWhatVaries(tour));
        Assert.IsEmpty(terminal.Leftovers());
        Assert.IsEmpty(terminal.RigFolders());
    }

    [TestMethod]
    public void Tour_SomebodyElseHoldsTheWire_EndsNonZeroAndSaysWhichStep()
    {
        using Terminal terminal = new("./run");
        terminal.WaitFor("1. Linux has found");

        Assert.AreEqual("", Pins(terminal, "set loopback-in low"));

        Assert.AreEqual(1, terminal.WaitForExit(), terminal.Screen);
        Assert.Contains("Step 6 failed: expected 1, came 0", terminal.Screen);
        Assert.IsEmpty(terminal.Leftovers());
    }

    [TestMethod]
    public void Tour_CtrlC_LeavesNoProcessAndNoFile()
    {
        using Terminal terminal = new("./run");
        terminal.WaitFor("linux#");

        terminal.Type("\u0003");

        Assert.AreNotEqual(0, terminal.WaitForExit());
        Assert.IsEmpty(terminal.Leftovers());
        Assert.IsEmpty(terminal.RigFolders());
        Assert.IsEmpty(Directory.GetFiles("/dev/shm").Where(f => f.Contains("gpio")).ToArray());
    }

    [TestMethod]
    public void Shell_PinsDrivenFromASecondTerminal_AreReadInLinux()
    {
        using Terminal terminal = new("./run --shell");
        terminal.WaitFor("/ # ");

        Assert.AreEqual("", Pins(terminal, "set user-button low"));
        Assert.AreEqual("0", Pins(terminal, "get user-button"));
        terminal.Type("gpioget virtio0 1; echo done\n");
        terminal.WaitFor("\n0\ndone");
        Assert.AreEqual("", Pins(terminal, "set user-button float"));
        terminal.Type("gpioget virtio0 1; echo again\n");
        terminal.WaitFor("\n1\nagain");
        Assert.HasCount(EmulatedBoard.LineNames.Length, Pins(terminal, "pins").Split('\n'));

        // Ctrl-C is the guest's: it ends gpiomon, not the board.
        terminal.Type("gpiomon virtio0 1\n");
        for (int press = 0; press < 100 && !terminal.Screen.Contains("EDGE"); press++)
        {
            Pins(terminal, $"set user-button {(press % 2 == 0 ? "low" : "float")}");
        }

        terminal.WaitFor("EDGE");
        terminal.Type("\u0003");
        terminal.Type("echo still $((40+2))\n");
        terminal.WaitFor("still 42");
        terminal.Type("exit\n");

        Assert.AreEqual(0, terminal.WaitForExit());
        Assert.IsEmpty(terminal.Leftovers());
        Assert.IsEmpty(terminal.RigFolders());
    }

    [TestMethod]
    public void Pins_NoBoardRuns_SaysSo()
    {
        using Terminal terminal = new("./run --pins pins");

        Assert.AreEqual(1, terminal.WaitForExit());
        Assert.Contains("No board is running", terminal.Screen);
    }

    [TestMethod]
    public void Run_UnknownOption_SaysWhatThereIs()
    {
        using Terminal terminal = new("./run --nonsense");

        Assert.AreEqual(2, terminal.WaitForExit());
        Assert.Contains("./run --shell", terminal.Screen);
    }

    [TestMethod]
    public void Readme_EveryCommand_IsRunByATest()
    {
        // Run above, by WatchTests, by RunScenarioTests (with files elsewhere), or, ./test, what runs this, or, ./bench, what that runs.
        string[] run =
        [
            "./run", "./run --shell", "./run --pins set user-button low", "./run --pins get user-button", "./run --pins pins", "./run --watch",
            "./run --scenario boards/emulated/scenarios/answer.scenario --vcd run.vcd", "./run --picture run.vcd run.svg", "./test", "./bench",
        ];

        string[] commands = [.. Regex.Matches(readme, @"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Split('#')[0].Trim())];

        Assert.IsNotEmpty(commands);
        Assert.IsEmpty(commands.Except(run).ToArray(), string.Join('\n', commands.Except(run)));
    }

    private static string Pins(Terminal terminal, string command)
    {
        ProcessStartInfo start = new(Path.Combine(Project.Root, "run"), ["--pins", .. command.Split(' ')]) { RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = terminal.TemporaryFolder;
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, said);
        return said.TrimEnd('\n');
    }

    private static string OutputShownBehind(string command) =>
        Regex.Match(readme, $@"^```sh\n{Regex.Escape(command)}\n```\n+```text\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidDataException($"README.md shows no output of {command}");

    // Times differ from run to run, and so does how many buffers were in flight at a time; the last number of the kernel's version differs from
    // one update of Debian's package to the next.
    private static string WithoutWhatVaries(string text)
    {
        text = Regex.Replace(text, @"timestamp: \[ *[\d.]+\]", "timestamp: [T]");
        text = Regex.Replace(text, @"(io_tlb_used_hiwater\s+)\d+", "$1N");
        text = Regex.Replace(text, @"Linux 6\.12\.\d+", "Linux 6.12.N");
        return string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).Trim();
    }
}
