// What the board's line table forbids, and what becomes of a line when Linux lets go of it.

using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class LinePolicyClauses
{
    private const int Free = 0;
    private const int Line = 2;

    [TestMethod]
    [DataRow((int)LineUses.Input, Gpio.SetDirection, Gpio.Out)]
    [DataRow((int)LineUses.Input, Gpio.SetValue, 1)]
    [DataRow((int)LineUses.Input, Gpio.SetIrqType, Gpio.Rising)]
    [DataRow((int)LineUses.Output, Gpio.SetDirection, Gpio.In)]
    [DataRow((int)LineUses.Output, Gpio.SetIrqType, Gpio.LevelHigh)]
    [DataRow((int)(LineUses.Input | LineUses.Interrupt), Gpio.SetDirection, Gpio.Out)]
    [DataRow((int)(LineUses.Input | LineUses.Interrupt), Gpio.SetValue, 0)]
    [DataRow((int)LineUses.None, Gpio.GetDirection, 0)]
    [DataRow((int)LineUses.None, Gpio.GetValue, 0)]
    [DataRow((int)LineUses.None, Gpio.SetDirection, Gpio.In)]
    [DataRow((int)LineUses.None, Gpio.SetDirection, Gpio.Out)]
    [DataRow((int)LineUses.None, Gpio.SetDirection, Gpio.None)]
    [DataRow((int)LineUses.None, Gpio.SetValue, 1)]
    [DataRow((int)LineUses.None, Gpio.SetIrqType, Gpio.None)]
    [DataRow((int)LineUses.None, Gpio.SetIrqType, Gpio.Both)]
    public void Request_ThatItsRowForbids_RepliesErrIsTracedAndChangesNothing(int uses, int type, int value)
    {
        TestBoard board = Live(row => row.Uses = (LineUses)uses);
        PadMode before = board.ModeOf(Line);
        int faults = board.Firmware.Trace.Count;

        Assert.AreEqual(-1, board.Driver.Request(type, Line, (uint)value));

        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(faults + 1, board.Firmware.Trace.Count);
        Assert.AreEqual(Fault.Forbidden, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(Line, board.Firmware.Trace.DetailAt(0));
        Assert.AreEqual(before, board.ModeOf(Line));
        Assert.AreEqual(0, board.Driver.Request(type == Gpio.GetDirection ? Gpio.SetDirection : Gpio.SetValue, Free, 0), "another line");
    }

    [TestMethod]
    [DataRow((int)LineUses.Input, Gpio.In)]
    [DataRow((int)(LineUses.Input | LineUses.Interrupt), Gpio.In)]
    [DataRow((int)LineUses.Output, Gpio.Out)]
    public void Request_ThatItsRowAllows_IsCarriedOut(int uses, int direction)
    {
        TestBoard board = Live(row => row.Uses = (LineUses)uses);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, (uint)direction));
        Assert.AreEqual(direction, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, Line));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    public void Interrupt_OfALineThatIsInputOnly_IsDelivered()
    {
        TestBoard board = Live(row => row.Uses = LineUses.Input | LineUses.Interrupt);
        board.Drive(Line, false);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising));
        board.Driver.Unmask(Line);

        board.Drive(Line, true);
        board.Turn();

        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Buffer_OfALineThatMayHaveNoInterrupt_IsReturnedInvalidOnce()
    {
        TestBoard board = Live(row => row.Uses = LineUses.None);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);

        board.Driver.Unmask(Line);
        Assert.AreEqual(Line << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        board.Driver.Unmask(Line);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow((int)LineRest.Input, 1, -1)]
    [DataRow((int)LineRest.Hold, 1, 1)]
    [DataRow((int)LineRest.Hold, 0, 0)]
    [DataRow((int)LineRest.Safe, 1, 0)]
    [DataRow((int)LineRest.Safe, 0, 0)]
    public void Release_OfAnOutput_LeavesThePinAsItsRowSaysAndDiscardsTheState(int rest, int value, int drives)
    {
        TestBoard board = Live(row => row.OnRelease = (LineRest)rest);
        Become(board, value);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));

        Drives(board, drives);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
        Drives(board, 0);
    }

    [TestMethod]
    [DataRow((int)LineRest.Hold, -1)]
    [DataRow((int)LineRest.Safe, 0)]
    public void Release_OfAnInput_IsHeldAsSuchOrGoesToItsSafeValue(int rest, int drives)
    {
        TestBoard board = Live(row => row.OnRelease = (LineRest)rest);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.In);

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));

        Drives(board, drives);
    }

    [TestMethod]
    public void Held_IsTakenAgainWithItsLevel_NoPulseIsSeen()
    {
        TestBoard board = Live(row => row.OnRelease = LineRest.Hold);
        Become(board, 1);
        int changes = 0;
        board.LevelChanged += (line, isHigh) => changes += line == Line ? 1 : 0;

        board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);
        Become(board, 1);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);

        Assert.AreEqual(0, changes);
        Drives(board, 1);
    }

    [TestMethod]
    [DataRow((int)LineRest.Input, -1)]
    [DataRow((int)LineRest.Hold, 1)]
    [DataRow((int)LineRest.Safe, 0)]
    public void Driver_Gone_LeavesThePinAsItsRowSays(int rest, int drives)
    {
        TestBoard board = Live(row => row.OnDriverGone = (LineRest)rest);
        Become(board, 1);

        board.Driver.DeviceStatus = 0;
        board.Turn();
        Drives(board, drives);
        board.Driver.ProbeAndTurn();

        Drives(board, drives);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    public void Driver_GoneBehindARelease_TakesTheLineFromHoldToSafe()
    {
        TestBoard board = Live(row =>
        {
            row.OnRelease = LineRest.Hold;
            row.OnDriverGone = LineRest.Safe;
        });
        Become(board, 1);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);
        Drives(board, 1);

        board.Driver.DeviceStatus = 0;
        board.Turn();

        Drives(board, 0);
    }

    [TestMethod]
    [DataRow((int)LineRest.Input, -1)]
    [DataRow((int)LineRest.Hold, 1)]
    [DataRow((int)LineRest.Safe, 0)]
    public void Linux_ComesAnewWithoutAResetThatWasSeen_LeavesThePinAsItsRowSays(int rest, int drives)
    {
        TestBoard board = Live(row => row.OnLinuxReset = (LineRest)rest);
        Become(board, 1);

        board.Driver.ProbeAndTurn();

        Drives(board, drives);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    [DataRow((int)LineRest.Input, -1)]
    [DataRow((int)LineRest.Hold, 1)]
    [DataRow((int)LineRest.Safe, 0)]
    public void Firmware_StartsWithoutAState_LeavesThePinAsItsRowSays(int rest, int drives)
    {
        TestBoard board = Live(row => row.OnStart = (LineRest)rest);
        board.HoldsPads = true;
        Become(board, 1);

        board.StartFirmware();

        Drives(board, drives);
        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetDirection, Line), "what the driver believes is lost");
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        Drives(board, drives);
    }

    [TestMethod]
    [DataRow((int)LineRest.Hold, 1)]
    [DataRow((int)LineRest.Safe, 0)]
    public void Restart_WithItsStateKept_PinGoesOnDrivingWithoutADirection(int rest, int drives)
    {
        TestBoard board = Kept((LineRest)rest);
        Become(board, 1);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.None);
        board.Driver.Request(Gpio.SetValue, Line, 1);
        int changes = 0;
        board.LevelChanged += (line, isHigh) => changes++;

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual(0, changes);
        Drives(board, drives);
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, Line));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out), "the value that was set is known");
        Drives(board, 1);
    }

    [TestMethod]
    [DataRow((int)LineRest.Hold, 1)]
    [DataRow((int)LineRest.Safe, 0)]
    public void Restart_BehindADriverThatHasGone_PinGoesOnDriving(int rest, int drives)
    {
        TestBoard board = Kept((LineRest)rest);
        Become(board, 1);
        board.Driver.DeviceStatus = 0;
        board.Turn();

        board.StartFirmware();
        board.Turn();
        Drives(board, drives);
        board.Driver.ProbeAndTurn();

        Drives(board, drives);
        board.StartFirmware();
        Drives(board, drives);
    }

    [TestMethod]
    public void Restart_WithAnotherRow_DrivesNoPinThatTheRowForbids()
    {
        TestBoard board = Kept(LineRest.Hold);
        Become(board, 1);
        LineConfig row = board.Description.Lines[Line];
        row.OnRelease = LineRest.Input;
        row.OnDriverGone = LineRest.Input;
        row.OnLinuxReset = LineRest.Input;
        row.SafeValue = -1;
        row.Uses = LineUses.Input;
        int changes = 0;
        board.HoldsPads = false;
        board.LevelChanged += (line, isHigh) => changes += isHigh ? 1 : 0;

        board.StartFirmware();

        Assert.AreEqual(0, changes);
        Drives(board, -1);
    }

    [TestMethod]
    public void OpenDrain_ThatIsWatchedAndHeld_GoesOnDrivingAndIsWatchedNoMore()
    {
        TestBoard board = Live(row =>
        {
            row.OutputMode = PinMode.OutputOpenDrain;
            row.OnRelease = LineRest.Hold;
        });
        board.PullUp(Line);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));

        Assert.AreEqual(PadMode.OutputOpenDrain, board.ModeOf(Line));
        Assert.IsFalse(board.LevelAt(Line));
        Become(board, 1);
        Assert.IsTrue(board.Pins.TakeEdges() < 0);
    }

    [TestMethod]
    public void SafeValue_PinFails_RepliesErrAndOtherLinesGoOn()
    {
        TestBoard board = Live(row => row.OnRelease = LineRest.Safe);
        Become(board, 1);
        board.FailingLine = Line;

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
        Assert.AreEqual(Fault.PinFailed, board.Firmware.Trace.FaultAt(0));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Free, Gpio.Out));
        board.FailingLine = -1;
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.None));
        Drives(board, 0);
    }

    private static TestBoard Kept(LineRest rest)
    {
        TestBoard board = Live(
            row =>
            {
                row.OnRelease = rest;
                row.OnDriverGone = rest;
                row.OnLinuxReset = rest;
            },
            TestBoard.SramAddress + TestBoard.StateOffset);
        board.HoldsPads = true;
        return board;
    }

    private static TestBoard Live(RowChange change, uint stateAddress = 0)
    {
        TestBoard board = new(
            configure: description =>
            {
                description.StateAddress = stateAddress;
                change(description.Lines[Line]);
                LineUses uses = description.Lines[Line].Uses;
                description.Lines[Line].SafeValue = (uses & LineUses.Output) != 0 ? 0 : -1;
            },
            isLatched: true);
        board.Driver.ProbeAndTurn();
        return board;
    }

    private static void Become(TestBoard board, int value)
    {
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetValue, Line, (uint)value));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
    }

    // Negative: it is an input.
    private static void Drives(TestBoard board, int level)
    {
        Assert.AreEqual(level < 0 ? PadMode.Input : PadMode.Output, board.ModeOf(Line));
        Assert.IsTrue(level < 0 || board.LevelAt(Line) == (level == 1));
    }
}
