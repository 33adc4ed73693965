// The device clauses of "Indirect Descriptors" and of notification suppression with VIRTIO_RING_F_EVENT_IDX.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class FeatureClauses
{
    private const int Indirect = 1 << 28;
    private const int EventIndex = 1 << 29;
    private const int TableAt = 0x20000;

    [TestMethod]
    [DataRow(false, false, 1)]
    [DataRow(true, false, 1 | Indirect)]
    [DataRow(false, true, 1 | EventIndex)]
    [DataRow(true, true, 1 | Indirect | EventIndex)]
    public void Features_TheBoardChooses_AreOffered(bool indirect, bool eventIndex, int offered)
    {
        TestBoard board = Board(indirect, eventIndex);

        Assert.AreEqual(offered, System.BitConverter.ToInt32(board.Sram, TestBoard.TableOffset + 32));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(Indirect)]
    [DataRow(EventIndex)]
    [DataRow(1 | Indirect)]
    [DataRow(1 | Indirect | EventIndex)]
    public void Features_AnyValidSubset_IsAcceptedAndServed(int accepted)
    {
        TestBoard board = Board(indirect: true, eventIndex: true);
        board.Driver.ProbeAndTurn(accepted);

        for (int i = 0; i < 100; i++)
        {
            Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, 1, (uint)(i & 1)));
        }

        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(DriverRing.Write)]
    public void Indirect_WholeRequestInATable_IsServedWhateverItsWriteFlag(int flags)
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
        Describe(board, 0, board.Driver.SlotAddress(4), 8, DriverRing.Next, 2);
        Describe(board, 2, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(4, board.CpuAddress(TableAt), 48, DriverRing.Indirect | flags, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
    }

    [TestMethod]
    public void Indirect_BehindNormalDescriptors_IsServed()
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 3, DriverRing.Next, 9);
        board.Driver.Requests.Describe(9, board.CpuAddress(TableAt), 32, DriverRing.Indirect, 0);
        Describe(board, 0, board.Driver.SlotAddress(4) + 3, 5, DriverRing.Next, 1);
        Describe(board, 1, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
    }

    [TestMethod]
    [DataRow("empty table", 0u, DriverRing.Indirect, TestBoard.DramCpuAddress + TableAt)]
    [DataRow("half a descriptor", 40u, DriverRing.Indirect, TestBoard.DramCpuAddress + TableAt)]
    [DataRow("NEXT beside it", 32u, DriverRing.Indirect | DriverRing.Next, TestBoard.DramCpuAddress + TableAt)]
    [DataRow("outside the windows", 32u, DriverRing.Indirect, TestBoard.DramCpuAddress - 16)]
    [DataRow("half outside", 32u, DriverRing.Indirect, TestBoard.DramCpuAddress + 0x100000 - 16)]
    [DataRow("wraps", 32u, DriverRing.Indirect, 0xFFFFFFFFFFFFFFF0UL)]
    [DataRow("huge", 0xFFFFFFF0u, DriverRing.Indirect, TestBoard.DramCpuAddress)]
    public void Indirect_TableAgainstTheRules_IsGivenBackAndTheQueueGoesOn(string what, uint length, int flags, ulong address)
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        board.Driver.FillRequest(4, Gpio.SetDirection, 2, Gpio.Out);
        Describe(board, 0, board.Driver.SlotAddress(4), 8, DriverRing.Next, 1);
        Describe(board, 1, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(4, address, length, flags, 5);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length, what);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 2), what);
    }

    [TestMethod]
    public void Indirect_TableInATable_IsErr()
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
        Describe(board, 0, board.Driver.SlotAddress(4), 8, DriverRing.Next, 1);
        Describe(board, 1, board.Driver.SlotAddress(5), 2, DriverRing.Next | DriverRing.Write, 2);
        Describe(board, 2, board.CpuAddress(TableAt), 48, DriverRing.Indirect, 0);
        board.Driver.Requests.Describe(4, board.CpuAddress(TableAt), 48, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Fault.BadChain, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(0xFFFF)]
    public void Indirect_NextBeyondTheTable_IsGivenBack(int next)
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        Describe(board, 0, board.Driver.SlotAddress(4), 8, DriverRing.Next, next);
        Describe(board, 2, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(4, board.CpuAddress(TableAt), 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length);
    }

    [TestMethod]
    public void Indirect_OfferedButNotAccepted_IsGivenBack()
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(features: 1);
        Describe(board, 0, board.Driver.SlotAddress(4), 8, DriverRing.Next, 1);
        Describe(board, 1, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(4, board.CpuAddress(TableAt), 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length);
    }

    [TestMethod]
    public void EventIndex_UsedEventNamesAnElement_NotifiesWhenThatOneIsUsed()
    {
        TestBoard board = Board(eventIndex: true);
        board.Driver.ProbeAndTurn(1 | EventIndex);
        board.Driver.Requests.UsedEvent = 2;

        for (int i = 0; i < 6; i++)
        {
            board.Driver.Request(Gpio.GetDirection, 0);
            Assert.AreEqual(i >= 2 ? 1 : 0, board.Notifications(0), "request " + i);
        }
    }

    [TestMethod]
    public void EventIndex_ManyInOneTurn_NotifiesOnceIfTheNamedOneIsAmongThem()
    {
        TestBoard board = Board(eventIndex: true);
        board.Driver.ProbeAndTurn(1 | EventIndex);
        board.Driver.Requests.UsedEvent = 3;
        for (int i = 0; i < 6; i++)
        {
            board.Driver.Send(Gpio.GetDirection, i, 0, 8, 2);
        }

        board.Turn();

        Assert.AreEqual(1, board.Notifications(0));
    }

    [TestMethod]
    public void EventIndex_LowerBitOfFlags_IsIgnored()
    {
        TestBoard board = Board(eventIndex: true);
        board.Driver.ProbeAndTurn(1 | EventIndex);
        board.Driver.Requests.AvailableFlags = 1;

        board.Driver.Request(Gpio.GetDirection, 0);

        Assert.AreEqual(1, board.Notifications(0));
    }

    [TestMethod]
    public void EventIndex_NotNegotiated_UsedEventIsIgnored()
    {
        TestBoard board = Board(eventIndex: true);
        board.Driver.ProbeAndTurn(features: 1);
        board.Driver.Requests.UsedEvent = 1000;

        board.Driver.Request(Gpio.GetDirection, 0);

        Assert.AreEqual(1, board.Notifications(0));
        Assert.AreEqual(0, board.Driver.Requests.AvailableEvent);
    }

    [TestMethod]
    public void EventIndex_AcrossSixteenBits_EveryWantedNotificationComes()
    {
        TestBoard board = Board(eventIndex: true);
        board.Driver.ProbeAndTurn(1 | EventIndex);
        for (int i = 0; i < 66000; i++)
        {
            board.Driver.Requests.UsedEvent = board.Driver.Requests.UsedIndex;
            int before = board.Notifications(0);
            board.Driver.Request(Gpio.GetDirection, 0);
            if (board.Notifications(0) != before + 1 || board.Driver.Requests.AvailableEvent != board.Driver.Requests.AvailableIndex)
            {
                Assert.IsTrue(false, "request " + i);
            }
        }
    }

    [TestMethod]
    public void EventIndex_BeforeAReplyIsVisible_TheNextKickIsAskedFor()
    {
        TestBoard board = Board(eventIndex: true);
        board.Driver.ProbeAndTurn(1 | EventIndex);
        uint usedIndexAddress = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        int asked = -1;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == usedIndexAddress)
            {
                asked = board.Driver.Requests.AvailableEvent;
            }
        };

        board.Driver.Request(Gpio.GetDirection, 0);

        Assert.AreEqual(1, asked);
    }

    [TestMethod]
    public void Events_WithBothFeatures_AreDelivered()
    {
        TestBoard board = Board(indirect: true, eventIndex: true);
        board.Driver.ProbeAndTurn(1 | Indirect | EventIndex);
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Both);
        board.Dram[TableAt + 0x100] = 3;
        board.Dram[TableAt + 0x101] = 0;
        for (int i = 0; i < 10; i++)
        {
            Describe(board, 0, board.CpuAddress(TableAt + 0x100), 2, DriverRing.Next, 1);
            Describe(board, 1, board.CpuAddress(board.Driver.EventSlotOf(11)), 1, DriverRing.Write, 0);
            board.Driver.Events.UsedEvent = i;
            board.Driver.Events.Describe(10, board.CpuAddress(TableAt), 32, DriverRing.Indirect, 0);
            board.Driver.Events.Offer(10);
            board.Turn();
            Assert.AreEqual(-1, board.Driver.TakeEvent());

            board.Drive(3, i % 2 == 0);
            board.Turn();

            Assert.AreEqual(5 << 8 | Gpio.Valid, board.Driver.TakeEvent());
            Assert.AreEqual(i + 1, board.Notifications(1));
        }
    }

    private static void Describe(TestBoard board, int index, ulong address, uint length, int flags, int next) =>
        DriverRing.DescribeAt(board.Dram, TableAt + 16 * index, address, length, flags, next);

    private static TestBoard Board(bool indirect = false, bool eventIndex = false) => new(configure: b =>
    {
        b.OffersIndirect = indirect;
        b.OffersEventIndex = eventIndex;
    });
}
