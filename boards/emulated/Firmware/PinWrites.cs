// PinWrites: tells the board that a pin was written.

using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated.Firmware;

/// <summary>The co-processor's writes to a pin page. A write to a pin that a chip follows is over when the chip has seen it.</summary>
/// <param name="page">The page.</param>
/// <param name="doorbell">Rung after each write.</param>
internal sealed class PinWrites(PinPage page, SafeFileHandle doorbell)
{
    private volatile bool hasLeft;

    /// <summary>The board is left: nothing waits for it any more.</summary>
    internal void Leave() => hasLeft = true;

    /// <summary>Tells the board that a pin was written.</summary>
    internal void Tell(int pin)
    {
        if (hasLeft || !page.IsFollowed(pin))
        {
            Posix.Signal(doorbell);
            return;
        }

        int write = page.CountWrite();
        Posix.Signal(doorbell);
        page.AwaitSettled(write);
    }
}
