// EventQueue: the interrupts of the lines: trigger, latch, and the buffers that unmask them.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation", "GPIO Device / requestq Operation / Set IRQ Type".
// Trusts:  nothing in the eventq; line numbers from LineTable and IPins are in range.
// Thread:  the service thread only.
// Memory:  8 bytes a line at construction, nothing after.

using System;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Gpio;

/// <summary>
/// A line's interrupt is enabled by its trigger type and unmasked by a parked buffer. It is delivered by giving that buffer
/// back VALID, which masks it again.
/// </summary>
public sealed class EventQueue
{
    // The driver was refused a trigger. It may not have noticed (Linux 6.12 does not look) and would queue its buffer again
    // at once for every INVALID: so the buffer is kept until the driver disables the interrupt.
    private const byte Refused = 0xFF;
    private const short NotParked = -1;

    private readonly Virtqueue queue;
    private readonly DescriptorChain chain;
    private readonly IPins pins;
    private readonly TraceRing trace;
    private readonly byte[] triggers;
    private readonly bool[] latched;
    private readonly short[] parkedHeads;
    private readonly uint[] parkedStatuses;
    private readonly byte[] message = new byte[GpioMessages.IrqRequestSize];

    internal EventQueue(Virtqueue queue, DescriptorChain chain, IPins pins, TraceRing trace, int lines)
    {
        this.queue = queue;
        this.chain = chain;
        this.pins = pins;
        this.trace = trace;
        triggers = new byte[lines];
        latched = new bool[lines];
        parkedHeads = new short[lines];
        parkedStatuses = new uint[lines];
        for (int line = 0; line < lines; line++)
        {
            parkedHeads[line] = NotParked;
        }
    }

    /// <summary>Whether the driver has asked for interrupts of this line.</summary>
    public bool IsEnabled(int line) => triggers[line] != GpioMessages.IrqTypeNone;

    /// <summary>
    /// Enables the line's interrupt. A trigger that replaces another drops its latch; Linux changes the type of a live
    /// interrupt without the IRQ_TYPE_NONE that the specification asks of it.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="type">One of VIRTIO_GPIO_IRQ_TYPE_*, not NONE.</param>
    /// <returns>Whether the pin can be watched.</returns>
    public bool Enable(int line, int type)
    {
        Refuse(line);
        if (!pins.Watch(line, true))
        {
            trace.Record(Fault.PinFailed, line);
            return false;
        }

        triggers[line] = (byte)type;
        DeliverIfActive(line);
        return true;
    }

    /// <summary>Notes that the driver was refused a trigger for this line.</summary>
    public void Refuse(int line)
    {
        triggers[line] = Refused;
        latched[line] = false;
    }

    /// <summary>
    /// Disables the line's interrupt. "The device MUST discard any latched interrupt", and "MUST return the buffers, if they
    /// were received earlier, after setting the status field to VIRTIO_GPIO_IRQ_STATUS_INVALID".
    /// </summary>
    /// <returns>Whether the pin is no longer watched.</returns>
    public bool Disable(int line)
    {
        triggers[line] = GpioMessages.IrqTypeNone;
        latched[line] = false;
        if (parkedHeads[line] != NotParked)
        {
            GiveBack(line, GpioMessages.IrqStatusInvalid);
        }

        return pins.Watch(line, false);
    }

    /// <summary>Forgets the line's interrupt and its buffer: the ring that the buffer came from is gone.</summary>
    public void Forget(int line)
    {
        triggers[line] = GpioMessages.IrqTypeNone;
        latched[line] = false;
        parkedHeads[line] = NotParked;
    }

    /// <summary>Takes the next buffer of the driver, which unmasks its line, and delivers what waits for it.</summary>
    /// <returns>Whether there was one.</returns>
    public bool ParkNext()
    {
        if (!queue.TakeNext(chain))
        {
            return false;
        }

        int line = chain.Writable == 0 ? -1 : ReadLine();
        if (line < 0)
        {
            Refuse();
        }
        else
        {
            Park(line);
        }

        return true;
    }

    /// <summary>Takes the edges of the pins: "the device MUST latch an edge interrupt if the interrupt is enabled but still masked".</summary>
    /// <returns>Whether all were taken. A pin that never rests must not keep the loop from the rings: some may be left.</returns>
    public bool TakeEdges()
    {
        for (int n = 0; n < triggers.Length; n++)
        {
            int taken = TakeEdge();
            if (taken < 0)
            {
                return true;
            }

            OnEdges(taken >> 2, taken & GpioMessages.IrqTypeEdgeBoth);
        }

        return false;
    }

    /// <summary>Senses every line that waits for a level: a net under a port that lost an edge.</summary>
    public void SenseLevels()
    {
        for (int line = 0; line < triggers.Length; line++)
        {
            DeliverIfActive(line);
        }
    }

    private static bool IsLevel(int trigger) => trigger == GpioMessages.IrqTypeLevelHigh || trigger == GpioMessages.IrqTypeLevelLow;

    private void OnEdges(int line, int edges)
    {
        int trigger = triggers[line];
        if (IsLevel(trigger))
        {
            // "The device MUST NOT latch an level interrupt if the interrupt is enabled but still masked."
            DeliverIfActive(line);
        }
        else if (trigger != Refused && (trigger & edges) != 0)
        {
            if (parkedHeads[line] == NotParked)
            {
                latched[line] = true;
            }
            else
            {
                GiveBack(line, GpioMessages.IrqStatusValid);
            }
        }
    }

    private void Park(int line)
    {
        // "The interrupt is unmasked without being enabled first": return INVALID. A second buffer for a line goes back as well.
        if (triggers[line] == GpioMessages.IrqTypeNone || parkedHeads[line] != NotParked)
        {
            if (parkedHeads[line] != NotParked)
            {
                trace.Record(Fault.SecondEventBuffer, line);
            }

            Refuse();
            return;
        }

        parkedHeads[line] = (short)chain.Head;
        parkedStatuses[line] = chain.FirstWritableAddress;
        if (latched[line])
        {
            latched[line] = false;
            GiveBack(line, GpioMessages.IrqStatusValid);
        }
        else
        {
            DeliverIfActive(line);
        }
    }

    // "Once the interrupt is unmasked again and the interrupt on the line is still active, the device shall notify the driver again."
    private void DeliverIfActive(int line)
    {
        if (!IsLevel(triggers[line]) || parkedHeads[line] == NotParked)
        {
            return;
        }

        int level = Sense(line);
        if (level == (triggers[line] == GpioMessages.IrqTypeLevelHigh ? 1 : 0))
        {
            GiveBack(line, GpioMessages.IrqStatusValid);
        }
    }

    private int TakeEdge()
    {
        try
        {
            return pins.TakeEdges();
        }
        catch (Exception)
        {
            trace.Record(Fault.PinFailed, -1);
            return -1;
        }
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

    private int ReadLine()
    {
        if (!chain.IsSound)
        {
            return -1;
        }

        if (chain.Readable < GpioMessages.IrqRequestSize)
        {
            trace.Record(Fault.ShortRequest, chain.Readable);
            return -1;
        }

        chain.Read(message, GpioMessages.IrqRequestSize);
        int line = message[0] | message[1] << 8;
        if (line >= triggers.Length)
        {
            trace.Record(Fault.LineOutOfRange, line);
            return -1;
        }

        return line;
    }

    private void GiveBack(int line, byte status)
    {
        int head = parkedHeads[line];
        parkedHeads[line] = NotParked;
        queue.CompleteByte(head, parkedStatuses[line], status);
    }

    private void Refuse()
    {
        if (chain.Writable == 0)
        {
            queue.Complete(chain.Head, 0);
            return;
        }

        chain.Store(GpioMessages.IrqStatusInvalid, GpioMessages.IrqResponseSize);
        queue.Complete(chain.Head, GpioMessages.IrqResponseSize);
    }
}
