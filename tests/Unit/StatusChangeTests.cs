// A device status that changes between a poll and what the poll leads to: nothing is written, and nothing is lost.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class StatusChangeTests
{
    private const int Control = 2;
    private const int Line = 3;
    private const uint StatusAddress = TestBoard.SramAddress + TestBoard.TableOffset + 44;

    [TestMethod]
    public void Request_StatusBitAddedBeforeItsReply_IsAnsweredInTheNextTurn()
    {
        TestBoard board = Armed();
        int head = board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        AtGuard(board, () => board.Driver.DeviceStatus = 15);

        board.Turn();
        board.Turn();

        Assert.AreEqual(0, board.LastTimeout);
        Assert.IsTrue(board.Driver.Requests.TakeUsed(out int used, out int length));
        Assert.AreEqual(head, used);
        Assert.AreEqual(2, length);
    }

    [TestMethod]
    public void Names_ResetBeforeTheReply_NothingIsWritten()
    {
        TestBoard board = Armed();
        board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 200);
        int writes = 0;
        AtGuard(board, () => board.Driver.DeviceStatus = 0, (address, isWrite) => writes += isWrite && address >= 0x40000000 ? 1 : 0);

        board.Turn();

        Assert.AreEqual(0, writes);
    }

    [TestMethod]
    public void Request_DriverReplacedBeforeItsReply_IsNotAnsweredToTheNext()
    {
        TestBoard board = Armed();
        board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);
        AtGuard(board, () => board.Driver.Probe());

        board.Turn();
        board.Turn();
        board.Turn();

        Assert.AreEqual(0, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Edge_StatusBitAddedBeforeItsDelivery_IsDeliveredInTheNextTurn()
    {
        TestBoard board = Armed();
        AtGuard(board, () => board.Driver.DeviceStatus = 15);
        board.Drive(Line, true);

        board.Turn();
        Assert.AreEqual(0, board.Driver.Events.UsedIndex);
        board.Turn();

        Assert.AreEqual(0, board.LastTimeout);
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Turn();
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout);
        Assert.AreEqual(1, board.Driver.Events.UsedIndex);
    }

    [TestMethod]
    public void Buffer_StatusBitAddedBeforeItsReturn_IsReturnedAndTheNextToo()
    {
        TestBoard board = Armed();
        board.Driver.OfferEvent(4, 4, 2, 1);
        board.Driver.OfferEvent(5, 5, 2, 1);
        AtGuard(board, () => board.Driver.DeviceStatus = 15);

        board.Turn();
        board.Turn();

        Assert.AreEqual(4 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(5 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Turn();
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout);
        Assert.AreEqual(2, board.Driver.Events.UsedIndex);
    }

    [TestMethod]
    public void Buffer_AloneAndStatusBitAddedBeforeItsReturn_IsReturnedInTheNextTurn()
    {
        TestBoard board = Armed();
        board.Driver.OfferEvent(4, 4, 2, 1);
        AtGuard(board, () => board.Driver.DeviceStatus = 15);

        board.Turn();
        board.Turn();

        Assert.AreEqual(4 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void IrqTypeNone_StatusBitAddedBeforeABufferOfferedEarlierIsReturned_Ends()
    {
        TestBoard board = Armed();
        board.Driver.Send(Gpio.SetIrqType, Line, Gpio.None, 8, 2);
        board.Driver.OfferEvent(4, 4, 2, 1);
        AtGuard(board, () => board.Driver.DeviceStatus = 15);

        board.Turn();
        board.Turn();
        board.Turn();

        Assert.AreEqual(2, board.Driver.Requests.UsedIndex);
        Assert.AreEqual(2, board.Driver.Events.UsedIndex);
    }

    [TestMethod]
    public void Turn_GoesOnWithWhatWasLeft_IsNoTick()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(1, board.Notifications(1));
        board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);
        AtGuard(board, () => board.Driver.DeviceStatus = 15);

        board.Turn();
        board.Turn();

        Assert.AreEqual(0, board.LastTimeout);
        Assert.AreEqual(1, board.Notifications(1), "a repeat is due after a tick");
    }

    [TestMethod]
    public void Start_StatusBitAddedBeforeTheSecondRingIsTaken_NeitherIsAdopted()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        AtGuard(board, () => board.Driver.DeviceStatus = 15, nth: 2);

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(15, board.Driver.DeviceStatus);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    public void Restart_ResetBeforeANewEventqIsTaken_AsksForNoRecovery()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        board.Driver.Events.Clear();
        AtGuard(board, () => board.Driver.DeviceStatus = 0);

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(0, board.Driver.DeviceStatus);
        Assert.AreEqual(0, board.Notifications(Control));
    }

    [TestMethod]
    public void Names_StatusIsAnotherForAMomentWhenTheyAreWritten_AreWrittenAllTheSame()
    {
        TestBoard board = new(lines: 2, ringSize: 8, names: new[] { "mmc", "led" });
        board.Driver.ProbeAndTurn();
        int head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 9);
        AtGuard(board, () => board.Driver.DeviceStatus |= 8, look: (_, _) => board.Driver.DeviceStatus = DriverSide.DriverOk);

        board.Driver.Answer(head);

        Assert.AreEqual(9, board.Driver.Length);
        Assert.AreEqual("|mmc|led|", board.Driver.TextAt(board.Driver.SlotOf(head + 1), 9));
    }

    // What Linux does when it takes its unused buffers back: the poll reads the status before the reset, and the index after it.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Reset_BuffersTakenBackInTheMidstOfAPoll_AsksForNoRecovery(bool isEventq)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Unmask(Line);
        board.Turn();
        DriverRing ring = isEventq ? board.Driver.Events : board.Driver.Requests;
        int accesses = 0;
        board.OnAccess = (address, _, _) =>
        {
            if (address != StatusAddress && ++accesses == 1)
            {
                board.Driver.DeviceStatus = 0;
                ring.AvailableIndex--;
            }
        };

        board.Turn();
        board.Turn();

        Assert.IsTrue(accesses != 0);
        Assert.AreEqual(0, board.Notifications(Control));
    }

    // The status is read once by the poll and then once more by each native that would write.
    private static void AtGuard(TestBoard board, Action action, Action<uint, bool>? look = null, int nth = 1)
    {
        int reads = 0;
        board.OnAccess = (address, _, isWrite) =>
        {
            look?.Invoke(address, isWrite);
            if (address == StatusAddress && !isWrite && ++reads == 1 + nth)
            {
                action();
            }
        };
    }

    private static TestBoard Armed(int repeats = 0)
    {
        TestBoard board = new(configure: b => b.NotificationRepeats = repeats);
        board.Driver.ProbeAndTurn();
        board.Drive(Line, false);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Unmask(Line);
        board.Turn();
        return board;
    }
}
