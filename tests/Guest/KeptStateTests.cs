// The firmware dies at random moments under the real Linux, with its state kept: Linux must not notice.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class KeptStateTests : GuestTest, IDisposable
{
    private const int Kills = 50;
    private const string Led = "status-led";
    private const string Held = "wifi-reset";
    private const string Sensor = "imu-int1";
    private const string Button = "user-button";

    // System.Device.Gpio drives a high output low for a moment when it opens it anew: both lines, there and back.
    private const int PulsesOfStockPins = 2 * 2 * Kills;

    private Rig? rig;

    protected override Rig Rig => rig!;

    // The button's, and the sensor's.
    private protected override int SlotsAtRest => 4;

    internal override ExplainedLine[] Provoked =>
    [
        .. ModuleTest.BusyHost,
        new(@"remoteproc0: no answer to a request for 1 s", "the firmware was dead while a request waited"),
        new(@"gpio_virtio: loading out-of-tree module taints kernel", "the patched driver is built outside the kernel's tree"),
    ];

    /// <inheritdoc/>
    public void Dispose() => rig?.Dispose();

    [TestMethod]
    [DataRow(0, 1, "stock")]
    [DataRow(EmulatedBoard.StrapLatchedPins, 1, "stock")]
    [DataRow(0, 2, "patched")]
    [DataRow(EmulatedBoard.StrapLatchedPins, 2, "patched")]
    public void Firmware_KilledAtRandomMoments_LinuxDoesNotNotice(int pins, int processors, string driver)
    {
        Begin(EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads | pins, processors, driver);
        Hammer hammer = new(Rig);
        using BoardWatch watch = new(Rig, "sdcard-detect");
        string users = Linux("pidof gpiomon gpioset dd");
        int levelsBefore = Moves(watch);
        int seed = Settings.Seed;
        Random random = new(seed);
        int edges = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            int done = hammer.Tasks().Sum(task => task.Done);
            edges += Toggle();
            Thread.Sleep(random.Next(20));
            Rig.KillFirmware();
            edges += random.Next(2) == 0 ? Toggle() : 0;
            Rig.StartFirmware();
            UntilSensorIs(Rig.Board.Get(Sensor), $"kill {kill}, seed {seed}");
            UntilDoneExceeds(hammer, done, $"kill {kill}, seed {seed}");
        }

        Assert.AreEqual(users, Linux("pidof gpiomon gpioset dd"), "the programs that hold lines are the same");
        Assert.AreEqual("1", Linux("dmesg | grep -c 'is now attached'"), "Linux was not asked to recover");
        int moves = Moves(watch) - levelsBefore;
        Assert.IsInRange(0, pins == EmulatedBoard.StrapLatchedPins ? 0 : PulsesOfStockPins, moves, "changes of level of outputs that are held");
        int events = int.Parse(Linux("wc -l </tmp/sensor"));
        Assert.IsInRange(Kills, edges + Kills, events, $"{edges} edges, seed {seed}");
        foreach (HammerTask task in hammer.Tasks())
        {
            Assert.AreEqual(task with { Errors = 0, Wrong = 0 }, task, $"seed {seed}");
        }

        CheckLedAndButton();
        int requests = hammer.Tasks().Sum(task => task.Done);
        hammer.Unload();
        Linux(Serving.UntilEnded("gpioset"));
        Numbers.Say($"firmware killed {Kills} times with its state kept, {((Rig.Straps & EmulatedBoard.StrapLatchedPins) == 0 ? "System.Device.Gpio" : "latched")} pins, {processors} CPU, {driver} driver (seed {seed}): "
            + $"{requests:N0} requests among it without an error, {edges} edges gave {events} events, {moves} changes of level of held outputs, the same programs held the lines");
    }

    // A reset that lets go of the pads: the levels come back before anything else is done.
    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapLatchedPins)]
    public void Firmware_KilledAndItsPadsReset_LevelsAreRestored(int pins)
    {
        Begin(EmulatedBoard.StrapKeepsState | pins, 1, "stock");
        using BoardWatch watch = new(Rig, "sdcard-detect");
        List<double> away = [];
        for (int kill = 0; kill < 10; kill++)
        {
            int before = watch.Of(Held).Count;
            Rig.KillFirmware();
            Serving.Until(() => Rig.Board.Get(Held) == 0, "the reset lets go of the pads");
            Rig.StartFirmware();
            Serving.Until(() => Rig.Board.Get(Held) == 1 && Rig.Board.Get(Led) == 1, "the outputs are restored");
            Serving.Until(() => watch.Of(Held).Count >= before + 2, "the board has seen it");
            Change[] changes = [.. watch.Of(Held).Skip(before)];
            CollectionAssert.AreEqual(new[] { 0, 1 }, changes.Select(c => c.Level).ToArray());
            away.Add((changes[1].At - changes[0].At).TotalMilliseconds);
        }

        Assert.AreEqual("1", Linux("dmesg | grep -c 'is now attached'"), "Linux was not asked to recover");
        CheckLedAndButton();
        new Hammer(Rig).Unload();
        Linux(Serving.UntilEnded("gpioset"));
        Numbers.Say($"pads let go at 10 resets, {((Rig.Straps & EmulatedBoard.StrapLatchedPins) == 0 ? "System.Device.Gpio" : "latched")} pins: levels away for {away.Min():0} to {away.Max():0} ms, the start of the firmware's process included");
    }

    private void Begin(int straps, int processors, string driver)
    {
        string arguments = $"board.consumers board.driver={driver} emusoc_rproc.sync_kick={(driver == "stock" ? 1 : 0)}";
        rig = GuestRig.Boot(new RigOptions(GuestRig.FolderNamed("VGPIO_GUEST_MODULES"), Processors: processors, KernelArguments: arguments, Straps: straps));
        Rig.Board.Set(Sensor, "low");
        Linux("echo 1 >/sys/class/leds/status/brightness");
        Serving.Until(() => Rig.Board.Get(Led) == 1, "the LED is on");
        Linux($"gpioset --mode=signal $(gpiofind {Held})=1 & gpiomon --line-buffered $(gpiofind {Sensor}) >/tmp/sensor 2>&1 & {Serving.UntilMonitored(1)}");
        Linux(Serving.UntilKeysAreRead(4));
        Serving.Until(() => Rig.Board.Get(Held) == 1, "the line is held");
        Hammer hammer = new(Rig);
        hammer.Load();
        hammer.Run(100_000_000, "modem-power-en", "loopback-out");
    }

    private void CheckLedAndButton()
    {
        Assert.AreEqual(1, Rig.Board.Get(Led));
        Linux("echo 0 >/sys/class/leds/status/brightness");
        Serving.Until(() => Rig.Board.Get(Led) == 0, "the LED is off");
        Assert.AreEqual("0", Linux("wc -c </tmp/keys"), "nobody has pressed the button");
        foreach ((string drive, int events) in new[] { ("low", 2), ("float", 4) })
        {
            Rig.Board.Set(Button, drive);
            Serving.Until(() => Linux("wc -c </tmp/keys") == $"{Serving.InputEventSize * events}", $"{events} events of the button");
        }
    }

    private int Toggle()
    {
        Rig.Board.Set(Sensor, Rig.Board.Get(Sensor) == 0 ? "high" : "low");
        return 1;
    }

    // Linux reads the level when it handles an interrupt: the last event shows the level that there is.
    private void UntilSensorIs(int level, string what) =>
        Serving.Until(() => Linux("tail -n 1 /tmp/sensor").Contains(level == 1 ? "RISING" : "FALLING"), $"the sensor's last edge to reach Linux, {what}");

    private static void UntilDoneExceeds(Hammer hammer, int done, string what) =>
        Serving.Until(() => hammer.Tasks().Sum(task => task.Done) > done, $"requests to go on, {what}");

    private static int Moves(BoardWatch watch) => watch.Of(Led).Count + watch.Of(Held).Count;
}
