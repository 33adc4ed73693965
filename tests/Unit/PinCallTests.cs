// What the firmware asks of a port's pins, and what it answers when one of them refuses.

using System;
using System.Collections.Generic;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class PinCallTests
{
    private const int Line = 2;

    [TestMethod]
    public void IrqTypeNone_Enabled_ThePinIsNoLongerWatched()
    {
        TestBoard board = Board(out RecordingPins pins);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        pins.Calls.Clear();

        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.None);

        Assert.AreEqual("unwatch", string.Join(" ", pins.Calls));
    }

    [TestMethod]
    [DataRow(Gpio.SetIrqType)]
    [DataRow(Gpio.SetDirection)]
    public void None_PinCannotBeLeftAlone_RepliesErr(int type)
    {
        TestBoard board = Board(out RecordingPins pins);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising);
        pins.Refused = "unwatch";

        Assert.AreEqual(-1, board.Driver.Request(type, Line, Gpio.None));
        Assert.AreEqual(Fault.PinFailed, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    public void OpenDrain_DirectionChangesUnderAnInterrupt_ThePinIsWatchedAnewAndNoEdgeIsLost()
    {
        TestBoard board = Board(out RecordingPins pins);
        pins.IsOpenDrainLine = true;
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        board.Driver.Unmask(Line);
        pins.Calls.Clear();
        pins.EdgeOnDrive = Line << 2 | Gpio.Falling;

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));
        Assert.AreEqual("drive0 rearm watch", string.Join(" ", pins.Calls));
        Assert.AreEqual(Line << 8 | Gpio.Valid, board.Driver.TakeEvent());

        pins.Calls.Clear();
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));
        Assert.AreEqual("input watch", string.Join(" ", pins.Calls));
    }

    [TestMethod]
    [DataRow(Gpio.Out)]
    [DataRow(Gpio.In)]
    public void OpenDrain_DirectionChangesAndThePinCannotBeWatchedAnew_RepliesErr(int direction)
    {
        TestBoard board = Board(out RecordingPins pins);
        pins.IsOpenDrainLine = true;
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        if (direction == Gpio.In)
        {
            board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        }

        pins.Refused = "watch";

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, Line, (uint)direction));
    }

    [TestMethod]
    public void OpenDrain_InterruptWhileDriven_IsDrivenAgainBehindTheWatch()
    {
        TestBoard board = Board(out RecordingPins pins);
        pins.IsOpenDrainLine = true;
        board.Driver.Request(Gpio.SetValue, Line, 1);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        pins.Calls.Clear();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both));

        Assert.AreEqual("watch drive1", string.Join(" ", pins.Calls));
    }

    [TestMethod]
    public void Input_MadeOneAgain_IsNotWatchedAnew()
    {
        TestBoard board = Board(out RecordingPins pins);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        pins.Calls.Clear();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));

        Assert.AreEqual("input", string.Join(" ", pins.Calls));
    }

    [TestMethod]
    public void Output_PinCannotBecomeAnInput_StaysAnOutput()
    {
        TestBoard board = Board(out RecordingPins pins);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        pins.Refused = "input";

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, Line, Gpio.In));

        Assert.AreEqual(Gpio.Out, board.Driver.Request(Gpio.GetDirection, Line));
    }

    [TestMethod]
    public void SetValue_PinCannotBeDriven_TheValueIsNotRemembered()
    {
        TestBoard board = Board(out RecordingPins pins);
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out);
        pins.Refused = "drive1";
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetValue, Line, 1));
        pins.Refused = "";
        pins.Calls.Clear();

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, Line, Gpio.Out));

        Assert.AreEqual("drive0", string.Join(" ", pins.Calls));
    }

    [TestMethod]
    public void Edges_PortThrowsForEver_TheDeviceRests()
    {
        TestBoard board = Board(out RecordingPins pins);
        pins.ThrowsAtEdges = true;

        for (int turn = 0; turn < 4; turn++)
        {
            board.Turn();
        }

        Assert.AreEqual(1000, board.LastTimeout);
    }

    [TestMethod]
    public void Level_WaitedFor_IsSensedByTicksAndNotByEachTurn()
    {
        TestBoard board = Board(out RecordingPins pins);
        board.Drive(Line, false);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.LevelHigh);
        board.Driver.Unmask(Line);
        board.Turn();
        pins.Calls.Clear();

        board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.Turn();
        Assert.AreEqual("", string.Join(" ", pins.Calls));
        board.Turn();

        Assert.AreEqual("sense", string.Join(" ", pins.Calls));
    }

    private static TestBoard Board(out RecordingPins pins)
    {
        RecordingPins? made = null;
        TestBoard board = new(wrap: inner => made = new RecordingPins(inner));
        pins = made!;
        board.Driver.ProbeAndTurn();
        pins.Calls.Clear();
        return board;
    }

    private sealed class RecordingPins(IPins inner) : IPins
    {
        internal List<string> Calls { get; } = [];

        internal string Refused { get; set; } = "";

        internal bool IsOpenDrainLine { get; set; }

        internal bool ThrowsAtEdges { get; set; }

        internal int EdgeOnDrive { get; set; } = -1;

        private int Edge { get; set; } = -1;

        public bool Open(int line, int value) => inner.Open(line, value);

        public bool MakeInput(int line) => Notes("input") && inner.MakeInput(line);

        public bool Drive(int line, int value)
        {
            Edge = EdgeOnDrive;
            EdgeOnDrive = -1;
            return Notes("drive" + value) && inner.Drive(line, value);
        }

        public bool Release(int line) => Notes("release") && inner.Release(line);

        public int Sense(int line) => Notes("sense") ? inner.Sense(line) : -1;

        public bool Watch(int line, int edges)
        {
            // A port may lose what it has not been asked for when it begins to watch.
            Edge = -1;
            return Notes(edges != 0 ? "watch" : "unwatch") && inner.Watch(line, edges);
        }

        public bool Rearm(int line) => Notes("rearm") && inner.Rearm(line);

        public bool IsOpenDrain(int line) => IsOpenDrainLine;

        public int TakeEdges()
        {
            int edge = Edge;
            Edge = -1;
            return ThrowsAtEdges ? throw new InvalidOperationException("edges") : edge >= 0 ? edge : inner.TakeEdges();
        }

        private bool Notes(string call)
        {
            Calls.Add(call);
            return call != Refused;
        }
    }
}
