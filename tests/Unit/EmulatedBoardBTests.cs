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
    public void Probe_OnBoardB_DriverGetsTheNamesOfAllLines(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        string names = "";
        for (int line = 0; line < EmulatedBoardB.PortLineCount; line++)
        {
            names += "p" + "abcde"[line / 8] + (8 + line % 8).ToString() + "|";
        }

        names += "core-ready|x0|x1|x2|x3|x4|x5|x6|x7|";

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

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Expander_OfBoardB_IsSetAndGotBesideThePorts(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        int line = EmulatedBoardB.ExpanderLine + 3;
        Assert.AreEqual(0, BoardB.DrivenLow(board));

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.Out));
        Assert.AreEqual(1 << 3, BoardB.DrivenLow(board));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, line));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.In));
        Assert.AreEqual(0, BoardB.DrivenLow(board));
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, line));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Interrupts_OfAllSources_AreDeliveredByTheDevicesLineNumbers(bool isLatched)
    {
        TestBoard board = Probed(isLatched);
        board.Drive(20, false);
        Watch(board, 20, Gpio.Rising);
        Watch(board, EmulatedBoardB.ExpanderLine + 7, Gpio.Falling);

        board.Drive(20, true);
        BoardB.PullLow(board, 1 << 7);
        board.Turn();

        int first = board.Driver.TakeEvent() >> 8;
        int second = board.Driver.TakeEvent() >> 8;
        Assert.AreEqual(20 + EmulatedBoardB.ExpanderLine + 7, first + second);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void OwnLine_OfBoardB_IsHighOnceTheProgramIsUpAndCannotBeDriven()
    {
        TestBoard board = Probed(isLatched: true);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, EmulatedBoardB.ReadyLine, Gpio.In));
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, EmulatedBoardB.ReadyLine));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, EmulatedBoardB.ReadyLine, Gpio.Out));
    }

    private static void Watch(TestBoard board, int line, int trigger)
    {
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, line, Gpio.In));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, line, (uint)trigger));
        board.Driver.Unmask(line);
    }

    private static TestBoard Probed(bool isLatched)
    {
        TestBoard board = BoardB.Start(isLatched);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
