// The real Linux on a board whose lines are on the natives of Pads, not on System.Device.Gpio.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

[TestClass]
public class LatchedPinsTests
{
    [TestMethod]
    public void Linux_OnLatchedPins_SetsGetsAndIsToldOfEveryEdge()
    {
        using Rig rig = GuestRig.Boot(new RigOptions(GuestRig.Folder, Straps: EmulatedBoard.StrapLatchedPins));
        for (int line = 0; line < EmulatedBoard.LineNames.Length; line++)
        {
            Assert.Contains("driver Pads ", Serving.PinOf(rig, line));
        }

        foreach (int level in new[] { 1, 0, 1 })
        {
            Serving.Hold(rig, "status-led", level);
            Serving.Release(rig);
        }

        Serving.CheckGetAndEvent(rig, "on latched pins");
        CheckPulses(rig, count: 20);
        Assert.IsEmpty(KernelLog.Unexplained(rig, []));
    }

    // Each pulse is over before anybody can look; the level never shows it.
    private static void CheckPulses(Rig rig, int count)
    {
        rig.Guest.Must($"gpiomon --rising-edge --num-events={count} --line-buffered $(gpiofind touch-int) >/tmp/edges & " + Serving.UntilMonitored(1));
        for (int pulse = 1; pulse <= count; pulse++)
        {
            rig.Board.Set("touch-int", "high");
            rig.Board.Set("touch-int", "low");
            rig.Guest.Must($"n=0; until [ $(wc -l </tmp/edges) -ge {pulse} ] || [ $n -ge 200 ]; do n=$((n+1)); sleep 0.01; done");
        }

        Assert.AreEqual($"{count}", rig.Guest.Must("grep -c RISING /tmp/edges"));
    }
}
