// Serving: what a device must do after whatever was done to it: answer a get, deliver an event, hold a line, keep an edge.

using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

internal static class Serving
{
    /// <summary>Bytes of an input event.</summary>
    internal const int InputEventSize = 24;

    private const int PatienceSeconds = 10;

    /// <summary>Waits until something is so.</summary>
    internal static void Until(Func<bool> isSo, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.IsLessThan(30, clock.Elapsed.TotalSeconds, $"waited for {what}");
            Thread.Sleep(1);
        }
    }

    /// <summary>
    /// Holds a line as an output from Linux, until <see cref="Release"/>. Linux names the holder before it sends a request: what is
    /// waited for is the pin itself.
    /// </summary>
    /// <param name="rig">The rig.</param>
    /// <param name="line">The line, by name or number.</param>
    /// <param name="level">0 or 1.</param>
    /// <param name="what">What was done before, for messages.</param>
    internal static void Hold(Rig rig, string line, int level, string what = "")
    {
        int number = NumberOf(line);
        rig.Guest.Must($"gpioset --mode=signal virtio0 {number}={level} & echo $! >/tmp/holder");
        Stopwatch clock = Stopwatch.StartNew();
        for (string row = ""; !row.Contains($" level {level}  pad Output"); row = PinOf(rig, number))
        {
            Assert.IsLessThan(PatienceSeconds, clock.Elapsed.TotalSeconds, $"line {line} was to be an output of {level}: {row} {what}");
            Thread.Sleep(1);
        }
    }

    /// <summary>Ends <see cref="Hold"/>: the driver gives the line back, and it returns to its idle mode.</summary>
    internal static void Release(Rig rig) => rig.Guest.Must("kill $(cat /tmp/holder); while pidof gpioset >/dev/null; do usleep 1000; done");

    /// <summary>The number of a line that is given by name, or by number.</summary>
    internal static int NumberOf(string line)
    {
        int number = Array.IndexOf(EmulatedBoard.LineNames, line);
        return number >= 0 ? number : int.Parse(line, CultureInfo.InvariantCulture);
    }

    /// <summary>What the board says of a line's pin.</summary>
    internal static string PinOf(Rig rig, int line) => rig.Board.Ask("pins").First(row => row.StartsWith($"{line,2} ", StringComparison.Ordinal));

    /// <summary>
    /// Has edges come while the lines' interrupts are masked: Linux stands still, so the first edge of a line takes its buffer and
    /// nobody gives another. All that come behind it are latched, and make one interrupt more.
    /// </summary>
    /// <param name="rig">The rig.</param>
    /// <param name="lines">Lines whose edges Linux counts, rising and falling ones.</param>
    /// <param name="begin">Brings the lines to rest at low, and begins to count.</param>
    /// <param name="count">How many interrupts a line has had since then.</param>
    /// <returns>Edges made.</returns>
    internal static int CheckLatches(Rig rig, string[] lines, Action begin, Func<string, int> count)
    {
        const int Edges = 20;
        int[] counted = [];

        // On a busy host the firmware may have slept from the first edge to the last: then they come once more, and slower.
        for (int gapMs = 1; gapMs <= 64 && !counted.All(interrupts => interrupts == 2) | counted.Length == 0; gapMs *= 4)
        {
            begin();
            rig.Freeze();
            for (int edge = 0; edge < Edges; edge++)
            {
                Array.ForEach(lines, line => rig.Board.Set(line, edge % 2 == 0 ? "high" : "low"));
                Thread.Sleep(gapMs);
            }

            rig.Thaw();
            Stopwatch clock = Stopwatch.StartNew();
            do
            {
                counted = [.. lines.Select(count)];
            }
            while (counted.Any(interrupts => interrupts < 2) && clock.Elapsed.TotalSeconds < 2);
        }

        Assert.IsTrue(counted.All(interrupts => interrupts == 2), $"an edge and a latched one were to come of each of {string.Join(' ', lines)}: {string.Join(' ', counted)}");
        return Edges * lines.Length;
    }

    /// <summary>
    /// Waits until gpiomon's interrupts are armed. gpioinfo shows the line as taken a moment earlier than that; this folder
    /// appears when the driver has had its answer.
    /// </summary>
    internal static string UntilMonitored(int lines) =>
        $"until set -- /proc/irq/*/gpiomon; [ -e \"$1\" ] && [ $# = {lines} ]; do usleep 1000; done";

    /// <summary>Has dd copy so many input events of the only input device to /tmp/keys; returns when it runs.</summary>
    internal static string UntilKeysAreRead(int events) =>
        $"dd if=/dev/input/event0 of=/tmp/keys bs={InputEventSize} count={events} 2>/dev/null & until pidof dd >/dev/null; do usleep 1000; done";

    /// <summary>Ends programs by name. A wait in the guest sleeps in between: the program that it waits for has the same processor.</summary>
    internal static string UntilEnded(string programs) => $"killall {programs}; while pidof {programs} >/dev/null; do usleep 1000; done";

    /// <summary>Reads a button both ways, and has two edges of another line delivered.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="what">What was done before, for messages.</param>
    internal static void CheckGetAndEvent(Rig rig, string what)
    {
        foreach (string drive in new[] { "low", "float" })
        {
            rig.Board.Set("user-button", drive);
            Assert.AreEqual(drive == "low" ? "0" : "1", rig.Guest.Must($"gpioget virtio0 {NumberOf("user-button")}"), what);
        }

        Assert.AreEqual("RISING FALLING", Edges(rig, "touch-int", "", 2), what);
    }

    /// <summary>Makes pulses on a line, each edge after Linux has reported the last, and tells which edges gpiomon printed.</summary>
    internal static string Edges(Rig rig, string line, string option, int count)
    {
        bool isHigh = false;
        int left = count;
        void Toggle()
        {
            isHigh = !isHigh;
            rig.Board.Set(line, isHigh ? "high" : "low");
        }

        string said = rig.Guest.Run(
            $"timeout {PatienceSeconds} gpiomon {option} --num-events={count} --line-buffered virtio0 {NumberOf(line)} & {UntilMonitored(1)}; echo armed; wait",
            _ =>
            {
                if (left-- == 0)
                {
                    return;
                }

                Toggle();
                if (option.Length > 0 && isHigh == (option == "--falling-edge"))
                {
                    Toggle();
                }
            }).Output;
        rig.Board.Set(line, "low");
        return EdgesIn(said);
    }

    internal static string EdgesIn(string monitor) =>
        string.Join(' ', monitor.Split('\n').Where(l => l.Contains("EDGE")).Select(l => l.Contains("RISING") ? "RISING" : "FALLING"));
}
