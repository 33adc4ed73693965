// What people met in the field: consumers that share a line, open drain, orders that no specification foresees. SPEC.md names the
// clause of each test.

using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class FieldClauses
{
    private const int Line = 3;

    [TestMethod]
    public void Buffer_ComesBackAtOnceAfterInvalid_IsKeptUntilATriggerIsSet()
    {
        // A consumer holds the interrupt only; another user of the line releases it. The driver queues its buffer again for each INVALID.
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.Unmask(Line);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());

        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "INVALID a second time would go on for ever");

        board.Drive(Line, false);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Drive(Line, true);
        board.Turn();
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent(), "the kept buffer unmasks the line");
    }

    [TestMethod]
    public void Buffer_KeptAndTheInterruptDisabled_IsReturned()
    {
        TestBoard board = Probed();
        board.Driver.Unmask(Line);
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None));

        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(Gpio.SetIrqType)]
    [DataRow(Gpio.SetDirection)]
    public void IrqTypeNone_BufferOfferedBeforeItAndNotSeenYet_IsReturnedBeforeTheReply(int type)
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.OfferEvent(Line, Line, 2, 1);
        uint usedIndex = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart + 2;
        int returned = -1;
        board.OnAccess = (address, _, isWrite) => returned = isWrite && address == usedIndex ? board.Driver.Events.UsedIndex : returned;

        Assert.AreEqual(0, board.Driver.Request(type, Line, 0));

        Assert.AreEqual(1, returned, "the buffer is used when the reply becomes visible");
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Buffer_OfferedBehindTheRequestThatEnablesItsLine_FindsItEnabled()
    {
        TestBoard board = Probed();
        board.Drive(Line, false);
        board.Driver.Send(Gpio.SetIrqType, Line, Gpio.Rising, 8, 2);
        board.Driver.OfferEvent(Line, Line, 2, 1);
        board.Turn();

        board.Drive(Line, true);
        board.Turn();

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void OpenDrain_InterruptThenDrivenLow_KeepsItsInterrupt()
    {
        TestBoard board = OpenDrain();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        board.Driver.Unmask(Line);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, Line, 0));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
        Assert.IsFalse(board.LevelAt(Line));
        board.Driver.TakeEvent();
        board.Driver.Unmask(Line);

        IsReleasedAndInterrupts(board);
    }

    [TestMethod]
    public void OpenDrain_DrivenLowThenInterrupt_IsArmed()
    {
        TestBoard board = OpenDrain();
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        Assert.IsFalse(board.LevelAt(Line));

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));
        Assert.IsFalse(board.LevelAt(Line), "it is still driven low");
        board.Driver.Unmask(Line);

        IsReleasedAndInterrupts(board);
    }

    [TestMethod]
    public void Trigger_RejectedOnAnOutput_IsArmedWhenTheLineBecomesAnInput()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising));
        board.Driver.Unmask(Line);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));
        board.Drive(Line, true);
        board.Turn();

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Reprobe_UnseenAndWithoutIrq_LeavesTheEventqOfTheDeadDriverAlone()
    {
        TestBoard board = Probed();
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        board.Driver.OfferEvent(Line, Line, 2, 1);
        board.Driver.Probe(features: 0);
        board.Driver.Events.AvailableIndex += 1000;
        int strays = 0;
        board.OnAccess = (address, _, isWrite) =>
            strays += isWrite && address >= TestBoard.SramAddress + TestBoard.EventRingOffset && address < 0x40000000 ? 1 : 0;

        board.Turn();
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, Line));

        Assert.AreEqual(0, strays);
        Assert.AreEqual(0, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void Ring_NotOnItsOwnAlignment_IsRejected()
    {
        TestBoard board = Probed();
        board.Driver.Probe();
        board.Driver.PutTable(48, board.Description.RequestRingAddress + 32);

        board.Turn();

        Assert.AreEqual(Fault.RingOutsideRegion, board.Firmware.Trace.FaultAt(0));
    }

    private static void IsReleasedAndInterrupts(TestBoard board)
    {
        // Released, the resistor pulls it high; then another device on the line pulls it low.
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));
        Assert.IsTrue(board.LevelAt(Line));
        board.Turn();
        board.Driver.TakeEvent();
        board.Driver.Unmask(Line);
        board.Drive(Line, false);
        board.Turn();
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    private static TestBoard OpenDrain()
    {
        LineConfig[] rows = Ports.RowsFrom(3, 8);
        rows[Line].OutputMode = PinMode.OutputOpenDrain;
        TestBoard board = new(rows);
        board.PullUp(Line);
        board.Driver.ProbeAndTurn();
        return board;
    }

    private static TestBoard Probed()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        return board;
    }
}
