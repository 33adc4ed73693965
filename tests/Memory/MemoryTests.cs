// What the running firmware takes of the heap, that it is no more than firmware/memory.json allows, and that this is not much more.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Hal;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Memory;

[TestClass]
public sealed class MemoryTests
{
    private const int Few = 8;
    private const int Some = 32;
    private const int Many = 256;

    // A budget that is further above the figure leaves room for what nobody decided.
    private const double MostAbove = 1.02;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("LatchedPins", true, false, false)]
    [DataRow("GpioControllerPins", false, false, false)]
    [DataRow("LatchedPins, state kept", true, true, false)]
    [DataRow("LatchedPins, rows that say all", true, false, true)]
    [DataRow("LatchedPins, state kept and traced", true, true, false, true)]
    public void Heap_OfTheRunningFirmware_IsWithinItsBudget(string pins, bool isLatched, bool isKept, bool saysAll, bool isTraced = false)
    {
        Budget budget = Budget.ReadAll()[pins];
        Heap few = Measure(Few, isLatched, isKept, saysAll, isTraced);
        Heap some = Measure(Some, isLatched, isKept, saysAll, isTraced);
        Heap many = Measure(Many, isLatched, isKept, saysAll, isTraced);
        double perLine = (many.Bytes - some.Bytes) / (double)(Many - Some);
        TestContext.WriteLine($"{Some} lines:{Environment.NewLine}{some.Details()}");
        TestContext.WriteLine($"{Many} lines:{Environment.NewLine}{many.Details()}");
        Numbers.Say($"heap on {pins}: {Few} lines {few.Bytes}, {Some} lines {some.Bytes}, {Many} lines {many.Bytes} bytes, {perLine:F1} a line");

        Assert.IsLessThanOrEqualTo(budget.Heap32Lines, some.Bytes, some.Details());
        Assert.IsLessThanOrEqualTo(budget.BytesPerLine, perLine, many.Details());
        Assert.IsLessThanOrEqualTo(some.Bytes * MostAbove, budget.Heap32Lines, "lower the budget");
        Assert.IsLessThanOrEqualTo(perLine * MostAbove, budget.BytesPerLine, "lower the budget");
    }

    [TestMethod]
    [DataRow(true, false, false)]
    [DataRow(false, false, false)]
    [DataRow(true, true, false)]
    [DataRow(true, true, true)]
    public void Heap_AfterEveryKindOfMessage_IsAsItWas(bool isLatched, bool isKept, bool isTraced)
    {
        TestBoard board = Start(Few, isLatched, isKept, isTraced: isTraced);
        int before = HeapOf(board).Bytes;
        board.Driver.ProbeAndTurn();
        for (int type = 0; type <= Gpio.SetIrqType + 1; type++)
        {
            foreach (uint value in new uint[] { 0, 1, 2, 3, 4, 8, 9 })
            {
                board.Driver.Request(type, 0, value);
                Assert.AreEqual(before, HeapOf(board).Bytes, $"request {type}, value {value}");
            }
        }

        board.Driver.Answer(board.Driver.Send(Gpio.GetLineNames, 0, 0, 8, DriverSide.SlotSize));
        Assert.IsGreaterThan(2, board.Driver.Length);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        board.Drive(1, true);
        board.Turn();
        Assert.AreEqual(1 << 8 | Gpio.Valid, board.Driver.TakeEvent());
        board.Driver.Unmask(1);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.None);
        Assert.AreEqual(1 << 8 | Gpio.Invalid, board.Driver.TakeEvent());
        Assert.AreEqual(before, HeapOf(board).Bytes);
    }

    [TestMethod]
    [DataRow(typeof(byte), 8, 36)]
    [DataRow(typeof(byte), 256, 276)]
    [DataRow(typeof(int), 1, 24)]
    [DataRow(typeof(string), 2, 48)]
    public void Array_OfElements_TakesWhatTheInterpreterTakes(Type element, int length, int expected)
    {
        Assert.AreEqual(expected, Heap.OfArray(element, length));
    }

    // What the line table costs of a line: its row and its name, a place in the table, and what pins and firmware keep of it.
    [TestMethod]
    public void Table_WithEverythingInUse_TakesAtMostAHundredBytesALine()
    {
        int PerLine(Func<int, int> heap) => (heap(Many) - heap(Some)) / (Many - Some);
        int table = PerLine(lines => Heap.OfArray(typeof(LineConfig), lines) + new Heap([.. Rows(lines)]).Bytes);
        int kept = PerLine(lines => Measure(lines, true, false, true).Bytes) - PerLine(lines => Measure(lines, true, false, false).Bytes);
        int pins = PerLine(lines => Heap.OfArray(typeof(int), lines) + 2 * Heap.OfArray(typeof(byte), lines));
        Numbers.Say($"line table: {table + kept + pins} bytes a line with everything in use");

        Assert.IsLessThanOrEqualTo(100, table + kept + pins);
    }

    [TestMethod]
    public void Walk_MetTwice_CountsOnce()
    {
        LineConfig row = new("", 0);
        Assert.AreEqual(new Heap(row).Bytes, new Heap(row, row).Bytes);
        Assert.IsGreaterThan(new Heap(row).Bytes, new Heap(row, new LineConfig("", 1)).Bytes);
    }

    private static IEnumerable<object> Rows(int lines) => Ports.RowsFrom(Ports.FirstPin, lines).Select(Ports.WithEverything);

    private static Heap Measure(int lines, bool isLatched, bool isKept, bool saysAll, bool isTraced = false) =>
        HeapOf(Start(lines, isLatched, isKept, saysAll, isTraced));

    // The description stays, for Main's frame still holds it.
    private static Heap HeapOf(TestBoard board) => new(board.Firmware, board.Description);

    private static TestBoard Start(int lines, bool isLatched, bool isKept = false, bool saysAll = false, bool isTraced = false) => new(
        lines,
        ringSize: 2 * lines,
        configure: board =>
        {
            board.StateAddress = isKept ? TestBoard.SramAddress + TestBoard.StateOffset : 0;
            board.Lines = saysAll ? [.. board.Lines.Select(Ports.WithEverything)] : board.Lines;
            board.TraceAddress = isTraced ? TestBoard.SramAddress + TestBoard.TraceOffset : 0;
            board.TraceSize = 0x1000;
            board.LinuxStateAddress = saysAll ? TestBoard.SramAddress : 0;
            board.WakeNotifyId = saysAll ? 3 : -1;
        },
        isLatched: isLatched);

    private sealed record Budget(int Heap32Lines, double BytesPerLine)
    {
        private static readonly JsonSerializerOptions form = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

        internal static IReadOnlyDictionary<string, Budget> ReadAll()
        {
            string json = File.ReadAllText(Path.Combine(Project.Root, "firmware", "memory.json"));
            return JsonSerializer.Deserialize<Dictionary<string, Budget>>(json, form)!;
        }
    }
}
