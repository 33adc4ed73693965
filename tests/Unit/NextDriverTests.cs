// What a driver leaves behind is not the next one's, and what a port or a driver does in between changes nothing.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class NextDriverTests
{
    private const int Line = 3;

    [TestMethod]
    public void Latch_OfADriverThatWent_IsNotDeliveredToTheNext()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Drive(Line, true);
        board.Turn();
        board.Driver.DeviceStatus = 0;
        board.Turn();

        board.Driver.ProbeAndTurn();
        board.Driver.Unmask(Line);
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "kept: the line was never enabled");
    }

    [TestMethod]
    public void Edge_PortWatchesALineWhoseTriggerWasRejected_IsNotDelivered()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));
        board.Driver.Unmask(Line);

        board.Pins.Watch(Line, Gpio.Both);
        board.Driver.Request(Gpio.SetValue, Line, 1);
        board.Turn();

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Names_StatusIsAnotherForAMomentWhenTheyAreWritten_AreWrittenAllTheSame()
    {
        TestBoard board = new(lines: 2, ringSize: 8, names: new[] { "mmc", "led" });
        board.Driver.ProbeAndTurn();
        int head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 9);
        int accesses = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            accesses += accesses != 0 || (count == 8 && address >= 0x40000000) ? 1 : 0;
            board.Driver.DeviceStatus = accesses == 2 ? DriverSide.DriverOk | 8 : DriverSide.DriverOk;
        };

        board.Driver.Answer(head);

        Assert.AreEqual(9, board.Driver.Length);
        Assert.AreEqual("|mmc|led|", board.Driver.TextAt(board.Driver.SlotOf(head + 1), 9));
    }
}
