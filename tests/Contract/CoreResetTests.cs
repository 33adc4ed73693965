// What a reset of the co-processor leaves of its pads, on the running board.

using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Contract;

[TestClass]
public class CoreResetTests
{
    private const string LineName = "wifi-reset";
    private const int Line = 5;

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(EmulatedBoard.StrapHoldsPads, 1)]
    public void Core_IsResetWhileAnOutputIsHigh_PadsHoldOrLetGoAsTheSwitchSays(int straps, int level)
    {
        using Rig rig = Rig.Create(new RigOptions(GuestFolder: "", Straps: straps));
        using (ProcessPort port = new(rig.Folder, isLatched: true))
        {
            Assert.IsTrue(port.Pins.Open(Line, 1));
            Assert.AreEqual(1, rig.Board.Get(LineName));
        }

        // The board takes the next co-processor when it has done with the one before.
        using ProcessPort next = new(rig.Folder, isLatched: true);
        Assert.AreEqual(level, rig.Board.Get(LineName));
        Assert.IsTrue(next.Pins.Open(Line, level == 1 ? 1 : -1));
        Assert.AreEqual(level, rig.Board.Get(LineName));
    }
}
