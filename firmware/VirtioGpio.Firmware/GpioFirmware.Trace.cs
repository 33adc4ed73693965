// GpioFirmware.Trace: the resource table's entries, and the text that one of them names.
//
// Spec:    Linux, include/linux/remoteproc.h: struct fw_rsc_trace.
// Trusts:  the board: it has been checked.
// Thread:  while starting.
// Memory:  the table, the text and the counters.

using VirtioGpio.Firmware.Remoteproc;
using VirtioGpio.Firmware.State;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware;

/// <content>The trace that Linux reads.</content>
public sealed partial class GpioFirmware
{
    private const string TraceName = "virtio-gpio";

    private ResourceTable BuildTable() => board.HasTrace
        ? new ResourceTable(memory, board.TableAddress, ResourceTableLayout.SizeWithTrace, 2)
        : new ResourceTable(memory, board.TableAddress, ResourceTableLayout.Size, 1);

    private TraceText BeginText(LineState state)
    {
        int lines = board.Lines.Length;
        int build = board.BuildIdentity();
        KeptFaults kept = null;
        string found = "none is kept";
        if (state != null)
        {
            kept = new KeptFaults(memory, board.StateAddress + GpioBoard.FaultsOffset(lines), build);
            found = state.IsValid ? "found" : "not found";
        }

        Trace.HasLife = true;
        Trace.Kept = kept;
        LineCounters counters = new LineCounters(lines);
        TraceText begun = new TraceText(memory, board.TraceAddress, (int)board.TraceSize, Trace, new TraceTexts(), counters);
        begun.Begin("start: build " + build.ToString("X8") + ", " + lines.ToString() + " lines, state of before: " + found, kept);
        return begun;
    }
}
