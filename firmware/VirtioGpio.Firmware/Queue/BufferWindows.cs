// BufferWindows: where the driver's buffers may lie.
//
// Spec:    VIRTIO "The Virtqueue Descriptor Table"; for rings and buffers in one piece of memory there is no clause, the policy is SPEC.md's.
// Trusts:  nothing of what a descriptor says; the rings' places, which Remoteproc has judged.
// Thread:  the service thread only.
// Memory:  nothing, or a copy of the board's windows at construction if rings may lie in one; nothing after.

using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <summary>
/// The board's windows. If Linux takes its rings out of one of them, the rings of the driver that is bound are no part of it: a descriptor
/// that names a ring is outside of every window, so no reply overwrites a ring or a canary.
/// </summary>
internal sealed class BufferWindows
{
    /// <summary>The windows that are open.</summary>
    internal readonly AddressWindows Open;

    private readonly AddressWindows whole;

    /// <summary>Opens the board's windows.</summary>
    /// <param name="whole">The board's windows.</param>
    /// <param name="ringCount">How many rings may lie in one of them; 0: none.</param>
    internal BufferWindows(AddressWindows whole, int ringCount)
    {
        this.whole = whole;
        Open = ringCount == 0 ? whole : new AddressWindows(whole, ringCount);
    }

    /// <summary>Takes the rings of a new driver out of the windows, and puts back those of the one before.</summary>
    /// <param name="queues">The queues, which know where their rings are.</param>
    /// <param name="count">How many of them the driver uses.</param>
    internal void SetRings(Virtqueue[] queues, int count)
    {
        if (Open == whole)
        {
            return;
        }

        Open.Restore(whole);
        for (int ring = 0; ring < count; ring++)
        {
            Open.Exclude(queues[ring].Address, queues[ring].Bytes);
        }
    }
}
