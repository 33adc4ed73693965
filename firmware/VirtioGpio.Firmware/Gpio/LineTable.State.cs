// LineTable.State: the lines as an earlier run left them.
//
// Spec:    none: VIRTIO knows no device that is restarted under its driver. The policy is SPEC.md's.
// Trusts:  what LineState has judged; IPins may fail or throw.
// Thread:  the service thread, while starting.
// Memory:  nothing.

using System;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware.Gpio;

/// <content>Kept directions and values.</content>
internal sealed partial class LineTable
{
    /// <summary>Notes the directions and values in which the lines were opened. Whether they are those of the driver that is bound is not known yet.</summary>
    internal void Restore()
    {
        for (int line = 0; line < directions.Length; line++)
        {
            directions[line] = (byte)(directions[line] & Barred | state.DirectionOf(line) | state.RestOf(line));
            values[line] = (byte)state.ValueOf(line);
        }
    }

    /// <summary>Goes on with the lines for the driver under which an earlier run has left them.</summary>
    /// <param name="negotiatedFeatures">The features of the driver.</param>
    /// <param name="wasEventqTaken">Whether the earlier run has taken the eventq; false: it is new, or there is none.</param>
    /// <returns>Whether they are as they were; if not, <see cref="Reset"/> and <see cref="Lose"/> follow.</returns>
    internal bool Resume(int negotiatedFeatures, bool wasEventqTaken)
    {
        hasIrq = (negotiatedFeatures & GpioMessages.FeatureIrq) != 0;

        // An eventq that is new is that of a driver which has not been served: the firmware died while it took the rings.
        if (hasIrq && !wasEventqTaken && !state.IsClean)
        {
            return false;
        }

        try
        {
            for (int line = 0; line < directions.Length; line++)
            {
                if (!IsAllowed(line) || ((directions[line] & StateLayout.DirectionBits) == GpioMessages.DirectionIn && !pins.MakeInput(line)))
                {
                    return false;
                }
            }

            return events.Resume(wasEventqTaken);
        }
        catch (Exception)
        {
            return false;
        }
    }

    // No request leads to a trigger without the feature, or to one of an output that is not open drain.
    private bool IsAllowed(int line)
    {
        int trigger = state.TriggerOf(line);
        bool isEnabled = trigger != GpioMessages.IrqTypeNone && trigger < StateLayout.TriggerRejected;
        return (trigger == GpioMessages.IrqTypeNone || hasIrq)
            && !(isEnabled && directions[line] == GpioMessages.DirectionOut && !pins.IsOpenDrain(line));
    }

    // What the pins go on driving is theirs, whoever is bound.
    private void Clear()
    {
        for (int line = 0; line < directions.Length; line++)
        {
            state.SetLine(line, directions[line] & StateLayout.RestBits, 0);
        }

        state.Clear();
    }

    private void Keep(int line, int direction, int value)
    {
        state.SetLine(line, direction, value);
        state.Store(line);
    }
}
