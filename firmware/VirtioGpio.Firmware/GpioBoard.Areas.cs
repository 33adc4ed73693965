// GpioBoard.Areas: the pieces of memory that a board names, and that no two of them overlap.
//
// Spec:    none: a descriptor that names one of them would make the device write it for the driver. The policy is SPEC.md's.
// Trusts:  nothing: CheckAreas refuses a board before Linux can see it.
// Thread:  while starting.
// Memory:  none that stays.

using System;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware;

/// <content>Where everything is.</content>
public sealed partial class GpioBoard
{
    // A board has these in any case. The two regions may be one, and may lie in a window.
    private const int RequestRegion = 1;
    private const int EventRegion = 2;

    /// <summary>Whether a ring region lies in a window.</summary>
    internal bool IsInWindow(uint region) => Windows.ToBus(region, RingRegionSize) != AddressWindows.NoBusAddress;

    // Of two that overlap, the later one is named first.
    private void CheckAreas()
    {
        string[] names = { "the resource table", "the requestq region", "the eventq region", "the state of the lines", "the state of Linux", "the trace" };
        uint[] starts = { TableAddress, RequestRingAddress, EventRingAddress, StateAddress, LinuxStateAddress, TraceAddress };
        uint[] sizes = { TableSize, RingRegionSize, RingRegionSize, StateSizeOf(Lines.Length), LinuxStateSize, TraceSize };
        CheckTableSize();
        for (int area = 0; area < names.Length; area++)
        {
            if (area > EventRegion && starts[area] == 0)
            {
                continue;
            }

            CheckAddress(names[area], starts[area], sizes[area]);
            CheckWindows(names[area], starts[area], sizes[area], area == RequestRegion || area == EventRegion);
            for (int other = 0; other < area; other++)
            {
                bool isApart = starts[other] - starts[area] >= sizes[area] && starts[area] - starts[other] >= sizes[other];
                bool isOneRegion = area == EventRegion && other == RequestRegion && starts[area] == starts[other];
                bool isThere = other <= EventRegion || starts[other] != 0;
                if (isThere && !isApart && !isOneRegion)
                {
                    throw new ArgumentException(names[area] + ": overlaps " + names[other]);
                }
            }
        }
    }

    private static void CheckAddress(string what, uint address, uint length)
    {
        if (address == 0 || (address & 3) != 0 || address + (length - 1) < address)
        {
            throw new ArgumentException(what + ": its address is 0, not 4-byte aligned, or too high");
        }
    }

    private void CheckTableSize()
    {
        int needed = HasTrace ? ResourceTableLayout.SizeWithTrace : ResourceTableLayout.Size;
        if (TableSize < needed)
        {
            throw new ArgumentException("the resource table: needs " + needed.ToString() + " bytes, has " + TableSize.ToString());
        }
    }

    private void CheckWindows(string what, uint address, uint length, bool isRegion)
    {
        if (Windows == null)
        {
            throw new ArgumentException("a board opens at least one window for the driver's buffers");
        }

        string window = Windows.FindOverlap(address, length);
        if (isRegion)
        {
            CheckRegion(what, address, window);
        }
        else if (window != null)
        {
            throw new ArgumentException(what + ": overlaps window " + window);
        }
    }

    // What Linux takes of a window for its rings is taken out of it (BufferWindows); it must know all of the region by bus addresses,
    // which have 32 bits in the table.
    private void CheckRegion(string what, uint address, string window)
    {
        // Linux aligns the used ring by its absolute address, the device by its distance from the ring's start: both must agree.
        if ((address & (uint)(RingAlign - 1)) != 0)
        {
            throw new ArgumentException(what + ": its address is not aligned to the ring alignment of " + RingAlign.ToString());
        }

        if (window == null)
        {
            return;
        }

        if (!IsInWindow(address))
        {
            throw new ArgumentException(what + ": lies partly in window " + window);
        }

        if (Windows.ToBus(address, RingRegionSize) + (RingRegionSize - 1) > uint.MaxValue)
        {
            throw new ArgumentException(what + ": lies in window " + window + ", whose bus address has more than 32 bits");
        }
    }
}
