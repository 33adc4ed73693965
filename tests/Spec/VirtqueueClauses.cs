// The device clauses of "Split Virtqueues" and "Message Framing", and rings that break their rules. SPEC.md names the clauses.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class VirtqueueClauses
{
    private const int Control = 2;
    private const ulong OutsideAddress = TestBoard.DramCpuAddress - 1;
    private const int FeatureIndirect = 1 << 28;
    private const int TableAt = 0x20000;
    private const ulong LastByte = TestBoard.DramCpuAddress + 0xFFFFF;

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 1)]
    [DataRow(7, 2)]
    [DataRow(8, 2)]
    public void Chain_RequestAndReplyInPieces_IsServedAsIfWhole(int requestPiece, int replyPiece)
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.In);
        board.Drive(2, true);
        DriverRing ring = board.Driver.Requests;
        board.Driver.FillRequest(0, Gpio.GetValue, 2, 0);

        int index = 0;
        for (int done = 0; done < 8; done += requestPiece)
        {
            int length = 8 - done < requestPiece ? 8 - done : requestPiece;
            ring.Describe(index, board.Driver.SlotAddress(0) + (ulong)done, (uint)length, DriverRing.Next, index + 1);
            index++;
        }

        // An empty piece between them is a piece as well.
        ring.Describe(index, 0, 0, DriverRing.Next | DriverRing.Write, index + 1);
        index++;
        for (int done = 0; done < 2; done += replyPiece)
        {
            bool isLast = done + replyPiece >= 2;
            ring.Describe(index, board.Driver.SlotAddress(20 + index), (uint)replyPiece, DriverRing.Write | (isLast ? 0 : DriverRing.Next), index + 1);
            index++;
        }

        ring.Offer(0);
        board.Turn();

        Assert.IsTrue(ring.TakeUsed(out int head, out int length2));
        Assert.AreEqual(0, head);
        Assert.AreEqual(2, length2);
        int lastSlot = board.Driver.SlotOf(20 + index - 1);
        int firstSlot = replyPiece == 2 ? lastSlot : board.Driver.SlotOf(20 + index - 2);
        Assert.AreEqual((byte)Gpio.StatusOk, board.Dram[firstSlot]);
        Assert.AreEqual((byte)1, board.Dram[replyPiece == 2 ? firstSlot + 1 : lastSlot]);
    }

    [TestMethod]
    public void Chain_NamesReplyScattered_IsFilledInOrder()
    {
        TestBoard board = Probed();
        DriverRing ring = board.Driver.Requests;
        board.Driver.FillRequest(0, Gpio.GetLineNames, 0, 0);
        ring.Describe(0, board.Driver.SlotAddress(0), 8, DriverRing.Next, 1);
        ring.Describe(1, board.CpuAddress(0x8000), 1, DriverRing.Next | DriverRing.Write, 2);
        ring.Describe(2, board.CpuAddress(0x9000), 7, DriverRing.Next | DriverRing.Write, 3);
        ring.Describe(3, board.CpuAddress(0xA000), 200, DriverRing.Write, 0);
        ring.Offer(0);

        board.Turn();

        Assert.IsTrue(ring.TakeUsed(out _, out int length));
        Assert.AreEqual(1 + 8 * 6, length);
        Assert.AreEqual((byte)Gpio.StatusOk, board.Dram[0x8000]);
        Assert.AreEqual("line0|l", board.Driver.TextAt(0x9000, 7));
        Assert.AreEqual("ine1|line2|", board.Driver.TextAt(0xA000, 11));
    }

    [TestMethod]
    public void Chain_AsLongAsTheRing_IsServed()
    {
        TestBoard board = Probed();
        DriverRing ring = board.Driver.Requests;
        board.Driver.FillRequest(0, Gpio.GetDirection, 1, 0);
        for (int i = 0; i < ring.Size - 1; i++)
        {
            uint length = i < 8 ? 1u : 0u;
            ring.Describe(i, board.Driver.SlotAddress(0) + (ulong)i, length, DriverRing.Next, i + 1);
        }

        ring.Describe(ring.Size - 1, board.Driver.SlotAddress(1), 2, DriverRing.Write, 0);
        ring.Offer(0);
        board.Driver.Answer(0);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusOk, board.Driver.Status);
    }

    [TestMethod]
    public void Complete_IndexPublished_ReplyAndElementStandAlready()
    {
        TestBoard board = Probed();
        int head = board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        uint indexAddress = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        int looks = 0;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address == indexAddress)
            {
                looks++;
                Assert.AreEqual((byte)Gpio.StatusOk, board.Dram[board.Driver.SlotOf(head + 1)]);
                Assert.AreEqual((byte)head, board.Sram[board.Driver.Requests.UsedStart + 4]);
                Assert.AreEqual((byte)2, board.Sram[board.Driver.Requests.UsedStart + 8]);
            }
        };

        board.Turn();

        Assert.AreEqual(1, looks);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(1 | FeatureIndirect)]
    public void Device_WhateverItServes_WritesOnlyUsedRingAndWritableBuffers(int features)
    {
        TestBoard board = new(configure: b => b.OffersIndirect = true);
        board.Driver.ProbeAndTurn(features);
        AccessRules rules = new(board);

        Assert.AreEqual(1 + 8 * 6, NamesLength(board));
        Assert.AreEqual("", rules.Broken, "GET_LINE_NAMES");
        for (int type = Gpio.GetLineNames; type <= Gpio.SetIrqType + 1; type++)
        {
            for (uint value = 0; value <= 9; value++)
            {
                board.Driver.Request(type, 2, value);
                Assert.AreEqual(2, board.Driver.Length);
                Assert.AreEqual("", rules.Broken, "request " + type + " of value " + value);
            }
        }

        board.Driver.Request(Gpio.SetDirection, 2, Gpio.None);
        board.Driver.Request(Gpio.SetDirection, 99, Gpio.None);
        board.Driver.Answer(board.Driver.Send(Gpio.GetValue, 2, 0, 3, 2));
        board.Driver.Answer(board.Driver.Send(Gpio.GetValue, 2, 0, 8, 1));
        board.Driver.Answer(board.Driver.Send(Gpio.GetValue, 2, 0, 8, 0));
        Assert.AreEqual("", rules.Broken, "a request that is refused");

        board.Driver.Unmask(3);
        Assert.AreEqual(3 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Both);
        board.Driver.Unmask(3);
        board.Drive(3, true);
        board.Turn();
        Assert.AreEqual(3 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(3);
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.None);
        Assert.AreEqual(3 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual("", rules.Broken, "an interrupt");

        if ((features & FeatureIndirect) != 0)
        {
            board.Driver.FillRequest(4, Gpio.GetDirection, 2, 0);
            DriverRing.DescribeAt(board.Dram, TableAt, board.Driver.SlotAddress(4), 8, DriverRing.Next, 1);
            DriverRing.DescribeAt(board.Dram, TableAt + 16, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
            board.Driver.Requests.Describe(4, board.CpuAddress(TableAt), 32, DriverRing.Indirect, 0);
            board.Driver.Requests.Offer(4);
            board.Driver.Answer(4);
            Assert.AreEqual(2, board.Driver.Length);
            Assert.AreEqual("", rules.Broken, "an indirect request");
        }

        Assert.AreNotEqual(0, rules.Judged);
    }

    [TestMethod]
    public void Notify_DriverWantsNone_NoneIsSent()
    {
        TestBoard board = Probed();
        board.Driver.WaitsForDoorbell = false;
        board.Driver.Requests.AvailableFlags = 1;

        board.Driver.Request(Gpio.GetDirection, 0);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(0, board.Notifications(0));
        board.Driver.Requests.AvailableFlags = 0;
        board.Driver.Request(Gpio.GetDirection, 0);
        Assert.AreEqual(1, board.Notifications(0));
    }

    [TestMethod]
    public void Notify_SeveralRequestsInOneTurn_IsSentOnce()
    {
        TestBoard board = Probed();
        for (int i = 0; i < 5; i++)
        {
            board.Driver.Send(Gpio.GetDirection, i, 0, 8, 2);
        }

        board.Turn();

        Assert.AreEqual(1, board.Notifications(0));
    }

    [TestMethod]
    public void Indexes_BeyondSixteenBits_WrapAround()
    {
        TestBoard board = Probed();
        for (int i = 0; i < 70000; i++)
        {
            if (board.Driver.Request(Gpio.SetValue, 1, (uint)(i & 1)) != 0)
            {
                Assert.IsTrue(false, "request " + i);
            }
        }
    }

    [TestMethod]
    public void Chain_NextOutOfRange_IsGivenBackAndTheQueueGoesOn()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 32);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length);
        GoesOn(board, Fault.BadChain);
    }

    [TestMethod]
    public void Chain_Loop_IsGivenBackAndTheQueueGoesOn()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 5);
        board.Driver.Requests.Describe(5, board.Driver.SlotAddress(5), 2, DriverRing.Next | DriverRing.Write, 5);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        GoesOn(board, Fault.BadChain);
    }

    [TestMethod]
    public void Chain_ReadableBehindWritable_IsErr()
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(6, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(5), 2, DriverRing.Next | DriverRing.Write, 6);
        board.Driver.Requests.Describe(6, board.Driver.SlotAddress(6), 8, 0, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        GoesOn(board, Fault.BadChain);
    }

    [TestMethod]
    public void Chain_IndirectNotOffered_IsGivenBack()
    {
        TestBoard board = Probed();
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(5), 32, DriverRing.Indirect, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length);
        GoesOn(board, Fault.BadChain);
    }

    [TestMethod]
    [DataRow(OutsideAddress, 8u)]
    [DataRow(LastByte, 8u)]
    [DataRow(0UL, 8u)]
    [DataRow(0x20001000UL, 8u)]
    [DataRow(0x40000000UL, 8u)]
    [DataRow(0xFFFFFFFFFFFFFFFCUL, 8u)]
    [DataRow(TestBoard.DramCpuAddress, 0xFFFFFFFFu)]
    public void Chain_RequestOutsideTheWindows_IsErr(ulong address, uint length)
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.GetDirection, 0, 0);
        board.Driver.Requests.Describe(4, address, length, DriverRing.Next, 5);
        board.Driver.Requests.Describe(5, board.Driver.SlotAddress(5), 2, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        GoesOn(board, Fault.BadAddress);
    }

    [TestMethod]
    [DataRow(OutsideAddress, 2u)]
    [DataRow(LastByte, 2u)]
    [DataRow(0x20001000UL, 2u)]
    [DataRow(0xFFFFFFFFFFFFFFFFUL, 2u)]
    public void Chain_ReplyOutsideTheWindows_IsGivenBackEmptyAndNothingIsDone(ulong address, uint length)
    {
        TestBoard board = Probed();
        board.Driver.FillRequest(4, Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Requests.Describe(4, board.Driver.SlotAddress(4), 8, DriverRing.Next, 5);
        board.Driver.Requests.Describe(5, address, length, DriverRing.Write, 0);
        board.Driver.Requests.Offer(4);

        board.Driver.Answer(4);

        Assert.AreEqual(0, board.Driver.Length);
        GoesOn(board, Fault.BadAddress);
    }

    [TestMethod]
    [DataRow(32)]
    [DataRow(0xFFFF)]
    public void Ring_HeadOutOfRange_IsPassedOverAndLinuxIsAskedToRecover(int head)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();

        board.Driver.Requests.Offer(head);

        board.Turn();
        Assert.AreEqual(Fault.HeadOutOfRange, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1, board.Notifications(Control));
        int behind = board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.Driver.Answer(behind);
        Assert.AreEqual(0, board.Driver.Status, "what can be answered is answered");
        RecoversByAProbe(board);
    }

    [TestMethod]
    [DataRow(33)]
    [DataRow(0x8000)]
    [DataRow(0xFFFF)]
    public void Ring_AvailableIndexJumps_StopsAndLinuxIsAskedToRecover(int index)
    {
        TestBoard board = new(configure: b => b.RestartNotifyId = Control);
        board.Driver.ProbeAndTurn();

        board.Driver.Requests.AvailableIndex = index;

        board.Turn();
        board.Turn();
        Assert.AreEqual(Fault.AvailableIndexJumped, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(1000, board.LastTimeout, "it rests");
        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(1, board.Firmware.Trace.Count, "once is enough");
        RecoversByAProbe(board);
    }

    private static void GoesOn(TestBoard board, int fault)
    {
        Assert.IsTrue(Traced.Ago(board.Firmware, fault) >= 0, "fault " + fault + " is not in the trace");
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
    }

    private static void RecoversByAProbe(TestBoard board)
    {
        Assert.IsTrue(board.Notifications(Control) > 0, "Linux was asked to recover");
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus, "the status byte is the driver's");
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(DriverSide.DriverOk, board.Driver.DeviceStatus);
    }

    private static int NamesLength(TestBoard board)
    {
        board.Driver.Answer(board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 200));
        return board.Driver.Length;
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
