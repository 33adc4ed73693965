// EventQueue.State: the interrupts as an earlier run left them, and what is kept of them for a later one.
//
// Spec:    none: VIRTIO knows no device that is restarted under its driver. The policy is SPEC.md's.
// Trusts:  nothing in the eventq, and nothing of the kept buffers until the rings have shown that they are outstanding.
// Thread:  the service thread only.
// Memory:  nothing, except for what Resume allocates once after a restart.

using VirtioGpio.Firmware.State;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Gpio;

/// <content>Kept triggers and buffers.</content>
internal sealed partial class EventQueue
{
    /// <summary>
    /// Goes on with the triggers and the parked buffers of an earlier run. Each edge interrupt that is enabled is latched once by the next
    /// <see cref="Scan"/>, because an edge may have been missed; a level is sensed anew.
    /// </summary>
    /// <param name="hasRing">Whether the driver uses the eventq, and an earlier run has taken it.</param>
    /// <returns>Whether they are as they were; if not, <see cref="Reset"/> follows.</returns>
    internal bool Resume(bool hasRing)
    {
        if (hasRing && !ResumeBuffers())
        {
            return false;
        }

        state.Missed = new bool[triggers.Length];
        for (int line = 0; line < triggers.Length; line++)
        {
            SetTrigger(line, state.TriggerOf(line));
            state.Missed[line] = IsEnabled(line) && !IsLevel(triggers[line]);
            if (IsEnabled(line) && !Watch(line, triggers[line]))
            {
                return false;
            }

            if (timers != null)
            {
                BeginDebounce(line, triggers[line]);
            }
        }

        // The scan comes behind the requests that are pending: one may disable the interrupt, and return a buffer that was offered before it.
        isUnfinished = true;
        return true;
    }

    private void LatchMissed()
    {
        for (int line = 0; line < triggers.Length; line++)
        {
            if (state.Missed[line] && IsEnabled(line) && !IsLevel(triggers[line]))
            {
                latches[line] = Latched;
            }
        }

        state.Missed = null;
    }

    private bool ResumeBuffers()
    {
        int[] heads = new int[triggers.Length];
        int[] usedIndexes = new int[triggers.Length];
        for (int line = 0; line < triggers.Length; line++)
        {
            heads[line] = state.HeadOf(line);
            usedIndexes[line] = state.UsedIndexOf(line);
        }

        if (!queue.AdoptParked(heads, usedIndexes))
        {
            return false;
        }

        for (int line = 0; line < triggers.Length; line++)
        {
            if (heads[line] >= 0 && !IsBufferOf(line, heads[line]))
            {
                return false;
            }

            NoteBuffer(line, heads[line]);
        }

        return true;
    }

    private bool IsBufferOf(int line, int head)
    {
        queue.Open(chain, head);
        return ReadLine() == line && chain.Writable != 0;
    }

    // One that was returned meanwhile: nothing shows yet that the driver has learned of it.
    private void NoteBuffer(int line, int head)
    {
        bool isReturned = head < 0 && state.HeadOf(line) != LineState.NotParked;
        parkedHeads[line] = isReturned ? LineState.Delivered : (short)head;
        parkedReplies[line] = chain.ReplyAddress;
        delivered += isReturned ? 1 : 0;
        state.UpdateBuffer(line, parkedHeads[line], queue.UsedIndex);
    }

    // Nothing is stored when a buffer is returned: the used ring shows that. One line for each buffer that is returned, so that every line had
    // its turn before the used ring no longer does: a ring has at least as many descriptors as there are lines.
    private void UpdateNextBuffer()
    {
        int line = state.TakeNextLine();
        state.UpdateBuffer(line, parkedHeads[line], queue.UsedIndex);
    }
}
