// The trace of the firmware, as Linux shows it: remoteproc's trace0, and the counters that a write to the SoC driver's file asks for.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class TraceTests : GuestTest, IDisposable
{
    private const string Folder = "/sys/kernel/debug/remoteproc/remoteproc0";
    private const string Line = "imu-int1";
    private const string Fault = "fault 12: value not allowed (5)";
    private const string Heading = "line       seen  coalesced  delivered    refused     masked";

    private Rig? rig;

    protected override Rig Rig => rig!;

    internal override ExplainedLine[] Provoked =>
    [
        .. ModuleTest.BusyHost,
        .. CrashTests.OfACrash,
        new(@"gpio_virtio virtio\d+: GPIO request failed: 2", "the fault that the test provokes"),
    ];

    /// <inheritdoc/>
    public void Dispose() => rig?.Dispose();

    [TestMethod]
    public void Trace_FaultAndRestartWithTheStateKept_IsReadByLinux()
    {
        Begin(EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads);
        string booted = Until("driver bound, features 0x");
        Assert.StartsWith("start: build ", booted);
        Assert.Contains($"{EmulatedBoard.LineNames.Length} lines, state of before: not found", booted);

        ProvokeAFault();
        Assert.DoesNotContain("restart", Until(Fault));

        Rig.KillFirmware();
        Rig.StartFirmware();
        string restarted = Until("driver goes on after the restart");
        Assert.Contains("state of before: found", restarted);
        Assert.Contains($"before the restart: {Fault}", restarted);
        Assert.AreEqual("1", Linux($"ls -d {Folder}/trace* | wc -l"));
    }

    [TestMethod]
    public void Trace_RestartThatForgets_SaysThatLinuxIsAskedToRecover()
    {
        Begin(0);
        Until("driver bound");
        for (int time = 0; time < 3; time++)
        {
            CrashTests.CrashAndRecover(Rig);
            Assert.Contains("state of before: none is kept", Until("driver gone"));
            Until("Linux is asked to recover");
            Assert.AreEqual("1", Linux($"ls -d {Folder}/trace* | wc -l"));
        }
    }

    [TestMethod]
    public void Counters_AskedForByAWrite_StandInTheTrace()
    {
        Begin(0);
        ProvokeAFault();
        Linux($"gpiomon --num-events=2 --line-buffered $(gpiofind {Line}) >/tmp/counted & " + Serving.UntilMonitored(1));
        Rig.Board.Set(Line, "high");
        Linux("until [ $(wc -l </tmp/counted) -ge 1 ]; do usleep 1000; done");
        Rig.Board.Set(Line, "low");
        Linux("while pidof gpiomon >/dev/null; do usleep 1000; done");
        Until(Fault);

        Linux($"echo 1 >{Folder}/counters");

        Assert.EndsWith($"{Heading}\n   2          2          0          2          1          0", Until("   2          2 ").TrimEnd());
    }

    [TestMethod]
    public void Trace_OfALinuxThatLoadsTheFirmware_IsReadByIt()
    {
        rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, IsLoaded: true));
        Assert.StartsWith("start: build ", Until("driver bound"));
    }

    private void Begin(int straps) =>
        rig = GuestRig.Boot(new RigOptions(GuestRig.FolderNamed("VGPIO_GUEST_MODULES"), Straps: straps));

    private void ProvokeAFault()
    {
        Consumer consumer = new(Rig);
        consumer.Load();
        consumer.Do($"wrong {Line}");
        consumer.Unload();
    }

    // The firmware writes when it has nothing else to do, at the latest at the next tick but one.
    private string Until(string text) => Linux(
        $"n=0; until grep -qF '{text}' {Folder}/trace0 || [ $n -ge 1000 ]; do n=$((n+1)); usleep 10000; done; cat {Folder}/trace0; grep -qF '{text}' {Folder}/trace0");
}
