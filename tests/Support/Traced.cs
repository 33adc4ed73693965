// Traced: what a test asks of the firmware's trace.

using VirtioGpio.Firmware;

namespace VirtioGpio.Tests.Support;

/// <summary>A search in the trace.</summary>
public static class Traced
{
    /// <summary>When a fault was recorded last.</summary>
    /// <returns>How many faults ago, 0 = it is the last one; negative: it is not in the trace.</returns>
    public static int Ago(GpioFirmware firmware, int fault)
    {
        for (int ago = 0; ago < firmware.Trace.Count; ago++)
        {
            if (firmware.Trace.FaultAt(ago) == fault)
            {
                return ago;
            }
        }

        return -1;
    }
}
