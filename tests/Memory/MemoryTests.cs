// What the running firmware takes of the heap, and that it is no more than firmware/memory.json allows.

using System;
using System.Collections.Generic;
using System.IO;
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

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("LatchedPins", true)]
    [DataRow("GpioControllerPins", false)]
    public void Heap_OfTheRunningFirmware_IsWithinItsBudget(string pins, bool isLatched)
    {
        Budget budget = Budget.ReadAll()[pins];
        Heap few = Measure(Few, isLatched);
        Heap some = Measure(Some, isLatched);
        Heap many = Measure(Many, isLatched);
        double perLine = (many.Bytes - some.Bytes) / (double)(Many - Some);
        TestContext.WriteLine($"{Some} lines:{Environment.NewLine}{some.Details()}");
        TestContext.WriteLine($"{Many} lines:{Environment.NewLine}{many.Details()}");
        Numbers.Say($"heap on {pins}: {Few} lines {few.Bytes}, {Some} lines {some.Bytes}, {Many} lines {many.Bytes} bytes, {perLine:F1} a line");

        Assert.IsLessThanOrEqualTo(budget.Heap32Lines, some.Bytes, some.Details());
        Assert.IsLessThanOrEqualTo(budget.BytesPerLine, perLine, many.Details());
    }

    [TestMethod]
    public void Heap_AfterEveryKindOfMessage_IsAsItWas()
    {
        TestBoard board = Start(Few, isLatched: true);
        int before = HeapOf(board).Bytes;
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, 0, Gpio.Out);
        board.Driver.Request(Gpio.SetValue, 0, 1);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Both);
        board.Driver.Unmask(1);
        board.Drive(1, true);
        board.Turn();
        Assert.IsGreaterThanOrEqualTo(0, board.Driver.TakeEvent());

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

    [TestMethod]
    public void Walk_MetTwice_CountsOnce()
    {
        PinMap map = new(4);
        Assert.AreEqual(new Heap(map).Bytes, new Heap(map, map).Bytes);
        Assert.IsGreaterThan(new Heap(map).Bytes, new Heap(map, new PinMap(4)).Bytes);
    }

    private static Heap Measure(int lines, bool isLatched) => HeapOf(Start(lines, isLatched));

    // The description stays, for Main's frame still holds it.
    private static Heap HeapOf(TestBoard board) => new(board.Firmware, board.Description);

    private static TestBoard Start(int lines, bool isLatched) => new(lines, ringSize: 2 * lines, isLatched: isLatched);

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
