// What came before must not show in what comes after. SPEC.md names the clause of each test.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class LeftoverClauses
{
    private const int Line = 3;

    [TestMethod]
    public void Response_ErrAfterAValue_HoldsNoValue()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.In);
        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, Line));

        board.Driver.Request(Gpio.SetDirection, Line, 99);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(0, board.Driver.Value);
    }

    [TestMethod]
    public void Request_LackingItsLastByte_RepliesErr()
    {
        TestBoard board = Probed();

        // What lies behind it is the status byte, which would make the request a whole one.
        int head = board.Driver.Send(Gpio.SetDirection, Line, Gpio.Out, 7, 2);
        board.Dram[board.Driver.SlotOf(head + 1)] = 0;
        board.Driver.Answer(head);

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    public void Reset_LineOfWhichOnlyTheValueWasSet_ForgetsIt()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetValue, Line, 1);

        board.Driver.ProbeAndTurn();
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));

        Assert.IsFalse(board.LevelAt(Line));
    }

    [TestMethod]
    public void Reprobe_NothingUsedYet_NobodyIsNotified()
    {
        TestBoard board = Probed();
        for (int i = 0; i < 3; i++)
        {
            board.Driver.Request(Gpio.GetDirection, 0);
        }

        string before = board.NotificationOrder();
        board.Driver.ProbeAndTurn();
        board.Turn();

        Assert.AreEqual(before, board.NotificationOrder());
    }

    [TestMethod]
    public void Reprobe_UnseenAndWithoutIrq_RefusesInterrupts()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);

        // The eventq of the driver before stands as it stood: only the requestq is made anew.
        board.Driver.Probe(features: 0);

        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));
    }

    [TestMethod]
    public void IrqTypeNone_EdgeNotTakenYet_IsDiscarded()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Drive(Line, false);
        board.Turn();

        // The pin has told of the edge; the turn that would take it begins with the two requests.
        board.Drive(Line, true);
        board.Driver.Send(Gpio.SetIrqType, Line, Gpio.None, 8, 2);
        board.Driver.Send(Gpio.SetIrqType, Line, Gpio.Rising, 8, 2);
        board.Turn();
        Assert.AreEqual(3, board.Driver.Requests.UsedIndex);
        board.Driver.Unmask(Line);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void SetIrqType_OfALatchedInterrupt_DropsTheLatch()
    {
        TestBoard board = Probed();
        board.Drive(Line, false);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Drive(Line, true);
        board.Turn();

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Falling);
        board.Driver.Unmask(Line);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Unmask_HalfALineNumber_ReturnsTheBufferInvalid()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);

        // What lies behind the half is the status byte, which would make it a whole one.
        board.Driver.OfferEvent(5, Line, 1, 1);
        board.Dram[board.Driver.EventSlotOf(11)] = 0;
        board.Turn();

        Assert.AreEqual(5 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(Fault.ShortRequest, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void Chain_LastDescriptorGoesOn_IsGivenBack()
    {
        TestBoard board = Probed();
        int last = board.Driver.Requests.Size - 1;
        board.Driver.Request(Gpio.GetDirection, 0);
        board.Driver.Requests.Describe(last, board.Driver.SlotAddress(last), 8, DriverRing.Next, last + 1);
        board.Driver.Requests.Offer(last);

        board.Driver.Answer(last);

        Assert.AreEqual(0, board.Driver.Length);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
