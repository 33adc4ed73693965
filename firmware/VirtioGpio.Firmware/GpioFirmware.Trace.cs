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

    private TraceText BuildText(LineState state)
    {
        int lines = board.Lines.Length;
        Trace.HasLife = true;
        Trace.Kept = state == null ? null : new KeptFaults(memory, board.StateAddress + GpioBoard.FaultsOffset(lines), board.BuildIdentity());
        return new TraceText(memory, board.TraceAddress, (int)board.TraceSize, Trace, new TraceTexts(), new LineCounters(lines));
    }

    // Its memory is Linux's, and may be in self-refresh before Linux runs.
    private void BeginText()
    {
        string found = Trace.Kept == null ? "none is kept" : loop.IsRestored ? "found" : "not found";
        string build = board.BuildIdentity().ToString("X8");
        text.Begin("start: build " + build + ", " + board.Lines.Length.ToString() + " lines, state of before: " + found, Trace.Kept);
    }
}
