// The device clauses of "Indirect Descriptors" and "Feature Bits".

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class FeatureClauses
{
    private const int Indirect = 1 << 28;
    private const int TableAt = 0x20000;

    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 1 | Indirect)]
    public void Features_TheBoardChooses_AreOffered(bool indirect, int offered)
    {
        TestBoard board = Board(indirect);

        Assert.AreEqual(offered, System.BitConverter.ToInt32(board.Sram, TestBoard.TableOffset + 32));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(Indirect)]
    [DataRow(1 | Indirect)]
    public void Features_AnyValidSubset_IsAcceptedAndServed(int accepted)
    {
        TestBoard board = Board(indirect: true);
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
    public void UsedEvent_FeatureNotOffered_IsIgnored()
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(features: 1);
        board.Driver.Requests.UsedEvent = 1000;

        board.Driver.Request(Gpio.GetDirection, 0);

        Assert.AreEqual(1, board.Notifications(0));
        Assert.AreEqual(0, board.Driver.Requests.AvailableEvent);
    }

    [TestMethod]
    public void Events_InIndirectTables_AreDelivered()
    {
        TestBoard board = Board(indirect: true);
        board.Driver.ProbeAndTurn(1 | Indirect);
        board.Driver.Request(Gpio.SetIrqType, 3, Gpio.Both);
        board.Dram[TableAt + 0x100] = 3;
        board.Dram[TableAt + 0x101] = 0;
        for (int i = 0; i < 10; i++)
        {
            Describe(board, 0, board.CpuAddress(TableAt + 0x100), 2, DriverRing.Next, 1);
            Describe(board, 1, board.CpuAddress(board.Driver.EventSlotOf(11)), 1, DriverRing.Write, 0);
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

    private static TestBoard Board(bool indirect) => new(configure: b => b.OffersIndirect = indirect);
}
