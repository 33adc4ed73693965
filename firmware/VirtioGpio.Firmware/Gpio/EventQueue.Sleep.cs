// EventQueue.Sleep: interrupts while Linux's memory must not be accessed.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation": an edge is latched while its interrupt is masked.
// Trusts:  nothing of the pins: they may fail or throw.
// Thread:  the service thread only.
// Memory:  nothing.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <content>Edges that are latched and wait, and those that wake Linux.</content>
internal sealed partial class EventQueue
{
    /// <summary>Which lines wake a sleeping Linux; null: none.</summary>
    internal bool[] Wakes;

    /// <summary>Whether any line may wake Linux.</summary>
    internal bool MayWake
    {
        get
        {
            bool may = false;
            for (int line = 0; Wakes != null && line < triggers.Length; line++)
            {
                may |= Wakes[line];
            }

            return may;
        }
    }

    /// <summary>Latches the edges of the pins and delivers nothing: the next <see cref="Scan"/> does, and senses levels anew.</summary>
    /// <returns>Whether all were taken.</returns>
    internal bool Latch()
    {
        isUnfinished = true;
        try
        {
            for (int n = 0; n < triggers.Length; n++)
            {
                int taken = pins.TakeEdges();
                if (taken < 0)
                {
                    return true;
                }

                OnEdgesAside(taken >> 2, taken & GpioMessages.IrqTypeEdgeBoth);
            }
        }
        catch (Exception)
        {
            trace.Record(Fault.PinFailed, -1);
            return true;
        }

        return triggers.Length == 0;
    }

    /// <summary>
    /// Whether a line that wakes has an interrupt which Linux has not heard of: an edge that is latched, a level that is active, or a buffer that
    /// was returned and has not come back, because Linux no longer looked when it went to sleep.
    /// </summary>
    internal bool HasWakeEvent()
    {
        for (int line = 0; Wakes != null && line < triggers.Length; line++)
        {
            if (Wakes[line] && IsEnabled(line)
                && (parkedHeads[line] == Delivered || IsMissed(line) || IsWakeEvent(line)))
            {
                return true;
            }
        }

        return false;
    }

    // As OnEdges, but nothing is delivered and no time runs: a line that debounces begins its time when Linux runs.
    private void OnEdgesAside(int line, int edges)
    {
        if (!IsEnabled(line))
        {
            return;
        }

        bool debounces = timers != null && timers.Debounces(line);
        if (debounces)
        {
            NoteLevelAside(line, edges);
        }

        if (IsLevel(triggers[line]) || (triggers[line] & edges) != 0)
        {
            latches[line] = Latched;
            if (debounces)
            {
                timers.Hold(line);
            }

            return;
        }

        Rearm(line);
        if (debounces)
        {
            timers.Settle(line);
        }
    }

    // What an edge has left is the stable level: on resume it is not reported again, and a change from it is. An edge of the trigger is the later of two.
    private void NoteLevelAside(int line, int edges)
    {
        int edge = (triggers[line] & edges) != 0 ? triggers[line] & edges : edges;
        if (!IsLevel(triggers[line]) && edge != GpioMessages.IrqTypeEdgeBoth)
        {
            timers.SetLevel(line, edge == Edge.Rising ? 1 : 0);
        }
    }

    // A level that has ended before it was sensed wakes nobody, and its line is watched for the next.
    private bool IsWakeEvent(int line)
    {
        if (timers != null && timers.Debounces(line) && !timers.IsStable(line) && (IsLevel(triggers[line]) || !timers.IsHeld(line)))
        {
            CutDebounce(line);
        }

        return IsLevel(triggers[line]) ? IsDueNow(line) : latches[line] == Latched;
    }

    // The line had not become stable when Linux went to sleep. No time runs now: it is watched, and its level of this moment counts.
    private void CutDebounce(int line)
    {
        if (timers.IsBouncing(line) || (latches[line] == NotLatched && timers.IsHeld(line)))
        {
            Rearm(line);
        }

        timers.Settle(line);
        int level = Sense(line);
        int edge = level == 1 ? Edge.Rising : Edge.Falling;
        int before = timers.LevelOf(line);
        if (level < 0 || IsLevel(triggers[line]) || level == before || before == LineTimers.UnknownLevel)
        {
            return;
        }

        timers.SetLevel(line, level);
        if ((triggers[line] & edge) != 0)
        {
            latches[line] = Latched;
        }
    }

    private bool IsMissed(int line) => state != null && state.Missed != null && state.Missed[line];
}
