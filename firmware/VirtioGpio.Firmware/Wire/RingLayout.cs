// RingLayout: numbers and offsets of a split virtqueue.
//
// Spec:    VIRTIO "Split Virtqueues", "Legacy Interfaces: A Note on Virtqueue Layout", "The Virtqueue Descriptor Table",
//          "The Virtqueue Available Ring", "The Virtqueue Used Ring".
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Wire;

/// <summary>
/// One ring in the legacy layout, n = ring size, little endian:
/// <code>
///   0         16 n        18 n + 6       aligned up
///   | descriptor table | available ring | padding | used ring |
///   descriptor  0 addr(8)   8 len(4)  12 flags(2) 14 next(2)
///   available   0 flags(2)  2 idx(2)   4 ring(2 n)           4 + 2 n used_event(2)
///   used        0 flags(2)  2 idx(2)   4 ring(8 n: id(4) len(4))    avail_event(2)
/// </code>
/// </summary>
internal static class RingLayout
{
    public const int DescriptorSize = 16;

    /// <summary>A descriptor as 32-bit words: 0 and 1 addr, 2 len, 3 flags in the low half and next in the high.</summary>
    public const int DescriptorWords = 4;

    public const int DescriptorLengthWord = 2;
    public const int DescriptorFlagsWord = 3;

    /// <summary>VIRTQ_DESC_F_NEXT: the chain goes on at <c>next</c>.</summary>
    public const int FlagNext = 1;

    /// <summary>VIRTQ_DESC_F_WRITE: the device writes this buffer.</summary>
    public const int FlagWrite = 2;

    /// <summary>VIRTQ_DESC_F_INDIRECT: the buffer holds a table of descriptors.</summary>
    public const int FlagIndirect = 4;

    public const int AvailableIndex = 2;
    public const int AvailableRing = 4;
    public const int AvailableEntrySize = 2;

    /// <summary>VIRTIO_RING_F_INDIRECT_DESC (28) as a mask.</summary>
    public const int FeatureIndirect = 1 << 28;

    /// <summary>VIRTQ_AVAIL_F_NO_INTERRUPT: the driver wants no notification.</summary>
    public const int FlagNoInterrupt = 1;

    public const int UsedIndex = 2;
    public const int UsedRing = 4;
    public const int UsedElementSize = 8;

    /// <summary>Largest ring that VIRTIO allows.</summary>
    public const int LargestSize = 32768;

    /// <summary>Least alignment of a used ring.</summary>
    public const int LeastAlign = 4;

    /// <summary>Bytes before the padding: table, available ring and its used_event.</summary>
    public const int FixedFrontSize = 6;

    /// <summary>Bytes of the used ring besides its elements.</summary>
    public const int FixedUsedSize = 6;
}
