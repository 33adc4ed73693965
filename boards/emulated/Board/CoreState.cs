// CoreState: how far the co-processor is, as the board sees it.

namespace VirtioGpio.Emulated.Board;

/// <summary>The co-processor's state.</summary>
internal enum CoreState
{
    /// <summary>No firmware runs.</summary>
    Off,

    /// <summary>The board has started the firmware process, which has not connected yet.</summary>
    Starting,

    /// <summary>A firmware process is connected.</summary>
    Connected,
}
