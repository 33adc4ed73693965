// The lines as Linux's own tools see them: names, levels both ways, edges.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Hal;

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
            string name = EmulatedBoard.LineNames[line] is { Length: > 0 } named ? $"\"{named}\"" : "unnamed";
            Assert.Contains(name, lines[line]);
        }
    }

    [TestMethod]
    public void Output_EveryLineBothLevels_IsSeenByTheBoard()
    {
        LineConfig[] rows = EmulatedBoard.DescribeLines();
        for (int line = 0; line < rows.Length; line++)
        {
            if ((rows[line].Uses & LineUses.Output) == 0)
            {
                continue;
            }

            string name = $"{line}";
            string outside = OutsideOf(line);
            Rig.Board.Set(name, "float");
            foreach (int level in new[] { 1, 0 })
            {
                Serving.Hold(Rig, name, level);
                Serving.Release(Rig);
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
        Assert.AreEqual(expected, Serving.Edges(Rig, "touch-int", option, expected.Split(' ').Length));
    }

    [TestMethod]
    public void Wire_BetweenTwoLines_CarriesLevelsAndEdges()
    {
        Linux("gpiomon --num-events=2 --line-buffered virtio0 8 >/tmp/wire & " + Serving.UntilMonitored(1));
        // Held until the first edge has been taken: with both edges Linux reads the level only when it handles the interrupt.
        Linux("gpioset --mode=signal virtio0 7=1 & echo $! >/tmp/holder; until [ $(wc -l </tmp/wire) = 1 ]; do usleep 1000; done; kill $(cat /tmp/holder)");

        Assert.AreEqual("RISING FALLING", Serving.EdgesIn(Linux("while pidof gpiomon >/dev/null; do usleep 1000; done; cat /tmp/wire")));
    }

    [TestMethod]
    public void Values_OfManyLines_ComeInOneCall()
    {
        Rig.Board.Set("2", "high");

        Assert.AreEqual("1 1 0 0", Linux("gpioget virtio0 1 2 3 4"));
        Rig.Board.Set("2", "low");
        Assert.AreEqual("1 0 0 0", Linux("gpioget virtio0 1 2 3 4"));
    }

    private string OutsideOf(int line) =>
        Serving.PinOf(Rig, line).Split("outside ")[1] switch
        {
            "Low" => "low",
            "High" => "high",
            _ => "float",
        };
}
