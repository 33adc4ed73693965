// EventQueue.Sleep: interrupts while Linux's memory must not be accessed.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation": an edge is latched while its interrupt is masked.
// Trusts:  nothing of the pins: they may fail or throw.
// Thread:  the service thread only.
// Memory:  nothing.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

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

                int trigger = triggers[taken >> 2];
                if (!IsLevel(trigger) && trigger < Keeps && (trigger & taken & GpioMessages.IrqTypeEdgeBoth) != 0)
                {
                    latches[taken >> 2] = Latched;
                }
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
                && (latches[line] == Latched || parkedHeads[line] == Delivered || IsMissed(line) || IsLevelActive(line)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMissed(int line) => state != null && state.Missed != null && state.Missed[line];
}
