// Rings: where they may lie, when they are taken, and what of one driver must not reach the next.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class RingTests
{
    private const int Line = 3;
    private const int Control = 2;
    private const int Indirect = 1 << 28;

    [TestMethod]
    public void Ring_EndsBehindItsRegion_IsRejected()
    {
        TestBoard board = new();
        board.Driver.Probe();
        board.Driver.PutTable(68, board.Description.EventRingAddress + TestBoard.RingRegionSize - 64);

        board.Turn();

        Assert.AreEqual(Fault.RingOutsideRegion, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void Reset_WhileRingsAreTaken_TheCanaryIsNotWritten()
    {
        TestBoard board = new();
        board.Driver.Probe();
        uint canary = TestBoard.SramAddress + (uint)CanaryOf(board.Driver.Requests);
        board.OnAccess = (address, _, isWrite) => board.Driver.DeviceStatus = address == canary && !isWrite ? 0 : board.Driver.DeviceStatus;

        board.Turn();

        Assert.AreEqual((byte)0, board.Sram[CanaryOf(board.Driver.Requests)]);
    }

    [TestMethod]
    public void Ring_NamesNoDescriptor_ThoseBehindAreServedInTheSameTurn()
    {
        TestBoard board = Probed();
        board.Driver.Requests.Offer(99);
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);

        board.Turn();

        Assert.AreEqual(1, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Reprobe_WithoutIrqAfterABrokenEventq_AsksForNoRecovery()
    {
        TestBoard board = Probed();
        board.Driver.Events.AvailableIndex = 1000;
        board.Turn();
        Assert.AreEqual(1, board.Notifications(Control));

        board.Driver.ProbeAndTurn(features: 0);
        board.Turn();

        Assert.AreEqual(1, board.Notifications(Control));
    }

    [TestMethod]
    public void Reprobe_WithoutIrqWhileABufferIsWaiting_LeavesItAlone()
    {
        // As many requests as a turn serves: the buffer is seen and not taken.
        TestBoard board = Probed();
        for (int i = 0; i < 32; i++)
        {
            board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        }

        board.Driver.OfferEvent(Line, Line, 2, 1);
        board.Turn();
        board.Driver.Probe(features: 0);
        int strays = 0;
        board.OnAccess = (address, _, isWrite) => strays += isWrite && IsInEventRegion(address) ? 1 : 0;

        board.Turn();

        Assert.AreEqual(0, strays);
    }

    [TestMethod]
    public void Reprobe_WithoutIrqBeforeAnEventIsAnnounced_NobodyIsNotified()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Drive(Line, true);
        board.Turn();
        board.Driver.OfferEvent(Line, Line, 2, 1);
        board.Driver.OfferEvent(4, 4, 2, 1);
        uint second = TestBoard.SramAddress + (uint)board.Driver.Events.AvailableStart + 4 + 2;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (address == second && board.Driver.Events.UsedIndex == 1)
            {
                throw new InvalidOperationException("bus error");
            }
        };
        board.Turn();
        board.OnAccess = null;
        Assert.AreEqual(Fault.Unexpected, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(0, board.Notifications(1));

        board.Driver.Probe(features: 0);
        board.Turn();

        Assert.AreEqual(0, board.Notifications(1));
    }

    [TestMethod]
    public void Reprobe_WithoutIndirectAfterADriverWithIt_ATableIsRefused()
    {
        TestBoard board = new(configure: b => b.OffersIndirect = true);
        board.Driver.ProbeAndTurn(Indirect | 1);
        board.Driver.ProbeAndTurn(features: 1);
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        const int Table = 0x80000;
        DriverRing.DescribeAt(board.Dram, Table, board.Driver.SlotAddress(4), 8, DriverRing.Next, 1);
        DriverRing.DescribeAt(board.Dram, Table + 16, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(4, board.CpuAddress(Table), 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(4);

        board.Turn();

        Assert.IsTrue(board.Driver.Requests.TakeUsed(out int _, out int length));
        Assert.AreEqual(0, length);
    }

    [TestMethod]
    public void Unmask_WhileAnotherBufferIsReturned_TakesItsOwnEntry()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Request(Gpio.SetIrqType, 4, Gpio.Rising);
        board.Driver.Unmask(Line);
        board.Turn();
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Events.UsedStart + 2;
        bool isOffered = false;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == usedIndex && !isOffered)
            {
                isOffered = true;
                board.Driver.OfferEvent(4, 4, 2, 1);
            }
        };
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
        board.OnAccess = null;
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());

        board.Drive(4, false);
        board.Drive(4, true);
        board.Turn();

        Assert.AreEqual(4 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    private static int CanaryOf(DriverRing ring) => ring.AvailableStart + 6 + 2 * ring.Size;

    private static bool IsInEventRegion(uint address) =>
        address - (TestBoard.SramAddress + TestBoard.EventRingOffset) < TestBoard.RingRegionSize;

    private static TestBoard Probed()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        return board;
    }
}
