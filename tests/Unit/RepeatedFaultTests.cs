// Memory that fails several times in a row, and then works again.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class RepeatedFaultTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Request_UsedRingFailsSeveralTimes_IsAnsweredAfterThat(int turns)
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        int first = board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        FailUsedRing(board, board.Driver.Requests);
        for (int turn = 0; turn < turns; turn++)
        {
            board.Turn();
        }

        board.OnAccess = null;
        board.Driver.Answer(first);
        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 1));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Edge_UsedRingFailsSeveralTimes_IsDeliveredAfterThat(int turns)
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Rising);
        board.Driver.Unmask(3);
        FailUsedRing(board, board.Driver.Events);
        board.Drive(3, true);
        for (int turn = 0; turn < turns; turn++)
        {
            board.Turn();
        }

        board.OnAccess = null;
        board.Turn();
        board.Turn();

        Assert.AreEqual(3 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Buffer_UsedRingFailsSeveralTimes_IsReturnedAfterThat(int turns)
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        FailUsedRing(board, board.Driver.Events);
        board.Driver.OfferEvent(3, 3, 2, 1);
        for (int turn = 0; turn < turns; turn++)
        {
            board.Turn();
        }

        board.OnAccess = null;
        board.Turn();
        board.Turn();

        Assert.AreEqual(3 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    private static void FailUsedRing(TestBoard board, DriverRing ring)
    {
        uint used = TestBoard.SramAddress + (uint)ring.UsedStart;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address >= used && address < used + 4096)
            {
                throw new InvalidOperationException("bus error");
            }
        };
    }
}
