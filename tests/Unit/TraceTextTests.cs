// The texts of the trace: every code has one, and each line fits.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Unit;

[TestClass]
public sealed class TraceTextTests
{
    private const int LongestLine = 78;
    private const string Before = "before the restart: ";

    private static IEnumerable<int> Codes => new[] { typeof(Fault), typeof(Life) }
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Select(constant => (int)constant.GetRawConstantValue()!);

    [TestMethod]
    [DataRow(0)]
    [DataRow(int.MinValue)]
    public void Text_OfEachCode_StandsInALineWhole(int detail)
    {
        foreach (int code in Codes)
        {
            TestBoard board = new(configure: Configure);
            board.Firmware.Trace.Record(code, detail);
            board.Turn();

            string line = LinesOf(board)[^1];
            Assert.IsLessThan(LongestLine - (code < Fault.UnknownRequest ? 0 : Before.Length), line.Length, line);
            Assert.AreEqual(code >= Fault.UnknownRequest, line.StartsWith($"fault {code}: ", StringComparison.Ordinal), line);
            Assert.IsGreaterThan(10, line.Length, $"code {code}");
            Assert.IsTrue(code == Fault.Unexpected || !line.Contains('#') && !line.Contains('$'), line);
        }
    }

    [TestMethod]
    [DataRow(0, "0")]
    [DataRow(10, "10")]
    [DataRow(-1, "-1")]
    [DataRow(int.MaxValue, "2147483647")]
    [DataRow(int.MinValue, "-2147483648")]
    public void Detail_AnyNumber_IsWrittenInDecimal(int detail, string text)
    {
        TestBoard board = new(configure: Configure);
        board.Firmware.Trace.Record(Fault.PinFailed, detail);
        board.Turn();
        Assert.AreEqual($"fault 40: pin failed (line {text})", LinesOf(board)[^1]);
    }

    [TestMethod]
    public void Detail_OfFeatures_IsWrittenInHexadecimal()
    {
        TestBoard board = new(configure: Configure);
        board.Firmware.Trace.Record(Fault.FeaturesNotOffered, unchecked((int)0x9ABCDEF0));
        board.Turn();
        Assert.AreEqual("fault 31: features not offered (0x9ABCDEF0)", LinesOf(board)[^1]);
    }

    // System.Device.Gpio masks no pin: an edge comes while one is latched.
    [TestMethod]
    public void Counters_EdgesWhileOneIsLatched_AreCoalescedAndMaskedOnce()
    {
        TestBoard board = new(configure: board =>
        {
            Configure(board);
            board.TraceRequestId = 3;
        });
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);
        for (int pulse = 0; pulse < 4; pulse++)
        {
            board.Drive(1, true);
            board.Drive(1, false);
            board.Turn();
        }

        board.RingCore(3);
        for (int turn = 0; turn < 8; turn++)
        {
            board.Turn();
        }

        Assert.AreEqual("   1          4          2          1          0          1", LinesOf(board)[^1]);
    }

    // A short wait that comes of the text is no tick: what a tick repeats is repeated once.
    [TestMethod]
    public void Text_OfSeveralLines_TakesOneTick()
    {
        TestBoard board = new(configure: b =>
        {
            Configure(b);
            b.NotificationRepeats = 2;
        });
        board.Driver.ProbeAndTurn();
        board.Drive(1, false);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);
        for (int line = 50; line < 60; line++)
        {
            board.Driver.Request(Gpio.GetValue, line);
        }

        board.Drive(1, true);
        board.Turn();
        int before = board.Notifications(1);
        board.Turn();
        do
        {
            board.Turn();
        }
        while (board.LastTimeout == 0);

        Assert.AreEqual("fault 11: line out of range (59)", LinesOf(board)[^1]);
        Assert.AreEqual(before + 1, board.Notifications(1));
    }

    // Among so many sizes there is one that a line fills to its last byte.
    [TestMethod]
    public void Text_OfAnySize_EndsInItsPlace()
    {
        for (int size = 0x400; size < 0x400 + LongestLine; size++)
        {
            TestBoard board = new(configure: b =>
            {
                Configure(b);
                b.TraceSize = (uint)size;
            });
            board.Sram[TestBoard.TraceOffset + size] = 77;
            for (int fault = 0; fault < 100; fault++)
            {
                board.Firmware.Trace.Record(Fault.PinFailed, fault);
                board.Turn();
                Assert.AreEqual(77, board.Sram[TestBoard.TraceOffset + size], $"{size} bytes, {fault} lines");
            }

            Assert.Contains("older lines are gone", LinesOf(board));
        }
    }

    private static void Configure(Firmware.GpioBoard board)
    {
        board.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
        board.TraceSize = 0x1000;
    }

    private static string[] LinesOf(TestBoard board)
    {
        string text = Encoding.ASCII.GetString(board.Sram, TestBoard.TraceOffset, 0x1000);
        return text[..text.IndexOf('\0', StringComparison.Ordinal)].TrimEnd('\n').Split('\n');
    }
}
