// The device clauses of "GPIO Device / requestq Operation". SPEC.md names the clause of each test.

using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class RequestClauses
{
    [TestMethod]
    public void Names_SomeLinesUnnamed_AreOneBlockInLineOrder()
    {
        TestBoard board = new(lines: 4, ringSize: 8, names: new[] { "MMC-CD", null, "", "Red LED Vdd" });
        board.Driver.ProbeAndTurn();

        int head = board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 1 + 21);
        board.Driver.Answer(head);

        Assert.AreEqual(21, NamesSize(board));
        Assert.AreEqual(22, board.Driver.Length);
        string answer = board.Driver.TextAt(board.Driver.SlotOf(head + 1), 22);
        Assert.AreEqual("|MMC-CD|||Red LED Vdd|", answer);
    }

    [TestMethod]
    public void Names_NoLineNamed_SizeIsZeroAndMessageIsErr()
    {
        TestBoard board = new(lines: 2, ringSize: 8, names: new string?[2]);
        board.Driver.ProbeAndTurn();

        board.Driver.Answer(board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, 2));

        Assert.AreEqual(0, NamesSize(board));
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(2, board.Driver.Length);
    }

    [TestMethod]
    public void Config_Published_HoldsLineCountAndZeroPadding()
    {
        TestBoard board = new(lines: 300, ringSize: 1024);

        Assert.AreEqual(300, board.Sram[TestBoard.TableOffset + 88] | board.Sram[TestBoard.TableOffset + 89] << 8);
        Assert.AreEqual(0, board.Sram[TestBoard.TableOffset + 90] | board.Sram[TestBoard.TableOffset + 91]);
    }

    [TestMethod]
    public void GetDirection_AfterEachSetDirection_TellsIt()
    {
        TestBoard board = Probed();

        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 3));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.Out));
        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, 3));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.In));
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, 3));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.None));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 3));
    }

    [TestMethod]
    public void SetValue_LineIsOutput_PinFollows()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, 2, 1));
        Assert.IsTrue(board.LevelAt(2));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, 2, 0));
        Assert.IsFalse(board.LevelAt(2));
    }

    [TestMethod]
    public void SetValue_BeforeDirection_IsUsedWhenTheLineBecomesOutput()
    {
        TestBoard board = Probed();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, 2, 1));
        Assert.IsFalse(board.LevelAt(2));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out));

        Assert.IsTrue(board.LevelAt(2));
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, 2));
    }

    [TestMethod]
    public void SetValue_WhileInput_IsUsedWhenTheLineBecomesOutput()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.In);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, 2, 1));
        Assert.AreEqual(PadMode.Input, board.ModeOf(2));
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out);

        Assert.IsTrue(board.LevelAt(2));
    }

    [TestMethod]
    public void GetValue_Input_SensesThePin()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 5, Gpio.In);

        board.Drive(5, true);
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, 5));
        board.Drive(5, false);
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 5));
    }

    [TestMethod]
    public void SetDirectionNone_AfterUse_DiscardsAllStateOfTheLine()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetValue, 1, 1);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);

        board.Driver.Request(Gpio.SetDirection, 1, Gpio.None);

        Assert.AreEqual(PadMode.Input, board.ModeOf(1));
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);
        Assert.IsFalse(board.LevelAt(1), "the value from before was remembered");
    }

    [TestMethod]
    public void SetDirectionNone_InterruptEnabled_DisablesItAndReturnsTheBuffer()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 1, Gpio.None));

        Assert.AreEqual(1 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Drive(1, true);
        board.Driver.Unmask(1);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "INVALID once is the clause: a buffer that comes back is kept");
    }

    [TestMethod]
    public void SetDirectionOut_InterruptEnabled_RepliesErr()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out));
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, 1));
    }

    [TestMethod]
    public void Response_Err_SetsAllFields()
    {
        TestBoard board = Probed();

        board.Driver.Request(Gpio.SetDirection, 0, 99);

        Assert.AreEqual(2, board.Driver.Length);
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(0, board.Driver.Value);
    }

    [TestMethod]
    public void Requests_ManyAtOnceForOneLine_AreAnsweredInOrder()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        int[] heads = new int[6];
        for (int i = 0; i < heads.Length; i++)
        {
            heads[i] = board.Driver.Send(i % 2 == 0 ? Gpio.SetValue : Gpio.GetValue, 0, (uint)(i / 2 & 1), 8, 2);
        }

        board.Turn();

        for (int i = 0; i < heads.Length; i++)
        {
            Assert.IsTrue(board.Driver.Requests.TakeUsed(out int head, out int length));
            Assert.AreEqual(heads[i], head);
            Assert.AreEqual(2, length);
            if (i % 2 != 0)
            {
                Assert.AreEqual((byte)(i / 2 & 1), board.Dram[board.Driver.SlotOf(head + 1) + 1]);
            }
        }
    }

    [TestMethod]
    public void SetIrqType_FeatureNotNegotiated_RepliesErr()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn(features: 0);

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 0, Gpio.Rising));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    [TestMethod]
    [DataRow(Gpio.GetLineNames)]
    [DataRow(Gpio.GetDirection)]
    [DataRow(Gpio.SetDirection)]
    [DataRow(Gpio.GetValue)]
    [DataRow(Gpio.SetValue)]
    [DataRow(Gpio.SetIrqType)]
    public void Request_EachReplyLengthFromZeroUp_IsAnswered(int type)
    {
        const int NamesResponse = 1 + 8 * 6;
        for (int size = 0; size <= NamesResponse + 1; size++)
        {
            TestBoard board = Probed();
            int head = board.Driver.Send(type, type == Gpio.GetLineNames ? 0 : 1, 0, 8, size);
            board.Driver.Answer(head);

            int whole = type == Gpio.GetLineNames ? NamesResponse : 2;
            bool fits = size >= whole;
            int smallest = size < 2 ? size : 2;
            Assert.AreEqual(fits ? whole : smallest, board.Driver.Length, "size " + size);
            Assert.AreEqual(size == 0 ? -1 : fits ? Gpio.StatusOk : Gpio.StatusErr, board.Driver.Status, "size " + size);
            Assert.AreEqual((byte)0xEE, board.Dram[board.Driver.SlotOf(head + 1) + size], "a byte behind the buffer was written, size " + size);
        }
    }

    [TestMethod]
    public void Request_ShorterThanItsStructure_RepliesErr()
    {
        for (int size = 0; size < 8; size++)
        {
            TestBoard board = Probed();
            int head = board.Driver.Send(Gpio.SetDirection, 1, Gpio.Out, size, 2);

            // Without a readable part the reply stands where the chain begins; Send gives it the slot of the next descriptor.
            board.Driver.Answer(head);

            Assert.AreEqual(2, board.Driver.Length, "size " + size);
            Assert.AreEqual(Gpio.StatusErr, board.Driver.Status, "size " + size);
            Assert.AreEqual(PadMode.Input, board.ModeOf(1));
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(0x101)]
    [DataRow(0xFFFF)]
    public void Request_UnknownType_RepliesErr(int type)
    {
        TestBoard board = Probed();

        Assert.AreEqual(-1, board.Driver.Request(type, 0));
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
    }

    [TestMethod]
    [DataRow(Gpio.GetDirection)]
    [DataRow(Gpio.SetDirection)]
    [DataRow(Gpio.GetValue)]
    [DataRow(Gpio.SetValue)]
    [DataRow(Gpio.SetIrqType)]
    public void Request_LineOutOfRange_RepliesErr(int type)
    {
        TestBoard board = Probed();

        foreach (int line in new[] { 8, 9, 255, 256, 0x7FFF, 0x8000, 0xFFFF })
        {
            Assert.AreEqual(-1, board.Driver.Request(type, line, 1));
            Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        }
    }

    [TestMethod]
    [DataRow(Gpio.SetDirection, 3u)]
    [DataRow(Gpio.SetDirection, 0x100u)]
    [DataRow(Gpio.SetDirection, 0xFFFFFFFFu)]
    [DataRow(Gpio.SetValue, 2u)]
    [DataRow(Gpio.SetValue, 0x80000001u)]
    [DataRow(Gpio.SetIrqType, 5u)]
    [DataRow(Gpio.SetIrqType, 12u)]
    [DataRow(Gpio.SetIrqType, 255u)]
    [DataRow(Gpio.SetIrqType, 0x10001u)]
    public void Request_WrongValue_RepliesErrAndChangesNothing(int type, uint value)
    {
        TestBoard board = Probed();

        Assert.AreEqual(-1, board.Driver.Request(type, 0, value));
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    private static int NamesSize(TestBoard board) => board.Sram[TestBoard.TableOffset + 92] | board.Sram[TestBoard.TableOffset + 93] << 8;

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
