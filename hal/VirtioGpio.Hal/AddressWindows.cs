// AddressWindows: the one door for addresses that come from Linux.
//
// Spec:    VIRTIO "The Virtqueue Descriptor Table": addr is a physical address of the application CPU, 64 bit.
// Trusts:  nothing about an address; an address is untrusted until it has passed here.
// Thread:  Add while starting, ToLocal on the service thread.
// Memory:  arrays of the capacity at construction, nothing after.

using System;

namespace VirtioGpio.Hal;

/// <summary>
/// The ranges of the application CPU's memory that the co-processor may touch, and where it sees each of them.
/// A port adds one window for each piece of Linux's RAM.
/// </summary>
public sealed class AddressWindows
{
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

    /// <summary>Opens a window.</summary>
    /// <param name="name">What the board calls it, for messages.</param>
    /// <param name="cpuAddress">First address as Linux knows it.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="localAddress">Where the co-processor sees the first byte; not 0, and the window ends below 4 GiB.</param>
    /// <exception cref="ArgumentException">The window is empty, wraps, starts at local 0, overlaps another, or is one too many.</exception>
    public void Add(string name, ulong cpuAddress, ulong length, uint localAddress)
    {
        if (count == names.Length)
        {
            throw new ArgumentException("window " + name + ": more windows than the board declared");
        }

        if (length == 0 || cpuAddress + (length - 1) < cpuAddress)
        {
            throw new ArgumentException("window " + name + ": empty, or beyond the 64-bit addresses");
        }

        if (localAddress == 0 || localAddress + (length - 1) > uint.MaxValue)
        {
            throw new ArgumentException("window " + name + ": the co-processor cannot see it in 32 bits (0 is no address)");
        }

        for (int i = 0; i < count; i++)
        {
            if (Overlap(cpuAddress, length, starts[i], lengths[i]) || Overlap(localAddress, length, locals[i], lengths[i]))
            {
                throw new ArgumentException("window " + name + ": overlaps window " + names[i]);
            }
        }

        names[count] = name;
        starts[count] = cpuAddress;
        lengths[count] = length;
        locals[count] = localAddress;
        count++;
    }

    /// <summary>Translates a range that Linux named, if all of it lies in one window.</summary>
    /// <param name="address">The application CPU's address.</param>
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

    private static bool Overlap(ulong a, ulong aLength, ulong b, ulong bLength) => a - b < bLength || b - a < aLength;
}
