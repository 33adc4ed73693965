// What Linux does between two accesses of the firmware, and what comes twice or not at all. SPEC.md names the clause of each test.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class RaceClauses
{
    private const int Line = 3;

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Reprobe_InTheMiddleOfAPoll_IsTakenForWhatItIs(int features)
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn(features);
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Request(Gpio.GetDirection, 0);
            board.Driver.OfferEvent(i, i, 2, 1);
        }

        // Of the ring that is looked at last, the index is the first that is read of the new one.
        board.Turn();
        DriverRing last = features == 0 ? board.Driver.Requests : board.Driver.Events;
        uint index = TestBoard.SramAddress + (uint)last.AvailableStart + 2;
        At(board, (address, isWrite) => address == index && !isWrite, () => board.Driver.Probe(features));
        board.Turn();

        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
        Assert.AreEqual(0, board.Firmware.Trace.Count);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Reset_WhileTheTableIsRead_RingsAreNotTouched()
    {
        TestBoard board = new();
        board.Driver.Probe();
        const uint Table = TestBoard.SramAddress + TestBoard.TableOffset;
        int strays = 0;
        board.OnAccess = (address, count, _) =>
        {
            board.Driver.DeviceStatus = address == Table && count == 96 ? 0 : board.Driver.DeviceStatus;
            strays += address >= TestBoard.SramAddress + TestBoard.RequestRingOffset ? 1 : 0;
        };

        board.Turn();

        Assert.AreEqual(0, board.Driver.DeviceStatus);
        Assert.AreEqual(0, strays);
    }

    [TestMethod]
    public void Table_WhileItIsWritten_HasNoVersion()
    {
        TestBoard board = new();
        Array.Clear(board.Sram, TestBoard.TableOffset, 96);
        int versions = 0;
        const uint Table = TestBoard.SramAddress + TestBoard.TableOffset;
        board.OnAccess = (address, _, isWrite) => versions += isWrite && address - Table < 96 ? board.Sram[TestBoard.TableOffset] : 0;

        board.StartFirmware();

        Assert.AreEqual(0, versions);
        Assert.AreEqual((byte)1, board.Sram[TestBoard.TableOffset]);
    }

    [TestMethod]
    public void Request_OfferedWhileAnotherIsAnswered_IsServedInTheSameTurn()
    {
        TestBoard board = Probed();
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        At(board, (address, isWrite) => address == usedIndex && isWrite, () => board.Driver.Send(Gpio.GetDirection, 1, 0, 8, 2));
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);

        board.Turn();

        Assert.AreEqual(2, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Unmask_SeveralLinesAtOnce_AreTakenInOneTurn()
    {
        TestBoard board = Probed();
        for (int line = 0; line < 3; line++)
        {
            board.Drive(line, false);
            board.Driver.Request(Gpio.SetIrqType, line, Gpio.Rising);
        }

        for (int line = 0; line < 3; line++)
        {
            board.Driver.OfferEvent(line, line, 2, 1);
        }

        board.Turn();
        board.Drive(2, true);
        board.Turn();

        Assert.AreEqual(2 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void IrqTypeNone_BufferParked_IsAnnouncedBeforeTheReplyIsVisible()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Unmask(Line);
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        int announced = -1;
        At(board, (address, isWrite) => address == usedIndex && isWrite, () => announced = board.Notifications(1));

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);

        Assert.AreEqual(1, announced);
    }

    [TestMethod]
    public void Edges_OfEveryLineAtOnce_AreDelivered()
    {
        TestBoard board = Probed();
        for (int line = 0; line < 8; line++)
        {
            board.Drive(line, false);
            board.Driver.Request(Gpio.SetIrqType, line, Gpio.Rising);
            board.Driver.Unmask(line);
        }

        for (int line = 0; line < 8; line++)
        {
            board.Drive(line, true);
        }

        board.Turn();

        for (int line = 0; line < 8; line++)
        {
            Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent());
        }
    }

    [TestMethod]
    public void Edge_WakeUpLost_IsMadeUpForByTheTimeOut()
    {
        TestBoard board = Armed(Gpio.Rising);
        board.Drive(Line, true);
        Assert.AreEqual(VirtioGpio.Hal.Mailbox.PinsChanged, board.Mailbox.Wait(0), "it is lost here");

        board.Turn();

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(7)]
    public void Level_EdgeLostByThePort_IsMadeUpForByTheTimeOut(int line)
    {
        TestBoard board = Probed();
        board.Drive(line, false);
        board.Driver.Request(Gpio.SetIrqType, line, Gpio.LevelHigh);
        board.Driver.Unmask(line);
        board.Drive(line, true);
        board.Mailbox.Wait(0);
        Assert.AreEqual(line << 2 | Gpio.Rising, board.Pins.TakeEdges(), "it is lost here");

        board.Turn();

        Assert.AreEqual(line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Edge_TurnEndedByAFault_IsDeliveredByTheNextTurn()
    {
        TestBoard board = Armed(Gpio.Rising);
        board.Drive(Line, true);
        At(board, (_, _) => true, () => throw new InvalidOperationException());
        board.Turn();
        Assert.AreEqual(Fault.Unexpected, board.Firmware.Trace.FaultAt(0));
        board.RingCore(0);

        board.Turn();

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Request_StatusChangesBeforeItsAnswer_IsReadOnceAndAnswered()
    {
        TestBoard board = Probed();
        int reads = 0;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (!isWrite && address >= 0x40000000 && count == 8)
            {
                reads++;
                board.Driver.DeviceStatus |= 8;
            }
        };
        board.Driver.Send(Gpio.GetDirection, Line, 0, 8, 2);

        board.Turn();
        Assert.AreEqual(0, board.Driver.Requests.UsedIndex, "nothing is written under another status than the last poll saw");
        board.Turn();

        Assert.AreEqual(1, board.Driver.Requests.UsedIndex);
        Assert.AreEqual(1, reads);
    }

    [TestMethod]
    public void Edge_StatusChangesBeforeItIsDelivered_IsDeliveredAllTheSame()
    {
        TestBoard board = Armed(Gpio.Rising);
        board.Drive(Line, true);
        DriverRing ring = board.Driver.Events;
        uint canary = TestBoard.SramAddress + (uint)(ring.AvailableStart + 6 + 2 * ring.Size);
        At(board, (address, isWrite) => address == canary && !isWrite, () => board.Driver.DeviceStatus |= 8);

        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "nothing is written under another status than the last poll saw");
        board.Turn();

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Assert.AreEqual(0, board.LastTimeout, "it is not made to wait");
    }

    [TestMethod]
    [DataRow(Gpio.Rising)]
    [DataRow(Gpio.LevelHigh)]
    public void Edge_LostWhileTheDriverNeverStopsKicking_IsMadeUpForAfterSixtyFourTurns(int trigger)
    {
        TestBoard board = Armed(trigger);
        board.Drive(Line, true);
        board.Mailbox.Wait(0);
        if (trigger == Gpio.LevelHigh)
        {
            board.Pins.TakeEdges();
        }

        for (int turn = 0; turn < 64; turn++)
        {
            board.RingCore(0);
            board.Turn();
        }

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Reprobe_BetweenABrokenRingAndTheNextPoll_IsServed()
    {
        TestBoard board = Probed();
        const uint Status = TestBoard.SramAddress + TestBoard.TableOffset + 44;
        int looks = 0;
        At(board, (address, isWrite) => address == Status && !isWrite && ++looks == 2, () => board.Driver.Probe());
        board.Driver.Requests.Offer(32);

        board.Turn();
        board.Turn();

        Assert.AreEqual(Fault.HeadOutOfRange, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Status_BitAddedInTheLifeAfterABrokenRing_IsNoFault()
    {
        TestBoard board = Probed();
        board.Driver.Requests.Offer(32);
        board.Turn();
        board.Driver.ProbeAndTurn();

        board.Driver.DeviceStatus |= 8;
        board.Turn();

        Assert.AreEqual(DriverSide.DriverOk | 8, board.Driver.DeviceStatus);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    private static void At(TestBoard board, AccessChoice isTheAccess, Action what)
    {
        bool isDone = false;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (!isDone && isTheAccess(address, isWrite))
            {
                isDone = true;
                what();
            }
        };
    }

    private static TestBoard Armed(int trigger)
    {
        TestBoard board = Probed();
        board.Drive(Line, false);
        board.Driver.Request(Gpio.SetIrqType, Line, (uint)trigger);
        board.Driver.Unmask(Line);
        return board;
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
