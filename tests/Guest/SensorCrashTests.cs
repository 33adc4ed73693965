// The firmware dies with its state kept while Linux reads the sensor: the bus and the alert go on.

using System;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class SensorCrashTests : GuestTest, IDisposable
{
    private const int Kills = 20;
    private const int CheckedReads = 20;
    private const string Right = "42500";
    private const string Folder = "/sys/class/hwmon/hwmon0";
    private const string Reads = "/tmp/reads";

    private Rig? rig;

    protected override Rig Rig => rig!;

    // The alert's.
    private protected override int SlotsAtRest => 2;

    internal override ExplainedLine[] Provoked =>
    [
        .. ModuleTest.BusyHost,
        new(@"i2c-gpio i2c: Slow GPIO pins might wreak havoc", "i2c-gpio says so of every GPIO controller that sleeps"),
        new(@"remoteproc0: no answer to a request for 1 s", "the firmware was dead while a request waited"),
        new(@"i2c i2c-0: (sendbytes: (NAK bailout|error -110)|readbytes: ack/nak timeout)", "a transfer that the death broke"),
    ];

    /// <inheritdoc/>
    public void Dispose() => rig?.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapLatchedPins)]
    public void Firmware_KilledWhileLinuxReads_DriverGoesOn(int pins)
    {
        Begin(EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads | pins);
        int seed = Settings.Seed;
        Random random = new(seed);
        for (int kill = 0; kill < Kills; kill++)
        {
            Thread.Sleep(random.Next(40));
            Rig.KillFirmware();
            Rig.StartFirmware();
            int right = CountOfRight();
            Serving.Until(() => CountOfRight() > right + 1, $"a right value after kill {kill}, seed {seed}");
        }

        Linux("rm /tmp/go; while pidof cat >/dev/null; do usleep 1000; done; usleep 200000");
        string[] reads = Linux($"cat {Reads}").Split('\n');
        int failed = reads.Count(read => read.Contains("cat:", StringComparison.Ordinal));
        int wrong = reads.Count(read => read != Right) - failed;
        CollectionAssert.AreEqual(
            Enumerable.Repeat(Right, CheckedReads).ToArray(),
            Linux($"for n in $(seq {CheckedReads}); do cat {Folder}/temp1_input; done").Split('\n'));
        Assert.IsInRange(0, Kills, failed + wrong, $"a death breaks one read at most, seed {seed}");
        CheckAlert();
        Assert.AreEqual("1", Linux("dmesg | grep -c 'is now attached'"), "Linux was not asked to recover");
        Numbers.Say($"firmware killed {Kills} times while lm75 read, {(pins == 0 ? "System.Device.Gpio" : "latched")} pins (seed {seed}): "
            + $"{reads.Length} reads, {failed} failed, {wrong} wrong");
    }

    private void Begin(int straps)
    {
        rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.sensor", Straps: straps));
        Serving.Until(() => Rig.Guest.Run("ls -d /proc/irq/*/as6200").ExitCode == 0, "the sensor's interrupt");
        Rig.Board.Ask("temperature 42.5");
        Linux($"touch /tmp/go; while [ -e /tmp/go ]; do cat {Folder}/temp1_input; done >{Reads} 2>&1 &");
        Serving.Until(() => CountOfRight() > 1, "the first reads");
    }

    private void CheckAlert()
    {
        foreach ((string degrees, string alarm) in new[] { ("90", "1"), ("20", "0") })
        {
            string before = Linux("awk '/as6200/ { print $2 }' /proc/interrupts");
            Rig.Board.Ask($"temperature {degrees}");
            Serving.Until(() => Linux("awk '/as6200/ { print $2 }' /proc/interrupts") != before, $"the interrupt at {degrees} degrees");
            Assert.AreEqual(alarm, Linux($"cat {Folder}/temp1_alarm"));
        }
    }

    private int CountOfRight() => int.Parse(Linux($"grep -c '^{Right}$' {Reads} || true"));
}
