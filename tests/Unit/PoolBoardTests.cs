// Rings and buffers in one pool, the rings elsewhere after each attach: where they may lie, and whether each life of Linux and of the
// firmware works there as it does with rings of their own.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class PoolBoardTests
{
    private const int Line = 3;
    private const int Control = 2;
    private const int RequestRingAt = 48;
    private const int EventRingAt = 68;
    private const int TableVariant = 90;
    private const int RingBytes = 902;

    [TestMethod]
    public void Probe_RingsElsewhereEachTime_EachServesARequestAndAnEvent()
    {
        TestBoard board = PoolBoard.Start();
        for (int probe = 0; probe < 40; probe++)
        {
            board.Driver.ProbeAndTurn();
            Works(board);
            board.Driver.DeviceStatus = 0;
            board.Turn();
        }

        Assert.AreEqual(0, board.Firmware.Trace.Count);
    }

    // The canary of the rings before is where it was: nothing but their place in the table shows that they are gone.
    [TestMethod]
    public void Attach_UnseenByAnyPollAndRingsElsewhere_StartsFromNothing()
    {
        TestBoard board = PoolBoard.Start(b => b.RestartNotifyId = Control);
        for (int probe = 0; probe < 40; probe++)
        {
            board.Driver.Probe();
            Works(board);
            board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
            Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, Line));
        }

        Assert.AreEqual(0, board.Notifications(Control), "each is a new driver, not one that an earlier run has served");
    }

    [TestMethod]
    [DataRow(RequestRingAt)]
    [DataRow(EventRingAt)]
    public void Attach_UnseenAndOneRingElsewhere_StartsFromNothing(int at)
    {
        TestBoard board = Probed();
        DriverRing moved = at == RequestRingAt ? board.Driver.Requests : board.Driver.Events;
        moved.MoveTo(PoolBoard.RingPages + 0x8000);
        moved.Clear();
        board.Driver.PutTable(at, board.Driver.DeviceAddress(moved));

        Assert.IsTrue(CanaryAt(board, at == RequestRingAt ? board.Driver.Events : board.Driver.Requests), "the other ring is as it was");
        board.Turn();
        Assert.IsTrue(CanaryAt(board, moved), "the ring is taken where it is now");
    }

    [TestMethod]
    public void Restart_RingsInThePool_GoesOnWithThem()
    {
        TestBoard board = Probed();
        Works(board);
        Works(board);
        int head = board.Driver.Send(Gpio.GetValue, Line, 0, 8, 2);
        board.Driver.OfferEvent(Line, Line, 2, 1);

        board.StartFirmware();
        board.Driver.Answer(head);

        Assert.AreEqual(0, board.Driver.Status);
        Assert.AreEqual(1, board.Notifications(Control), "Linux is asked to recover");
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None));
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
        Works(board);
    }

    [TestMethod]
    public void Restart_AnotherBuildUnderItsDriver_IsTakenDownWhereItsRingsAre()
    {
        TestBoard board = Probed();
        board.Driver.ProbeAndTurn();
        board.Sram[TestBoard.TableOffset + TableVariant] = 99;

        board.StartFirmware();

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
        board.Driver.DeviceStatus = 0;
        board.Turn();
        Assert.AreEqual((byte)0, board.Sram[TestBoard.TableOffset + TableVariant]);
        board.Driver.ProbeAndTurn();
        Works(board);
    }

    // Both rings take 902 bytes and are aligned to 64.
    [TestMethod]
    [DataRow(0x30000u, 0x30000u)]
    [DataRow(0x30000u, 0x30000u + 896)]
    [DataRow(0x30000u + 896, 0x30000u)]
    [DataRow(0x3FC80u, 0x30000u)]
    [DataRow(0x30000u, 0x3FC80u)]
    [DataRow(0x30020u, 0x38000u)]
    [DataRow(0x30000u, 0x38020u)]
    [DataRow(0xFFFFFFC0u, 0x30000u)]
    [DataRow(0x30000u, 0x40000u)]
    [DataRow(unchecked(0u - PoolBoard.BusAddress), 0x30000u)]
    [DataRow(unchecked(PoolBoard.LocalAddress - PoolBoard.BusAddress), 0x30000u)]
    [DataRow(0x30000u, unchecked(PoolBoard.LocalAddress - PoolBoard.BusAddress))]
    public void Rings_NotApartOrNotInThePool_AreRejected(uint request, uint events)
    {
        TestBoard board = Placed(request, events);

        Assert.AreEqual(1, board.Firmware.Trace.Count);
        Assert.AreEqual(Fault.RingOutsideRegion, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Notifications(Control));
        board.Driver.DeviceStatus = 0;
        board.Turn();
        board.Driver.ProbeAndTurn();
        Works(board);
    }

    [TestMethod]
    [DataRow(0x30000u, 0x30000u + 960)]
    [DataRow(0x30000u + 960, 0x30000u)]
    [DataRow(0u, 0x3FC40u)]
    [DataRow(0x3FC40u, 0u)]
    public void Rings_InThePoolAndApart_AreTaken(uint request, uint events)
    {
        TestBoard board = Placed(request, events);

        Assert.AreEqual(0, board.Firmware.Trace.Count);
        Assert.IsTrue(CanaryAt(board, board.Driver.Requests));
        Assert.IsTrue(CanaryAt(board, board.Driver.Events));
    }

    // A driver that does not use the eventq says nothing of its ring.
    [TestMethod]
    public void Rings_EventqNotUsedAndOverTheOther_AreTaken()
    {
        TestBoard board = PoolBoard.Start();
        board.Driver.Probe(features: 0);
        board.Driver.PutTable(EventRingAt, board.Driver.DeviceAddress(board.Driver.Requests));

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));
        Assert.AreEqual(0, board.Firmware.Trace.Count);
    }

    // A reply that lies in a ring: in its descriptors, its available ring, its canary, its used ring.
    [TestMethod]
    [DataRow(true, 0)]
    [DataRow(true, 512)]
    [DataRow(true, 582)]
    [DataRow(true, 640)]
    [DataRow(true, RingBytes - 1)]
    [DataRow(false, 0)]
    [DataRow(false, 582)]
    [DataRow(false, RingBytes - 1)]
    public void Reply_InARing_IsNotWrittenAndTheDeviceRests(bool isRequestq, int offset)
    {
        TestBoard board = Probed();
        DriverRing ring = isRequestq ? board.Driver.Requests : board.Driver.Events;
        int at = ring.Start + offset;
        int strays = 0;
        board.OnAccess = (address, count, isWrite) => strays += isWrite && address <= PoolBoard.LocalAddress + (uint)at && address + (uint)count > PoolBoard.LocalAddress + (uint)at && count == 2 ? 1 : 0;
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 5);
        board.Driver.Requests.Describe(5, board.CpuAddress(at), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);
        byte before = board.Dram[at];

        board.Turn();
        board.Turn();
        board.Turn();

        Assert.AreEqual(Fault.BadAddress, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Firmware.Trace.Count);
        Assert.IsTrue(board.Driver.Requests.TakeUsed(out int _, out int length));
        Assert.AreEqual(0, length, "returned empty");
        Assert.AreEqual(1000, board.LastTimeout);
        Assert.AreEqual(0, strays);
        Assert.IsTrue(offset == 640 || before == board.Dram[at]);
        Works(board);
    }

    [TestMethod]
    public void Reply_BesideTheRings_IsWritten()
    {
        TestBoard board = Probed();
        int[] places =
        {
            board.Driver.Requests.Start - 2, board.Driver.Requests.Start + RingBytes, board.Driver.Events.Start - 2, board.Driver.Events.Start + RingBytes,
            0, PoolBoard.Size - 2,
        };
        foreach (int at in places)
        {
            board.Dram[at] = 0xEE;
            board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
            board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 5);
            board.Driver.Requests.Describe(5, board.CpuAddress(at), 2, DriverRing.Write, 0);
            board.Driver.Requests.Offer(4);
            board.Turn();
            Assert.IsTrue(board.Driver.Requests.TakeUsed(out int _, out int length));
            Assert.AreEqual(2, length);
            Assert.AreEqual((byte)0, board.Dram[at]);
        }
    }

    // What was a ring of the driver before is a buffer's place for this one.
    [TestMethod]
    public void Reply_WhereARingOfTheDriverBeforeWas_IsWritten()
    {
        TestBoard board = Probed();
        int at = board.Driver.Requests.Start + 64;
        board.Driver.ProbeAndTurn();
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 5);
        board.Driver.Requests.Describe(5, board.CpuAddress(at), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Turn();

        Assert.IsTrue(board.Driver.Requests.TakeUsed(out int _, out int length));
        Assert.AreEqual(2, length);
    }

    [TestMethod]
    public void Board_OneRegionWithoutAWindowOverIt_IsServed()
    {
        TestBoard board = new(configure: b =>
        {
            b.RequestRingAddress = TestBoard.SramAddress + 0x2000;
            b.EventRingAddress = b.RequestRingAddress;
            b.RingRegionSize = 0x20000;
        });
        board.Driver.Events.MoveTo(TestBoard.EventRingOffset);
        board.Driver.ProbeAndTurn();

        Works(board);
    }

    // One window for each region, one of them at its start and one at its end.
    [TestMethod]
    public void Board_RegionsInTwoWindows_AreServed()
    {
        TestBoard board = PoolBoard.Start(b =>
        {
            b.Windows = new AddressWindows(2);
            b.Windows.Add("low", PoolBoard.BusAddress, 0x31000, PoolBoard.LocalAddress);
            b.Windows.Add("high", PoolBoard.BusAddress + 0x31000, 0xF000, PoolBoard.LocalAddress + 0x31000);
            b.RequestRingAddress = PoolBoard.LocalAddress + 0x30000;
            b.EventRingAddress = PoolBoard.LocalAddress + 0x3F000;
            b.RingRegionSize = 0x1000;
        });
        Place(board, 0x30000, 0x3F000);

        Works(board);
        Assert.AreEqual(0, board.Firmware.Trace.Count);
    }

    private static bool CanaryAt(TestBoard board, DriverRing ring) => board.Dram[ring.AvailableStart + 6 + 2 * ring.Size] == 0xC5;

    private static void Works(TestBoard board)
    {
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
        board.Drive(Line, false);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising));
        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
    }

    private static TestBoard Probed()
    {
        TestBoard board = PoolBoard.Start(b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();
        return board;
    }

    // The firmware judges a table a few times before it rejects it.
    private static TestBoard Placed(uint request, uint events)
    {
        TestBoard board = PoolBoard.Start(b => b.RestartNotifyId = Control);
        board.Driver.Probe();
        board.Driver.PutTable(RequestRingAt, PoolBoard.BusAddress + request);
        board.Driver.PutTable(EventRingAt, PoolBoard.BusAddress + events);
        board.Driver.Requests.MoveTo((int)request);
        board.Driver.Events.MoveTo((int)events);
        board.Turn();
        return board;
    }

    private static void Place(TestBoard board, int request, int events)
    {
        board.Driver.Probe();
        board.Driver.Requests.MoveTo(request);
        board.Driver.Events.MoveTo(events);
        board.Driver.Requests.Clear();
        board.Driver.Events.Clear();
        board.Driver.PutTable(RequestRingAt, board.Driver.DeviceAddress(board.Driver.Requests));
        board.Driver.PutTable(EventRingAt, board.Driver.DeviceAddress(board.Driver.Events));
        board.Turn();
    }
}
