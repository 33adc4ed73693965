// EventQueue.Buffers: the buffers of the eventq: taken, parked, kept, returned.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation".
// Trusts:  nothing in the eventq: a buffer is returned whatever is wrong with it.
// Thread:  the service thread only.
// Memory:  nothing, except for what Adopt allocates once after a restart.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Gpio;

/// <content>What the driver offers, and how it goes back.</content>
internal sealed partial class EventQueue
{
    /// <summary>What is counted for each line; null: nothing.</summary>
    internal LineCounters Counters;

    /// <summary>
    /// Goes on with a ring that an earlier run of the firmware has taken. Which triggers were set is lost: buffers are kept until the
    /// driver sets one, or disables the interrupt.
    /// </summary>
    /// <param name="wasTaken">Whether the ring was taken; false: it is new, or there is none.</param>
    internal void Adopt(bool wasTaken)
    {
        for (int line = 0; line < triggers.Length; line++)
        {
            Reject(line, GpioMessages.IrqTypeNone);
        }

        if (!wasTaken)
        {
            return;
        }

        int[] heads = queue.AdoptUnordered(triggers.Length);
        for (int i = 0; i < heads.Length; i++)
        {
            queue.Open(chain, heads[i]);
            int line = ReadLine();
            if (line >= 0 && parkedHeads[line] == NotParked && chain.Writable != 0)
            {
                Keep(line);
            }
        }
    }

    /// <summary>Takes the next buffer of the driver, which unmasks its line, and delivers what waits for it.</summary>
    internal void ParkNext()
    {
        if (!isOpen)
        {
            if (!queue.TakeNext(chain))
            {
                return;
            }

            isOpen = true;
            int line = ReadLine();
            if (line >= 0 && chain.Writable != 0 && MayPark(line))
            {
                isOpen = false;
                Keep(line);
                Deliver(line);
                return;
            }
        }

        // As far as it can be written at all.
        int size = chain.Writable == 0 ? 0 : GpioMessages.IrqResponseSize;
        isOpen = !Publish(chain.Head, size == 0 ? 0 : chain.ReplyAddress, GpioMessages.IrqStatusInvalid, size);
    }

    private bool MayPark(int line)
    {
        if (parkedHeads[line] >= 0)
        {
            trace.Record(Fault.SecondEventBuffer, line);
            return false;
        }

        if (triggers[line] == GpioMessages.IrqTypeNone)
        {
            // "The interrupt is unmasked without being enabled first": INVALID, but only once.
            SetTrigger(line, Keeps);
            return false;
        }

        return true;
    }

    private void Keep(int line)
    {
        NoteThatItIsKnown(line);
        parkedHeads[line] = (short)chain.Head;
        parkedReplies[line] = chain.ReplyAddress;
        if (state != null)
        {
            state.StoreBuffer(line, chain.Head, queue.UsedIndex);
        }
    }

    private void NoteThatItIsKnown(int line)
    {
        if (parkedHeads[line] == Delivered)
        {
            parkedHeads[line] = NotParked;
            delivered--;
        }
    }

    // Loads the chain and reads which line it is for; negative: that cannot be told.
    private int ReadLine()
    {
        try
        {
            chain.Load();
            if (!chain.IsSound)
            {
                return -1;
            }

            if (chain.Readable < GpioMessages.IrqRequestSize)
            {
                trace.Record(Fault.ShortRequest, (int)chain.Readable);
                return -1;
            }

            chain.Read(message, GpioMessages.IrqRequestSize);
        }
        catch (Exception)
        {
            trace.Record(Fault.MemoryFailed, chain.Head);
            return -1;
        }

        int line = message[0];
        if (line >= triggers.Length)
        {
            trace.Record(Fault.LineOutOfRange, line);
            return -1;
        }

        return line;
    }

    private bool Publish(int head, uint address, byte status, int size)
    {
        if (state != null)
        {
            UpdateNextBuffer();
        }

        bool isDone;
        try
        {
            isDone = queue.Publish(head, size, address, status, size);
        }
        catch (Exception)
        {
            // Whatever comes of it, a scan tries again what is left.
            trace.Record(Fault.MemoryFailed, head);
            isUnfinished = true;
            isDone = queue.Publish(head, 0, 0, 0, 0);
        }

        isUnfinished |= !isDone;
        return isDone;
    }
}
