// LineCounters: how often what happened to each line, since the firmware was started.
//
// Spec:    none.
// Trusts:  the caller's line; that of Refuse is the driver's.
// Thread:  the service thread only.
// Memory:  20 bytes per line at construction, nothing after.

namespace VirtioGpio.Firmware.Trace;

/// <summary>
/// Counters of 32 bits that begin anew after their end. Of an edge trigger's edges each is delivered, coalesced, latched still, or was dropped when
/// the interrupt was disabled.
/// </summary>
internal sealed class LineCounters
{
    private const int BothEdges = 3;

    private readonly int[] seen;
    private readonly int[] coalesced;
    private readonly int[] delivered;
    private readonly int[] refused;
    private readonly int[] masked;

    /// <summary>Makes the counters.</summary>
    /// <param name="lines">How many lines there are.</param>
    internal LineCounters(int lines)
    {
        seen = new int[lines];
        coalesced = new int[lines];
        delivered = new int[lines];
        refused = new int[lines];
        masked = new int[lines];
    }

    /// <summary>How many lines there are.</summary>
    internal int Lines => seen.Length;

    /// <summary>Edges of the line's trigger that the port has reported; those that it had merged before are one. For a level every edge counts.</summary>
    internal int Seen(int line) => seen[line];

    /// <summary>Edges of which Linux learns by the same event as of an earlier one.</summary>
    internal int Coalesced(int line) => coalesced[line];

    /// <summary>Events that were returned VALID.</summary>
    internal int Delivered(int line) => delivered[line];

    /// <summary>Requests about the line that were answered ERR.</summary>
    internal int Refused(int line) => refused[line];

    /// <summary>How often the line's interrupt was masked at its pin.</summary>
    internal int Masked(int line) => masked[line];

    /// <summary>Whether nothing was counted for the line.</summary>
    internal bool IsZero(int line) => (seen[line] | delivered[line] | refused[line] | masked[line]) == 0;

    /// <summary>Counts edges that the port has reported at once.</summary>
    /// <param name="line">The line.</param>
    /// <param name="edges">Which of the two, as bits.</param>
    /// <param name="isLatched">Whether an earlier one is latched still.</param>
    internal void See(int line, int edges, bool isLatched)
    {
        int count = edges == BothEdges ? 2 : 1;
        seen[line] += count;
        coalesced[line] += isLatched ? count : count - 1;
    }

    /// <summary>Counts an event that was returned VALID.</summary>
    internal void Deliver(int line) => delivered[line]++;

    /// <summary>Counts a request that was answered ERR, if there is such a line.</summary>
    internal void Refuse(int line)
    {
        if (line < refused.Length)
        {
            refused[line]++;
        }
    }

    /// <summary>Counts that the interrupt at the line's pin was masked.</summary>
    internal void Mask(int line) => masked[line]++;
}
