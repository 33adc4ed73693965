// EventQueue: the interrupts of the lines: trigger, latch, and the buffers that unmask them.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation", "GPIO Device / requestq Operation / Set IRQ Type".
// Trusts:  nothing in the eventq; line numbers from LineTable and IPins are in range.
// Thread:  the service thread only.
// Memory:  8 bytes per line at construction, nothing after. What timers take, says LineTimers.

using System;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.State;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>
/// A line's interrupt is enabled by its trigger and unmasked by a parked buffer. It is delivered by returning that buffer VALID, which
/// masks it again.
/// </summary>
internal sealed partial class EventQueue
{
    // Set in a trigger: the interrupt is not enabled, and a buffer is kept until it is. The driver has been answered ERR or INVALID
    // already; Linux 6.12 heeds neither and queues its buffer again at once for every INVALID, without end. The low bits are the
    // trigger that was rejected, 0 for none.
    private const int Keeps = StateLayout.TriggerRejected;

    private const byte NotLatched = 0;

    // An edge came, and its watch is spent. It latches the interrupt of an edge trigger; to that of a level it says only that the pin is
    // masked.
    private const byte Latched = 1;

    // The interrupt was disabled, but its buffer could not be returned.
    private const byte Invalidated = 2;

    private const short NotParked = LineState.NotParked;

    // Returned VALID and not come back: nothing shows yet that the driver has learned of it.
    private const short Delivered = LineState.Delivered;

    private readonly Virtqueue queue;
    private readonly DescriptorChain chain;
    private readonly IPins pins;
    private readonly TraceRing trace;

    // Null if the board has no memory for it.
    private readonly LineState state;

    // Null if no line of the board has a debounce time or a least interval.
    private readonly LineTimers timers;

    // Which lines they are about; null if there are none.
    private readonly bool[] timed;
    private readonly byte[] triggers;
    private readonly byte[] latches;
    private readonly short[] parkedHeads;
    private readonly uint[] parkedReplies;
    private readonly int[] message = new int[1];
    private int levels;
    private int delivered;
    private bool isUnfinished;

    // A buffer has been taken and not been parked: it is still to be returned.
    private bool isOpen;

    internal EventQueue(Virtqueue queue, DescriptorChain chain, IPins pins, TraceRing trace, LineState state, LineTimers timers, int lines)
    {
        this.timers = timers;
        timed = timers == null ? null : timers.Timed;
        this.queue = queue;
        this.chain = chain;
        this.pins = pins;
        this.trace = trace;
        this.state = state;
        triggers = new byte[lines];
        latches = new byte[lines];
        parkedHeads = new short[lines];
        parkedReplies = new uint[lines];
        for (int line = 0; line < lines; line++)
        {
            parkedHeads[line] = NotParked;
        }

        if (timers != null)
        {
            timers.CountIn(this);
        }
    }

    /// <summary>Whether a buffer was returned VALID and the driver has shown in no way that it knows.</summary>
    internal bool IsAwaited => delivered != 0;

    /// <summary>Whether a buffer could not be returned, because status or ring changed: poll, then <see cref="Scan"/>.</summary>
    internal bool IsUnfinished => isUnfinished;

    /// <summary>Whether a line waits for a level, or a buffer for its return: <see cref="Scan"/> may find something to do.</summary>
    internal bool IsScanDue => levels != 0 || isUnfinished;

    /// <summary>Whether the driver has asked for interrupts of this line.</summary>
    internal bool IsEnabled(int line) => triggers[line] != GpioMessages.IrqTypeNone && triggers[line] < Keeps;

    /// <summary>
    /// Enables the line's interrupt. A trigger that replaces another drops its latch; Linux changes the type of a live
    /// interrupt without the IRQ_TYPE_NONE that the specification asks of it.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="type">One of VIRTIO_GPIO_IRQ_TYPE_*, not NONE.</param>
    /// <returns>Whether the pin can be watched.</returns>
    internal bool Enable(int line, int type)
    {
        // Linux says it again after a resume. What is latched stays.
        if (triggers[line] == type)
        {
            return true;
        }

        Reject(line, GpioMessages.IrqTypeNone);
        if (!Watch(line, type))
        {
            trace.Record(Fault.PinFailed, line);
            return false;
        }

        if (timers != null)
        {
            BeginDebounce(line, type);
        }

        SetTrigger(line, type);
        Deliver(line);
        return true;
    }

    /// <summary>Notes that the driver was answered ERR to a trigger for this line; it is enabled when the line becomes an input.</summary>
    internal void Reject(int line, int type)
    {
        SetTrigger(line, Keeps | type);
        latches[line] = NotLatched;
        if (timers != null)
        {
            timers.Stop(line);
        }
    }

    /// <summary>Enables the trigger that was rejected while the line was an output, if there is one.</summary>
    internal bool EnableRejected(int line) => triggers[line] <= Keeps || Enable(line, triggers[line] & ~Keeps);

    /// <summary>Watches the line again after its direction has changed under an enabled interrupt.</summary>
    /// <returns>Whether it is watched.</returns>
    internal bool Rewatch(int line)
    {
        TakeEdges();
        return Watch(line, triggers[line]);
    }

    /// <summary>
    /// Disables the line's interrupt. "The device MUST discard any latched interrupt", and "MUST return the buffers, if they
    /// were received earlier, after setting the status field to VIRTIO_GPIO_IRQ_STATUS_INVALID".
    /// </summary>
    /// <returns>Whether the pin is no longer watched.</returns>
    internal bool Disable(int line)
    {
        // A buffer that was offered before this request was received earlier. A driver that offers without end must not keep the turn.
        for (int left = queue.Size; left != 0 && queue.HasAvailable && !isOpen; left--)
        {
            ParkNext();
        }

        bool isParked = parkedHeads[line] >= 0;
        SetTrigger(line, isParked ? Keeps : GpioMessages.IrqTypeNone);
        latches[line] = isParked ? Invalidated : NotLatched;
        if (timers != null)
        {
            timers.Stop(line);
        }

        if (state != null)
        {
            state.Store(line);
        }

        if (isParked)
        {
            Deliver(line);
        }
        else
        {
            NoteThatItIsKnown(line);
        }

        return pins.Watch(line, 0);
    }

    /// <summary>Forgets all interrupts and buffers: the ring that the buffers came from is gone.</summary>
    internal void Reset()
    {
        for (int line = 0; line < triggers.Length; line++)
        {
            triggers[line] = GpioMessages.IrqTypeNone;
            latches[line] = NotLatched;
            parkedHeads[line] = NotParked;
        }

        if (timers != null)
        {
            timers.Clear();
        }

        levels = 0;
        delivered = 0;
        isUnfinished = false;
        isOpen = false;
    }

    /// <summary>Takes the edges of the pins: "the device MUST latch an edge interrupt if the interrupt is enabled but still masked".</summary>
    /// <returns>Whether all were taken. A pin that never rests must not keep the loop from the rings: some may be left.</returns>
    internal bool TakeEdges()
    {
        try
        {
            for (int n = 0; n < triggers.Length; n++)
            {
                int taken = pins.TakeEdges();
                if (taken < 0)
                {
                    return true;
                }

                OnEdges(taken >> 2, taken & GpioMessages.IrqTypeEdgeBoth);
            }
        }
        catch (Exception)
        {
            trace.Record(Fault.PinFailed, -1);
            return true;
        }

        return triggers.Length == 0;
    }

    /// <summary>Delivers to every line what is due: a fallback under a port that lost an edge, and after a return that came to nothing.</summary>
    internal void Scan()
    {
        isUnfinished = false;
        if (isOpen)
        {
            ParkNext();
        }

        if (state != null && state.Missed != null)
        {
            LatchMissed();
        }

        for (int line = 0; line < triggers.Length; line++)
        {
            Deliver(line);
        }
    }

    private void SetTrigger(int line, int trigger)
    {
        levels += (IsLevel(trigger) ? 1 : 0) - (IsLevel(triggers[line]) ? 1 : 0);
        triggers[line] = (byte)trigger;
        if (state != null)
        {
            state.SetTrigger(line, trigger);
        }
    }
}
