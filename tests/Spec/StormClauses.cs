// A pin that never rests: what it costs, and what it costs the others. The rules are the project's own.

using nanoFramework.TestFramework;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Spec;

[TestClass]
public class StormClauses
{
    private const int Noisy = 2;
    private const int Quiet = 5;
    private const int Other = 6;
    private const int FullTick = 1000;
    private const int NoisyEvent = Noisy << 8 | Gpio.Valid;

    // At 100 kHz a microcontroller sees so many edges between two accesses of the firmware to shared memory.
    private const int TogglesBetweenAccesses = 8;

    [TestMethod]
    [DataRow(Gpio.Rising)]
    [DataRow(Gpio.Falling)]
    [DataRow(Gpio.Both)]
    public void Storm_BuffersComeBackAtOnce_CostsOneInterruptPerEventAndOneMore(int trigger)
    {
        TestBoard board = Armed(trigger);
        int before = board.Interrupts;
        int delivered = 0;

        Rage(board);
        for (int turn = 0; turn < 200; turn++)
        {
            board.Driver.Unmask(Noisy);
            delivered += Taken(board, Noisy);
        }

        Calm(board);
        Assert.IsTrue(delivered > 50, "delivered: " + delivered.ToString());
        Assert.IsTrue(board.Interrupts - before <= delivered + 1, (board.Interrupts - before).ToString() + " for " + delivered.ToString());
    }

    [TestMethod]
    [DataRow(Gpio.Both)]
    [DataRow(Gpio.LevelHigh)]
    public void Storm_OnOneLine_OtherLinesAreServedInTheTurnOfTheirEdge(int trigger)
    {
        TestBoard board = Armed(trigger);
        board.Driver.Request(Gpio.SetIrqType, Quiet, Gpio.Both);
        board.Driver.Request(Gpio.SetIrqType, Other, Gpio.LevelHigh);
        Rage(board);
        for (int round = 0; round < 50; round++)
        {
            board.Driver.OfferEvent(Noisy, Noisy, 2, 1);
            board.Driver.OfferEvent(Quiet, Quiet, 2, 1);
            board.Driver.Unmask(Other);
            Taken(board, Noisy);

            board.Drive(Quiet, !board.LevelAt(Quiet));
            board.Drive(Other, true);
            board.Turn();

            int events = 0;
            for (int taken = board.Driver.TakeEvent(); taken >= 0; taken = board.Driver.TakeEvent())
            {
                events |= 1 << (taken >> 8);
            }

            board.Drive(Other, false);
            Assert.AreEqual(1 << Quiet | 1 << Other, events & (1 << Quiet | 1 << Other), "round " + round.ToString());
        }

        Calm(board);
    }

    [TestMethod]
    [DataRow(Gpio.Rising)]
    [DataRow(Gpio.Both)]
    [DataRow(Gpio.LevelHigh)]
    [DataRow(Gpio.LevelLow)]
    public void Storm_WhileTheBufferIsOut_LeavesTheDeviceAtRest(int trigger)
    {
        TestBoard board = Armed(trigger);
        board.Driver.Unmask(Noisy);
        Toggle(board, 1);
        board.Turn();
        Assert.AreEqual(1, Taken(board, Noisy));
        Toggle(board, 3);
        board.Turn();
        board.Turn();
        int before = board.Interrupts;

        for (int turn = 0; turn < 20; turn++)
        {
            Toggle(board, 1000);
            board.Turn();
            Assert.AreEqual(FullTick, board.LastTimeout);
        }

        Assert.AreEqual(before, board.Interrupts);
        Assert.AreEqual(0, Taken(board, Noisy));
    }

    [TestMethod]
    public void Storm_OnALevelThatIsNeverActiveWhenItIsSensed_CostsOneInterruptPerTurn()
    {
        TestBoard board = Armed(Gpio.LevelHigh);
        board.Driver.Unmask(Noisy);
        int before = board.Interrupts;

        for (int turn = 0; turn < 100; turn++)
        {
            Toggle(board, 10);
            board.Turn();
        }

        Assert.AreEqual(100, board.Interrupts - before);
        Assert.AreEqual(0, Taken(board, Noisy));
        board.Turn();
        board.Turn();
        Assert.AreEqual(FullTick, board.LastTimeout);
    }

    [TestMethod]
    public void Edge_WhileItsInterruptIsDelivered_IsDeliveredNext()
    {
        TestBoard board = Armed(Gpio.Rising);
        board.Driver.Unmask(Noisy);
        board.Drive(Noisy, true);
        board.Drive(Noisy, false);
        bool isPulsed = false;
        board.OnAccess = (address, count, isWrite) =>
        {
            if (isWrite && !isPulsed)
            {
                isPulsed = true;
                Toggle(board, 2);
            }
        };

        board.Turn();
        Assert.IsTrue(isPulsed);
        Assert.AreEqual(NoisyEvent, board.Driver.TakeEvent());
        board.Driver.Unmask(Noisy);

        Assert.AreEqual(NoisyEvent, board.Driver.TakeEvent());
        Calm(board);
    }

    [TestMethod]
    public void Edge_AfterTheDeliveryOfALatchedOne_IsLatched()
    {
        TestBoard board = Armed(Gpio.Rising);
        for (int i = 0; i < 3; i++)
        {
            Toggle(board, 2);
            board.Turn();
            board.Driver.Unmask(Noisy);
            Assert.AreEqual(NoisyEvent, board.Driver.TakeEvent());
        }

        board.Driver.Unmask(Noisy);
        Assert.AreEqual(-1, board.Driver.TakeEvent(), "two edges in one interrupt");
    }

    [TestMethod]
    public void Level_BecomesActiveBehindItsSensing_IsDeliveredWithoutATick()
    {
        LatePins? pins = null;
        TestBoard board = new TestBoard(isLatched: true, wrap: inner => pins = new LatePins(inner));
        board.Driver.ProbeAndTurn();
        board.Drive(Noisy, false);
        board.Driver.Request(Gpio.SetIrqType, Noisy, Gpio.LevelHigh);
        Toggle(board, 2);
        board.Turn();
        pins!.Board = board;

        board.Driver.Unmask(Noisy);
        Assert.AreEqual(-1, board.Driver.TakeEvent());
        board.RingCore(0);
        board.Turn();

        Assert.AreEqual(NoisyEvent, board.Driver.TakeEvent());
    }

    [TestMethod]
    public void Edge_ThatWasNotAskedFor_IsNotDeliveredAndTheWatchIsArmed()
    {
        LatePins? pins = null;
        TestBoard board = new TestBoard(isLatched: true, wrap: inner => pins = new LatePins(inner));
        board.Driver.ProbeAndTurn();
        board.Drive(Noisy, false);
        board.Driver.Request(Gpio.SetIrqType, Noisy, Gpio.Rising);
        board.Driver.Unmask(Noisy);
        pins!.Takes = Edge.Falling;
        board.Drive(Noisy, true);
        board.Drive(Noisy, false);
        board.Turn();
        Assert.AreEqual(-1, board.Driver.TakeEvent());

        pins.Takes = Edge.Rising | Edge.Falling;
        board.Drive(Noisy, true);
        board.Turn();

        Assert.AreEqual(NoisyEvent, board.Driver.TakeEvent());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Rearm_PinFails_IsTracedAndTheInterruptIsDelivered(bool throws)
    {
        LatePins? pins = null;
        TestBoard board = new TestBoard(isLatched: true, wrap: inner => pins = new LatePins(inner));
        board.Driver.ProbeAndTurn();
        board.Drive(Noisy, false);
        board.Driver.Request(Gpio.SetIrqType, Noisy, Gpio.Rising);
        board.Driver.Unmask(Noisy);
        pins!.Fails = true;
        pins.Throws = throws;

        board.Drive(Noisy, true);
        board.Turn();

        Assert.AreEqual(NoisyEvent, board.Driver.TakeEvent());
        Assert.AreEqual(Fault.PinFailed, board.Firmware.Trace.FaultAt(0));
    }

    private static TestBoard Armed(int trigger)
    {
        TestBoard board = new TestBoard(isLatched: true);
        board.Driver.ProbeAndTurn();
        board.Drive(Noisy, trigger == Gpio.LevelLow);
        board.Driver.Request(Gpio.SetIrqType, Noisy, (uint)trigger);
        return board;
    }

    private static void Rage(TestBoard board)
    {
        board.OnAccess = (address, count, isWrite) => Toggle(board, TogglesBetweenAccesses + 1);
    }

    private static void Calm(TestBoard board)
    {
        board.OnAccess = null;
    }

    private static void Toggle(TestBoard board, int times)
    {
        for (int i = 0; i < times; i++)
        {
            board.Drive(Noisy, !board.LevelAt(Noisy));
        }
    }

    private static int Taken(TestBoard board, int line)
    {
        int count = 0;
        for (int taken = board.Driver.TakeEvent(); taken >= 0; taken = board.Driver.TakeEvent())
        {
            count += taken == (line << 8 | Gpio.Valid) ? 1 : 0;
        }

        return count;
    }

    // A line that rises once when it has been sensed, and a watch that cannot be armed.
    private sealed class LatePins : IPins
    {
        private readonly IPins inner;

        internal LatePins(IPins inner) => this.inner = inner;

        internal TestBoard? Board { get; set; }

        internal bool Fails { get; set; }

        internal bool Throws { get; set; }

        // What a port that cannot tell says of each edge.
        internal int Takes { get; set; } = Edge.Rising | Edge.Falling;

        public bool Open(int line, int value) => inner.Open(line, value);

        public bool MakeInput(int line) => inner.MakeInput(line);

        public bool Drive(int line, int value) => inner.Drive(line, value);

        public bool Release(int line) => inner.Release(line);

        public int Sense(int line)
        {
            int level = inner.Sense(line);
            if (Board != null)
            {
                Board.Drive(line, true);
                Board = null;
            }

            return level;
        }

        public bool Watch(int line, int edges) => inner.Watch(line, edges);

        public bool Rearm(int line)
        {
            if (Throws)
            {
                throw new System.InvalidOperationException("rearm");
            }

            return !Fails && inner.Rearm(line);
        }

        public bool IsOpenDrain(int line) => false;

        public int TakeEdges()
        {
            int taken = inner.TakeEdges();
            return taken < 0 ? taken : (taken & ~3) | Takes;
        }
    }
}
