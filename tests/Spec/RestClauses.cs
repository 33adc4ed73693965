// Behaviour over time: that the device comes to rest, and what it does about notifications and memory that fail. SPEC.md names the
// clause of each test.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class RestClauses
{
    private const int Control = 2;
    private const int Line = 3;

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Device_AfterEachKindOfMessage_Rests(int interrupts)
    {
        TestBoard board = new(configure: b => b.NotificationRepeats = 2);
        board.Driver.ProbeAndTurn(interrupts);
        for (int type = Gpio.GetLineNames; type <= Gpio.SetIrqType + 1; type++)
        {
            board.Driver.Request(type, Line, 1);
            Rests(board);
        }

        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();
        Rests(board);
        board.Driver.DeviceStatus = 0;
        board.Turn();
        Rests(board);
    }

    [TestMethod]
    public void Notification_LostWithAnEvent_IsRepeatedAsOftenAsTheBoardSays()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(1, board.Notifications(1));

        board.Turn();
        Assert.AreEqual(2, board.Notifications(1), "after a tick");
        board.Turn();
        Assert.AreEqual(2, board.Notifications(1));
        board.Turn();
        Assert.AreEqual(3, board.Notifications(1), "after two ticks more");
        for (int tick = 0; tick < 20; tick++)
        {
            board.Turn();
            Assert.AreEqual(1000, board.LastTimeout);
        }

        Assert.AreEqual(3, board.Notifications(1), "and then no more");
    }

    [TestMethod]
    public void Notification_BufferHasComeBack_IsNotRepeated()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);

        for (int tick = 0; tick < 8; tick++)
        {
            board.Turn();
        }

        Assert.AreEqual(1, board.Notifications(1));
    }

    [TestMethod]
    public void Notification_OneOfTwoBuffersHasComeBack_IsRepeatedForTheOther()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(4, false);
        board.Driver.Request(Gpio.SetIrqType, 4, Gpio.Rising);
        board.Driver.Unmask(4);
        board.Drive(4, true);
        board.Turn();
        board.Driver.TakeEvent();
        board.Drive(Line, true);
        board.Turn();
        int notified = board.Notifications(1);
        board.Driver.OfferEvent(4, 4, 2, 1);
        board.Turn();

        board.Turn();

        Assert.AreEqual(notified + 1, board.Notifications(1));
    }

    [TestMethod]
    public void Notification_DriverHasGone_IsNotRepeated()
    {
        TestBoard board = Armed(repeats: 2);
        board.Drive(Line, true);
        board.Turn();
        string before = board.NotificationOrder();

        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Turn();

        Assert.AreEqual(before, board.NotificationOrder());
    }

    [TestMethod]
    public void Fault_InTheMiddleOfATurn_LeavesTheRestToTheNextTurnAtOnce()
    {
        TestBoard board = Armed(repeats: 0);
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Send(Gpio.GetDirection, i, 0, 8, 2);
        }

        bool hasFailed = false;
        uint available = TestBoard.SramAddress + (uint)board.Driver.Requests.AvailableStart;
        board.OnAccess = (address, count, isWrite) =>
        {
            // The entry of the second request.
            if (!hasFailed && !isWrite && count == 2 && address > available + 3 && board.Driver.Requests.UsedIndex == 2)
            {
                hasFailed = true;
                throw new InvalidOperationException("bus error");
            }
        };

        board.Turn();
        Assert.IsTrue(hasFailed);
        Assert.AreEqual(Fault.Unexpected, board.Firmware.Trace.FaultAt(0));
        board.Turn();

        Assert.AreEqual(0, board.LastTimeout, "what is left is not made to wait");
        Assert.AreEqual(4, board.Driver.Requests.UsedIndex);
        Rests(board);
    }

    [TestMethod]
    public void Fault_ThatStays_IsTriedAgainOncePerTick()
    {
        TestBoard board = Armed(repeats: 0);
        board.OnAccess = (_, _, _) => throw new InvalidOperationException("bus error");

        board.Turn();
        board.Turn();
        board.Turn();

        Assert.AreEqual(1000, board.LastTimeout);
        board.OnAccess = null;
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Memory_FailsWhileARequestIsRead_ItIsNotLost(int nth)
    {
        TestBoard board = Armed(repeats: 0);
        int head = board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);
        uint table = TestBoard.SramAddress + (uint)(board.Driver.Requests.AvailableStart - 16 * board.Driver.Requests.Size);
        uint available = TestBoard.SramAddress + (uint)board.Driver.Requests.AvailableStart;
        board.OnAccess = (address, count, isWrite) =>
        {
            bool isDescriptor = address >= table && address < available;
            bool isRequest = address >= 0x40000000 && count == 8;
            if (!isWrite && (nth == 0 ? isDescriptor : isRequest))
            {
                throw new InvalidOperationException("bus error");
            }
        };

        board.Driver.Answer(head);

        Assert.AreEqual(nth == 0 ? 0 : 2, board.Driver.Length);
        Assert.AreEqual(nth == 0 ? -1 : Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Fault.MemoryFailed, board.Firmware.Trace.FaultAt(0));
        Rests(board);
    }

    [TestMethod]
    public void Memory_FailsWhileAnEventBufferIsRead_ItIsReturned()
    {
        TestBoard board = Armed(repeats: 0);
        board.Driver.Request(Gpio.SetIrqType, 5, Gpio.Rising);
        board.OnAccess = (address, count, isWrite) =>
        {
            if (!isWrite && address >= 0x40000000 && count == 2)
            {
                throw new InvalidOperationException("bus error");
            }
        };

        board.Driver.Unmask(5);

        board.OnAccess = null;
        Assert.AreEqual(5 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Rests(board);
    }

    [TestMethod]
    public void Eventq_Broken_RequestsAreAnsweredAndLinuxIsAskedToRecover()
    {
        TestBoard board = Armed(repeats: 0);
        board.Driver.Events.AvailableIndex += 1000;

        board.Turn();

        Assert.AreEqual(1, board.Notifications(Control));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None), "Linux can remove its driver");
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Rests(board);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Table_DriverOkIsVisibleFirst_IsReadAgain(int reads)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        board.Driver.PutTable(68, 0xFFFFFFFF);
        int seen = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (address == TestBoard.SramAddress + TestBoard.TableOffset && count == 96 && seen++ == reads)
            {
                board.Driver.PutTable(68, board.Description.EventRingAddress);
            }
        };

        board.Turn();

        Assert.AreEqual(0, board.Firmware.Trace.Count);
        Assert.AreEqual(0, board.Notifications(Control));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Table_FeaturesBecomeVisibleAfterTheRingsWereTaken_AreNotMissed()
    {
        TestBoard board = new();
        board.Driver.Probe();
        board.Driver.PutTable(36, 0);
        board.Turn();
        board.Driver.PutTable(36, 1);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising));
        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
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
        return board;
    }

    private static void Rests(TestBoard board)
    {
        board.Turn();
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout, "after a turn in which neither side did anything");
    }
}
