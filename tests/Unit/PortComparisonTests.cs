// The port on natives that latch beside the stock one: who may have a pin, what an operation and a message cost.

using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public class PortComparisonTests
{
    private const int TakenPin = 3;

    [TestMethod]
    public void Drive_HighInputBecomesHighOutputOnTheStockPort_GoesLowBetween()
    {
        TestBoard board = new(isLatched: false);
        board.PullUp(5);
        board.Pins.MakeInput(5);
        int changes = 0;
        board.LevelChanged += (_, _) => changes++;

        Assert.IsTrue(board.Pins.Drive(5, 1));

        Assert.AreEqual(2, changes, "else its limit is gone, and what is said of it must go too");
        Assert.IsTrue(board.LevelAt(5));
    }

    [TestMethod]
    public void Start_PinOfTheStockDriver_IsRefusedEitherWay()
    {
        TestBoard stock = new(isLatched: false);
        Assert.Contains("line 0: Pin: 3", Ports.Refusal(() => new LatchedPins(stock.Pads, Ports.RowOf(TakenPin, PinMode.Input, PinMode.Output))));

        TestBoard latched = new(isLatched: true);
        GpioController controller = new();
        LineConfig[] rows = Ports.RowOf(TakenPin, PinMode.Input, PinMode.Output);
        Assert.Contains("line 0: Pin: 3", Ports.Refusal(() => new GpioControllerPins(controller, latched.Mailbox, rows)));
    }

    [TestMethod]
    public void Start_WaitBlocksTheThreadOfTheEvents_StockPinsAreRefusedAndLatchedPinsAreNot()
    {
        TestBoard board = new(isLatched: true) { BlocksInWait = true };
        LineConfig[] rows = Ports.RowOf(40, PinMode.Input, PinMode.Output);
        Assert.Contains("Mailbox.Wait blocks", Ports.Refusal(() => new GpioControllerPins(new GpioController(), board.Mailbox, rows)));
        board.StartFirmware();
        board.Driver.ProbeAndTurn();
        Assert.AreEqual(0, board.Driver.Request(Gpio.GetValue, 0));
    }

    [TestMethod]
    public void Operations_Each_AreOneNativeCallAndAllocateNothing()
    {
        TestBoard board = Ports.Watched(line: 5);
        Check(board, "MakeInput", 1, () => board.Pins.MakeInput(5));
        Check(board, "Drive", 1, () => board.Pins.Drive(5, 1));
        Check(board, "Sense", 1, () => board.Pins.Sense(5));
        Check(board, "Release", 2, () => board.Pins.Release(5));
        Check(board, "Watch", 1, () => board.Pins.Watch(5, Edge.Rising | Edge.Falling));
        Check(board, "an edge", 0, () => board.Drive(5, !board.LevelAt(5)));
        Check(board, "TakeEdges", 1, () => board.Pins.TakeEdges());
        Check(board, "Rearm", 1, () => board.Pins.Rearm(5));
    }

    [TestMethod]
    public void Message_OverNatives_CostsAsManyNativeCallsAsOnTheStockPort()
    {
        Action<TestBoard> get = board => board.Driver.Send(Gpio.GetValue, 1, 0, 8, 2);
        uint value = 0;
        Action<TestBoard> set = board => board.Driver.Send(Gpio.SetValue, 1, value ^= 1, 8, 2);
        Compare("GET_VALUE", 0, board => board.Driver.Request(Gpio.SetDirection, 1, Gpio.In), _ => { }, get);
        Compare("SET_VALUE", 0, board => board.Driver.Request(Gpio.SetDirection, 1, Gpio.Out), _ => { }, set);

        // No Wake by a callback. The edges are taken until there are none, and the watch is armed again: three calls for one.
        Action<TestBoard> arm = board => board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        Compare("interrupt", 2, arm, board => board.Driver.Unmask(1), board => board.Drive(1, !board.LevelAt(1)));
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
