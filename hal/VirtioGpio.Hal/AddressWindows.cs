// AddressWindows: the one door for addresses that come from Linux.
//
// Spec:    VIRTIO "The Virtqueue Descriptor Table": addr is a physical address, 64 bit; Linux, Documentation/core-api/dma-api-howto.rst:
//          what a device is given is a bus address.
// Trusts:  nothing about an address; an address is untrusted until it has passed here.
// Thread:  Add while starting, all else on the service thread.
// Memory:  arrays of the capacity at construction, nothing after.

using System;

namespace VirtioGpio.Hal;

/// <summary>
/// The ranges of Linux's memory that the co-processor may touch, and where it sees each of them. A board adds one window for each
/// piece of memory in which the driver's buffers may lie: the restricted pool, or each piece of RAM.
/// </summary>
public sealed class AddressWindows
{
    /// <summary>What <see cref="ToBus"/> answers for a range that is not within a window.</summary>
    public const ulong NoBusAddress = ulong.MaxValue;

    private readonly string[] names;
    private readonly ulong[] starts;
    private readonly ulong[] lengths;
    private readonly uint[] locals;
    private int count;

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">How many windows will be added at most.</param>
    public AddressWindows(int capacity)
    {
        names = new string[capacity];
        starts = new ulong[capacity];
        lengths = new ulong[capacity];
        locals = new uint[capacity];
    }

    /// <summary>Makes a copy of another set, which can <see cref="Exclude"/> as many ranges as it has room for.</summary>
    /// <param name="whole">The other set.</param>
    /// <param name="ranges">How many ranges will be excluded at most.</param>
    public AddressWindows(AddressWindows whole, int ranges)
        : this(whole.count + ranges)
    {
        Restore(whole);
    }

    /// <summary>Opens a window.</summary>
    /// <param name="name">What the board calls it, for messages.</param>
    /// <param name="busAddress">
    /// Bus address of the first byte: as the descriptors hold it. Without <c>dma-ranges</c> in Linux's device tree it is the application
    /// CPU's physical address.
    /// </param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="localAddress">Where the co-processor sees the first byte; not 0, and the window ends below 4 GiB.</param>
    /// <exception cref="ArgumentException">The window is empty, wraps, starts at local 0, overlaps another, or is one too many.</exception>
    public void Add(string name, ulong busAddress, ulong length, uint localAddress)
    {
        if (count == names.Length)
        {
            throw new ArgumentException("window " + name + ": more windows than the board declared");
        }

        if (length == 0 || busAddress + (length - 1) < busAddress)
        {
            throw new ArgumentException("window " + name + ": empty, or beyond the 64-bit addresses");
        }

        if (localAddress == 0 || localAddress + (length - 1) > uint.MaxValue)
        {
            throw new ArgumentException("window " + name + ": the co-processor cannot see it in 32 bits (0 is no address)");
        }

        for (int i = 0; i < count; i++)
        {
            if (Overlap(busAddress, length, starts[i], lengths[i]) || Overlap(localAddress, length, locals[i], lengths[i]))
            {
                throw new ArgumentException("window " + name + ": overlaps window " + names[i]);
            }
        }

        Append(name, busAddress, length, localAddress);
    }

    /// <summary>Translates a range that Linux named, if all of it lies in one window.</summary>
    /// <param name="address">The bus address.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <returns>The co-processor's address of the first byte, or 0: not within a window.</returns>
    public uint ToLocal(ulong address, uint length)
    {
        for (int i = 0; i < count; i++)
        {
            ulong size = lengths[i];
            ulong offset = address - starts[i];
            if (offset < size && length <= size - offset)
            {
                return locals[i] + (uint)offset;
            }
        }

        return 0;
    }

    /// <summary>Finds a window that shares local addresses with a range of the co-processor's memory.</summary>
    /// <param name="localAddress">First address of the range.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The window's name, or null: none.</returns>
    public string FindOverlap(uint localAddress, uint length)
    {
        for (int i = 0; i < count; i++)
        {
            if (Overlap(localAddress, length, locals[i], lengths[i]))
            {
                return names[i];
            }
        }

        return null;
    }

    /// <summary>Translates the other way: a range of the co-processor's memory, if all of it lies in one window.</summary>
    /// <param name="localAddress">First address of the range.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <returns>The bus address of the first byte, or <see cref="NoBusAddress"/>: not within a window.</returns>
    public ulong ToBus(uint localAddress, uint length)
    {
        for (int i = 0; i < count; i++)
        {
            uint offset = localAddress - locals[i];
            if (offset < lengths[i] && length <= lengths[i] - offset)
            {
                return starts[i] + offset;
            }
        }

        return NoBusAddress;
    }

    /// <summary>Takes the windows of another set, of which this one was made as a copy; nothing is excluded any more.</summary>
    /// <param name="whole">The other set.</param>
    public void Restore(AddressWindows whole)
    {
        count = 0;
        for (int i = 0; i < whole.count; i++)
        {
            Append(whole.names[i], whole.starts[i], whole.lengths[i], whole.locals[i]);
        }
    }

    /// <summary>Closes a part of a window. What is left of the window before it and behind it stays open.</summary>
    /// <param name="localAddress">First address of the range, all of which lies in one window.</param>
    /// <param name="length">Bytes, at least 1.</param>
    public void Exclude(uint localAddress, uint length)
    {
        for (int i = 0; i < count; i++)
        {
            ulong before = localAddress - locals[i];
            if (before < lengths[i])
            {
                ulong end = before + length;
                if (end < lengths[i])
                {
                    Append(names[i], starts[i] + end, lengths[i] - end, locals[i] + (uint)end);
                }

                lengths[i] = before;
                return;
            }
        }
    }

    /// <summary>Finds a window whose first or last byte the port cannot access.</summary>
    /// <param name="memory">The port's memory.</param>
    /// <returns>The window's name, or null: none.</returns>
    public string FindUnreachable(SharedMemory memory)
    {
        for (int i = 0; i < count; i++)
        {
            if (!IsReachable(memory, locals[i], (uint)(lengths[i] - 1)))
            {
                return names[i];
            }
        }

        return null;
    }

    /// <summary>Whether the port can access the first and the last byte of a range.</summary>
    /// <param name="memory">The port's memory.</param>
    /// <param name="localAddress">First address of the range.</param>
    /// <param name="last">How far the last byte is from the first; a window may be as long as the address space.</param>
    public static bool IsReachable(SharedMemory memory, uint localAddress, uint last)
    {
        byte[] end = new byte[1];
        try
        {
            memory.Read(localAddress, end, 0, 1);
            memory.Read(localAddress + last, end, 0, 1);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void Append(string name, ulong busAddress, ulong length, uint localAddress)
    {
        names[count] = name;
        starts[count] = busAddress;
        lengths[count] = length;
        locals[count] = localAddress;
        count++;
    }

    private static bool Overlap(ulong a, ulong aLength, ulong b, ulong bLength) => a - b < bLength || b - a < aLength;
}
