// The second SoC, made by following hal/PORTING.md: another memory map, other notify ids, another ring, more lines.

using nanoFramework.TestFramework;
using VirtioGpio.Boards.EmulatedB;
using VirtioGpio.Emulated;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class EmulatedBoardBTests
{
    private const int BusLine = 35;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Probe_OnBoardB_DriverGetsTheNamesOfFortyLines(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        string names = "";
        for (int line = 0; line < EmulatedBoardB.LineCount; line++)
        {
            names += "p" + "abcde"[line / 8] + (8 + line % 8).ToString() + "|";
        }

        int head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 1 + names.Length);
        board.Driver.Answer(head);

        Assert.AreEqual(1 + names.Length, board.Driver.Length);
        Assert.AreEqual(names, board.Driver.TextAt(board.Driver.SlotOf(head + 1) + 1, names.Length));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Lines_OfBoardB_AreSetAndGot(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        for (int line = 0; line < BusLine; line += 7)
        {
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, line, 1));
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.Out));
            Assert.IsTrue(board.LevelAt(line));
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, line, 0));
            Assert.IsFalse(board.LevelAt(line));

            Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.In));
            board.Drive(line, true);
            Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, line));
        }

        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, EmulatedBoardB.LineCount));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void BusLine_OfBoardB_IsHighByItsPullUpAndDrivesOnlyLow(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        board.Driver.Request(Gpio.SetDirection, BusLine, Gpio.In);
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, BusLine));

        board.Driver.Request(Gpio.SetDirection, BusLine, Gpio.Out);

        Assert.AreEqual((int)PadMode.OutputOpenDrain, (int)board.ModeOf(BusLine));
        Assert.IsFalse(board.LevelAt(BusLine));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Interrupt_OnBoardB_ComesByTheIdsThatLinuxGave(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        board.Drive(39, false);
        board.Driver.Request(Gpio.SetDirection, 39, Gpio.In);
        board.Driver.Request(Gpio.SetIrqType, 39, Gpio.Rising);
        board.Driver.Unmask(39);
        Assert.AreEqual(0, board.Notifications(9));

        board.Drive(39, true);
        board.Turn();

        Assert.AreEqual(39 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Assert.AreEqual("449", board.NotificationOrder());
    }

    [TestMethod]
    public void Restart_OfBoardB_IsToldByItsOwnId()
    {
        TestBoard board = Probed(isLatched: true);

        board.StartFirmware();

        Assert.AreEqual(1, board.Notifications(17));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 0, Gpio.In));
    }

    private static TestBoard Probed(bool isLatched)
    {
        TestBoard board = BoardB.Start(isLatched);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
