// GpioBoard.Trace: the memory in which Linux reads what the firmware has to tell.
//
// Spec:    Linux, include/linux/remoteproc.h: struct fw_rsc_trace.
// Trusts:  nothing: CheckAreas refuses a place that is not the trace's alone.
// Thread:  while starting.
// Memory:  the board's.

using System;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware;

/// <content>Where the trace is.</content>
public sealed partial class GpioBoard
{
    private const uint MostTraceSize = 0x10000;

    /// <summary>
    /// Start of <see cref="TraceSize"/> bytes of memory shared with Linux, 4-byte aligned, apart from all else that the board names. The firmware
    /// writes text there, and the resource table names it by this address, so that Linux shows it under debugfs. 0, the default: there is none.
    /// </summary>
    public uint TraceAddress { get; set; }

    /// <summary>Bytes of the trace: 1024 to 65,536.</summary>
    public uint TraceSize { get; set; }

    /// <summary>
    /// The mailbox id, 2 to 29, by which Linux asks for the counters of the lines in the trace; negative, the default, if there is none. A mailbox that
    /// does not say who rings has none either: each kick would ask.
    /// </summary>
    public int TraceRequestId { get; set; } = -1;

    /// <summary>Whether there is a trace.</summary>
    internal bool HasTrace => TraceAddress != 0;

    private void CheckTrace()
    {
        if (TraceRequestId >= 0 && (!HasTrace || TraceRequestId < ResourceTableLayout.RingCount || TraceRequestId > ResourceTableLayout.LargestNotifyId))
        {
            throw new ArgumentException("trace request id " + TraceRequestId.ToString() + ": 2 to 29, and there is a trace to be asked for");
        }

        if (HasTrace && (TraceSize < TraceText.LeastSize || TraceSize > MostTraceSize))
        {
            throw new ArgumentException("the trace: " + TraceSize.ToString() + " bytes, 1024 to 65536 are needed");
        }
    }
}
