// ./run --watch as a person uses it: what is on the screen, and what the keys do.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class WatchTests
{
    private const int Columns = 80;
    private const int Rows = 24;
    private const string Size = "stty cols 80 rows 24; ";
    private const string Down = "\u001b[B";
    private const string LeavesTheScreen = "\u001b[?1049l";

    [TestInitialize]
    public void NeedsAGuest() => _ = GuestRig.Folder;

    [TestMethod]
    public void Watch_OnATerminal_ShowsTheBoardAndDoesWhatTheKeysSay()
    {
        using Terminal terminal = new(Size + "./run --watch; echo ended $?; stty -a");
        string frame = terminal.WaitForFrame("firmware connected");
        Assert.IsTrue(EmulatedBoard.LineNames.All(frame.Contains), frame);
        Assert.IsLessThanOrEqualTo(Rows, frame.Split('\n').Length, frame);
        Assert.IsLessThanOrEqualTo(Columns, frame.Split('\n').Max(row => row.Length), frame);
        AssertRow(terminal, "user-button", "in high armed");

        terminal.Type(Down + "l");
        AssertRow(terminal, "user-button", "in low board armed");
        terminal.Type("f");
        AssertRow(terminal, "user-button", "in high armed");
        terminal.Type("+");
        terminal.WaitForFrame("temperature 26");
        Say(terminal, "echo 1 >/sys/class/leds/status/brightness; echo lit $((40+2))", "lit 42");
        AssertRow(terminal, "status-led", "out high firmware");

        terminal.Type("k");
        terminal.WaitForFrame("firmware off");
        AssertRow(terminal, "status-led", "out high firmware");
        terminal.Type("k");
        terminal.WaitForFrame("firmware connected");
        Say(terminal, "echo still $(cat /sys/class/leds/status/brightness)", "still 1");

        // A Linux that suspends answers nothing; whether it can is said.
        terminal.Type("s");
        terminal.WaitForFrame("suspend");
        terminal.Type("q");
        Assert.AreEqual(0, terminal.WaitForExit());
        AssertIsAsBefore(terminal);
    }

    [TestMethod]
    public void Watch_CtrlC_EndsEverythingAndRestoresTheTerminal()
    {
        using Terminal terminal = new(Size + "./run --watch; echo ended $?; stty -a");
        terminal.WaitForFrame("firmware connected");

        terminal.Type("\u0003");

        Assert.AreEqual(0, terminal.WaitForExit());
        AssertIsAsBefore(terminal);
    }

    [TestMethod]
    public void Watch_OfABoardInAnotherTerminal_ShowsThatAndEndsWithIt()
    {
        using Terminal shell = new("./run --shell");
        shell.WaitFor("/ # ");
        using Terminal watch = new(Size + "./run --watch; echo ended $?; stty -a", shell.TemporaryFolder);
        watch.WaitForFrame("firmware connected");

        watch.Type(Down + "l");
        AssertRow(watch, "user-button", "in low board");
        shell.Type("gpioget virtio0 1; echo done\n");
        shell.WaitFor("\n0\ndone");
        watch.Type("k");
        watch.WaitForFrame("the terminal in which this board was started");
        shell.Type("exit\n");

        Assert.AreEqual(0, shell.WaitForExit());
        Assert.AreEqual(0, watch.WaitForExit());
        AssertIsAsBefore(watch);
    }

    [TestMethod]
    public void Watch_WithoutATerminal_SaysSo()
    {
        ProcessStartInfo start = new(Path.Combine(Project.Root, "run"), ["--watch"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(2, process.ExitCode);
        Assert.StartsWith("./run --watch needs a terminal", said);
    }

    private static void Say(Terminal terminal, string command, string answer)
    {
        terminal.Type($":{command}\r");
        terminal.WaitForFrame(answer);
    }

    // The row of a line as the words that are on it, without its number and its count of edges.
    private static void AssertRow(Terminal terminal, string line, string words)
    {
        terminal.Until(
            () => terminal.Frame.Split('\n').FirstOrDefault(row => row.Contains($" {line} ")) is string row
                && string.Join(' ', row[(row.IndexOf(line, StringComparison.Ordinal) + line.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1]) == words,
            $"{line} {words}");
    }

    private static void AssertIsAsBefore(Terminal terminal)
    {
        Assert.Contains(LeavesTheScreen, terminal.Printed);
        Assert.Contains("ended 0", terminal.Screen);
        string settings = terminal.Screen[terminal.Screen.LastIndexOf("ended", StringComparison.Ordinal)..];
        Assert.Contains(" echo ", settings);
        Assert.Contains(" icanon ", settings);
        Assert.IsEmpty(terminal.Leftovers());
        Assert.IsEmpty(terminal.RigFolders());
    }
}
