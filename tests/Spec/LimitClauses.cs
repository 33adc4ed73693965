// The last place, the full ring, the longest answer: where "<" and "<=" differ. SPEC.md names the clause of each test.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class LimitClauses
{
    private const int Indirect = 1 << 28;
    private const int DramSize = 0x100000;

    [TestMethod]
    public void Ring_RegionAsLargeAsTheRing_IsServed()
    {
        TestBoard board = new(configure: b => b.RingRegionSize = 902);
        board.Driver.ProbeAndTurn();

        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
    }

    [TestMethod]
    public void Ring_OfferedFull_EveryChainIsServed()
    {
        TestBoard board = Probed();
        OfferFullRing(board);

        board.Turn();
        board.Turn();

        Assert.AreEqual(board.Driver.Requests.Size, board.Driver.Requests.UsedIndex);
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
    }

    [TestMethod]
    public void Wait_AfterATurnThatWasCutOff_IsNone()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        OfferFullRing(board);
        int offered = 0;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == TestBoard.SramAddress + board.Driver.Requests.UsedStart + 2 && offered++ < 2)
            {
                board.Driver.Requests.Offer(0);
            }
        };
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout);

        // As many chains as the ring has descriptors are a turn.
        Assert.AreEqual(board.Driver.Requests.Size, board.Driver.Requests.UsedIndex);
        Assert.AreEqual(board.Driver.Requests.Size + 2, board.Driver.Requests.AvailableIndex);
        board.OnAccess = null;
        board.Turn();
        Assert.AreEqual(0, board.LastTimeout, "there is more to do");
        Assert.AreEqual(board.Driver.Requests.Size + 2, board.Driver.Requests.UsedIndex);
        board.Turn();
        Assert.AreEqual(1000, board.LastTimeout, "nothing is left to do");
    }

    [TestMethod]
    public void Wait_AfterMoreEdgesThanATurnTakes_IsNone()
    {
        RestlessPins pins = null!;
        TestBoard board = new(wrap: inner => pins = new RestlessPins(inner));
        board.Driver.ProbeAndTurn();
        pins.Edges = 9;
        board.Mailbox.Wake(Mailbox.PinsChanged);

        board.Turn();
        Assert.AreEqual(1, pins.Edges, "as many as there are lines are taken in a turn");
        board.RingCore(0);
        board.Turn();

        Assert.AreEqual(0, board.LastTimeout, "there is more to do");
        Assert.AreEqual(0, pins.Edges);
    }

    [TestMethod]
    public void Turn_DriverThatNeverRests_EndsAllTheSame()
    {
        TestBoard board = Probed();
        int offered = 0;
        uint usedIndexAddress = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == usedIndexAddress && offered++ < 1000)
            {
                board.Driver.Requests.Offer(0);
            }
        };
        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);

        board.Turn();

        Assert.AreEqual(board.Driver.Requests.Size, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Ring_AvailableIndexGoesBack_Stops()
    {
        TestBoard board = Probed();
        for (int i = 0; i < 5; i++)
        {
            board.Driver.Request(Gpio.GetDirection, 0);
        }

        board.Driver.Requests.AvailableIndex = 4;
        board.Turn();

        Assert.AreEqual(Fault.AvailableIndexJumped, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(5, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Complete_LongReplyOfALateDescriptor_HasItsWholeLengthAndId()
    {
        TestBoard board = new(lines: 300, ringSize: 1024);
        board.Driver.ProbeAndTurn();
        board.Driver.TakeDescriptors(600);
        const int Block = 10 * 6 + 90 * 7 + 200 * 8;

        int head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 1 + Block);
        board.Driver.Answer(head);

        Assert.AreEqual(600, head);
        Assert.AreEqual(1 + Block, board.Driver.Length);
    }

    [TestMethod]
    public void Chain_NextIsNotTheNeighbour_IsFollowedAllTheSame()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 9);
        board.Driver.Requests.Describe(5, board.CpuAddress(0x8000), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(9, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
        Assert.AreEqual((byte)0, board.Dram[0x8000], "the neighbour is another's");
    }

    [TestMethod]
    public void Chain_ReplyBehindAnUnreachablePiece_IsGivenBackEmpty()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 5);
        board.Driver.Requests.Describe(5, TestBoard.DramCpuAddress - 1, 1, DriverRing.Next | DriverRing.Write, 6);
        board.Driver.Requests.Describe(6, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length);
        Assert.AreEqual((byte)0xEE, board.Dram[board.Driver.SlotOf(5)]);
    }

    [TestMethod]
    public void Chain_PiecesOfTheRequestFarApart_AreReadWhereTheyLie()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.SetDirection, 2, Gpio.Out);
        board.Dram[0x8000] = Gpio.Out;
        board.Dram[board.Driver.SlotOf(4) + 4] = 0xEE;
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 4, DriverRing.Next, 7);
        board.Driver.Requests.Describe(7, board.CpuAddress(0x8000), 4, DriverRing.Next, 8);
        board.Driver.Requests.Describe(8, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, 2));
    }

    [TestMethod]
    public void Chain_RequestWithAnUnreachablePiece_IsErrAndNothingIsDone()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.SetDirection, 2, Gpio.Out);
        board.Driver.Requests.Describe(4, TestBoard.DramCpuAddress - 1, 1, DriverRing.Next, 7);
        board.Driver.Requests.Describe(7, board.Driver.SlotAddress(4), 8, DriverRing.Next, 8);
        board.Driver.Requests.Describe(8, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 2));
    }

    [TestMethod]
    public void Unmask_ChainAgainstTheRules_ReturnsTheBufferInvalid()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Rising);
        board.Driver.OfferEvent(5, 3, 2, 1);
        board.Driver.Events.Describe(11, board.CpuAddress(board.Driver.EventSlotOf(11)), 1, DriverRing.Next | DriverRing.Write, 99);
        board.Turn();

        Assert.AreEqual(5 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(Fault.BadChain, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void Indirect_TableAtTheEndOfItsWindow_IsReadNoFurther()
    {
        TestBoard board = new(configure: b => b.OffersIndirect = true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
        DriverRing.DescribeAt(board.Dram, DramSize - 48, board.Driver.SlotAddress(4), 8, DriverRing.Next, 2);
        DriverRing.DescribeAt(board.Dram, DramSize - 16, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Describe(4, board.CpuAddress(DramSize - 48), 48, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
        Assert.AreEqual(0, board.Firmware.Trace.Count);
    }

    [TestMethod]
    public void NotifyId_TheLastThereIs_IsUsed()
    {
        TestBoard board = new();
        board.Driver.Probe();
        board.Driver.PutTable(60, 29);

        board.Driver.Request(Gpio.GetDirection, 0);

        Assert.AreEqual(1, board.Notifications(29));
    }

    [TestMethod]
    public void NotifyId_OfARestartIsZero_IsRungAllTheSame()
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = 0);
        board.Driver.ProbeAndTurn();

        board.StartFirmware();

        Assert.AreEqual(1, board.Notifications(0));
    }

    [TestMethod]
    public void Request_LineOutOfRange_IsTracedAsSuch()
    {
        TestBoard board = Probed();

        board.Driver.Request(Gpio.GetDirection, 8);

        Assert.AreEqual(Fault.LineOutOfRange, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(8, board.Firmware.Trace.DetailAt(0));
    }

    private static void OfferFullRing(TestBoard board)
    {
        for (int i = 0; i < board.Driver.Requests.Size; i++)
        {
            board.Driver.Requests.Describe(i, board.Driver.SlotAddress(i), 2, DriverRing.Write, 0);
            board.Driver.Requests.Offer(i);
        }
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
    // Edges without end, or as good as.
    private sealed class RestlessPins : IPins
    {
        private readonly IPins inner;

        internal RestlessPins(IPins inner) => this.inner = inner;

        internal int Edges { get; set; }

        public bool Open(int line, int value) => inner.Open(line, value);

        public bool MakeInput(int line) => inner.MakeInput(line);

        public bool Drive(int line, int value) => inner.Drive(line, value);

        public bool Release(int line) => inner.Release(line);

        public int Sense(int line) => inner.Sense(line);

        public bool Watch(int line, int edges) => inner.Watch(line, edges);

        public bool Rearm(int line) => inner.Rearm(line);

        public bool IsOpenDrain(int line) => false;

        public int TakeEdges() => Edges > 0 ? Edges-- & Edge.Rising : -1;
    }
}
