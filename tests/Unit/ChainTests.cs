// Descriptor chains that are nearly what Linux sends, and chains behind others of which nothing may be left.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class ChainTests
{
    private const int Indirect = 1 << 28;
    private const int Table = 0x80000;

    [TestMethod]
    [DataRow(DriverRing.Next | DriverRing.Write, DriverRing.Write)]
    [DataRow(DriverRing.Next, 0)]
    public void Pair_NotOneToReadAndOneToWrite_IsNotCarriedOut(int first, int second)
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(0, Gpio.SetDirection, 2, Gpio.Out);
        board.Driver.Requests.Describe(0, board.Driver.SlotAddress(0), 8, first, 1);
        board.Driver.Requests.Describe(1, board.Driver.SlotAddress(1), 2, second, 0);
        board.Driver.Requests.Offer(0);

        board.Driver.Answer(0);

        Assert.AreEqual(PadMode.Input, board.ModeOf(2));
    }

    [TestMethod]
    [DataRow(8u, 2u)]
    [DataRow(4u, 2u)]
    public void Chain_RequestThatOnlyTheUpperHalfOfItsAddressPutsOutside_IsErr(uint firstPiece, uint reply)
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(0, Gpio.SetDirection, 2, Gpio.Out);
        DriverRing ring = board.Driver.Requests;
        ring.Describe(0, board.Driver.SlotAddress(0) ^ 1UL << 32, firstPiece, DriverRing.Next, firstPiece == 8 ? 1 : 2);
        ring.Describe(2, board.Driver.SlotAddress(0) + 4, 4, DriverRing.Next, 1);
        ring.Describe(1, board.Driver.SlotAddress(1), reply, DriverRing.Write, 0);
        ring.Offer(0);

        board.Driver.Answer(0);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Fault.BadAddress, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Firmware.Trace.Count, "one fault is one fault");
        Assert.AreEqual(PadMode.Input, board.ModeOf(2));
    }

    [TestMethod]
    public void Pair_ReplyThatOnlyTheUpperHalfOfItsAddressPutsOutside_IsReturnedEmpty()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(0, Gpio.SetDirection, 2, Gpio.Out);
        board.Driver.Requests.Describe(0, board.Driver.SlotAddress(0), 8, DriverRing.Next, 1);
        board.Driver.Requests.Describe(1, board.Driver.SlotAddress(1) ^ 1UL << 32, 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(0);

        board.Driver.Answer(0);

        Assert.AreEqual(0, board.Driver.Length);
        Assert.AreEqual(PadMode.Input, board.ModeOf(2));
    }

    [TestMethod]
    public void Chain_AgainstTheRulesBehindASoundOne_IsErr()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.GetDirection, 0);
        OfferPieces(board, [8], [2], next: 0xFFFF);

        // What would be the descriptor of number -1.
        board.Driver.Requests.Describe(-1, board.Driver.SlotAddress(8), 2, DriverRing.Write, 0);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Fault.BadChain, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void Chain_ShortBehindAWholeOne_IsErr()
    {
        TestBoard board = Probed();
        OfferPieces(board, [4, 4], [2]);
        board.Driver.Answer(4);
        OfferPieces(board, [4], [1, 1]);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Fault.ShortRequest, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(4, board.Firmware.Trace.DetailAt(0));
    }

    [TestMethod]
    public void Chain_InPiecesBehindAnUnreachableOne_IsOk()
    {
        TestBoard board = Probed();
        board.Driver.Requests.Describe(0, 0x1000, 8, DriverRing.Next, 1);
        board.Driver.Requests.Describe(1, board.Driver.SlotAddress(1), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(0);
        board.Driver.Answer(0);
        OfferPieces(board, [4, 4], [2]);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
    }

    [TestMethod]
    public void Response_InPiecesThatAreLongEnoughEach_StandsInTheFirst()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.In);
        OfferPieces(board, [4, 4], [3, 5], line: 1);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
        Assert.AreEqual(Gpio.In, board.Driver.Value);
    }

    [TestMethod]
    public void Response_InPiecesBehindAnotherInPieces_HasItsOwnStatus()
    {
        TestBoard board = Probed();
        OfferPieces(board, [4, 4], [1, 1], line: 99);
        board.Driver.Answer(4);
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        OfferPieces(board, [4, 4], [1, 1]);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
    }

    [TestMethod]
    public void Response_RoomOfFourGibibytes_IsRoomEnough()
    {
        GpioBoard description = TestBoard.Describe(8, 32, 64, null);
        description.Windows = new AddressWindows(1);
        description.Windows.Add("DRAM", TestBoard.DramCpuAddress, 0x20000000, 0x40000000);
        TestBoard board = new(description, new Wiring { WindowEnds = new[] { 0x5FFFFFFFu } }, isLatched: false);
        board.Driver.ProbeAndTurn();
        board.Driver.FillRequest(0, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(0, board.Driver.SlotAddress(0), 8, DriverRing.Next, 1);
        for (int piece = 1; piece <= 8; piece++)
        {
            bool isLast = piece == 8;
            board.Driver.Requests.Describe(piece, TestBoard.DramCpuAddress, 0x20000000, DriverRing.Write | (isLast ? 0 : DriverRing.Next), piece + 1);
        }

        board.Driver.Requests.Offer(0);
        board.Driver.Answer(0);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual((byte)Gpio.StatusOk, board.Dram[0]);
    }

    [TestMethod]
    public void Indirect_TableOfTheFirstDescriptor_IsRead()
    {
        TestBoard board = WithIndirect();
        DescribeTable(board, Table);
        board.Driver.Requests.Describe(0, board.CpuAddress(Table), 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(0);

        Assert.AreEqual(2, LengthUsed(board));
    }

    [TestMethod]
    public void Indirect_WholeTableInATable_IsNotRead()
    {
        TestBoard board = WithIndirect();
        DescribeTable(board, Table);
        DriverRing.DescribeAt(board.Dram, Table + 64, board.CpuAddress(Table), 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Describe(0, board.CpuAddress(Table + 64), 16, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(0);

        Assert.AreEqual(0, LengthUsed(board));
    }

    [TestMethod]
    public void Indirect_TableOutsideTheWindows_IsNotRead()
    {
        TestBoard board = WithIndirect();
        board.Driver.Requests.Describe(0, 0x1000, 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(0);

        Assert.AreEqual(0, LengthUsed(board));
        Assert.AreEqual(Fault.BadAddress, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Firmware.Trace.Count);
    }

    [TestMethod]
    public void Request_LargestLineNumber_IsTracedAsSuch()
    {
        TestBoard board = Probed();

        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetValue, 0xFFFF));

        Assert.AreEqual(Fault.LineOutOfRange, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(0xFFFF, board.Firmware.Trace.DetailAt(0));
    }

    // A request in pieces of its slot, from descriptor 6 on, behind the head 4; the reply in pieces of the slot behind the head.
    private static void OfferPieces(TestBoard board, uint[] request, uint[] reply, int next = -1, int line = 0)
    {
        board.Driver.FillRequest(4, Gpio.GetDirection, line, 0);
        DriverRing ring = board.Driver.Requests;
        int index = 4;
        uint at = 0;
        foreach (uint piece in request)
        {
            ring.Describe(index, board.Driver.SlotAddress(4) + at, piece, DriverRing.Next, index == 4 ? 6 : index + 1);
            index = index == 4 ? 6 : index + 1;
            at += piece;
        }

        at = 0;
        for (int i = 0; i < reply.Length; i++, index++)
        {
            bool isLast = i == reply.Length - 1 && next < 0;
            ring.Describe(index, board.Driver.SlotAddress(5) + at, reply[i], DriverRing.Write | (isLast ? 0 : DriverRing.Next), next < 0 ? index + 1 : next);
            at += reply[i];
        }

        ring.Offer(4);
    }

    private static void DescribeTable(TestBoard board, int table)
    {
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        DriverRing.DescribeAt(board.Dram, table, board.Driver.SlotAddress(4), 8, DriverRing.Next, 1);
        DriverRing.DescribeAt(board.Dram, table + 16, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
    }

    private static int LengthUsed(TestBoard board)
    {
        board.Turn();
        Assert.IsTrue(board.Driver.Requests.TakeUsed(out int _, out int length));
        return length;
    }

    private static TestBoard WithIndirect()
    {
        TestBoard board = new(configure: b => b.OffersIndirect = true);
        board.Driver.ProbeAndTurn(Indirect | 1);
        return board;
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
