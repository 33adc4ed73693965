// The real Linux suspends to idle and resumes, and the firmware keeps away from its memory meanwhile.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class SleepTests : GuestTest
{
    private const string Quiet = "touch-int";
    private const string Waking = "imu-int1";
    private const string Button = "user-button";
    private const int WakingEdges = 20;
    private const int Cycles = 50;

    private static readonly string[] monitored = [Quiet, Waking, Button];
    private static readonly TimeSpan deathIsCertain = TimeSpan.FromSeconds(5);
    private static Rig? own;
    private int dead;

    protected override Rig Rig => own ??= GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: $"board.driver={Driver}", Straps: Straps, SpinUs: SpinUs));

    /// <summary>The gpio-virtio that is loaded.</summary>
    private protected virtual string Driver => "stock";

    /// <summary>The board's switches.</summary>
    private protected virtual int Straps => 0;

    /// <summary>For how many microseconds the firmware polls before it sleeps: into Linux's sleep, and not its memory then.</summary>
    private protected virtual int SpinUs => 0;

    internal override ExplainedLine[] Provoked => Sleep.OfADriver(Driver);

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }

    [TestInitialize]
    public void Monitor()
    {
        Rig.Board.Set(Quiet, "low");
        Rig.Board.Set(Waking, "low");
        foreach (string line in monitored)
        {
            Linux($"rm -f /tmp/{line}");
            Monitor(line);
        }

        Linux(Serving.UntilMonitored(monitored.Length));
        Rig.Guest.Patience = TimeSpan.FromSeconds(60);
    }

    [TestCleanup]
    public void EndMonitor()
    {
        if (TestContext.CurrentTestOutcome == UnitTestOutcome.Passed)
        {
            Linux(Serving.UntilEnded("gpiomon"));
            Assert.AreEqual("0", Rig.Board.Ask("errors")[0], "the firmware kept away from a sleeping Linux's memory");
        }
    }

    [TestMethod]
    public void WakingLine_Edge_WakesLinuxAndIsReported()
    {
        Sleep sleep = Sleep.Await(Rig);
        Rig.Board.Set(Waking, "high");

        Assert.AreEqual(0, sleep.End().ExitCode);
        Until(Waking, edges => edges == "RISING");
    }

    [TestMethod]
    public void QuietLine_Pulses_AreReportedAfterResume()
    {
        Sleep sleep = Sleep.Await(Rig);
        for (int edge = 0; edge < 6; edge++)
        {
            Rig.Board.Set(Quiet, edge % 2 == 0 ? "high" : "low");
        }

        Assert.AreEqual("sleeps", Sleep.StateOf(Rig));
        Wake(sleep);

        // Each event has the level that Linux reads when it handles the interrupt. The port may be so late that it latches an edge of the sleep
        // after Linux has been told of the one before.
        Until(Quiet, edges => edges.Length != 0);
        Assert.DoesNotContain("RISING", EdgesOf(Quiet));
    }

    // The wait of the service thread, in a line of /proc: the thread that the process began with.
    [TestMethod]
    public void Firmware_WhileLinuxSleeps_DoesNotWakeUp()
    {
        Sleep sleep = Sleep.Await(Rig);
        string id = $"{Rig.Firmware.Id}";
        string Switches() => File.ReadLines($"/proc/{id}/task/{id}/status").First(line => line.StartsWith("voluntary", StringComparison.Ordinal));
        Serving.Until(() => File.ReadLines($"/proc/{id}/task/{id}/status").Any(line => line.StartsWith("State:\tS", StringComparison.Ordinal)), "the firmware to rest");
        string before = Switches();
        Thread.Sleep(TimeSpan.FromSeconds(10));
        Assert.AreEqual(before, Switches(), "in 10 s");
        Rig.Board.Set(Quiet, "high");
        Serving.Until(() => before != Switches(), "an edge to wake the firmware: this is the thread");
        Wake(sleep);
        Until(Quiet, edges => edges == "RISING");
    }

    [TestMethod]
    public void Linux_SleepingFiftyTimesAmongEdges_LosesNothing()
    {
        int seed = Settings.Seed;
        Random random = new(seed);
        int[] made = new int[2];
        string[] lines = [Quiet, Waking];
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            Sleep sleep = Sleep.Begin(Rig);
            for (int edge = random.Next(6); edge >= 0; edge--)
            {
                Thread.Sleep(random.Next(80));
                int line = edge == 0 ? 1 : random.Next(2);
                Toggle(lines[line]);
                made[line]++;
            }

            // The waking line may be one that the unmodified driver has left dead.
            int edges = 0;
            sleep.End(() => Toggle(Driver == "stock" && edges++ >= WakingEdges ? Button : Waking));
            AwaitLevel(Quiet, made[0], $"cycle {cycle}, seed {seed}");
            AwaitLevel(Waking, made[1], $"cycle {cycle}, seed {seed}");
        }

        Numbers.Say($"Linux slept {Cycles} times ({Driver} driver, seed {seed}): {made.Sum()} edges at random moments, {Count(Quiet) + Count(Waking)} events, "
            + $"the last level of each line always known{(dead == 0 ? "" : $", but for {dead} lines whose buffer the unmodified driver did not queue again")}");
    }

    // An interrupt whose thread ran when Linux suspended, the unmodified driver disables in the device and never enables again: patches/0011. Then
    // there is no buffer of the line in the pool, and who monitors the line anew gets its interrupts.
    private void AwaitLevel(string line, int made, string what)
    {
        string level = Rig.Board.Get(line) == 1 ? "RISING" : "FALLING";
        bool IsKnown(string edges) => edges.Length == 0 ? made == 0 : edges.EndsWith(level, StringComparison.Ordinal);
        Stopwatch clock = Stopwatch.StartNew();
        while (Driver == "stock" && !IsKnown(EdgesOf(line)))
        {
            if (clock.Elapsed > deathIsCertain && Pool.SlotsInUse(Rig) < 2 * monitored.Length)
            {
                dead++;
                Linux($"kill $(cat /tmp/{line}.pid); while [ -d /proc/$(cat /tmp/{line}.pid) ]; do usleep 1000; done");
                Monitor(line);
                Linux(Serving.UntilMonitored(monitored.Length));
                level = level == "RISING" ? "FALLING" : "RISING";
                Rig.Board.Set(line, level == "RISING" ? "high" : "low");
                break;
            }
        }

        Until(line, IsKnown, what);
    }

    private void Toggle(string line) => Rig.Board.Set(line, Rig.Board.Get(line) == 0 ? "high" : "low");

    private void Monitor(string line) =>
        Linux($"gpiomon --line-buffered virtio0 {Serving.NumberOf(line)} >>/tmp/{line} & echo $! >/tmp/{line}.pid");

    private string EdgesOf(string line) => Serving.EdgesIn(Linux($"cat /tmp/{line}"));

    private int Count(string line) => int.Parse(Linux($"wc -l </tmp/{line}"));

    private void Wake(Sleep sleep)
    {
        Rig.Board.Set(Waking, "high");
        Assert.AreEqual(0, sleep.End().ExitCode);
    }

    private void Until(string line, Func<string, bool> isSo, string what = "") =>
        Serving.Until(() => isSo(EdgesOf(line)), $"the edges of {line} in Linux {what}");
}

[TestClass]
public sealed class SleepTestsPatched : SleepTests
{
    private protected override string Driver => "patched";

    private protected override int Straps => EmulatedBoard.StrapLatchedPins | EmulatedBoard.StrapKeepsState;

    private protected override int SpinUs => 5000;
}
