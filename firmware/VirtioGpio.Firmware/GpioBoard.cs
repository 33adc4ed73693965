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
/// A board's memory map and lines. Addresses are the co-processor's own, which are also the "device addresses" (da) of the
/// resource table.
/// </summary>
public sealed class GpioBoard
{
    /// <summary>Where the resource table goes: 96 bytes of memory shared with Linux, 4-byte aligned.</summary>
    public uint TableAddress { get; set; }

    /// <summary>Start of the region in which Linux places the requestq's ring.</summary>
    public uint RequestRingAddress { get; set; }

    /// <summary>Start of the region in which Linux places the eventq's ring.</summary>
    public uint EventRingAddress { get; set; }

    /// <summary>Bytes of each of the two regions.</summary>
    public uint RingRegionSize { get; set; }

    /// <summary>Descriptors a ring: a power of two, at least two a line, at most 32,768.</summary>
    public int RingSize { get; set; }

    /// <summary>Alignment of the used ring in bytes: a power of two, at least 4.</summary>
    public int RingAlign { get; set; }

    /// <summary>A name a line, by line number, 7-bit ASCII and unique; empty or null for a line without a name.</summary>
    public string[] LineNames { get; set; }

    /// <summary>The pieces of Linux's memory in which the driver's buffers may lie.</summary>
    public AddressWindows Windows { get; set; }

    /// <summary>Whether to offer VIRTIO_RING_F_INDIRECT_DESC: a chain then takes one descriptor of the ring.</summary>
    public bool OffersIndirect { get; set; }

    /// <summary>Whether to offer VIRTIO_RING_F_EVENT_IDX: finer suppression of notifications, for one more native call a chain.</summary>
    public bool OffersEventIndex { get; set; }

    /// <summary>
    /// The mailbox id, 0 to 29, by which Linux's remoteproc driver is told that the firmware was restarted under it; negative,
    /// the default, if there is none.
    /// </summary>
    public int RestartNotifyId { get; set; } = -1;

    /// <summary>Checks the description; <see cref="GpioFirmware.Start"/> does so too.</summary>
    /// <exception cref="ArgumentException">The board is mis-built; the message names the line, ring or window.</exception>
    public void Check()
    {
        CheckLines();
        CheckRings();
        CheckPlace("the resource table", TableAddress, ResourceTableLayout.Size);
        CheckPlace("the requestq region", RequestRingAddress, RingRegionSize);
        CheckPlace("the eventq region", EventRingAddress, RingRegionSize);
        CheckApart("the requestq region", RequestRingAddress, "the eventq region", EventRingAddress, RingRegionSize);
        CheckApart("the requestq region", RequestRingAddress, "the resource table", TableAddress, ResourceTableLayout.Size);
        CheckApart("the eventq region", EventRingAddress, "the resource table", TableAddress, ResourceTableLayout.Size);
    }

    private static bool IsPowerOfTwo(int number) => number > 0 && (number & (number - 1)) == 0;

    private void CheckLines()
    {
        if (LineNames == null || LineNames.Length == 0)
        {
            throw new ArgumentException("a board has at least 1 line");
        }

        if (LineNames.Length > GpioMessages.MostLines)
        {
            throw new ArgumentException(LineNames.Length.ToString() + " lines: at most 65535 can be said in ngpio");
        }

        for (int line = 0; line < LineNames.Length; line++)
        {
            CheckName(line);
        }
    }

    private void CheckName(int line)
    {
        if (!HasName(line))
        {
            return;
        }

        string name = LineNames[line];

        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == 0 || name[i] > 127)
            {
                throw new ArgumentException("line " + line.ToString() + ": a name is 7-bit ASCII without zero bytes");
            }
        }

        for (int other = 0; other < line; other++)
        {
            if (HasName(other) && name == LineNames[other])
            {
                throw new ArgumentException("line " + line.ToString() + ": name " + name + " is that of line " + other.ToString());
            }
        }
    }

    // To nanoCLR 1.17 an element that was never stored is not null, but has no length; comparing it with a string crashes.
    private bool HasName(int line) => LineNames[line] != null && LineNames[line].Length != 0;

    private void CheckRings()
    {
        if (!IsPowerOfTwo(RingSize) || RingSize > RingLayout.LargestSize)
        {
            throw new ArgumentException("ring size " + RingSize.ToString() + ": a power of two up to 32768 is needed");
        }

        // The driver takes two descriptors for each line's event buffer; for one that does not fit, its interrupt stays dead.
        if (RingSize < 2 * LineNames.Length)
        {
            throw new ArgumentException(
                "ring size " + RingSize.ToString() + ": too small for " + LineNames.Length.ToString() + " lines, two descriptors a line are needed");
        }

        if (!IsPowerOfTwo(RingAlign) || RingAlign < 4)
        {
            throw new ArgumentException("ring alignment " + RingAlign.ToString() + ": a power of two from 4 up is needed");
        }

        if (Virtqueue.BytesOf(RingSize, RingAlign) > RingRegionSize)
        {
            throw new ArgumentException(
                "ring of " + Virtqueue.BytesOf(RingSize, RingAlign).ToString() + " bytes: does not fit its region of " + RingRegionSize.ToString());
        }
    }

    private void CheckPlace(string what, uint address, uint length)
    {
        if (address == 0 || (address & 3) != 0 || address + (length - 1) < address)
        {
            throw new ArgumentException(what + ": its address is 0, not 4-byte aligned, or too high");
        }

        if (Windows == null)
        {
            throw new ArgumentException("a board opens at least one window for the driver's buffers");
        }

        // Otherwise a descriptor could name the device's own structures, and the device would write them for the driver.
        string window = Windows.FindOverlap(address, length);
        if (window != null)
        {
            throw new ArgumentException(what + ": overlaps window " + window);
        }
    }

    private void CheckApart(string what, uint address, string other, uint otherAddress, uint otherLength)
    {
        if (otherAddress - address < RingRegionSize || address - otherAddress < otherLength)
        {
            throw new ArgumentException(what + ": overlaps " + other);
        }
    }
}
