// DeviceLoop.Trace: when the trace that Linux reads is written: at a tick, and then while there is nothing else to do.
//
// Spec:    none.
// Trusts:  nothing: a doorbell may ask for the counters as often as it likes, they are written once for all that came meanwhile.
// Thread:  the service thread.
// Memory:  nothing.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Runtime;

/// <content>The text, a line at a time.</content>
internal sealed partial class DeviceLoop
{
    // Null if the board has no trace. The device does not rest while there is more to write into it.
    private TraceText text;

    // What the mailbox can say beside kicks: a pin changed, or Linux asks for the counters.
    private int signals = Mailbox.PinsChanged;
    private int traceRequest;

    /// <summary>Tells in a text what happens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="requestId">The mailbox id by which Linux asks for counters; negative: there is none.</param>
    internal void TellIn(TraceText text, int requestId)
    {
        this.text = text;
        traceRequest = requestId < 0 ? 0 : 1 << requestId;
        signals |= traceRequest;
    }

    // Returns the work that there is.
    private int OnSignals(int bits)
    {
        if ((bits & traceRequest) != 0)
        {
            text.Ask();
            restMs = isAside ? restMs : 0;
        }

        return (bits & Mailbox.PinsChanged) != 0 ? Edges : 0;
    }

    // The wait has ended with nothing, or it is long since it did. Returns the work of a tick, unless the wait was short because of the text.
    private int Tell()
    {
        bool isTick = turnsToTick == 0 || restMs != 0;
        if (isTick)
        {
            turnsToTick = MostTurnsPerTick;
        }

        restMs = text.Tell() ? 0 : tickMs;
        return isTick ? Tick : 0;
    }
}
