// Another build of the firmware under an attached Linux. A Linux that boots the co-processor has an image for each build: see LoadTests.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public sealed class UpdateTests : GuestTest, IDisposable
{
    private const int Rounds = 10;

    private Rig? rig;

    protected override Rig Rig => rig!;

    internal override ExplainedLine[] Provoked => CrashTests.OfACrash;

    /// <inheritdoc/>
    public void Dispose() => rig?.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads | EmulatedBoard.StrapLatchedPins)]
    public void Firmware_ReplacedByAnotherBuildUnderItsDriver_LinuxRecoversOntoIt(int straps)
    {
        rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Straps: straps));
        for (int round = 0; round < Rounds; round++)
        {
            Linux("gpiomon --line-buffered $(gpiofind touch-int) >/tmp/monitor 2>&1 & " + Serving.UntilMonitored(1));
            Serving.Hold(Rig, "status-led", 1, $"round {round}");
            string before = KernelLog.Mark(Rig);
            Rig.KillFirmware();

            // Another switch, another resource table: what an update of the firmware does.
            bool isIndirect = round % 2 == 0;
            Rig.Board.Ask($"switches {Rig.Straps | (isIndirect ? EmulatedBoard.StrapIndirect : 0)}");
            Rig.StartFirmware();

            CrashTests.WaitForRecovery(Rig, before);
            Assert.AreEqual(0, Rig.Board.Get("status-led"), $"round {round}: the lines of another build are not taken over");
            Linux(Serving.UntilEnded("gpiomon gpioset"));
            string features = Linux("cat /sys/bus/virtio/devices/virtio0/features").TrimEnd();
            Assert.AreEqual(isIndirect ? '1' : '0', features[28], $"round {round}: {features}");
            Serving.CheckGetAndEvent(Rig, $"round {round}");
        }

        Numbers.Say($"another build of the firmware under an attached Linux {Rounds} times, switches {straps}: its driver was taken down and bound to the new table each time");
    }
}
