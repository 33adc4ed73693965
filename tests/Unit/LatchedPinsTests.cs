// The port on natives that latch: what it does better than the stock one, and that it does so for nothing.

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
    public void Pulse_ShorterThanAnyLatency_BothEdgesAreTaken()
    {
        TestBoard board = Watched(line: 5);

        board.Drive(5, true);
        board.Drive(5, false);

        Assert.AreEqual(5 << 2 | Edge.Rising | Edge.Falling, board.Pins.TakeEdges());
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
    [DataRow(true, 0)]
    [DataRow(false, 2)]
    public void Drive_HighInputBecomesHighOutput_OnlyTheStockPortGoesLowBetween(bool isLatched, int expected)
    {
        TestBoard board = new(isLatched: isLatched);
        board.PullUp(5);
        board.Pins.MakeInput(5);
        int changes = 0;
        board.LevelChanged += (_, _) => changes++;

        Assert.IsTrue(board.Pins.Drive(5, 1));

        Assert.AreEqual(expected, changes);
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
            board.Pins.Watch(line, true);
        }

        board.Drive(4, true);
        board.Drive(6, true);
        int taken = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            board.Drive(1, !board.LevelAt(1));
            taken |= 1 << (board.Pins.TakeEdges() >> 2);
        }

        Assert.AreEqual(1 << 1 | 1 << 4 | 1 << 6, taken);
    }

    [TestMethod]
    public void Edges_NobodyTook_AreForgottenByWatchAndByRelease()
    {
        TestBoard board = Watched(line: 5);
        board.Drive(5, true);
        board.Pins.Watch(5, true);
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
        LatchedPins pins = new(board.Pads, MapOf(FreePin, PinMode.InputPullUp, PinMode.OutputOpenDrain));
        const int Line = FreePin - TakenPin;
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
    [DataRow(TakenPin, "line 0: pin 3")]
    [DataRow(-1, "line 0: pin -1")]
    [DataRow(100000, "line 0: pin 100000")]
    public void Start_PinThatCannotBeHad_IsRefusedByLineAndPin(int pin, string message)
    {
        TestBoard board = new(isLatched: true);

        Assert.Contains(message, Refusal(() => new LatchedPins(board.Pads, MapOf(pin, PinMode.Input, PinMode.Output))));
    }

    [TestMethod]
    public void Start_PinOfTheStockDriver_IsRefusedEitherWay()
    {
        TestBoard stock = new(isLatched: false);
        Assert.Contains("line 0: pin 3", Refusal(() => new LatchedPins(stock.Pads, MapOf(TakenPin, PinMode.Input, PinMode.Output))));

        TestBoard latched = new(isLatched: true);
        GpioController controller = new();
        PinMap map = MapOf(TakenPin, PinMode.Input, PinMode.Output);
        Assert.Contains("line 0: pin 3", Refusal(() => new GpioControllerPins(controller, latched.Mailbox, map)));
    }

    [TestMethod]
    [DataRow(256, "")]
    [DataRow(257, "257 lines: at most 256")]
    public void Start_LinesAndSlots_MustMatch(int lines, string message)
    {
        TestBoard board = new();
        PinMap map = new(lines);
        for (int line = 0; line < lines; line++)
        {
            map.Set(line, FreePin + line, PinMode.Input, PinMode.Output);
        }

        string said = Refusal(() => new LatchedPins(board.Pads, map));

        Assert.Contains(message, said);
        Assert.AreEqual(message.Length == 0, said.Length == 0);
    }

    [TestMethod]
    public void Request_NativeFails_RepliesErrAndOtherLinesGoOn()
    {
        TestBoard board = new(isLatched: true);
        board.Driver.ProbeAndTurn();
        board.FailingLine = 2;
        foreach ((int type, int value) in new[]
        {
            (Gpio.SetDirection, Gpio.In), (Gpio.SetDirection, Gpio.Out), (Gpio.GetValue, 0), (Gpio.SetIrqType, Gpio.Rising), (Gpio.SetDirection, Gpio.None),
        })
        {
            Assert.AreEqual(-1, board.Driver.Request(type, 2, (uint)value));
            Assert.AreEqual(Gpio.StatusErr, board.Driver.Status);
            Assert.AreEqual(Fault.PinFailed, board.Firmware.Trace.FaultAt(0));
        }

        Assert.AreEqual(0, board.Driver.Request(Gpio.SetDirection, 3, Gpio.In));
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 3));
    }

    [TestMethod]
    public void Operations_Each_AreOneNativeCallAndAllocateNothing()
    {
        TestBoard board = Watched(line: 5);
        Check(board, "MakeInput", 1, () => board.Pins.MakeInput(5));
        Check(board, "Drive", 1, () => board.Pins.Drive(5, 1));
        Check(board, "Sense", 1, () => board.Pins.Sense(5));
        Check(board, "Release", 2, () => board.Pins.Release(5));
        Check(board, "Watch", 1, () => board.Pins.Watch(5, true));
        Check(board, "an edge", 0, () => board.Drive(5, !board.LevelAt(5)));
        Check(board, "TakeEdges", 1, () => board.Pins.TakeEdges());
    }

    [TestMethod]
    public void Message_OverNatives_CostsAsManyNativeCallsAsOnTheStockPort()
    {
        Action<TestBoard> get = board => board.Driver.Send(Gpio.GetValue, 1, 0, 8, 2);
        uint value = 0;
        Action<TestBoard> set = board => board.Driver.Send(Gpio.SetValue, 1, value ^= 1, 8, 2);
        Compare("GET_VALUE", 0, board => board.Driver.Request(Gpio.SetDirection, 1, Gpio.In), _ => { }, get);
        Compare("SET_VALUE", 0, board => board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out), _ => { }, set);

        // No Wake by a callback, and the edges are taken until there are none: two calls for one.
        Action<TestBoard> arm = board => board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        Compare("interrupt", 1, arm, board => board.Driver.Unmask(1), board => board.Drive(1, !board.LevelAt(1)));
    }

    private static TestBoard Watched(int line)
    {
        TestBoard board = new(isLatched: true);
        board.Drive(line, false);
        Assert.IsTrue(board.Pins.Watch(line, true));
        return board;
    }

    private static PinMap MapOf(int pin, PinMode input, PinMode output)
    {
        PinMap map = new(1);
        map.Set(0, pin, input, output);
        return map;
    }

    private static string Refusal(Action start)
    {
        try
        {
            start();
            return "";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static void Check(TestBoard board, string what, long natives, Action operation)
    {
        for (int i = 0; i < 200; i++)
        {
            operation();
        }

        long before = board.NativeCalls;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        operation();
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Assert.AreEqual(0L, bytes, what + ": bytes");
        Assert.AreEqual(natives, board.NativeCalls - before, what + ": native calls");
    }

    private static void Compare(string message, long more, Action<TestBoard> begin, Action<TestBoard> prepare, Action<TestBoard> cause)
    {
        Cost stock = Measure(isLatched: false, begin, prepare, cause);
        Cost latched = Measure(isLatched: true, begin, prepare, cause);
        Numbers.Say($"{message}: {latched.NativeCalls} native calls on latched pins, {stock.NativeCalls} on the stock port");
        Assert.AreEqual(more, latched.NativeCalls - stock.NativeCalls, message);
        Assert.AreEqual(0L, latched.Bytes, message);
        Assert.AreEqual(stock.Accesses, latched.Accesses, message);
    }

    private static Cost Measure(bool isLatched, Action<TestBoard> begin, Action<TestBoard> prepare, Action<TestBoard> cause)
    {
        TestBoard board = new(isLatched: isLatched);
        board.Driver.ProbeAndTurn();
        begin(board);
        return Cost.OfTurn(board, warmUp: 200, () => prepare(board), () => cause(board));
    }
}
