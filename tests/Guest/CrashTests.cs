// The firmware dies or hangs under the real Linux: with lines held, with monitors open, with a request in flight. A watchdog, or a
// person, starts it again; then it asks Linux to recover. Linux attaches to it, or has booted it and boots it again.

using System;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class CrashTests : GuestTest
{
    private const string State = "/sys/class/remoteproc/remoteproc0/state";

    // A task that waits for an answer sleeps in a state (D) that no signal ends.
    private const string UntilBlocked = "until grep -q '^State:.*D' /proc/$(pidof gpioget)/status 2>/dev/null; do usleep 1000; done";

    private static Rig? own;

    protected override Rig Rig => own ??= GuestRig.Boot(Options);

    private protected virtual RigOptions Options => new(GuestRig.Folder);

    private protected virtual int Rounds => 50;

    /// <summary>How the driver of the SoC is inserted.</summary>
    private protected virtual string DriverOptions => "";

    /// <summary>What a crash leaves in the kernel log.</summary>
    internal static ExplainedLine[] OfACrash { get; } =
    [
        new(@"remoteproc0: crash detected in emusoc: type fatal error", "the restarted firmware asked Linux to recover"),
        new(@"remoteproc0: handling crash #\d+ in emusoc", "the restarted firmware asked Linux to recover"),
        new(@"remoteproc0: recovering emusoc", "the restarted firmware asked Linux to recover"),
        new(@"remoteproc0: no answer to a request for 1 s", "the firmware was dead or stopped while a request waited"),
        new(@"gpio_virtio virtio\d+: GPIO request failed: 1", "a request that depends on what the restart has lost is answered ERR"),
    ];

    internal override ExplainedLine[] Provoked => OfACrash;

    [ClassCleanup(InheritanceBehavior.BeforeEachDerivedClass)]
    public static void EndRig()
    {
        own?.Dispose();
        own = null;
    }

    [TestMethod]
    public void Firmware_KilledWithALineHeldAndAMonitorOpen_LinuxRecoversByItself()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Linux("gpiomon --line-buffered $(gpiofind touch-int) >/tmp/monitor 2>&1 & " + Serving.UntilMonitored(1));
            Serving.Hold(Rig, "status-led", 1, $"round {round}");

            CrashAndRecover(Rig);

            Assert.AreEqual(0, Rig.Board.Get("status-led"), $"round {round}: after a restart every pin is idle");
            Linux(Serving.UntilEnded("gpiomon gpioset"));
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"firmware killed and restarted {Rounds} times with a line held and a monitor open: Linux recovered each time");
    }

    [TestMethod]
    public void Firmware_KilledWithARequestInFlight_TheBlockedTaskComesBack()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string before = KernelLog.Mark(Rig);
            Rig.KillFirmware();
            Linux("{ gpioget virtio0 1 >/tmp/blocked 2>&1; echo ended >>/tmp/blocked; } & " + UntilBlocked);

            Rig.StartFirmware();

            WaitForRecovery(Rig, before);
            Linux("n=0; until grep -q ended /tmp/blocked || [ $n -ge 500 ]; do usleep 10000; n=$((n+1)); done; grep -q ended /tmp/blocked");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"firmware dead under a request {Rounds} times: the blocked task came back each time");
    }

    [TestMethod]
    public void Firmware_StoppedAndContinued_AnswersWhatCameMeanwhile()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Linux(": >/tmp/hung");
            Signal("STOP");
            try
            {
                Linux("{ gpioget virtio0 1 >/tmp/hung 2>&1; echo ended >>/tmp/hung; } & " + UntilBlocked);
                Assert.AreEqual("", Linux("cat /tmp/hung"));
            }
            finally
            {
                Signal("CONT");
            }

            Linux("n=0; until grep -q ended /tmp/hung || [ $n -ge 500 ]; do usleep 10000; n=$((n+1)); done");
            Assert.AreEqual("1\nended", Linux("cat /tmp/hung"), $"round {round}");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"firmware stopped and continued {Rounds} times: the request was answered each time");
    }

    [TestMethod]
    public void Firmware_NothingToDo_TakesNoProcessorTime()
    {
        Serving.CheckGetAndEvent(Rig, "before the rest");
        Linux("gpiomon --line-buffered $(gpiofind touch-int) >/tmp/monitor 2>&1 & " + Serving.UntilMonitored(1) + "; sleep 1");
        Rig.Firmware.Refresh();
        TimeSpan before = Rig.Firmware.TotalProcessorTime;

        Linux("sleep 5");

        Rig.Firmware.Refresh();
        TimeSpan used = Rig.Firmware.TotalProcessorTime - before;
        Linux(Serving.UntilEnded("gpiomon"));
        Assert.IsLessThan(100, used.TotalMilliseconds, "a device that polls without end takes a whole processor");
        Numbers.Say($"firmware with nothing to do for 5 s: {used.TotalMilliseconds:F0} ms of processor time");
    }

    [TestMethod]
    public void Module_RemovedAndInserted_ServesAGetAndAnEvent()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Linux($"rmmod emusoc_rproc && insmod /lib/modules/emusoc_rproc.ko {DriverOptions} && echo start >{State}");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"SoC driver removed and inserted {Rounds} times: 0 failures");
    }

    [TestMethod]
    public void RemoteProcessor_StoppedAndStarted_ServesAGetAndAnEvent()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Linux($"echo stop >{State} && echo start >{State}");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"remote processor stopped and started {Rounds} times: 0 failures");
    }

    /// <summary>Kills the firmware, starts it again, and waits until Linux has recovered.</summary>
    internal static void CrashAndRecover(Rig rig)
    {
        string before = KernelLog.Mark(rig);
        rig.KillFirmware();
        rig.StartFirmware();
        WaitForRecovery(rig, before);
    }

    /// <summary>Waits until Linux has left the co-processor and come back to it.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="before">What <see cref="KernelLog.Mark"/> said before the crash.</param>
    internal static void WaitForRecovery(Rig rig, string before) =>
        KernelLog.Await(rig, before, "is now (attached|up)", "while ! gpiofind status-led >/dev/null; do usleep 1000; done");

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Rig.Firmware.Id.ToString()]);
        kill.WaitForExit();
        Assert.AreEqual(0, kill.ExitCode);
    }
}

[TestClass]
public sealed class CrashTestsLoadedByLinux : CrashTests
{
    private protected override RigOptions Options => new(GuestRig.Folder, IsLoaded: true);

    private protected override int Rounds => 20;

    private protected override string DriverOptions => "boot=load";
}
