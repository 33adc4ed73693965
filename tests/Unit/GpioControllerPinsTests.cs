// The stock port: edges that come in any number and order, and that a line gets the modes that the board chose.

using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class GpioControllerPinsTests
{
    [TestMethod]
    [DataRow(Ports.FirstPin + 1)]
    [DataRow(-1)]
    public void Edge_BesideAReservedRowWithThatPinOrNone_IsThatOfItsLine(int reservedPin)
    {
        TestBoard board = new(configure: b => b.Lines[3] = new LineConfig("reserved", reservedPin) { Uses = LineUses.None });
        board.Driver.ProbeAndTurn();
        board.Drive(1, false);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising));
        board.Driver.Unmask(1);

        board.Drive(1, true);
        board.Turn();

        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Pulse_BehindALateInterrupt_HasBothItsEdges(bool isHigh)
    {
        TestBoard board = new();
        board.Drive(5, isHigh);
        board.Pins.Watch(5, Edge.Rising | Edge.Falling);

        // From either level the driver may have seen last.
        board.IsInterruptLate = true;
        board.Drive(5, !isHigh);
        board.Drive(5, isHigh);
        board.IsInterruptLate = false;
        Assert.AreEqual(5 << 2 | Edge.Rising | Edge.Falling, board.Pins.TakeEdges());

        board.IsInterruptLate = true;
        board.Drive(5, !isHigh);
        board.Drive(5, isHigh);
        board.Drive(5, !isHigh);
        board.IsInterruptLate = false;
        Assert.AreEqual(5 << 2 | Edge.Rising | Edge.Falling, board.Pins.TakeEdges());
    }

    [TestMethod]
    public void Edges_MoreThanTheRingHolds_EachLineIsTakenOnceWithBoth()
    {
        TestBoard board = new();
        for (int line = 0; line < 8; line++)
        {
            board.Drive(line, false);
            board.Pins.Watch(line, Edge.Rising | Edge.Falling);
        }

        for (int i = 0; i < 100; i++)
        {
            board.Drive(i % 8, true);
            board.Drive(i % 8, false);
        }

        int seen = 0;
        for (int taken; (taken = board.Pins.TakeEdges()) >= 0;)
        {
            Assert.AreEqual(Edge.Rising | Edge.Falling, taken & 3);
            Assert.AreEqual(0, seen & 1 << (taken >> 2), "a line was taken twice");
            seen |= 1 << (taken >> 2);
        }

        Assert.AreEqual(0xFF, seen);
    }

    // Lines 0 and 1 overflow the ring again and again, so that line 7, whose edge found it full, is only reached by the fallback scan.
    [TestMethod]
    [DataRow(1, DisplayName = "before each take")]
    [DataRow(2, DisplayName = "before every second take")]
    public void Edges_OfBusyLowLines_StarveNoOther(int takesABurst)
    {
        TestBoard board = new();
        for (int line = 0; line < 8; line++)
        {
            board.Drive(line, false);
            board.Pins.Watch(line, Edge.Rising | Edge.Falling);
        }

        Burst();
        board.Drive(7, true);
        int takes = 0;
        for (int taken = 0; taken >> 2 != 7 && takes < 100; takes++)
        {
            if (takes % takesABurst == 0)
            {
                Burst();
            }

            taken = board.Pins.TakeEdges();
            Assert.IsTrue(taken >= 0, "an edge that is latched is not taken");
        }

        Assert.IsTrue(takes <= 8, "each other line at most once before it, but takes: " + takes.ToString());

        void Burst()
        {
            for (int i = 0; i < 20; i++)
            {
                board.Drive(0, true);
                board.Drive(0, false);
            }

            board.Drive(1, true);
            board.Drive(1, false);
        }
    }

    [TestMethod]
    [DataRow(0, 1, 0, 1)]
    [DataRow(0, 1, 0, 2)]
    [DataRow(1, 2, 0, 1)]
    [DataRow(1, 9, 0, 1)]
    [DataRow(0, 9, 0, 9)]
    [DataRow(0, 9, 9, 1)]
    [DataRow(1, 9, 9, 1)]
    public void Edges_TakenWhileOthersCome_NoneIsWiped(int line, int before, int othersMeanwhile, int meanwhile)
    {
        TestBoard board = new();
        Interleaved pins = new(board.Mailbox, 100, 101);
        bool[] levels = new bool[2];
        int instruction = 0;
        do
        {
            Toggle(line, before);
            board.Mailbox.Wait(0);
            int taken = 0;
            pins.InterruptAt(instruction++, () =>
            {
                taken = 0;
                Toggle(1 - line, othersMeanwhile);
                Toggle(line, meanwhile);
            });

            TakeAll();
            if (pins.IsOver)
            {
                // What comes behind the taking wakes the service.
                Assert.AreEqual(Mailbox.PinsChanged, board.Mailbox.Wait(0));
                TakeAll();
                int due = meanwhile > 1 ? Edge.Rising | Edge.Falling : levels[line] ? Edge.Rising : Edge.Falling;
                Assert.AreEqual(due, taken & due, "interrupted before instruction " + (instruction - 1));
            }

            void TakeAll()
            {
                for (int edges; (edges = pins.TakeEdges()) >= 0;)
                {
                    taken |= edges >> 2 == line ? edges & 3 : 0;
                }
            }
        }
        while (pins.IsOver);

        Assert.IsTrue(instruction > 40, "the taking was interrupted " + instruction + " times only");

        void Toggle(int which, int times)
        {
            for (int i = 0; i < times; i++)
            {
                levels[which] = !levels[which];
                board.Drive(100 - 3 + which, levels[which]);
            }
        }
    }

    // System.Device.Gpio drives low whenever it makes a pin an output, and writes to no other.
    [TestMethod]
    public void Restart_OutputWasHigh_IsLowForAMomentAndHighAgain()
    {
        TestBoard board = new(configure: b => b.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset) { HoldsPads = true };
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetValue, 1, 1);
        board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out);
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out);
        string changes = "";
        board.LevelChanged += (line, isHigh) => changes += $"{line}{(isHigh ? "+" : "-")}";

        board.StartFirmware();
        board.Turn();

        Assert.AreEqual("1-1+", changes);
    }

    [TestMethod]
    public void Line_InItsLife_HasTheModesOfTheBoard()
    {
        TestBoard board = new();
        LineConfig[] rows = Ports.RowOf(100, PinMode.InputPullUp, PinMode.OutputOpenDrain);
        GpioControllerPins pins = new(new GpioController(), board.Mailbox, rows);
        const int Line = 100 - 3;
        Assert.AreEqual((int)PadMode.Input, (int)board.ModeOf(Line), "as it was");
        Assert.IsTrue(pins.Open(0, -1));
        Assert.AreEqual((int)PadMode.InputPullUp, (int)board.ModeOf(Line), "idle");

        pins.Drive(0, 0);
        Assert.AreEqual((int)PadMode.OutputOpenDrain, (int)board.ModeOf(Line));
        pins.MakeInput(0);
        Assert.AreEqual((int)PadMode.InputPullUp, (int)board.ModeOf(Line));
        pins.Drive(0, 1);
        Assert.AreEqual((int)PadMode.OutputOpenDrain, (int)board.ModeOf(Line));
        Assert.IsTrue(pins.Release(0));
        Assert.AreEqual((int)PadMode.InputPullUp, (int)board.ModeOf(Line), "released");
    }
}
