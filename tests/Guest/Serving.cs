// Serving: the two things that a device must do after whatever was done to it: answer a get, deliver an event.

using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

internal static class Serving
{
    /// <summary>
    /// Waits until gpiomon's interrupts are armed. gpioinfo shows the line as taken a moment earlier than that; this folder
    /// appears when the driver has had its answer.
    /// </summary>
    internal static string UntilMonitored(int lines) => $"until [ $(ls -d /proc/irq/*/gpiomon 2>/dev/null | wc -l) = {lines} ]; do :; done";

    /// <summary>Reads a button both ways, and has two edges of another line delivered.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="what">What was done before, for messages.</param>
    internal static void CheckGetAndEvent(Rig rig, string what)
    {
        foreach (string drive in new[] { "low", "float" })
        {
            rig.Board.Set("user-button", drive);
            Assert.AreEqual(drive == "low" ? "0" : "1", rig.Guest.Must("gpioget $(gpiofind user-button)"), what);
        }

        Assert.AreEqual("RISING FALLING", Edges(rig, "touch-int", "", 2), what);
    }

    /// <summary>Makes pulses on a line, each edge after Linux has taken the last, and tells which edges gpiomon printed.</summary>
    internal static string Edges(Rig rig, string line, string option, int count)
    {
        rig.Guest.Must($"gpiomon {option} --num-events={count} --line-buffered $(gpiofind {line}) >/tmp/edges & "
            + UntilMonitored(1));
        bool isBoth = option.Length == 0;
        for (int edge = 0; edge < (isBoth ? count : 2 * count); edge++)
        {
            rig.Board.Set(line, edge % 2 == 0 ? "high" : "low");
            int due = isBoth ? edge + 1 : option == "--rising-edge" ? (edge / 2) + 1 : (edge + 1) / 2;
            rig.Guest.Must($"n=0; until [ $(wc -l </tmp/edges) -ge {due} ] || [ $n -ge 200 ]; do n=$((n+1)); sleep 0.01; done");
        }

        return EdgesIn(rig.Guest.Must("n=0; while pidof gpiomon >/dev/null && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.01; done; cat /tmp/edges"));
    }

    internal static string EdgesIn(string monitor) =>
        string.Join(' ', monitor.Split('\n').Where(l => l.Contains("EDGE")).Select(l => l.Contains("RISING") ? "RISING" : "FALLING"));
}
