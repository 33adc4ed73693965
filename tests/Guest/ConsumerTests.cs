// Interrupts as a driver in the kernel sees them: every trigger, masked and unmasked, changed while it is live. What the
// kernel counted is compared with what the board did.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class ConsumerTests : ModuleTest
{
    private const string Line = "imu-int1";
    private const string Pacer = "fan-tach";
    private static readonly string[] types = ["rising", "falling", "both", "high", "low"];

    private Consumer consumer = null!;
    private int paced;

    [TestInitialize]
    public void Load()
    {
        consumer = new Consumer(Rig);
        consumer.Unload();
        consumer.Load();
        consumer.Do($"hard {Pacer} rising");
    }

    [TestCleanup]
    public void Unload()
    {
        if (!HasGuest)
        {
            return;
        }

        consumer.Unload();
        Rig.Board.Set(Line, "low");
        Rig.Board.Set(Pacer, "low");
    }

    [TestMethod]
    [DataRow("request", "rising")]
    [DataRow("request", "falling")]
    [DataRow("request", "both")]
    [DataRow("hard", "rising")]
    [DataRow("hard", "falling")]
    [DataRow("hard", "both")]
    public void Edges_OfAHundredPulses_AreCountedAsTheBoardMadeThem(string how, string type)
    {
        const int Pulses = 100;
        consumer.Do($"{how} {Line} {type}");
        int due = 0;
        for (int pulse = 0; pulse < Pulses; pulse++)
        {
            foreach (string level in new[] { "high", "low" })
            {
                Rig.Board.Set(Line, level);
                if (type == "both" || type == "rising" == (level == "high"))
                {
                    consumer.UntilIrqs(Line, ++due);
                }
            }
        }

        Assert.AreEqual(due, Settled().Irqs);
        Assert.AreEqual(due, consumer.Of(Line).Handled);
        TestContext.WriteLine($"{Pulses} pulses, {due} interrupts");
    }

    [TestMethod]
    [DataRow("high")]
    [DataRow("low")]
    public void Level_ActiveTwentyTimes_ComesOnceEachTimeTheHandlerQuietsIt(string type)
    {
        const int Times = 20;
        StartHolding(type);
        for (int time = 1; time <= Times; time++)
        {
            Rig.Board.Set(Line, Active(type));
            Interrupt held = consumer.UntilHeld(Line, time);
            Assert.AreEqual(time, held.Irqs);
            Assert.AreEqual(Active(type) == "high" ? 1 : 0, held.Last);
            Rig.Board.Set(Line, Quiet(type));
            consumer.Do($"step {Line}");
            Assert.AreEqual(time, Settled().Irqs);
        }

        TestContext.WriteLine($"active {Times} times, {Times} interrupts");
    }

    [TestMethod]
    [DataRow("high")]
    [DataRow("low")]
    public void Level_ThatStaysActive_ComesAgainAfterEachUnmaskAndEndsWithIt(string type)
    {
        const int Unmasks = 20;
        StartHolding(type);
        Rig.Board.Set(Line, Active(type));
        for (int time = 1; time <= Unmasks; time++)
        {
            Assert.AreEqual(time, consumer.UntilHeld(Line, time).Irqs);
            consumer.Do($"step {Line}");
        }

        Assert.AreEqual(Unmasks + 1, consumer.UntilHeld(Line, Unmasks + 1).Irqs);
        Rig.Board.Set(Line, Quiet(type));
        consumer.Do($"step {Line}");
        Assert.AreEqual(Unmasks + 1, Settled().Irqs);
        TestContext.WriteLine($"active over {Unmasks} unmasks: {Unmasks + 1} interrupts, none after it went inactive");
    }

    [TestMethod]
    [DataRow("high")]
    [DataRow("low")]
    public void Level_ActiveWhileMaskedOnly_IsNotLatched(string type)
    {
        StartHolding(type);
        Rig.Board.Set(Line, Active(type));
        consumer.UntilHeld(Line, 1);
        for (int time = 0; time < 5; time++)
        {
            Rig.Board.Set(Line, Quiet(type));
            Rig.Board.Set(Line, Active(type));
        }

        Rig.Board.Set(Line, Quiet(type));
        consumer.Do($"step {Line}");
        Assert.AreEqual(1, Settled().Irqs, "it went inactive before it was unmasked");
    }

    [TestMethod]
    [DataRow("high")]
    [DataRow("low")]
    public void Level_ActiveAgainBeforeTheUnmask_ComesOnceMore(string type)
    {
        StartHolding(type);
        Rig.Board.Set(Line, Active(type));
        consumer.UntilHeld(Line, 1);
        Rig.Board.Set(Line, Quiet(type));
        Rig.Board.Set(Line, Active(type));
        consumer.Do($"step {Line}");
        Assert.AreEqual(2, consumer.UntilHeld(Line, 2).Irqs);
    }

    [TestMethod]
    [DataRow("high")]
    [DataRow("low")]
    public void Level_ActiveAlreadyWhenRequested_ComesAtOnce(string type)
    {
        Rig.Board.Set(Line, Active(type));
        consumer.Do($"request {Line} {type}");
        consumer.UntilIrqs(Line, 1);
        Rig.Board.Set(Line, Quiet(type));
        int counted = Settled().Irqs;
        Assert.AreEqual(counted, Settled().Irqs);
    }

    [TestMethod]
    [DataRow("rising", 5)]
    [DataRow("falling", 5)]
    [DataRow("both", 10)]
    public void Edges_WhileMasked_AreLatchedOnce(string type, int edges)
    {
        StartHolding(type);
        Trigger(type);
        consumer.UntilHeld(Line, 1);
        for (int pulse = 0; pulse < 5; pulse++)
        {
            Rig.Board.Set(Line, Active(type));
            Rig.Board.Set(Line, Quiet(type));
        }

        consumer.Do($"step {Line}");
        Assert.AreEqual(2, consumer.UntilHeld(Line, 2).Irqs);
        consumer.Do($"step {Line}");
        Assert.AreEqual(2, Settled().Irqs);
        TestContext.WriteLine($"at least {edges} edges while masked, 1 interrupt for them");
    }

    [TestMethod]
    [DataRow("rising")]
    [DataRow("falling")]
    [DataRow("both")]
    public void Edges_WhileDisabled_AreForgotten(string type)
    {
        consumer.Do($"request {Line} {type}");
        Rig.Board.Set(Line, Quiet(type));
        int before = Settled().Irqs;
        consumer.Do($"disable {Line}");
        for (int pulse = 0; pulse < 5; pulse++)
        {
            Rig.Board.Set(Line, Active(type));
            Rig.Board.Set(Line, Quiet(type));
        }

        consumer.Do($"enable {Line}");
        Assert.AreEqual(before, Settled().Irqs, "the driver disabled the interrupt, it did not mask it");
        Rig.Board.Set(Line, Active(type));
        Assert.AreEqual(before + 1, consumer.UntilIrqs(Line, before + 1).Irqs);
    }

    [TestMethod]
    [DataRow("high")]
    [DataRow("low")]
    public void Level_WhileDisabled_ComesAfterEnableIfStillActive(string type)
    {
        StartHolding(type);
        consumer.Do($"disable {Line}");
        Rig.Board.Set(Line, Active(type));
        Rig.Board.Set(Line, Quiet(type));
        consumer.Do($"enable {Line}");
        Assert.AreEqual(0, Settled().Irqs, "inactive when it was enabled");

        consumer.Do($"disable {Line}");
        Rig.Board.Set(Line, Active(type));
        Pace();
        Assert.AreEqual(0, consumer.Of(Line).Irqs, "disabled");
        consumer.Do($"enable {Line}");
        Assert.AreEqual(1, consumer.UntilHeld(Line, 1).Irqs);
    }

    [TestMethod]
    public void TypeOfALiveInterrupt_ChangedWhileMasked_CountsByTheNewTypeFromThenOn()
    {
        int changes = 0;
        foreach (string from in types)
        {
            foreach (string to in types.Where(t => t != from))
            {
                ChangeWhileMasked(from, to);
                changes++;
            }
        }

        TestContext.WriteLine($"{changes} changes of type, each of the five to each other");
    }

    [TestMethod]
    public void TypeOfALiveInterrupt_ChangedWhileUnmasked_CountsByTheNewTypeFromThenOn()
    {
        consumer.Do($"request {Line} rising");
        Rig.Board.Set(Line, "high");
        consumer.UntilIrqs(Line, 1);
        consumer.Do($"type {Line} falling");
        Rig.Board.Set(Line, "low");
        consumer.UntilIrqs(Line, 2);
        Rig.Board.Set(Line, "high");
        Assert.AreEqual(2, Settled().Irqs);

        // The line is high: a trigger on this level has a reason at once, with no edge.
        consumer.Do($"hold {Line}");
        consumer.Do($"type {Line} high");
        Assert.AreEqual(3, consumer.UntilHeld(Line, 3).Irqs);
        Rig.Board.Set(Line, "low");
        consumer.Do($"release {Line}");
        Assert.AreEqual(3, Settled().Irqs);

        consumer.Do($"type {Line} both");
        Rig.Board.Set(Line, "high");
        consumer.UntilIrqs(Line, 4);
        Rig.Board.Set(Line, "low");
        consumer.UntilIrqs(Line, 5);
        Assert.AreEqual(5, Settled().Irqs);
    }

    [TestMethod]
    public void Level_QuietedByTheHandlerThroughAnotherLine_ComesOncePerReason()
    {
        const int Reasons = 200;
        using BoardWatch watch = new(Rig, "sdcard-detect");
        consumer.Do("request loopback-in high");
        consumer.Do("quiet loopback-in loopback-out");
        Linux($"cd /sys/kernel/debug/gpio_consumer; i=0; while [ $i -lt {Reasons} ]; do i=$((i+1)); echo raise loopback-in >control; "
            + "n=0; until grep -q \"^loopback-in .*handled=$i \" lines || [ $n -ge 1000 ]; do n=$((n+1)); done; done");
        consumer.UntilUnmasked("loopback-in");
        Pace();
        Assert.AreEqual(Reasons, consumer.Of("loopback-in").Irqs);

        // The board looks at its pins when it gets the processor: on a busy host a level may have come and gone by then.
        int seen = watch.Of("loopback-in").Count;
        Assert.IsInRange(1, 2 * Reasons, seen);
        Assert.AreEqual(0, seen % 2, "it is low in the end");
        TestContext.WriteLine($"{Reasons} reasons, {Reasons} interrupts, {seen} changes of level seen by the board");
    }

    [TestMethod]
    [DataRow("request")]
    [DataRow("hard")]
    public void Level_ThatNobodyQuiets_LeavesTheOtherLinesAndLinuxAlive(string how)
    {
        consumer.Do($"{how} {Line} high");
        Stopwatch clock = Stopwatch.StartNew();
        Rig.Board.Set(Line, "high");
        int before = paced;
        while (clock.ElapsedMilliseconds < 500)
        {
            Pace();
        }

        Rig.Board.Set(Line, "low");
        double seconds = clock.Elapsed.TotalSeconds;
        int counted = Settled().Irqs;
        Assert.IsGreaterThan(10, counted);
        Assert.AreEqual(counted, Settled().Irqs, "none after it went inactive");
        TestContext.WriteLine($"{counted} interrupts in {seconds:0.00} s, {counted / seconds:0} a second; meanwhile {paced - before} of another line, none lost");
    }

    [TestMethod]
    public void Edges_OfManyLinesInAnyOrder_AreCountedAsTheBoardMadeThem()
    {
        const int Edges = 500;
        int seed = Environment.TickCount;
        Random random = new(seed);
        string[] lines = ["status-led", "user-button", "imu-int1", "imu-int2", "touch-int", "wifi-reset", "modem-power-en", "charger-alert", "hdmi-hotplug", "sdcard-detect", "i2c-mux-reset"];
        Dictionary<string, string> outside = lines.ToDictionary(l => l, l => l is "imu-int1" or "imu-int2" or "touch-int" ? "low" : "float");
        int[] made = new int[lines.Length];
        bool[] isHigh = new bool[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            Rig.Board.Set(lines[i], "low");
            consumer.Do($"{(i % 2 == 0 ? "request" : "hard")} {lines[i]} both");
        }

        for (int edge = 0; edge < Edges; edge++)
        {
            int i = random.Next(lines.Length);
            consumer.UntilIrqs(lines[i], made[i]);
            isHigh[i] = !isHigh[i];
            Rig.Board.Set(lines[i], isHigh[i] ? "high" : "low");
            made[i]++;
        }

        for (int i = 0; i < lines.Length; i++)
        {
            consumer.UntilIrqs(lines[i], made[i]);
        }

        Pace();
        foreach ((string line, int count) in lines.Zip(made))
        {
            Assert.AreEqual(count, consumer.Of(line).Irqs, $"{line}, seed {seed}");
        }

        consumer.Unload();
        foreach (string line in lines)
        {
            Rig.Board.Set(line, outside[line]);
        }

        TestContext.WriteLine($"{Edges} edges on {lines.Length} lines, each counted (seed {seed})");
    }

    // The level that is of no interest, and the one whose coming is an interrupt.
    private static string Quiet(string type) => type is "falling" or "low" ? "high" : "low";

    private static string Active(string type) => type is "falling" or "low" ? "low" : "high";

    private void StartHolding(string type)
    {
        Rig.Board.Set(Line, Quiet(type));
        consumer.Do($"request {Line} {type}");
        consumer.Do($"hold {Line}");
    }

    private void Trigger(string type)
    {
        Rig.Board.Set(Line, Quiet(type));
        Rig.Board.Set(Line, Active(type));
    }

    private void ChangeWhileMasked(string from, string to)
    {
        string change = $"{from} to {to}";
        StartHolding(from);
        Rig.Board.Set(Line, Active(from));
        Assert.AreEqual(1, consumer.UntilHeld(Line, 1).Irqs, change);

        // What the old type may have latched goes with it.
        Rig.Board.Set(Line, Quiet(to));
        consumer.Do($"type {Line} {to}");
        Assert.AreEqual(to, consumer.Of(Line).Type);
        consumer.Do($"step {Line}");
        Assert.AreEqual(1, Settled().Irqs, change);

        Rig.Board.Set(Line, Active(to));
        Assert.AreEqual(2, consumer.UntilHeld(Line, 2).Irqs, change);
        Rig.Board.Set(Line, Quiet(to));
        consumer.Do($"release {Line}");
        int due = to == "both" ? 3 : 2;
        Assert.AreEqual(due, consumer.UntilIrqs(Line, due).Irqs, change);
        Assert.AreEqual(due, Settled().Irqs, change);
        consumer.Do($"free {Line}");
    }

    // All that the board did before has come when this returns, if it comes at all.
    private Interrupt Settled()
    {
        consumer.UntilUnmasked(Line);
        Pace();
        return consumer.Of(Line);
    }

    // The eventq is served in order: an interrupt that comes after this one was not on its way before.
    private void Pace()
    {
        Rig.Board.Set(Pacer, "high");
        consumer.UntilIrqs(Pacer, ++paced);
        Rig.Board.Set(Pacer, "low");
    }
}
