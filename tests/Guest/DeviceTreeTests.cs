// The device tree of the guest: the pool, the controller's node, and the LED and the button that refer to it.

using System;
using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class DeviceTreeTests : GuestTest
{
    private const string State = "/sys/class/remoteproc/remoteproc0/state";
    private const string LedDriver = "/sys/bus/platform/drivers/leds-gpio";

    private static Rig? own;

    protected override Rig Rig => own ??= Boot();

    // The button's.
    private protected override int SlotsAtRest => 2;

    internal override ExplainedLine[] Provoked =>
    [
        .. CrashTests.OfACrash,
        new(@"remoteproc0: firmware is not ready|remoteproc0: Boot failed: -11", "Linux was booted before the firmware"),
        new(@"remoteproc0: can't prepare rproc emusoc", "follows from that"),
    ];

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }

    [TestMethod]
    public void Pool_OfTheTree_IsTheBoards()
    {
        byte[] cells = Convert.FromHexString(Linux("hexdump -v -e '1/1 \"%02x\"' /proc/device-tree/reserved-memory/vdev0buffer*/reg"));

        Assert.AreEqual(EmulatedBoard.PoolAddress, BinaryPrimitives.ReadUInt64BigEndian(cells));
        Assert.AreEqual(EmulatedBoard.PoolSize, BinaryPrimitives.ReadUInt64BigEndian(cells.AsSpan(8)));
    }

    [TestMethod]
    public void Controller_OfTheTree_IsTheVirtioDevice()
    {
        Assert.EndsWith("/soc@1,0/gpio", Linux("readlink -f /sys/bus/gpio/devices/gpiochip*/of_node"));
        Assert.AreEqual('1', Linux("cat /sys/bus/virtio/devices/virtio*/features")[33], "VIRTIO_F_ACCESS_PLATFORM");
    }

    // They asked for their lines before there was a controller.
    [TestMethod]
    public void Consumers_DeferredAtBoot_WorkWhenTheControllerHasCome()
    {
        WorksLed();
        Assert.MatchesRegex(@"""user-button"" +""user-button"" +input +active-low \[used\]", Linux("gpioinfo"));
    }

    // Nothing in Linux binds them again to the controller that comes after it.
    [TestMethod]
    public void Consumers_OfAControllerThatWasReplaced_StayOnTheOldOneUntilBoundAnew()
    {
        Linux($"echo {Leave} >{State}; echo start >{State}");
        Linux("echo 1 >/sys/class/leds/status/brightness; usleep 200000");
        Assert.AreEqual(0, Rig.Board.Get("status-led"));

        Linux($"echo leds >{LedDriver}/unbind; echo leds >{LedDriver}/bind");
        WorksLed();
        Linux("echo keys >/sys/bus/platform/drivers/gpio-keys/unbind; echo keys >/sys/bus/platform/drivers/gpio-keys/bind");
    }

    /// <summary>How Linux leaves the co-processor.</summary>
    private protected virtual string Leave => "detach";

    // Linux comes up before there are lines.
    private protected virtual Rig Boot()
    {
        Rig rig = Rig.Create(new RigOptions(GuestRig.Folder, KernelArguments: "board.consumers"));
        rig.StartLinux();
        string deferred = rig.Guest.Must("cat /sys/kernel/debug/devices_deferred");
        Assert.Contains("leds", deferred);
        Assert.Contains("keys", deferred);
        rig.StartFirmware();
        rig.Guest.Must($"echo start >{State}");
        return rig;
    }

    private void WorksLed()
    {
        foreach (int level in new[] { 1, 0 })
        {
            Linux($"echo {level} >/sys/class/leds/status/brightness");
            Serving.Until(() => Rig.Board.Get("status-led") == level, $"the LED's pin to become {level}");
        }
    }
}

[TestClass]
public sealed class DeviceTreeTestsLoadedByLinux : DeviceTreeTests
{
    private protected override string Leave => "stop";

    private protected override Rig Boot() => GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.consumers", IsLoaded: true));
}
