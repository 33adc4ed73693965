// EventQueue.Timers: interrupts that wait: for a level that is stable, and for the least interval since the last one.
//
// Spec:    none: the times are the board's. What they must not break is VIRTIO's "GPIO Device / eventq Operation".
// Trusts:  nothing of the clock (LineTimers); IPins may fail.
// Thread:  the service thread only.
// Memory:  nothing.

using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <content>
/// A level is stable when its debounce time has passed without an edge. The first edge begins that time, and the watch is armed at once. If another comes
/// within it, the line bounces: it stays masked for as long, and then the time begins again. So a line that never rests costs
/// one interrupt per debounce time.
/// </content>
internal sealed partial class EventQueue
{
    /// <summary>How many debounce times and least intervals run.</summary>
    internal int RunningTimes;

    /// <summary>Milliseconds until the first of these times ends.</summary>
    /// <param name="most">What to answer if it is longer.</param>
    internal int TimeLeft(int most) => timers.Left(most);

    /// <summary>Does what is due by time.</summary>
    /// <returns>Whether all edges were taken that came meanwhile.</returns>
    internal bool RunTimers()
    {
        bool areTaken = true;
        for (int line = 0; RunningTimes != 0 && line < triggers.Length; line++)
        {
            if (timers.IsDebounceOver(line))
            {
                areTaken &= OnDebounceOver(line);
            }

            if (timers.TakeIntervalOver(line))
            {
                Deliver(line);
            }
        }

        return areTaken;
    }

    // An edge of a debounced line, whatever its kind.
    private void OnBounce(int line)
    {
        // What is to be delivered is known, or cannot be known before the buffer comes.
        if (IsLevel(triggers[line]) ? parkedHeads[line] < 0 : latches[line] == Latched)
        {
            timers.Hold(line);
        }
        else if (timers.IsStable(line))
        {
            Rearm(line);
            timers.Settle(line);
        }
        else
        {
            timers.Bounce(line);
        }
    }

    // Returns whether all edges were taken.
    private bool OnDebounceOver(int line)
    {
        if (timers.IsBouncing(line))
        {
            Rearm(line);
            timers.Settle(line);
            return true;
        }

        // An edge that came before the level was sensed begins the time again.
        int level = Sense(line);
        bool areTaken = TakeEdges();
        if (timers.IsDebounceOver(line))
        {
            timers.EndDebounce(line);
            OnStable(line, level);
        }

        return areTaken;
    }

    private void OnStable(int line, int level)
    {
        int before = timers.LevelOf(line);
        if (level < 0)
        {
            return;
        }

        timers.SetLevel(line, level);
        int edge = level == 1 ? Edge.Rising : Edge.Falling;
        if (level != before && before != LineTimers.UnknownLevel && (triggers[line] & edge) != 0)
        {
            latches[line] = Latched;
        }

        Deliver(line);
    }

    // What a line did while it was held is seen when its time has passed once more.
    private bool IsDueByTime(int line)
    {
        if (timers.IsTooEarly(line))
        {
            return false;
        }

        if (!timers.Debounces(line))
        {
            return IsDueNow(line);
        }

        if (timers.IsHeld(line))
        {
            Rearm(line);
            timers.Settle(line);
        }

        return !IsLevel(triggers[line]) || (timers.IsStable(line) && IsStableLevelActive(line));
    }

    // A level that is not the one that was stable last has had an edge which the port has lost.
    private bool IsStableLevelActive(int line)
    {
        int level = Sense(line);
        int before = timers.LevelOf(line);
        if (level >= 0 && level != before)
        {
            timers.Settle(line);
        }

        return level == before && level == (triggers[line] == GpioMessages.IrqTypeLevelHigh ? 1 : 0);
    }

    private bool Watch(int line, int trigger)
    {
        if (timers == null || !timers.Debounces(line))
        {
            return pins.Watch(line, EdgesOf(trigger));
        }

        bool isWatched = pins.Watch(line, Edge.Rising | Edge.Falling);
        if (isWatched)
        {
            timers.Settle(line);
        }

        return isWatched;
    }

    // An edge trigger begins with the level of this moment, a level trigger with one that has to show itself stable.
    private void BeginDebounce(int line, int trigger)
    {
        int level = IsLevel(trigger) ? -1 : Sense(line);
        timers.SetLevel(line, level < 0 ? LineTimers.UnknownLevel : level);
    }
}
