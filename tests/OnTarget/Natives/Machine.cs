// Machine: what stands behind the managed natives: two pieces of memory, doorbells, pins. One thread, no sleep.

using System;

namespace VirtioGpio.Hal;

internal delegate void AccessHook(uint address, int count, bool isWrite);

/// <summary>A co-processor's surroundings.</summary>
internal sealed class Machine
{
    internal byte[] Sram = new byte[0];
    internal byte[] Dram = new byte[0];
    internal uint SramAddress;
    internal uint DramAddress;
    internal PinBank Pins = new PinBank(0);
    internal AccessHook OnAccess;
    internal int NativeCalls;
    internal int Accesses;

    /// <summary>Bits that wait for the mailbox to be looked at.</summary>
    internal int Pending;
    internal int LastTimeout;

    /// <summary>Milliseconds, which only a test lets pass.</summary>
    internal int Time;

    /// <summary>How often Linux was rung, by notify id.</summary>
    internal int[] Notifications = new int[32];

    /// <summary>The notify ids in their order, a digit each.</summary>
    internal string Order = "";

    /// <summary>The piece of memory that <see cref="Find"/> found.</summary>
    internal byte[] Found;

    /// <summary>Finds a range and shows the access.</summary>
    /// <returns>Index of its first byte in <see cref="Found"/>.</returns>
    internal int Find(uint address, int count, bool isWrite)
    {
        int at = IndexIn(Sram, SramAddress, address, count);
        if (at < 0)
        {
            at = IndexIn(Dram, DramAddress, address, count);
        }

        if (at < 0)
        {
            throw new ArgumentOutOfRangeException("address");
        }

        Accesses++;
        if (OnAccess != null)
        {
            byte[] found = Found;
            OnAccess(address, count, isWrite);
            Found = found;
        }

        return at;
    }

    private int IndexIn(byte[] memory, uint start, uint address, int count)
    {
        uint offset = address - start;
        if (address < start || offset >= (uint)memory.Length || (uint)count > (uint)memory.Length - offset)
        {
            return -1;
        }

        Found = memory;
        return (int)offset;
    }
}
