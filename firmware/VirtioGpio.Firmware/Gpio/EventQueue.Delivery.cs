// EventQueue.Delivery: from the edge of a pin to the buffer that goes back: latched, due, delivered.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation".
// Trusts:  nothing: IPins may fail or throw.
// Thread:  the service thread only.
// Memory:  nothing.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <content>
/// The watch of a pin is spent by its first edge. It is armed again when that edge is delivered, so a pin is masked for as long as its interrupt is
/// latched, however it toggles.
/// </content>
internal sealed partial class EventQueue
{
    // The edge that makes a level active is the one to watch.
    private static int EdgesOf(int trigger) =>
        trigger <= GpioMessages.IrqTypeEdgeBoth ? trigger : trigger == GpioMessages.IrqTypeLevelHigh ? Edge.Rising : Edge.Falling;

    private static bool IsLevel(int trigger) => trigger == GpioMessages.IrqTypeLevelHigh || trigger == GpioMessages.IrqTypeLevelLow;

    private void OnEdges(int line, int edges)
    {
        int trigger = triggers[line];
        if (trigger == GpioMessages.IrqTypeNone || trigger >= Keeps)
        {
            return;
        }

        if (timed != null && timed[line] && timers.Debounces(line))
        {
            OnBounce(line);
        }
        else if ((trigger & edges) != 0 || IsLevel(trigger))
        {
            bool wasLatched = latches[line] == Latched;
            latches[line] = Latched;
            Deliver(line);
            if (Counters != null)
            {
                CountEdges(line, edges, wasLatched);
            }
        }
        else
        {
            Rearm(line);
        }
    }

    // Of an edge trigger only its own edges count.
    private void CountEdges(int line, int edges, bool wasLatched)
    {
        Counters.See(line, IsLevel(triggers[line]) ? edges : triggers[line] & edges, wasLatched);
        if (!wasLatched && latches[line] == Latched)
        {
            Counters.Mask(line);
        }
    }

    // "Once the interrupt is unmasked again and the interrupt on the line is still active, the device shall notify the driver again."
    private void Deliver(int line)
    {
        if (parkedHeads[line] < 0 || (latches[line] == NotLatched && !IsLevel(triggers[line])))
        {
            return;
        }

        bool isValid = latches[line] != Invalidated;
        if (isValid && !(timed != null && timed[line] ? IsDueByTime(line) : IsDueNow(line)))
        {
            return;
        }

        byte status = isValid ? GpioMessages.IrqStatusValid : GpioMessages.IrqStatusInvalid;
        if (!Publish(parkedHeads[line], parkedReplies[line], status, GpioMessages.IrqResponseSize))
        {
            return;
        }

        latches[line] = NotLatched;
        parkedHeads[line] = isValid ? Delivered : NotParked;
        delivered += isValid ? 1 : 0;
        if (Counters != null && isValid)
        {
            Counters.Deliver(line);
        }

        if (timed != null && timed[line])
        {
            timers.NoteDelivery(line);
        }
    }

    // The watch is armed before the interrupt is delivered, and before a level is sensed: what changes afterwards is latched, and what changed
    // before is part of this interrupt.
    private bool IsDueNow(int line)
    {
        if (latches[line] == NotLatched)
        {
            return IsLevelActive(line);
        }

        Rearm(line);
        return !IsLevel(triggers[line]) || IsLevelActive(line);
    }

    // A level is not latched: what the interrupt of its edge has left is the watch, and that is armed again.
    private bool IsLevelActive(int line)
    {
        latches[line] = NotLatched;
        return Sense(line) == (triggers[line] == GpioMessages.IrqTypeLevelHigh ? 1 : 0);
    }

    private void Rearm(int line)
    {
        try
        {
            if (pins.Rearm(line))
            {
                return;
            }
        }
        catch (Exception)
        {
            // Falls through, as below.
        }

        trace.Record(Fault.PinFailed, line);
    }

    private int Sense(int line)
    {
        try
        {
            int level = pins.Sense(line);
            if (level >= 0)
            {
                return level;
            }
        }
        catch (Exception)
        {
            // Falls through: a pin that throws has failed like one that says so.
        }

        trace.Record(Fault.PinFailed, line);
        return -1;
    }
}
