// A switch that bounces, and a line that never rests, as the real Linux sees them.

using System;
using System.Diagnostics;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class NoiseTests : GuestTest, IDisposable
{
    private const string Switch = "door-switch";
    private Rig? rig;

    protected override Rig Rig => rig!;

    /// <inheritdoc/>
    public void Dispose() => rig?.Dispose();

    [TestMethod]
    [DataRow(EmulatedBoard.StrapLatchedPins)]
    [DataRow(0)]
    public void Linux_SwitchBouncesAndAnotherLineNeverRests_IsToldOfEachChangeOnce(int straps)
    {
        rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Straps: straps));
        int moved = CheckSwitch(changes: 10);
        int made = CheckStorm(edgesPerMillisecond: straps == 0 ? 1 : 5);
        TestContext.WriteLine($"did: {moved} changes of a switch that bounces; {made:N0} edges of a line that never rests");
    }

    private int CheckSwitch(int changes)
    {
        Linux($"gpiomon --line-buffered $(gpiofind {Switch}) >/tmp/switch & " + Serving.UntilMonitored(1));
        bool areBounces = true;
        for (int change = 1; change <= changes; change++)
        {
            areBounces &= Bounce(isClosed: change % 2 == 1);
            Serving.Until(() => Count() is int count && count >= change && count % 2 == change % 2, $"change {change}");
        }

        Rig.Board.Set(Switch, "float");
        string[] edges = Serving.EdgesIn(Linux(Serving.UntilEnded("gpiomon") + "; cat /tmp/switch")).Split(' ');

        // On a busy host a level may have stood for long enough in the midst of it.
        Assert.IsTrue(edges.Length == changes || (!areBounces && edges.Length > changes), string.Join(' ', edges));
        Assert.AreEqual("RISING", edges[^1], "the last level");
        for (int i = 0; i < edges.Length; i++)
        {
            Assert.AreEqual(i % 2 == 0 ? "FALLING" : "RISING", edges[i]);
        }

        return changes;
    }

    private int Count() => int.Parse(Linux("wc -l </tmp/switch"), System.Globalization.CultureInfo.InvariantCulture);

    // Returns whether no level but the last stood for as long as the debounce time.
    private bool Bounce(bool isClosed)
    {
        string last = isClosed ? "low" : "high";
        string other = isClosed ? "high" : "low";
        Stopwatch clock = Stopwatch.StartNew();
        double longest = 0;
        double since = 0;
        foreach (string drive in Enumerable.Repeat(new[] { last, other }, 10).SelectMany(pair => pair).Append(last))
        {
            double before = clock.Elapsed.TotalMilliseconds;
            Rig.Board.Set(Switch, drive);
            longest = Math.Max(longest, clock.Elapsed.TotalMilliseconds - since);
            since = before;
        }

        return longest < EmulatedBoard.DoorDebounceMs;
    }

    private int CheckStorm(int edgesPerMillisecond)
    {
        Linux("gpiomon $(gpiofind imu-int1) >/dev/null & " + Serving.UntilMonitored(1));
        using EdgeMaker storm = new(Rig, ["imu-int1"], edgesPerMillisecond);
        for (int round = 0; round < 5; round++)
        {
            storm.Await(1000 * (round + 1));
            CheckPulses(count: 4);
        }

        int made = storm.Stop();
        Linux(Serving.UntilEnded("gpiomon"));
        Rig.Board.Set("imu-int1", "low");
        return made;
    }

    // Beside the line that never rests: its monitor is the other of two.
    private void CheckPulses(int count)
    {
        Linux($"gpiomon --rising-edge --num-events={count} --line-buffered $(gpiofind touch-int) >/tmp/pulses & "
            + Serving.UntilMonitored(2));
        for (int pulse = 1; pulse <= count; pulse++)
        {
            Rig.Board.Set("touch-int", "high");
            Rig.Board.Set("touch-int", "low");
            Serving.Until(() => Linux("wc -l </tmp/pulses") == $"{pulse}", $"pulse {pulse}");
        }

        Linux("while [ $(pidof gpiomon | wc -w) -gt 1 ]; do usleep 1000; done");
    }
}
