// A kernel with patches/: the driver of the SoC has nothing to do with the DMA API, and several processors are safe.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class PatchedKernelTests : GuestTest
{
    private const string State = "/sys/class/remoteproc/remoteproc0/state";
    private static readonly string[] driven = ["wifi-reset", "modem-power-en", "loopback-out"];

    private static Rig? own;

    protected override Rig Rig => own ??= GuestRig.Boot(Options);

    private protected virtual RigOptions Options => new(
        GuestRig.FolderNamed("VGPIO_GUEST_PATCHED"), Processors: 2, KernelArguments: "board.consumers emusoc_rproc.sync_kick=0");

    /// <summary>How Linux leaves the co-processor.</summary>
    private protected virtual string Leave => "detach";

    private protected override int SlotsAtRest => Linux("cat /proc/modules").Contains("gpio_keys") ? 2 : 0;

    internal override ExplainedLine[] Provoked => CrashTests.OfACrash;

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }

    [TestMethod]
    public void Kernel_Patched_NeedsNoModuleForTheDmaApi()
    {
        Assert.AreEqual("", Linux("grep rproc_gpio_dma /proc/modules || true"));
        Assert.AreEqual('1', Linux("cat /sys/bus/virtio/devices/virtio*/features")[33], "VIRTIO_F_ACCESS_PLATFORM");
        Assert.EndsWith("/soc@1,0/gpio", Linux("readlink -f /sys/bus/gpio/devices/gpiochip*/of_node"));
        Assert.AreEqual("status", Linux("ls /sys/class/leds"));
        Assert.AreEqual("", Linux("cat /sys/kernel/debug/devices_deferred"));
    }

    // Interrupts of lines that are armed leave their buffers in the eventq: they must not stay in the pool.
    [TestMethod]
    [DataRow("leave")]
    [DataRow("stop")]
    [DataRow("crash")]
    public void Life_EndedWithLinesArmed_LeavesNothingInThePool(string end)
    {
        Release();
        for (int round = 0; round < 10; round++)
        {
            Linux("gpiomon virtio0 2 3 4 8 >/dev/null 2>&1 & " + Serving.UntilMonitored(4));
            Assert.IsGreaterThanOrEqualTo(8, Pool.SlotsInUse(Rig));
            if (end == "crash")
            {
                CrashTests.CrashAndRecover(Rig);
            }
            else
            {
                Linux($"echo {(end == "leave" ? Leave : end)} >{State}; echo start >{State}");
            }

            Linux(Serving.UntilEnded("gpiomon"));
            Pool.IsAtRest(Rig, $"after {end}, round {round}");
        }
    }

    [TestMethod]
    public void Requests_OfSeveralTasksOnTwoProcessors_LoseNothing()
    {
        Hammer hammer = new(Rig);
        Release();
        hammer.Load();
        hammer.Run(90_000, driven);
        Linux("n=0; while grep -q ' us=0' /sys/kernel/debug/gpio_hammer/tasks && [ $n -lt 600 ]; do n=$((n+1)); usleep 100000; done");
        foreach (HammerTask task in hammer.Tasks())
        {
            Assert.AreEqual(task with { Done = 30_000, Errors = 0, Wrong = 0 }, task);
        }

        hammer.Unload();
        Release();
    }

    // The button's interrupt is armed, which holds buffers: without it nothing does.
    private void Release() => Linux("! grep -q '^gpio_keys ' /proc/modules || rmmod gpio_keys");
}

[TestClass]
public sealed class PatchedKernelTestsLoadedByLinux : PatchedKernelTests
{
    private protected override RigOptions Options => base.Options with { IsLoaded = true };

    private protected override string Leave => "stop";
}
