// The device clauses of "GPIO Device / eventq Operation" and "Set IRQ Type". SPEC.md names the clause of each test.

using nanoFramework.TestFramework;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class EventClauses
{
    private const int Line = 3;
    private const int Delivered = Line << 8 | Gpio.Valid;
    private const int Returned = Line << 8 | Gpio.Invalid;

    [TestMethod]
    [DataRow(Gpio.Rising, true, true)]
    [DataRow(Gpio.Rising, false, false)]
    [DataRow(Gpio.Falling, true, false)]
    [DataRow(Gpio.Falling, false, true)]
    [DataRow(Gpio.Both, true, true)]
    [DataRow(Gpio.Both, false, true)]
    public void Edge_EnabledAndUnmasked_IsDeliveredIfItIsTheTrigger(int trigger, bool rises, bool expected)
    {
        TestBoard board = Armed(trigger, level: !rises);
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        board.Drive(Line, rises);
        board.Turn();

        Assert.AreEqual(expected ? Delivered : -1, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.LevelHigh, true)]
    [DataRow(Gpio.LevelLow, false)]
    public void Level_ActiveWhenUnmasked_IsDeliveredAtOnceAndAgain(int trigger, bool active)
    {
        TestBoard board = Armed(trigger, level: active);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "masked");

        for (int i = 0; i < 3; i++)
        {
            board.Driver.Unmask(Line);
            Assert.AreEqual(Delivered, board.Driver.TakeEvent());
        }

        board.Drive(Line, !active);
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.LevelHigh, true)]
    [DataRow(Gpio.LevelLow, false)]
    public void Level_BecomesActiveWhileUnmasked_IsDelivered(int trigger, bool active)
    {
        TestBoard board = Armed(trigger, level: !active);
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        board.Drive(Line, active);
        board.Turn();

        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Edge_WhileMasked_IsLatchedOnce()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);
        for (int i = 0; i < 3; i++)
        {
            board.Drive(Line, true);
            board.Drive(Line, false);
            board.Turn();
        }

        Assert.AreEqual(-1, board.Driver.TakeEvent(), "delivered while masked");
        board.Driver.Unmask(Line);
        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "latched more than once");
    }

    [TestMethod]
    public void Edge_AfterDelivery_IsLatchedUntilUnmaskedAgain()
    {
        TestBoard board = Armed(Gpio.Both, level: false);
        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Delivered, board.Driver.TakeEvent());

        board.Drive(Line, false);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "delivery masks the line");
        board.Driver.Unmask(Line);

        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.LevelHigh, true)]
    [DataRow(Gpio.LevelLow, false)]
    public void Level_ActiveAndGoneWhileMasked_IsNotLatched(int trigger, bool active)
    {
        TestBoard board = Armed(trigger, level: !active);
        board.Drive(Line, active);
        board.Turn();
        board.Drive(Line, !active);
        board.Turn();

        board.Driver.Unmask(Line);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Edge_BeforeEnabling_IsNotDelivered()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Drive(Line, false);
        board.Drive(Line, true);

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        board.Driver.Unmask(Line);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void IrqTypeNone_LatchedInterrupt_IsDiscarded()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);
        board.Drive(Line, true);
        board.Turn();

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Unmask(Line);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void IrqTypeNone_BufferParked_ReturnsItInvalidAndNotifiesBeforeTheReply()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);
        board.Driver.Unmask(Line);
        int before = board.NotificationOrder().Length;

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None));

        Assert.AreEqual(Returned, board.Driver.TakeEvent());
        Assert.AreEqual("10", board.NotificationOrder().Substring(before));
    }

    [TestMethod]
    public void IrqTypeNone_NothingParked_ReturnsNothing()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None));

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Unmask_InterruptNotEnabled_ReturnsTheBufferInvalid()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();

        board.Driver.Unmask(Line);

        Assert.AreEqual(Returned, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Unmask_SecondBufferForALine_ReturnsItInvalidAndKeepsTheFirst()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);
        board.Driver.Unmask(Line);

        board.Driver.OfferEvent(Line + 1, Line, 2, 1);
        board.Turn();

        Assert.AreEqual((Line + 1) << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(255)]
    [DataRow(0xFFFF)]
    public void Unmask_LineOutOfRange_ReturnsTheBufferInvalid(int line)
    {
        TestBoard board = Armed(Gpio.Rising, level: false);

        board.Driver.OfferEvent(2, line, 2, 1);
        board.Turn();

        Assert.AreEqual(2 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Unmask_BufferWithoutItsParts_IsReturnedAndOthersGoOn()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);

        board.Driver.OfferEvent(5, Line, 1, 1);
        board.Turn();
        Assert.AreEqual(5 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Driver.OfferEvent(6, Line, 2, 0);
        board.Turn();
        Assert.AreEqual(-2, board.Driver.TakeEvent(), "nothing can be written: used length 0");

        board.Driver.Unmask(Line);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void SetIrqType_OfALiveInterrupt_TakesTheNewTypeAndKeepsTheBuffer()
    {
        TestBoard board = Armed(Gpio.Rising, level: false);
        board.Driver.Unmask(Line);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Falling));
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        board.Drive(Line, false);
        board.Turn();
        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void SetIrqType_ToALevelThatIsActive_IsDeliveredAtOnce()
    {
        TestBoard board = Armed(Gpio.Rising, level: true);
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.LevelHigh);

        Assert.AreEqual(Delivered, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void SetIrqType_IdleLine_BecomesInput()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));

        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    public void SetIrqType_OutputLine_RepliesErrAndKeepsABufferUntilNone()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));

        // Linux does not look at the answer and queues its buffer; INVALID would bring it back at once, without end. Nor does an edge that a
        // port still watches for.
        board.Driver.Unmask(Line);
        board.Pins.Watch(Line, Gpio.Both);
        board.Driver.Request(Gpio.SetValue, Line, 1);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);
        Assert.AreEqual(Returned, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Events_OfSeveralLines_GoToTheirOwnBuffers()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        for (int line = 0; line < 8; line++)
        {
            board.Driver.Request(Gpio.SetIrqType, line, Gpio.Rising);
            board.Driver.Unmask(line);
        }

        board.Drive(6, true);
        board.Drive(1, true);
        board.Turn();

        // In which order is the port's affair: nothing orders the edges of different lines.
        int first = board.Driver.TakeEvent();
        int second = board.Driver.TakeEvent();
        Assert.AreEqual(1 << 8 | Gpio.Valid, first < second ? first : second);
        Assert.AreEqual(6 << 8 | Gpio.Valid, first < second ? second : first);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Edge_MadeByAnOutputThroughAWire_IsDelivered()
    {
        TestBoard board = new();
        board.Wire(1, 0, 1);
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);

        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Turn();

        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        Assert.AreEqual(1, board.Driver.Request(Gpio.GetValue, 1));
    }

    private static TestBoard Armed(int trigger, bool level)
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Drive(Line, level);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.In);
        board.Driver.Request(Gpio.SetIrqType, Line, (uint)trigger);
        return board;
    }
}
