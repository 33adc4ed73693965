// Linux on boards that differ: the ring features offered, memory above 4 GiB, no pool; and a Linux that restarts while the board lives on.

using System;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class BootTests
{
    private const int Reboots = 50;

    [TestMethod]
    [DataRow(0, 0x1)]
    [DataRow(EmulatedBoard.StrapIndirect, 0x10000001)]
    public void Boot_RingFeaturesOffered_AreUsedByLinuxAndServed(int straps, int features)
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Straps: straps));

        // One character a feature bit, the lowest first.
        string negotiated = rig.Guest.Must("cat /sys/bus/virtio/devices/virtio0/features");
        for (int bit = 0; bit < 32; bit++)
        {
            Assert.AreEqual((features >> bit & 1) == 1 ? '1' : '0', negotiated[bit], $"feature {bit} of {negotiated}");
        }

        for (int round = 0; round < 20; round++)
        {
            Serving.CheckGetAndEvent(rig, $"features 0x{features:X8}, round {round}");
        }

        LogIsClean(rig);
    }

    [TestMethod]
    public void Boot_ThreeGibibytes_BuffersAboveFourGibibytesAreReached()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Mebibytes: 3072));

        Assert.IsGreaterThan(2_500_000, int.Parse(rig.Guest.Must("awk '/MemTotal/ { print $2 }' /proc/meminfo")));
        for (int round = 0; round < 20; round++)
        {
            Serving.CheckGetAndEvent(rig, $"round {round}");
        }

        LogIsClean(rig);
    }

    // What a co-processor that sees no more than a carve-out meets under a Linux that does not know of it.
    [TestMethod]
    public void Boot_WithoutTheDmaApi_EveryRequestIsRefusedAndTheBusIsNeverLeft()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.plain"));

        Assert.DoesNotContain("\"", rig.Guest.Must("gpioinfo virtio0"), "a name");
        Assert.AreNotEqual(0, rig.Guest.Run("gpioget virtio0 1").ExitCode);
        Assert.Contains("incorrect len (2 : 0)", rig.Guest.Must("dmesg"));
        Pool.IsAtRest(rig);
    }

    // leds-gpio switches its LEDs off at a shutdown, and gpio-virtio waits for the answer without a timeout.
    [TestMethod]
    [DataRow("", "")]
    [DataRow("board.driver=patched emusoc_rproc.sync_kick=0", "")]
    [DataRow("", "{ gpioget virtio0 2 & } 2>/dev/null")]
    [DataRow("board.driver=patched emusoc_rproc.sync_kick=0", "{ gpioget virtio0 2 & } 2>/dev/null")]
    public void Restart_FirmwareGoneAndAnLedInUse_Ends(string arguments, string waiting)
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: $"board.consumers {arguments}"));
        rig.Guest.Must("echo 1 >/sys/class/leds/status/brightness");
        rig.KillFirmware();
        rig.Guest.Must($"{waiting}\n(sleep 1; reboot -f) >/dev/null 2>&1 &");

        Assert.AreEqual(0, rig.WaitForLinux(TimeSpan.FromSeconds(60)), rig.Console);
        Assert.Contains("answered for the firmware", rig.Console);
    }

    [TestMethod]
    public void Guest_RebootedWithLinesHeldAndEdgesComing_FindsItsLinesAgain()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Reboots: true));
        int edges = 0;
        for (int round = 0; round < Reboots; round++)
        {
            rig.Guest.Must("gpiomon $(gpiofind imu-int2) >/tmp/m & " + Serving.UntilMonitored(1));
            Serving.Hold(rig, "status-led", 1);

            Task<int> attachesWhenReleased = Task.Run(() => AttachesWhenLow(rig, "status-led"));
            using (EdgeMaker maker = new(rig, ["imu-int2"], perMillisecond: 1))
            {
                maker.Await(10);
                rig.Reboot();
                edges += maker.Stop();
            }

            Assert.AreEqual(round + 1, attachesWhenReleased.Result, "the line was held until the next Linux attached");
            Serving.CheckGetAndEvent(rig, $"reboot {round}");
        }

        LogIsClean(rig);
        Numbers.Say($"guest rebooted {Reboots} times with a line held and a monitor open, among {edges:N0} edges: 0 failures; {rig.HungBoots} boots hung and were started anew");
    }

    // The co-processor is told of an orderly restart: it lets go of Linux's memory, and of the lines.
    private static int AttachesWhenLow(Rig rig, string line)
    {
        using BoardClient board = new(rig.Folder);
        while (board.Get(line) != 0)
        {
            Thread.Sleep(1);
        }

        return Regex.Count(rig.Console, "attaching to emusoc");
    }

    private static void LogIsClean(Rig rig)
    {
        string[] unexplained = KernelLog.Unexplained(rig);
        Assert.IsEmpty(unexplained, string.Join('\n', unexplained));
    }
}
