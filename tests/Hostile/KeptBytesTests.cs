// The memory that keeps the lines' state is as hostile as the rings: whatever is in it leads to a state that requests can make, or to none.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

[TestClass]
public class KeptBytesTests
{
    private const int Control = 2;
    private const int Lines = 8;
    private const int HeaderSize = 12;
    private const int StateSize = HeaderSize + 8 * Lines;
    private const int TraceSize = 1024;
    private const int RandomStates = 4000;

    private static int Start => TestBoard.StateOffset;

    [TestMethod]
    public void State_EachBitWrong_IsALegalStateOrNone()
    {
        int legal = 0;
        for (int bit = 0; bit < 8 * StateSize; bit++)
        {
            TestBoard board = Busy();
            board.Sram[Start + bit / 8] ^= (byte)(1 << bit % 8);
            legal += Restart(board, $"bit {bit}") ? 1 : 0;
        }

        Numbers.Say($"state kept: each of its {8 * StateSize} bits wrong: {legal} are a legal state all the same, the rest is forgotten");
        Assert.IsLessThan(8 * 4 * Lines, legal, "what requests have set has a check");
    }

    [TestMethod]
    public void State_CutOffAnywhere_IsALegalStateOrNone()
    {
        for (int length = 0; length < StateSize; length++)
        {
            foreach (byte filler in new byte[] { 0, 0xFF, 0xA5 })
            {
                TestBoard board = Busy();
                Array.Fill(board.Sram, filler, Start + length, StateSize - length);
                Restart(board, $"{length} bytes, then {filler}");
            }
        }
    }

    [TestMethod]
    public void State_OfRandomBytes_IsALegalStateOrNone()
    {
        int seed = Settings.Seed;
        Random random = new(seed);
        int legal = 0;
        for (int n = 0; n < RandomStates; n++)
        {
            TestBoard board = Busy();
            Scribble(board, random);
            legal += Restart(board, $"seed {seed}, state {n}") ? 1 : 0;
        }

        Numbers.Say($"state kept: {RandomStates} states of random bytes, seed {seed}: {legal} legal, the rest forgotten, no exception and no access outside");
        Assert.IsGreaterThan(RandomStates / 50, legal);
        Assert.IsLessThan(RandomStates, legal);
    }

    [TestMethod]
    [DataRow(Lines - 1)]
    [DataRow(Lines + 1)]
    [DataRow(65535)]
    public void State_OfAnotherLineCount_IsNone(int lines)
    {
        TestBoard board = Busy();
        board.Sram[Start + 8] = (byte)lines;
        board.Sram[Start + 9] = (byte)(lines >> 8);
        Assert.IsFalse(Restart(board, $"{lines} lines"));
    }

    [TestMethod]
    public void State_OfAnotherLayout_IsNone()
    {
        TestBoard board = Busy();
        board.Sram[Start]--;
        Assert.IsFalse(Restart(board, "an older layout"));
    }

    // Some bytes of no meaning; or words that have their checks, or a part of them.
    private static void Scribble(TestBoard board, Random random)
    {
        int kind = random.Next(4);
        random.NextBytes(board.Sram.AsSpan(Start + StateSize + 4, (int)GpioBoard.StateSizeOf(Lines) - StateSize - 4));
        Span<byte> state = board.Sram.AsSpan(Start, StateSize);
        if (kind == 0)
        {
            random.NextBytes(state);
            return;
        }

        if (kind == 1)
        {
            random.NextBytes(state[HeaderSize..]);
            return;
        }

        for (int line = 0; line < Lines; line++)
        {
            if (random.Next(2) == 0)
            {
                int setting = random.Next(3) | random.Next(2) << 2 | new[] { 0, 0, 1, 2, 3, 4, 8, 0x80, 0x81, 0x84 }[random.Next(10)] << 8;
                BitConverter.TryWriteBytes(state[(HeaderSize + 8 * line)..], setting | ~setting << 16);
            }

            if (kind == 3 && random.Next(2) == 0)
            {
                BitConverter.TryWriteBytes(state[(HeaderSize + 8 * line + 4)..], random.Next(8) << 16 | random.Next(2) << 15 | random.Next(40));
            }
        }
    }

    private static bool IsWithin(uint address, int count, int start, int size) =>
        address >= TestBoard.SramAddress + (uint)start && address + (uint)count <= TestBoard.SramAddress + (uint)(start + size);

    // Returns whether the state was taken for one.
    private static bool Restart(TestBoard board, string what)
    {
        board.OnAccess = (address, count, isWrite) =>
        {
            bool isState = IsWithin(address, count, Start, (int)GpioBoard.StateSizeOf(Lines)) || IsWithin(address, count, TestBoard.TraceOffset, TraceSize);
            bool isOther = address + (uint)count <= TestBoard.SramAddress + Start || address >= board.Wiring.DramAddress;
            Assert.IsTrue(isState || isOther, $"{what}: {count} bytes at {address:X8}");
        };
        board.StartFirmware();
        for (int turn = 0; turn < 12; turn++)
        {
            board.Turn();
            while (board.Driver.TakeEvent() != -1)
            {
            }
        }

        Assert.AreEqual(-1, Traced.Ago(board.Firmware, Fault.Unexpected), $"{what}: an exception reached the loop");
        Assert.AreEqual(1000, board.LastTimeout, $"{what}: the device does not rest");
        bool isForgotten = board.Notifications(Control) != 0;
        for (int line = 0; line < Lines; line++)
        {
            int direction = board.Driver.Request(Gpio.GetDirection, line);
            Assert.IsTrue(isForgotten ? direction == -1 : direction is >= 0 and <= 2, $"{what}: line {line} has direction {direction}");
            Assert.AreEqual(direction == Gpio.Out, (int)board.ModeOf(line) >= 3, $"{what}: line {line}");
        }

        board.Driver.ProbeAndTurn();
        for (int line = 0; line < Lines; line++)
        {
            Assert.AreEqual(Gpio.None, board.Driver.Request(Gpio.GetDirection, line), what);
            Assert.AreEqual(0, (int)board.ModeOf(line), what);
        }

        board.Drive(1, false);
        Assert.AreEqual(0, board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising), what);
        board.Driver.Unmask(1);
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent(), what);
        return !isForgotten;
    }

    private static TestBoard Busy()
    {
        TestBoard board = new(
            Lines,
            isLatched: true,
            configure: (GpioBoard b) =>
            {
                b.RestartNotifyId = Control;
                b.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
                b.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
                b.TraceSize = TraceSize;
            });
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetDirection, 3, Gpio.In);
        for (int line = 4; line < Lines; line++)
        {
            board.Drive(line, false);
            board.Driver.Request(Gpio.SetIrqType, line, line == 7 ? (uint)Gpio.LevelHigh : Gpio.Both);
            board.Driver.Unmask(line);
        }

        board.Drive(4, true);
        board.Turn();
        board.Driver.TakeEvent();
        return board;
    }
}
