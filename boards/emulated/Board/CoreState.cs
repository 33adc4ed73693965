// CoreState: how far the co-processor is, as the board sees it.

namespace VirtioGpio.Emulated.Board;

/// <summary>The co-processor's state; the numbers are those of the recording.</summary>
internal enum CoreState
{
    /// <summary>No firmware runs.</summary>
    Off = 0,

    /// <summary>The board has started the firmware process, which has not connected yet.</summary>
    Starting = 1,

    /// <summary>A firmware process is connected.</summary>
    Connected = 2,
}
