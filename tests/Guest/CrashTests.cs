// The firmware dies or hangs under the real Linux: with lines held, with monitors open, with a request in flight.

using System;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class CrashTests : GuestTest
{
    private const int Rounds = 50;
    private const string State = "/sys/class/remoteproc/remoteproc0/state";

    // A task that waits for an answer sleeps in a state (D) that no signal ends.
    private const string UntilBlocked = "until grep -q '^State:.*D' /proc/$(pidof gpioget)/status 2>/dev/null; do :; done";

    private static Rig? own;

    protected override Rig Rig => own ??= GuestRig.Boot(new RigOptions(GuestRig.Folder));

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

    [ClassCleanup]
    public static void EndRig() => own?.Dispose();

    [TestMethod]
    public void Firmware_KilledWithALineHeldAndAMonitorOpen_LinuxRecoversByItself()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Linux("gpiomon --line-buffered $(gpiofind touch-int) >/tmp/monitor 2>&1 & " + Serving.UntilMonitored(1));
            Serving.Hold(Rig, "status-led", 1, $"round {round}");

            CrashAndRecover(Rig);

            Assert.AreEqual(0, Rig.Board.Get("status-led"), $"round {round}: after a restart every pin is idle");
            Linux("killall gpiomon gpioset; while pidof gpiomon gpioset >/dev/null; do :; done");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"firmware killed and restarted {Rounds} times with a line held and a monitor open: Linux recovered each time");
    }

    [TestMethod]
    public void Firmware_KilledWithARequestInFlight_TheBlockedTaskComesBack()
    {
        for (int round = 0; round < Rounds; round++)
        {
            int attached = TimesAttached(Rig);
            Rig.KillFirmware();
            Linux("{ gpioget virtio0 1 >/tmp/blocked 2>&1; echo ended >>/tmp/blocked; } & " + UntilBlocked);

            Rig.StartFirmware();

            WaitForRecovery(Rig, attached);
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
    public void Firmware_ReplacedByAnotherBuildUnderItsDriver_LinuxRecoversOntoIt()
    {
        for (int round = 0; round < Rounds / 5; round++)
        {
            Linux("gpiomon --line-buffered $(gpiofind touch-int) >/tmp/monitor 2>&1 & " + Serving.UntilMonitored(1));
            Serving.Hold(Rig, "status-led", 1, $"round {round}");
            int attached = TimesAttached(Rig);
            Rig.KillFirmware();

            // Another switch, another resource table: what an update of the firmware does.
            bool isIndirect = round % 2 == 0;
            Rig.Board.Ask($"switches {(isIndirect ? EmulatedBoard.StrapIndirect : 0)}");
            Rig.StartFirmware();

            WaitForRecovery(Rig, attached);
            Linux("killall gpiomon gpioset; while pidof gpiomon gpioset >/dev/null; do :; done");
            string features = Linux("cat /sys/bus/virtio/devices/virtio0/features").TrimEnd();
            Assert.AreEqual(isIndirect ? '1' : '0', features[28], $"round {round}: {features}");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"another build of the firmware under an attached Linux {Rounds / 5} times: its driver was taken down and bound to the new table each time");
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
        Linux("killall gpiomon; while pidof gpiomon >/dev/null; do :; done");
        Assert.IsLessThan(100, used.TotalMilliseconds, "a device that polls without end takes a whole processor");
        Numbers.Say($"firmware with nothing to do for 5 s: {used.TotalMilliseconds:F0} ms of processor time");
    }

    [TestMethod]
    public void Module_RemovedAndInserted_ServesAGetAndAnEvent()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Linux($"rmmod emusoc_rproc && insmod /lib/modules/emusoc_rproc.ko && echo start >{State}");
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
        int attached = TimesAttached(rig);
        rig.KillFirmware();
        rig.StartFirmware();
        WaitForRecovery(rig, attached);
    }

    private static void WaitForRecovery(Rig rig, int attachedBefore)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (TimesAttached(rig) == attachedBefore || rig.Guest.Run("gpiofind status-led").ExitCode != 0)
        {
            Assert.IsLessThan(30, clock.Elapsed.TotalSeconds, $"Linux did not recover: {rig.Guest.Must("dmesg | tail -20")}");
        }
    }

    private static int TimesAttached(Rig rig) => int.Parse(rig.Guest.Must("dmesg | grep -c 'is now attached' || true"));

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Rig.Firmware.Id.ToString()]);
        kill.WaitForExit();
        Assert.AreEqual(0, kill.ExitCode);
    }
}
