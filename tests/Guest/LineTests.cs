// The lines as Linux's own tools see them: names, levels both ways, edges.

using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class LineTests : GuestTest
{
    [TestMethod]
    public void Names_EveryLine_EqualTheBoardsTable()
    {
        string[] lines = Linux("gpioinfo virtio0").Split('\n')[1..];

        Assert.HasCount(EmulatedBoard.LineNames.Length, lines);
        for (int line = 0; line < lines.Length; line++)
        {
            string name = EmulatedBoard.LineNames[line] is string named ? $"\"{named}\"" : "unnamed";
            Assert.Contains(name, lines[line]);
        }
    }

    [TestMethod]
    public void Output_EveryLineBothLevels_IsSeenByTheBoard()
    {
        for (int line = 0; line < EmulatedBoard.LineNames.Length; line++)
        {
            string name = $"{line}";
            string outside = OutsideOf(line);
            Rig.Board.Set(name, "float");
            foreach (int level in new[] { 1, 0 })
            {
                // Held until told to end: the driver gives the line back then, and it returns to its idle mode.
                Linux($"gpioset --mode=signal virtio0 {line}={level} & echo $! >/tmp/holder; until gpioinfo virtio0 | grep -q 'line *{line}:.*gpioset'; do :; done");
                Assert.AreEqual(level, Rig.Board.Get(name), $"line {line}");
                Linux("kill $(cat /tmp/holder); while pidof gpioset >/dev/null; do :; done");
            }

            Rig.Board.Set(name, outside);
        }
    }

    [TestMethod]
    public void Input_EveryLineBothLevels_IsReadByLinux()
    {
        for (int line = 0; line < EmulatedBoard.LineNames.Length; line++)
        {
            string outside = OutsideOf(line);
            foreach (string level in new[] { "high", "low" })
            {
                Rig.Board.Set($"{line}", level);
                Assert.AreEqual(level == "high" ? "1" : "0", Linux($"gpioget virtio0 {line}"), $"line {line}");
            }

            Rig.Board.Set($"{line}", outside);
        }
    }

    [TestMethod]
    [DataRow("", "RISING FALLING RISING FALLING")]
    [DataRow("--rising-edge", "RISING RISING")]
    [DataRow("--falling-edge", "FALLING FALLING")]
    public void Monitor_TwoPulses_BringTheEdgesAskedFor(string option, string expected)
    {
        Assert.AreEqual(expected, Edges(Rig, "touch-int", option, expected.Split(' ').Length));
    }

    [TestMethod]
    public void Wire_BetweenTwoLines_CarriesLevelsAndEdges()
    {
        Linux("gpiomon --num-events=2 --line-buffered virtio0 8 >/tmp/wire & until gpioinfo virtio0 | grep -q 'loopback-in.*gpiomon'; do :; done");
        foreach (int level in new[] { 1, 0 })
        {
            Linux($"gpioset virtio0 7={level}");
            Linux("sleep 0.2");
        }

        // gpioset 7=0 after 7=1: the line falls already when the first gpioset gives it back.
        Assert.AreEqual("RISING FALLING", EdgesIn(Linux("while pidof gpiomon >/dev/null; do :; done; cat /tmp/wire")));
    }

    [TestMethod]
    public void Values_OfManyLines_ComeInOneCall()
    {
        Rig.Board.Set("2", "high");

        Assert.AreEqual("1 1 0 0", Linux("gpioget virtio0 1 2 3 4"));
        Rig.Board.Set("2", "low");
        Assert.AreEqual("1 0 0 0", Linux("gpioget virtio0 1 2 3 4"));
    }

    /// <summary>Makes pulses on a line, each edge after Linux has taken the last, and tells which edges gpiomon printed.</summary>
    internal static string Edges(Rig rig, string line, string option, int count)
    {
        int number = Array.IndexOf(EmulatedBoard.LineNames, line);
        rig.Guest.Must($"gpiomon {option} --num-events={count} --line-buffered virtio0 {number} >/tmp/edges & "
            + $"until gpioinfo virtio0 | grep -q '{line}.*gpiomon'; do :; done");
        bool isBoth = option.Length == 0;
        for (int edge = 0; edge < (isBoth ? count : 2 * count); edge++)
        {
            rig.Board.Set(line, edge % 2 == 0 ? "high" : "low");
            int due = isBoth ? edge + 1 : option == "--rising-edge" ? (edge / 2) + 1 : (edge + 1) / 2;
            rig.Guest.Must($"n=0; until [ $(wc -l </tmp/edges) -ge {due} ] || [ $n -ge 200 ]; do n=$((n+1)); sleep 0.01; done");
        }

        return EdgesIn(rig.Guest.Must("n=0; while pidof gpiomon >/dev/null && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.01; done; cat /tmp/edges"));
    }

    private static string EdgesIn(string monitor) =>
        string.Join(' ', monitor.Split('\n').Where(l => l.Contains("EDGE")).Select(l => l.Contains("RISING") ? "RISING" : "FALLING"));

    private string OutsideOf(int line) =>
        Rig.Board.Ask("pins").First(l => l.StartsWith($"{line,2} ", StringComparison.Ordinal)).Split("outside ")[1] switch
        {
            "Low" => "low",
            "High" => "high",
            _ => "float",
        };
}
