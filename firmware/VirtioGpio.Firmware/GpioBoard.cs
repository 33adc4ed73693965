// GpioBoard: what a board tells the firmware about itself.
//
// Spec:    VIRTIO "GPIO Device / Device configuration layout", "requestq Operation / Get Line Names", "Virtqueues".
// Trusts:  nothing: Check refuses a mis-built board before Linux can see it.
// Thread:  while starting.
// Memory:  the board's.

using System;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <summary>
/// A board's memory map and lines. Addresses are the co-processor's own. The "device address" (da) by which Linux names a ring in the
/// resource table is the same, unless the ring's region lies in a window: then it is a bus address of that window, as in a descriptor.
/// </summary>
public sealed partial class GpioBoard
{
    /// <summary>Where the resource table goes, in memory shared with Linux: 4-byte aligned.</summary>
    public uint TableAddress { get; set; }

    /// <summary>
    /// Bytes that are kept free for the table, at least those that it takes: 96, or 148 with a trace. A remoteproc driver may map more than the table, and writes all
    /// of it back at a detach: 1024 bytes on STM32 and i.MX, which is the default.
    /// </summary>
    public uint TableSize { get; set; } = 1024;

    /// <summary>Start of the region in which Linux places the requestq's ring. It may lie in a window, but not partly.</summary>
    public uint RequestRingAddress { get; set; }

    /// <summary>Start of the region in which Linux places the eventq's ring; both may have the same region.</summary>
    public uint EventRingAddress { get; set; }

    /// <summary>Bytes of the region, or of each of the two. Linux takes whole pages of its own for a ring.</summary>
    public uint RingRegionSize { get; set; }

    /// <summary>
    /// Descriptors per ring: a power of two, at most 32,768, and at least two per line; one per line is enough for a driver that accepts
    /// <see cref="OffersIndirect"/>, as Linux does.
    /// </summary>
    public int RingSize { get; set; }

    /// <summary>Alignment of each ring and of its used ring in bytes: a power of two, at least 4.</summary>
    public int RingAlign { get; set; }

    /// <summary>The pieces of Linux's memory in which the driver's buffers may lie. What of them Linux takes for rings is no buffer.</summary>
    public AddressWindows Windows { get; set; }

    /// <summary>Whether to offer VIRTIO_RING_F_INDIRECT_DESC: a chain then takes one descriptor of the ring.</summary>
    public bool OffersIndirect { get; set; }

    /// <summary>
    /// How often the notification of a used buffer is repeated while nothing shows that the driver has learned of it: after 1, 2, 4 ...
    /// ticks. Each may wake a sleeping Linux. 0 for a mailbox that cannot lose a notification.
    /// </summary>
    public int NotificationRepeats { get; set; } = 2;

    /// <summary>
    /// The mailbox id, 0 to 29, by which Linux's remoteproc driver is asked to recover: the firmware was restarted under it, or a ring is broken; negative,
    /// the default, if there is none.
    /// </summary>
    public int RestartNotifyId { get; set; } = -1;

    /// <summary>Checks the description; <see cref="GpioFirmware.Start"/> does so too.</summary>
    /// <exception cref="ArgumentException">The board is mis-built; the message names the line, ring or window.</exception>
    public void Check()
    {
        CheckLines();
        CheckRings();
        CheckDoorbells();
        CheckTrace();
        CheckSleep();
        CheckAreas();
    }

    private static bool IsPowerOfTwo(int number) => number > 0 && (number & (number - 1)) == 0;

    private void CheckRings()
    {
        if (!IsPowerOfTwo(RingSize) || RingSize > RingLayout.LargestSize)
        {
            throw new ArgumentException("ring size " + RingSize.ToString() + ": a power of two up to 32768 is needed");
        }

        // The driver takes two descriptors for each line's event buffer, or one that refers to a table; for one that does not fit, its
        // interrupt stays dead.
        int descriptors = OffersIndirect ? 1 : 2;
        if (RingSize < descriptors * Lines.Length)
        {
            throw new ArgumentException(
                "ring size " + RingSize.ToString() + ": too small for " + Lines.Length.ToString() + " lines, "
                + descriptors.ToString() + " per line needed");
        }

        if (!IsPowerOfTwo(RingAlign) || RingAlign < RingLayout.LeastAlign)
        {
            throw new ArgumentException("ring alignment " + RingAlign.ToString() + ": a power of two from 4 up is needed");
        }

        uint bytes = Virtqueue.BytesOf(RingSize, RingAlign);
        if (bytes > RingRegionSize)
        {
            throw new ArgumentException("ring of " + bytes.ToString() + " bytes: does not fit its region of " + RingRegionSize.ToString());
        }

        // The second ring begins where the alignment lets it.
        uint start = (bytes + (uint)RingAlign - 1) & ~((uint)RingAlign - 1);
        if (RequestRingAddress == EventRingAddress && start + bytes > RingRegionSize)
        {
            throw new ArgumentException("two rings of " + bytes.ToString() + " bytes: do not fit their region of " + RingRegionSize.ToString());
        }
    }

    private void CheckDoorbells()
    {
        if (RestartNotifyId > ResourceTableLayout.LargestNotifyId)
        {
            throw new ArgumentException("restart notify id " + RestartNotifyId.ToString() + ": at most 29");
        }

        if (NotificationRepeats < 0)
        {
            throw new ArgumentException("notification repeats " + NotificationRepeats.ToString() + ": 0 or more");
        }
    }
}
