// What a turn does once, again, or not at all: repeats of notifications, faults, drivers that never rest.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class TurnTests
{
    private const int Line = 3;
    private const int Control = 2;

    [TestMethod]
    public void Notification_OfAReply_IsRepeatedAsOftenAsTheBoardSays()
    {
        TestBoard board = Armed(repeats: 2);
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.Turn();
        int first = board.Notifications(0);

        Ticks(board, 20);

        Assert.AreEqual(first + 2, board.Notifications(0));
    }

    [TestMethod]
    public void Notification_OfAnInvalidBuffer_IsNotRepeated()
    {
        TestBoard board = Armed(repeats: 2);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
        Assert.AreEqual(1, board.Notifications(1));

        Ticks(board, 20);

        Assert.AreEqual(1, board.Notifications(1));
    }

    [TestMethod]
    public void Notification_DriverDisablesTheInterrupt_IsNotRepeated()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Turn();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
        int before = board.Notifications(1);

        Ticks(board, 20);

        Assert.AreEqual(before, board.Notifications(1));
    }

    [TestMethod]
    public void Notification_BufferHasComeBackUnderTheNextDriver_IsNotRepeated()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Turn();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Falling);
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();
        board.Driver.Unmask(Line);
        int before = board.Notifications(1);

        Ticks(board, 20);

        Assert.AreEqual(before, board.Notifications(1));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Notification_DriverReplaced_IsNotRepeatedToTheNext(int notifyId)
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.Turn();
        int before = board.Notifications(notifyId);
        board.Driver.Probe();

        Ticks(board, 20);

        Assert.AreEqual(before, board.Notifications(notifyId));
    }

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
    public void Recovery_NobodyHears_IsAskedForAfterSixtyFourTicksAgainAndAgain()
    {
        TestBoard board = Armed(repeats: 0);
        board.StartFirmware();
        Ticks(board, 1 + 2 + 4 + 8 + 16 + 32 + 64 + 1);
        int before = board.Notifications(Control);

        Ticks(board, 128);

        Assert.AreEqual(before + 2, board.Notifications(Control));
    }

    [TestMethod]
    public void Fault_BehindAnEarlierOne_IsTriedAgainAtOnceToo()
    {
        TestBoard board = Armed(repeats: 0);
        for (int fault = 0; fault < 2; fault++)
        {
            board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
            board.OnAccess = (_, _, _) => throw new InvalidOperationException("bus error");
            board.Turn();
            board.OnAccess = null;
            board.Turn();
            Assert.AreEqual(0, board.LastTimeout);
            Assert.AreEqual(2 + fault, board.Driver.Requests.UsedIndex);
            board.Turn();
        }
    }

    [TestMethod]
    public void Edge_LostTwiceWhileTheDriverNeverStopsKicking_IsMadeUpForTwice()
    {
        TestBoard board = Armed(repeats: 0);
        for (int i = 0; i < 2; i++)
        {
            board.Drive(Line, true);
            board.Mailbox.Wait(0);
            for (int turn = 0; turn < 64; turn++)
            {
                board.RingCore(0);
                board.Turn();
            }

            Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
            board.Drive(Line, false);
            board.Driver.OfferEvent(Line, Line, 2, 1);
        }
    }

    [TestMethod]
    public void Turn_DriverOffersBuffersWithoutEnd_EndsAllTheSame()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Events.UsedStart + 2;
        int offered = 0;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == usedIndex && offered++ < 500)
            {
                board.Driver.OfferEvent(99 % 16, 99, 2, 1);
            }
        };
        board.Driver.OfferEvent(0, 99, 2, 1);

        board.Turn();

        Assert.IsTrue(offered < 100);
    }

    [TestMethod]
    public void Turn_DriverIsReplacedAtEachPoll_EndsAllTheSame()
    {
        TestBoard board = new();
        uint canary = TestBoard.SramAddress + (uint)(board.Driver.Requests.AvailableStart + 6 + 2 * board.Driver.Requests.Size);
        int probes = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            // The poll that comes after the canary was stored.
            if (address == canary && !isWrite && board.Sram[canary - TestBoard.SramAddress] == 0xC5 && probes++ < 500)
            {
                board.Driver.Probe();
            }
        };
        board.Driver.Probe();

        board.Turn();

        Assert.IsTrue(probes < 20);
    }

    [TestMethod]
    public void IrqTypeNone_SeveralBuffersOfferedBeforeIt_AreAllTakenFirst()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 4, Gpio.Rising);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.OfferEvent(4, 4, 2, 1);
        board.Driver.OfferEvent(Line, Line, 2, 1);
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        int returned = -1;
        board.OnAccess = (address, _, isWrite) => returned = isWrite && address == usedIndex ? board.Driver.Events.UsedIndex : returned;

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);

        Assert.AreEqual(1, returned, "the buffer is used when the reply becomes visible");
    }

    [TestMethod]
    public void Event_ItsStatusCannotBeWritten_TheBufferIsReturnedEmpty()
    {
        TestBoard board = Armed(repeats: 0);
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address >= 0x40000000)
            {
                throw new InvalidOperationException("bus error");
            }
        };
        board.Drive(Line, true);

        board.Turn();

        Assert.IsTrue(board.Driver.Events.TakeUsed(out int _, out int length));
        Assert.AreEqual(0, length);
    }

    [TestMethod]
    public void Buffer_CannotBeReadWhileLineZeroIsEnabled_IsReturned()
    {
        TestBoard board = Armed(repeats: 0);
        board.Driver.Request(Gpio.SetIrqType, 0, Gpio.Rising);
        board.OnAccess = (address, count, isWrite) =>
        {
            if (!isWrite && address >= 0x40000000 && count == 2)
            {
                throw new InvalidOperationException("bus error");
            }
        };

        board.Driver.Unmask(5);

        Assert.AreEqual(5 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    private static void Ticks(TestBoard board, int count)
    {
        for (int tick = 0; tick < count; tick++)
        {
            board.Turn();
        }
    }

    private static TestBoard Armed(int repeats)
    {
        TestBoard board = new(configure: b =>
        {
            b.NotificationRepeats = repeats;
            b.RestartNotifyId = Control;
        });
        board.Driver.ProbeAndTurn();
        board.Drive(Line, false);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Unmask(Line);
        board.Turn();
        return board;
    }
}
