// A button that wakes, a firmware that is restarted while Linux sleeps, and a Linux that is gone: each on a rig of its own.

using System;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class SleepLifeTests
{
    private const string Attached = "dmesg | grep -c 'is now attached'";

    [TestMethod]
    public void Button_ThatWakesOnTheUnmodifiedDriver_MakesEverySuspendFail()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.consumers"));

        Assert.AreNotEqual(0, Sleep.Begin(rig).End().ExitCode);
        Assert.Contains("gpio-keys keys: PM: failed to suspend: error -6", rig.Guest.Must("dmesg"));
        Assert.AreEqual("runs", Sleep.StateOf(rig));
        rig.Guest.Must("rmmod gpio_keys");
        Serving.CheckGetAndEvent(rig, "after a suspend that failed");
    }

    [TestMethod]
    public void Button_ThatWakesOnThePatchedDriver_WakesLinux()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.consumers board.driver=patched"));
        rig.Guest.Must(Serving.UntilKeysAreRead(4));
        for (int press = 0; press < 2; press++)
        {
            Sleep sleep = Sleep.Await(rig);
            rig.Board.Set("user-button", press == 0 ? "low" : "float");
            Assert.AreEqual(0, sleep.End().ExitCode);
            Serving.Until(() => rig.Guest.Must("wc -c </tmp/keys") == $"{2 * Serving.InputEventSize * (press + 1)}", "the key and its report");
        }

        Assert.AreEqual("0", rig.Board.Ask("errors")[0]);
        Assert.IsEmpty(KernelLog.Unexplained(rig, Sleep.OfADriver("patched")));
    }

    // patches/0010 and 0011. The unmodified driver tells the device that the line's interrupt is disabled, and never that it is enabled again.
    [TestMethod]
    [DataRow("stock", false)]
    [DataRow("patched", true)]
    public void Interrupt_HandledWhenLinuxFallsAsleep_StaysEnabledOnThePatchedDriverOnly(string driver, bool isEnabled)
    {
        const string Line = "imu-int1";
        const string Other = "user-button";
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.FolderNamed("VGPIO_GUEST_MODULES"), KernelArguments: $"board.driver={driver}"));
        Consumer consumer = new(rig);
        consumer.Load();
        consumer.Do($"request {Line} both");
        consumer.Do($"request {Other} both");
        consumer.Do($"late {Line}");
        rig.Board.Set(Line, "high");
        consumer.UntilIrqs(Line, 1);

        // A buffer that has not come back wakes Linux.
        CommandResult slept = Sleep.Begin(rig).End(() => rig.Board.Set(isEnabled ? Line : Other, "low"));
        Assert.AreEqual(0, slept.ExitCode);
        rig.Board.Set(Line, "low");
        if (isEnabled)
        {
            consumer.UntilIrqs(Line, 2);
        }
        else
        {
            Assert.Contains("armed 0", Serving.PinOf(rig, Serving.NumberOf(Line)));
            Assert.AreEqual(1, consumer.Of(Line).Irqs);
        }

        Assert.AreEqual("0", rig.Board.Ask("errors")[0]);
    }

    // What it was to wake Linux for, the new firmware does not know.
    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapKeepsState)]
    public void Firmware_RestartedWhileLinuxSleeps_WakesItAndIsNoticed(int straps)
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, KernelArguments: "board.driver=patched", Straps: straps));
        rig.Guest.Must($"gpiomon --line-buffered $(gpiofind touch-int) >/tmp/edges 2>&1 & {Serving.UntilMonitored(1)}");
        Sleep sleep = Sleep.Await(rig);
        rig.KillFirmware();
        rig.Board.Set("touch-int", "high");
        Thread.Sleep(500);
        Assert.AreEqual("sleeps", Sleep.StateOf(rig));
        rig.StartFirmware();

        Assert.AreEqual(0, sleep.End().ExitCode);
        if (straps == 0)
        {
            Serving.Until(() => rig.Guest.Must(Attached) == "2", "Linux to recover");
        }
        else
        {
            Serving.Until(() => Serving.EdgesIn(rig.Guest.Must("cat /tmp/edges")) == "RISING", "the edge that came while there was no firmware");
            Assert.AreEqual("1", rig.Guest.Must(Attached), "Linux was not asked to recover");
        }

        rig.Guest.Must(Serving.UntilEnded("gpiomon"));
        rig.Board.Set("touch-int", "low");
        Serving.CheckGetAndEvent(rig, "after a restart while Linux slept");
        Assert.AreEqual("0", rig.Board.Ask("errors")[0]);
    }

    [TestMethod]
    public void Linux_Gone_TheFirmwareLetsGoOfItsLines()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder));
        Serving.Hold(rig, "wifi-reset", 1);
        rig.CrashLinux();

        Serving.Until(() => Sleep.StateOf(rig) == "is down" && rig.Board.Get("wifi-reset") == 0, "the line to be let go");
        rig.StartLinux();
        Assert.AreEqual("runs", Sleep.StateOf(rig));
        Serving.CheckGetAndEvent(rig, "under the next Linux");
        Assert.AreEqual("0", rig.Board.Ask("errors")[0]);
    }
}
