// LineTimers: the debounce time and the least interval of each line, and how far they have come.
//
// Spec:    none: VIRTIO carries neither; they are the board's.
// Trusts:  nothing: a time is over when the clock is not within it. One that jumps or wraps ends it early, and never makes it longer.
// Thread:  the service thread only.
// Memory:  17 bytes per line at construction, nothing after; nothing at all on a board that needs no timer.

using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>Two timers per line. The loop waits no longer than <see cref="Left"/>.</summary>
internal sealed class LineTimers
{
    /// <summary>The stable level of a line that has not been stable yet.</summary>
    internal const int UnknownLevel = 2;

    // Where a line stands in its debouncing. Stable: its watch is armed, and no time runs.
    private const byte Stable = 0;

    // Armed: the level is stable when the time ends without an edge.
    private const byte Settling = 1;

    // Masked until the time ends: the line bounces.
    private const byte Bouncing = 2;

    // Masked without end: what the line does makes no difference until its buffer comes.
    private const byte Held = 3;

    private readonly Clock clock;
    private readonly int lines;

    // The debounce times of all lines, then the least intervals; 0 for none.
    private readonly ushort[] lengths;
    private readonly int[] starts;
    private readonly bool[] isRunning;
    private readonly byte[] phases;
    private readonly byte[] levels;

    // Where the number of times that run is kept: the loop looks there in each turn, on boards without timers too.
    private EventQueue owner;

    /// <summary>Makes the timers.</summary>
    /// <param name="rows">The board's rows; at most one per line.</param>
    /// <param name="lines">How many lines there are.</param>
    /// <param name="clock">The time.</param>
    internal LineTimers(LineConfig[] rows, int lines, Clock clock)
    {
        this.clock = clock;
        this.lines = lines;
        lengths = new ushort[2 * lines];
        starts = new int[2 * lines];
        isRunning = new bool[2 * lines];
        phases = new byte[lines];
        levels = new byte[lines];
        Timed = new bool[lines];
        for (int line = 0; line < rows.Length; line++)
        {
            lengths[line] = (ushort)rows[line].DebounceMs;
            lengths[lines + line] = (ushort)rows[line].LeastIntervalMs;
            Timed[line] = rows[line].DebounceMs != 0 || rows[line].LeastIntervalMs != 0;
        }
    }

    /// <summary>Which lines have a debounce time or a least interval.</summary>
    internal bool[] Timed { get; }

    /// <summary>Ends all times, and keeps their number in a queue from now on.</summary>
    internal void CountIn(EventQueue events)
    {
        owner = events;
        Clear();
    }

    /// <summary>Whether a board's lines need timers.</summary>
    internal static bool AreNeeded(LineConfig[] rows)
    {
        for (int line = 0; rows != null && line < rows.Length; line++)
        {
            if (rows[line].DebounceMs != 0 || rows[line].LeastIntervalMs != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the line is debounced.</summary>
    internal bool Debounces(int line) => lengths[line] != 0;

    /// <summary>Ends all times and forgets the interrupts that were delivered.</summary>
    internal void Clear()
    {
        int now = clock.Now();
        for (int line = 0; line < lines; line++)
        {
            Stop(line);
            starts[lines + line] = now - lengths[lines + line];
        }
    }

    /// <summary>Ends the times of a line. The interrupt that was delivered last still counts.</summary>
    internal void Stop(int line)
    {
        phases[line] = Stable;
        End(line);
        End(lines + line);
    }

    /// <summary>The level that the line had when it was stable last, or <see cref="UnknownLevel"/>.</summary>
    internal int LevelOf(int line) => levels[line];

    /// <summary>Notes the level of a line that is stable.</summary>
    internal void SetLevel(int line, int level)
    {
        levels[line] = (byte)level;
    }

    /// <summary>Whether no edge has come since the line was stable.</summary>
    internal bool IsStable(int line) => phases[line] == Stable;

    /// <summary>Whether the line is masked because its buffer is not there.</summary>
    internal bool IsHeld(int line) => phases[line] == Held;

    /// <summary>Begins the time after which a line whose watch is armed is stable.</summary>
    internal void Settle(int line)
    {
        phases[line] = Settling;
        Begin(line);
    }

    /// <summary>Begins the time after which the watch of a line that bounces is armed again.</summary>
    internal void Bounce(int line)
    {
        phases[line] = Bouncing;
        Begin(line);
    }

    /// <summary>Notes that a line's watch stays spent until its buffer comes.</summary>
    internal void Hold(int line)
    {
        phases[line] = Held;
        End(line);
    }

    /// <summary>Whether the debounce time of the line has come to its end; it runs on.</summary>
    internal bool IsDebounceOver(int line) => isRunning[line] && IsOver(line);

    /// <summary>Whether the line bounced when its debounce time began.</summary>
    internal bool IsBouncing(int line) => phases[line] == Bouncing;

    /// <summary>Notes that the line is stable.</summary>
    internal void EndDebounce(int line)
    {
        phases[line] = Stable;
        End(line);
    }

    /// <summary>Whether an interrupt must wait for the least interval since the last one; its time runs then.</summary>
    internal bool IsTooEarly(int line)
    {
        int timer = lines + line;
        if (lengths[timer] == 0 || IsOver(timer))
        {
            return false;
        }

        Run(timer);
        return true;
    }

    /// <summary>Whether the line's least interval has come to its end; it does not run any more then.</summary>
    internal bool TakeIntervalOver(int line)
    {
        bool isOver = isRunning[lines + line] && IsOver(lines + line);
        if (isOver)
        {
            End(lines + line);
        }

        return isOver;
    }

    /// <summary>Notes that an interrupt of the line was delivered.</summary>
    internal void NoteDelivery(int line)
    {
        if (lengths[lines + line] != 0)
        {
            starts[lines + line] = clock.Now();
        }
    }

    /// <summary>Milliseconds until the first of the times that run ends.</summary>
    /// <param name="most">What to answer if it is longer.</param>
    internal int Left(int most)
    {
        int now = clock.Now();
        int least = most;
        for (int timer = 0; timer < lengths.Length; timer++)
        {
            if (isRunning[timer])
            {
                int elapsed = now - starts[timer];
                int left = (uint)elapsed >= (uint)lengths[timer] ? 0 : lengths[timer] - elapsed;
                least = left < least ? left : least;
            }
        }

        return least;
    }

    private bool IsOver(int timer) => (uint)(clock.Now() - starts[timer]) >= (uint)lengths[timer];

    private void Begin(int timer)
    {
        starts[timer] = clock.Now();
        Run(timer);
    }

    private void Run(int timer)
    {
        if (!isRunning[timer])
        {
            isRunning[timer] = true;
            owner.RunningTimes++;
        }
    }

    private void End(int timer)
    {
        if (isRunning[timer])
        {
            isRunning[timer] = false;
            owner.RunningTimes--;
        }
    }
}
