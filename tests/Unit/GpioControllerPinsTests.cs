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
    [DataRow(true)]
    [DataRow(false)]
    public void Pulse_BehindALateInterrupt_HasBothItsEdges(bool isHigh)
    {
        TestBoard board = new();
        board.Drive(5, isHigh);
        board.Pins.Watch(5, true);

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
            board.Pins.Watch(line, true);
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

    [TestMethod]
    public void Edges_TakenWhileOthersCome_NoneIsWiped()
    {
        // The last edge of each pulse train is the one that counts: wiped by the taking of an earlier one, it would never be seen.
        TestBoard board = new();
        board.Drive(0, false);
        board.Pins.Watch(0, true);
        int round = 0;
        int lost = -1;
        System.Threading.Thread dispatcher = new(() =>
        {
            for (int i = 1; i <= 20_000; i++)
            {
                board.Drive(0, true);
                board.Drive(0, false);
                System.Threading.Volatile.Write(ref round, i);
                System.Threading.SpinWait.SpinUntil(() => System.Threading.Volatile.Read(ref round) != i);
            }
        })
        {
            IsBackground = true,
        };
        dispatcher.Start();
        for (int i = 1; i <= 20_000 && lost < 0; i++)
        {
            bool fell = false;
            while (System.Threading.Volatile.Read(ref round) != i)
            {
                fell |= TakeFall(board);
            }

            while (!fell && lost < 0)
            {
                int taken = board.Pins.TakeEdges();
                fell = taken >= 0 && (taken & Edge.Falling) != 0;
                lost = taken < 0 ? i : -1;
            }

            while (board.Pins.TakeEdges() >= 0)
            {
            }

            System.Threading.Volatile.Write(ref round, -1);
        }

        System.Threading.Volatile.Write(ref round, -1);
        Assert.AreEqual(-1, lost, "the round in which an edge was lost");
        dispatcher.Join();
    }

    [TestMethod]
    public void Line_InItsLife_HasTheModesOfTheBoard()
    {
        TestBoard board = new();
        PinMap map = new(1);
        map.Set(0, 100, PinMode.InputPullUp, PinMode.OutputOpenDrain);
        GpioControllerPins pins = new(new GpioController(), board.Mailbox, map);
        const int Line = 100 - 3;
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

    private static bool TakeFall(TestBoard board)
    {
        int taken = board.Pins.TakeEdges();
        return taken >= 0 && (taken & Edge.Falling) != 0;
    }
}
