// Growth: what a message costs on boards with more and more lines, by how many of them are armed and how many are busy.

using System;
using System.Collections.Generic;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Price;

/// <summary>A message on a board of so many lines.</summary>
/// <param name="What">Its name: <see cref="Request"/> or <see cref="Interrupt"/>.</param>
/// <param name="Lines">Lines of the board.</param>
/// <param name="IsLatched">Whether the lines are on the natives of Pads.</param>
/// <param name="Armed">How many lines have an interrupt enabled and a buffer parked.</param>
/// <param name="Busy">How many of the messages come at once, each for another line.</param>
public sealed record Growth(string What, int Lines, bool IsLatched, int Armed, int Busy)
{
    /// <summary>GET_VALUE.</summary>
    public const string Request = "request";

    /// <summary>An edge that is delivered.</summary>
    public const string Interrupt = "interrupt";

    /// <summary>The most lines that can be latched.</summary>
    public const int MostLatched = 256;

    // Behind the slots of the requests. A slot for each buffer of an event would not fit.
    private const int Buffers = 0x80000;
    private const int BufferSize = 4;
    private const int ReplyOffset = 2;

    private static readonly int[] sizes = [8, 64, MostLatched, 1024];

    /// <summary>What is compared: one line armed and all of them, one line busy and all of them that a turn serves.</summary>
    public static IEnumerable<Growth> All
    {
        get
        {
            foreach (bool isLatched in new[] { false, true })
            {
                foreach (int lines in sizes)
                {
                    if (!isLatched || lines <= MostLatched)
                    {
                        yield return new(Request, lines, isLatched, Armed: 0, Busy: 1);
                        yield return new(Request, lines, isLatched, Armed: lines, Busy: 1);
                        yield return new(Request, lines, isLatched, Armed: 0, Busy: lines);
                        yield return new(Interrupt, lines, isLatched, Armed: 1, Busy: 1);
                        yield return new(Interrupt, lines, isLatched, Armed: lines, Busy: 1);
                        yield return new(Interrupt, lines, isLatched, Armed: lines, Busy: lines);
                    }
                }
            }
        }
    }

    /// <summary>Which messages must cost the same whatever the number of lines.</summary>
    public string Kind => $"{What}, {(IsLatched ? "latched" : "System.Device.Gpio")} pins, {Words}";

    /// <summary>How many lines do what.</summary>
    public string Words => $"{WordFor(Armed)} armed, {WordFor(Busy)} busy";

    /// <summary>Lets the messages come twice, and counts the second time. Runs beside the rewritten assemblies.</summary>
    /// <param name="what">As <see cref="What"/>, and so on.</param>
    /// <param name="lines">Lines.</param>
    /// <param name="isLatched">Kind of pins.</param>
    /// <param name="armed">Lines armed.</param>
    /// <param name="busy">Lines busy.</param>
    /// <param name="blocks">How many blocks the rewritten assemblies have.</param>
    /// <param name="arrayBytes">Bytes of arrays made.</param>
    /// <param name="natives">Native calls, as the twins count them.</param>
    /// <returns>How often each block was passed.</returns>
    public static long[] Measure(string what, int lines, bool isLatched, int armed, int busy, int blocks, out long arrayBytes, out long natives)
    {
        TestBoard board = new(lines, ringSize: 2 * lines, isLatched: isLatched);
        board.Driver.ProbeAndTurn();
        for (int line = 0; line < armed; line++)
        {
            board.Driver.Request(Gpio.SetDirection, line, Gpio.In);
            board.Driver.Request(Gpio.SetIrqType, line, Gpio.Both);
            Park(board, line);
        }

        // The last line: a search from the first one finds it last.
        int first = busy == 1 ? armed == 1 ? 0 : lines - 1 : 0;
        Cause(board, what, first, busy);
        for (int line = first; line < first + busy && what == Interrupt; line++)
        {
            Park(board, line);
        }

        Toll.Open(blocks);
        natives = board.NativeCalls;
        Cause(board, what, first, busy);
        natives = board.NativeCalls - natives;
        arrayBytes = Toll.ArrayBytes;
        return Toll.Read();
    }

    private static string WordFor(int lines) => lines switch
    {
        0 => "none",
        1 => "one",
        _ => "all",
    };

    private static void Park(TestBoard board, int line)
    {
        int buffer = Buffers + BufferSize * line;
        board.Dram[buffer] = (byte)line;
        board.Dram[buffer + 1] = (byte)(line >> 8);
        board.Driver.Events.Describe(2 * line, board.CpuAddress(buffer), 2, DriverRing.Next, 2 * line + 1);
        board.Driver.Events.Describe(2 * line + 1, board.CpuAddress(buffer + ReplyOffset), 1, DriverRing.Write, 0);
        board.Driver.Events.Offer(2 * line);
        board.Turn();
    }

    // The messages come while the firmware does nothing; it serves them in as few turns as it takes.
    private static void Cause(TestBoard board, string what, int first, int count)
    {
        DriverRing ring = what == Request ? board.Driver.Requests : board.Driver.Events;
        for (int line = first; line < first + count; line++)
        {
            if (what == Request)
            {
                board.Driver.Send(Gpio.GetValue, line, 0, 8, 2);
            }
            else
            {
                board.Drive(line, !board.LevelAt(line));
            }
        }

        for (int left = count; left > 0;)
        {
            board.Firmware.Step();
            int before = left;
            while (ring.TakeUsed(out _, out _))
            {
                left--;
            }

            if (left == before)
            {
                throw new InvalidOperationException($"{left} of {count} were not served");
            }
        }
    }
}
