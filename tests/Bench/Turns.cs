// Turns: the firmware in one process, on a board of plain arrays: no socket, no sleep, no other thread.

using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Bench;

/// <summary>What BenchmarkDotNet measures.</summary>
[MemoryDiagnoser]
public class Turns
{
    private const int Line = 0;
    private TestBoard board = null!;
    private bool isHigh;

    /// <summary>The numbers of lines that are compared.</summary>
    public static IEnumerable<int> AllLines { get; set; } = [8];

    /// <summary>Lines of the board.</summary>
    [ParamsSource(nameof(AllLines))]
    public int Lines { get; set; }

    /// <summary>Kind of pins.</summary>
    [ParamsAllValues]
    public bool IsLatched { get; set; }

    /// <summary>Builds the board; an interrupt is enabled, its buffer parked, and a request described.</summary>
    [GlobalSetup]
    public void Build()
    {
        int lines = IsLatched ? Math.Min(Lines, Price.Growth.MostLatched) : Lines;
        board = new TestBoard(lines, ringSize: 2 * lines, isLatched: IsLatched);
        board.Driver.ProbeAndTurn();
        board.Driver.Request(Gpio.SetDirection, Line, Gpio.In);
        board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Both);
        board.Driver.Unmask(Line);
        board.Driver.Request(Gpio.GetValue, Line);
        head = board.Driver.Send(Gpio.GetValue, Line, 0, 8, 2);
        board.Firmware.Step();
        board.Driver.Requests.TakeUsed(out _, out _);
    }

    private int head;

    /// <summary>GET_VALUE, from the doorbell to the used element.</summary>
    [Benchmark]
    public bool Request()
    {
        board.Driver.Requests.Offer(head);
        board.RingCore(board.Wiring.RequestNotifyId);
        board.Firmware.Step();
        return board.Driver.Requests.TakeUsed(out _, out _);
    }

    /// <summary>An edge, its delivery, and the buffer that comes back.</summary>
    [Benchmark]
    public bool Interrupt()
    {
        isHigh = !isHigh;
        board.Drive(Line, isHigh);
        board.Firmware.Step();
        bool isDelivered = board.Driver.Events.TakeUsed(out int buffer, out _);
        board.Driver.Events.Offer(buffer);
        board.RingCore(board.Wiring.EventNotifyId);
        board.Firmware.Step();
        return isDelivered;
    }

    /// <summary>A turn that finds nothing.</summary>
    [Benchmark]
    public void IdlePoll() => board.Firmware.Step();
}
