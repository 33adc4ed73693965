// A port whose pins fail, politely or by exceptions: ERR to the request, nothing lost, other lines go on.

using System;
using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class FailingPinsTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Request_PinFails_RepliesErrAndOtherLinesGoOn(bool throws)
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws));
        board.Driver.ProbeAndTurn();
        pins!.IsFailing = true;

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 2, Gpio.In));
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.GetValue, 2));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Rising));
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 2, Gpio.None));
        Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
        Assert.AreEqual(2, board.Firmware.Trace.DetailAt(Traced.Ago(board.Firmware, Fault.PinFailed)));
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 2));
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.In));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 3));
    }

    [TestMethod]
    public void SetDirection_PinFails_KeepsTheDirectionBefore()
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws: false));
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.In);
        pins!.IsFailing = true;

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetDirection, 2, Gpio.Out));

        Assert.AreEqual(Gpio.In, board.Driver.Request(Gpio.GetDirection, 2));
    }

    [TestMethod]
    public void SetIrqType_PinCannotBeWatched_KeepsABufferUntilNone()
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws: false));
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, 2, Gpio.In);
        pins!.IsFailing = true;
        board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Rising);
        board.Driver.Unmask(2);
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        pins.IsFailing = false;
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 2, Gpio.None));

        Assert.AreEqual(2 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void SetIrqType_IdlePinCannotBecomeInput_KeepsABufferUntilNone()
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws: false));
        board.Driver.ProbeAndTurn();
        pins!.IsFailing = true;

        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Rising));
        board.Driver.Unmask(2);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
        pins.IsFailing = false;
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 2, Gpio.None));
        Assert.AreEqual(2 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void SetIrqType_LivePinCannotBeWatchedAnew_DeliversNoEdge()
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws: false));
        board.Driver.ProbeAndTurn();
        board.Drive(2, false);
        board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Rising);
        board.Driver.Unmask(2);
        pins!.IsFailing = true;

        // The pin is still watched for the trigger before, and tells of its edges.
        Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, 2, Gpio.Both));
        board.Drive(2, true);
        board.Turn();

        Assert.AreEqual(-1, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Level_PinCannotBeSensed_IsNotDelivered(bool throws)
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws));
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 2, Gpio.LevelLow);
        pins!.IsFailing = true;

        board.Driver.Unmask(2);

        Assert.AreEqual(-1, board.Driver.TakeEvent());
        Assert.AreEqual(Fault.PinFailed, board.Firmware.Trace.FaultAt(0));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Reset_PinFails_OtherLinesAreReleased(bool throws)
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws));
        board.Driver.ProbeAndTurn();
        for (int line = 1; line < 4; line++)
        {
            board.Driver.Request(Gpio.SetDirection, line, Gpio.Out);
        }

        pins!.IsFailing = true;
        board.Driver.Probe();

        for (int line = 1; line < 4; line++)
        {
            Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, line));
        }

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.Out));
    }

    [TestMethod]
    public void Edges_PortThrows_RequestsGoOn()
    {
        FailingPins? pins = null;
        TestBoard board = new(wrap: inner => pins = new FailingPins(inner, line: 2, throws: true));
        board.Driver.ProbeAndTurn();
        pins!.IsFailing = true;

        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
        Assert.AreEqual(1, board.Notifications(0));
    }

    [TestMethod]
    public void Service_MemoryFailsOnce_TheRequestIsGivenBack()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        int head = board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address >= 0x40000000)
            {
                throw new InvalidOperationException("bus error");
            }
        };

        board.Driver.Answer(head);

        Assert.AreEqual(0, board.Driver.Length);
        Assert.AreEqual(Fault.MemoryFailed, board.Firmware.Trace.FaultAt(0));
        board.OnAccess = null;
        Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, 0));
    }

    [TestMethod]
    public void Service_MemoryFailsAfterARequest_NothingIsGivenBackTwice()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.GetDirection, 0);
        board.OnAccess = (_, _, _) =>
        {
            board.OnAccess = null;
            throw new InvalidOperationException("bus error");
        };
        board.Turn();
        board.Turn();

        Assert.AreEqual(1, board.Driver.Requests.UsedIndex);
    }

    [TestMethod]
    public void Service_MemoryFailsAtTheSecondRequest_ItGoesBackEmpty()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.GetDirection, 0);
        int head = board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address >= 0x40000000)
            {
                throw new InvalidOperationException("bus error");
            }
        };

        board.Driver.Answer(head);

        Assert.AreEqual(0, board.Driver.Length, "nothing was written");
    }

    [TestMethod]
    public void Service_MemoryFailsForSomeTurns_TheOpenRequestIsAnsweredAfterwards()
    {
        TestBoard board = new();
        board.Driver.ProbeAndTurn();
        int head = board.Driver.Send(Gpio.GetDirection, 0, 0, 8, 2);
        uint used = TestBoard.SramAddress + (uint)board.Driver.Requests.UsedStart;
        board.OnAccess = (address, _, isWrite) =>
        {
            if (isWrite && address >= used)
            {
                throw new InvalidOperationException("bus error");
            }
        };
        board.Turn();
        board.Turn();
        board.Turn();

        board.OnAccess = null;
        board.Driver.Send(Gpio.GetDirection, 1, 0, 8, 2);
        board.Turn();

        Assert.AreEqual(2, board.Driver.Requests.UsedIndex);
        Assert.IsTrue(board.Driver.Requests.TakeUsed(out int first, out int length));
        Assert.AreEqual(head, first);
        Assert.AreEqual(2, length);
    }

    private sealed class FailingPins : IPins
    {
        private readonly IPins inner;
        private readonly int line;
        private readonly bool throws;

        internal FailingPins(IPins inner, int line, bool throws)
        {
            this.inner = inner;
            this.line = line;
            this.throws = throws;
        }

        internal bool IsFailing { get; set; }

        public bool Open(int line, int value) => inner.Open(line, value);

        public bool MakeInput(int line) => !Fails(line) && inner.MakeInput(line);

        public bool Drive(int line, int value) => !Fails(line) && inner.Drive(line, value);

        public bool Release(int line) => !Fails(line) && inner.Release(line);

        public int Sense(int line) => Fails(line) ? -1 : inner.Sense(line);

        public bool Watch(int line, int edges) => !Fails(line) && inner.Watch(line, edges);

        public bool Rearm(int line) => !Fails(line) && inner.Rearm(line);

        public bool IsOpenDrain(int line) => false;

        public int TakeEdges() => IsFailing && throws ? throw new InvalidOperationException("edges") : inner.TakeEdges();

        private bool Fails(int asked)
        {
            if (!IsFailing || asked != line)
            {
                return false;
            }

            return throws ? throw new InvalidOperationException("pin") : true;
        }
    }
}
