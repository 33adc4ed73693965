// TraceText: the trace as text in memory that Linux reads: rproc_trace_read shows it from its start to the first zero byte.
//
// Spec:    Linux, drivers/remoteproc/remoteproc_debugfs.c: rproc_trace_read.
// Trusts:  nothing in that memory: it is never read.
// Thread:  the service thread only, between requests.
// Memory:  about 200 bytes at construction, nothing after.

using System;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Trace;

/// <summary>
/// Lines, the newest last. When the text is full it begins anew behind what was written at the start, with the newest that still are in the
/// <see cref="TraceRing"/>. A line's first byte is stored last, in place of the zero byte before it, so that no reader sees half a line.
/// </summary>
internal sealed class TraceText
{
    /// <summary>The fewest bytes: the lines of the start, and a few more.</summary>
    internal const int LeastSize = 1024;

    private const int LongestLine = 80;
    private const int ColumnWidth = 11;
    private const int FirstColumnWidth = 4;

    // Beside a line's number in `row`.
    private const int NoRow = -3;
    private const int Asked = -2;
    private const int Heading = -1;

    private readonly SharedMemory memory;
    private readonly uint address;
    private readonly int size;
    private readonly TraceRing trace;
    private readonly TraceTexts texts;
    private readonly byte[] line = new byte[LongestLine];
    private int length;
    private int end;
    private int startEnd;
    private int told;
    private int row = NoRow;

    /// <summary>Makes the text; nothing is written yet.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The text's place.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="trace">What it tells.</param>
    /// <param name="texts">What the codes are called.</param>
    /// <param name="counters">What it tells on request.</param>
    internal TraceText(SharedMemory memory, uint address, int size, TraceRing trace, TraceTexts texts, LineCounters counters)
    {
        this.memory = memory;
        this.address = address;
        this.size = size;
        this.trace = trace;
        this.texts = texts;
        Counters = counters;
    }

    /// <summary>What it tells on request.</summary>
    internal LineCounters Counters { get; }

    /// <summary>Begins the text, before Linux can find it: what was there is gone.</summary>
    /// <param name="heading">Its first line, in ASCII.</param>
    /// <param name="kept">The faults of an earlier run; null: none are kept.</param>
    internal void Begin(string heading, KeptFaults kept)
    {
        memory.Store(address, 0, 1);
        end = 0;
        length = 0;
        for (int i = 0; i < heading.Length; i++)
        {
            Add((byte)heading[i]);
        }

        TryWrite();
        for (int ago = StateLayout.FaultSlots - 1; kept != null && ago >= 0; ago--)
        {
            if (texts.Has(kept.FaultAt(ago)))
            {
                AddText(TraceTexts.BeforeTheRestart, 0);
                AddText(kept.FaultAt(ago), kept.DetailAt(ago));
                TryWrite();
            }
        }

        startEnd = end;
    }

    /// <summary>Notes that Linux asks for the counters of the lines.</summary>
    internal void Ask() => row = Asked;

    /// <summary>Writes one line, if there is anything to tell.</summary>
    /// <returns>Whether there is more.</returns>
    internal bool Tell()
    {
        try
        {
            if (told != trace.Count)
            {
                TellEvent();
            }
            else if (row != NoRow)
            {
                TellCounters();
            }
        }
        catch (Exception)
        {
            // Memory that fails now may not at the next tick.
            length = 0;
            return false;
        }

        return told != trace.Count || row != NoRow;
    }

    private void TellEvent()
    {
        int ago = trace.Count - told - 1;
        int next = told + 1;
        if (ago < TraceRing.Capacity)
        {
            AddText(trace.FaultAt(ago), trace.DetailAt(ago));
        }
        else
        {
            next = trace.Count - TraceRing.Capacity;
            AddText(TraceTexts.Skipped, next - told);
        }

        if (TryWrite())
        {
            told = next;
        }
        else
        {
            BeginAnew();
        }
    }

    // Half of the room stays free for what comes.
    private void BeginAnew()
    {
        memory.Store(address + (uint)startEnd, 0, 1);
        end = startEnd;
        AddText(TraceTexts.Dropped, 0);
        TryWrite();
        int kept = (size - startEnd) / (2 * LongestLine) - 1;
        kept = kept < TraceRing.Capacity ? kept : TraceRing.Capacity;
        told = trace.Count - (kept < trace.Count ? kept : trace.Count);
    }

    private void TellCounters()
    {
        if (row == Asked)
        {
            row = Heading;
            if (size - end < (size - startEnd) / 2)
            {
                BeginAnew();
                return;
            }
        }

        if (row == Heading)
        {
            AddText(TraceTexts.Counters, 0);
            row = TryWrite() ? 0 : NoRow;
            return;
        }

        if (!Counters.IsZero(row))
        {
            AddNumber(row, FirstColumnWidth);
            AddNumber(Counters.Seen(row), ColumnWidth);
            AddNumber(Counters.Coalesced(row), ColumnWidth);
            AddNumber(Counters.Delivered(row), ColumnWidth);
            AddNumber(Counters.Refused(row), ColumnWidth);
            AddNumber(Counters.Masked(row), ColumnWidth);
            if (!TryWrite())
            {
                row = NoRow;
                return;
            }
        }

        row = row + 1 == Counters.Lines ? NoRow : row + 1;
    }

    private void AddText(int code, int detail)
    {
        byte[] bytes = texts.Bytes;
        int after = texts.StartOf(code + 1);
        for (int at = texts.StartOf(code); at < after; at++)
        {
            switch (bytes[at])
            {
                case (byte)'#':
                    AddNumber(detail, 0);
                    break;
                case (byte)'$':
                    AddHex(detail);
                    break;
                default:
                    Add(bytes[at]);
                    break;
            }
        }
    }

    private void AddHex(int number)
    {
        for (int shift = 28; shift >= 0; shift -= 4)
        {
            int digit = (number >> shift) & 0xF;
            Add((byte)(digit < 10 ? '0' + digit : 'A' + digit - 10));
        }
    }

    private void AddNumber(int number, int width)
    {
        uint rest = number < 0 ? 0 - (uint)number : (uint)number;
        uint place = 1;
        int digits = number < 0 ? 2 : 1;
        for (uint left = rest / 10; left != 0; left /= 10)
        {
            place *= 10;
            digits++;
        }

        for (; width > digits; width--)
        {
            Add((byte)' ');
        }

        if (number < 0)
        {
            Add((byte)'-');
        }

        for (; place != 0; place /= 10)
        {
            Add((byte)('0' + rest / place % 10));
        }
    }

    // A line that is too long is cut: two bytes are left for its end.
    private void Add(byte character)
    {
        if (length < LongestLine - 2)
        {
            line[length++] = character;
        }
    }

    // Writes the line and begins the next. Returns whether there was room for it.
    private bool TryWrite()
    {
        line[length] = (byte)'\n';
        line[length + 1] = 0;
        int count = length + 1;
        length = 0;
        if (end + count >= size)
        {
            return false;
        }

        memory.Write(null, address + (uint)end + 1, line, 1, count);
        memory.Store(address + (uint)end, line[0], 1);
        end += count;
        return true;
    }
}
