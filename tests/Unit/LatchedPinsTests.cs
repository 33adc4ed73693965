// The port on natives that latch: no edge is lost, no glitch driven, no failure hidden.

using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class LatchedPinsTests
{
    private const int FreePin = 100;
    private const int TakenPin = 3;

    [TestMethod]
    public void Pulse_ShorterThanAnyLatency_IsLatchedByItsFirstEdge()
    {
        TestBoard board = Ports.Watched(line: 5);

        board.Drive(5, true);
        board.Drive(5, false);

        Assert.AreEqual(5 << 2 | Edge.Rising, board.Pins.TakeEdges());
        Assert.AreEqual(-1, board.Pins.TakeEdges());
    }

    [TestMethod]
    public void Pulse_OnALineOfTheDriver_IsOneInterruptOfEachTrigger()
    {
        foreach (int trigger in new[] { Gpio.Rising, Gpio.Falling, Gpio.Both })
        {
            TestBoard board = new(isLatched: true);
            board.Driver.ProbeAndTurn();
            board.Drive(5, false);
            board.Driver.Request(Gpio.SetDirection, 5, Gpio.In);
            board.Driver.Request(Gpio.SetIrqType, 5, (uint)trigger);
            board.Driver.Unmask(5);

            board.Drive(5, true);
            board.Drive(5, false);
            board.Turn();

            Assert.AreEqual(5 << 8 | Gpio.Valid, board.Driver.TakeEvent());
            Assert.AreEqual(-1, board.Driver.TakeEvent());
        }
    }

    [TestMethod]
    public void Drive_HighInputBecomesHighOutput_LevelDoesNotChange()
    {
        TestBoard board = new(isLatched: true);
        board.PullUp(5);
        board.Pins.MakeInput(5);
        int changes = 0;
        board.LevelChanged += (_, _) => changes++;

        Assert.IsTrue(board.Pins.Drive(5, 1));

        Assert.AreEqual(0, changes);
        Assert.IsTrue(board.LevelAt(5));
    }

    [TestMethod]
    public void Edges_OfALineThatNeverRests_LeaveTheOthersTheirTurn()
    {
        TestBoard board = new(isLatched: true);
        int[] lines = { 1, 4, 6 };
        foreach (int line in lines)
        {
            board.Drive(line, false);
            board.Pins.Watch(line, Edge.Rising | Edge.Falling);
        }

        board.Drive(4, true);
        board.Drive(6, true);
        int taken = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            board.Drive(1, !board.LevelAt(1));
            taken |= 1 << (board.Pins.TakeEdges() >> 2);
            board.Pins.Rearm(1);
        }

        Assert.AreEqual(1 << 1 | 1 << 4 | 1 << 6, taken);
    }

    [TestMethod]
    public void Edges_NobodyTook_AreForgottenByWatchAndByRelease()
    {
        TestBoard board = Ports.Watched(line: 5);
        board.Drive(5, true);
        board.Pins.Watch(5, Edge.Rising | Edge.Falling);
        Assert.AreEqual(-1, board.Pins.TakeEdges());

        board.Drive(5, false);
        Assert.IsTrue(board.Pins.Release(5));
        Assert.AreEqual(-1, board.Pins.TakeEdges());
        board.Drive(5, true);
        Assert.AreEqual(-1, board.Pins.TakeEdges());
    }

    [TestMethod]
    public void Line_InItsLife_HasTheModesOfTheBoard()
    {
        TestBoard board = new(isLatched: true);
        LatchedPins pins = new(board.Pads, Ports.RowOf(FreePin, PinMode.InputPullUp, PinMode.OutputOpenDrain));
        const int Line = FreePin - TakenPin;
        Assert.AreEqual((int)PinMode.Input, (int)board.ModeOf(Line), "as it was");
        Assert.IsTrue(pins.Open(0, -1));
        Assert.AreEqual((int)PinMode.InputPullUp, (int)board.ModeOf(Line), "idle");

        Assert.IsTrue(pins.Drive(0, 0));
        Assert.AreEqual((int)PinMode.OutputOpenDrain, (int)board.ModeOf(Line));
        Assert.IsTrue(pins.MakeInput(0));
        Assert.AreEqual((int)PinMode.InputPullUp, (int)board.ModeOf(Line));
        Assert.IsTrue(pins.Drive(0, 1));
        Assert.IsTrue(pins.Release(0));
        Assert.AreEqual((int)PinMode.InputPullUp, (int)board.ModeOf(Line), "released");
    }

    [TestMethod]
    [DataRow(TakenPin, "line 0: Pin: 3")]
    [DataRow(-1, "line 0: Pin: -1")]
    [DataRow(100000, "line 0: Pin: 100000")]
    public void Start_PinThatCannotBeHad_IsRefusedByLineAndPin(int pin, string message)
    {
        TestBoard board = new(isLatched: true);

        Assert.Contains(message, Ports.Refusal(() => new LatchedPins(board.Pads, Ports.RowOf(pin, PinMode.Input, PinMode.Output))));
    }

    [TestMethod]
    [DataRow(256, "")]
    [DataRow(257, "line 256 (line256): only lines 0 to 255")]
    public void Start_LinesAndSlots_MustMatch(int lines, string message)
    {
        TestBoard board = new();

        string said = Ports.Refusal(() => new LatchedPins(board.Pads, Ports.RowsFrom(FreePin, lines)));

        Assert.Contains(message, said);
        Assert.AreEqual(message.Length == 0, said.Length == 0);
    }

    [TestMethod]
    public void Request_NativeFails_RepliesErrAndOtherLinesGoOn()
    {
        TestBoard board = new(isLatched: true);
        board.Driver.ProbeAndTurn();
        board.FailingLine = 2;
        RefusesForItsPin(board, Gpio.SetDirection, Gpio.In);
        RefusesForItsPin(board, Gpio.SetDirection, Gpio.Out);
        RefusesForItsPin(board, Gpio.GetValue, 0);
        RefusesForItsPin(board, Gpio.SetIrqType, Gpio.Rising);
        RefusesForItsPin(board, Gpio.SetDirection, Gpio.None);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.In));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 3));
    }

    private static void RefusesForItsPin(TestBoard board, int type, int value)
    {
        int faults = board.Firmware.Trace.Count;
        Assert.AreEqual(-1, board.Driver.Request(type, board.FailingLine, (uint)value));
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreNotEqual(faults, board.Firmware.Trace.Count);
        Assert.AreEqual(Fault.PinFailed, board.Firmware.Trace.FaultAt(0));
    }
}
