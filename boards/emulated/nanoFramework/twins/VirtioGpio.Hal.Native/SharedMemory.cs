// SharedMemory, desktop twin: the natives over mapped memory. The flashed declaration says what each method promises.

using System;
using System.Threading;

namespace VirtioGpio.Hal;

/// <summary>Access to shared memory by the co-processor's own addresses.</summary>
public sealed unsafe class SharedMemory
{
    private readonly Bus bus;

    /// <summary>Opens the memory of the machine that this process is.</summary>
    public SharedMemory() : this(Machine.Bus)
    {
    }

    internal SharedMemory(Bus bus) => this.bus = bus;

    /// <summary>Answers <c>~probe</c>.</summary>
    public int SelfTest(int probe)
    {
        bus.NativeCalls++;
        return ~probe;
    }

    /// <summary>Copies from shared memory.</summary>
    public void Read(uint address, byte[] into, int offset, int count)
    {
        bus.NativeCalls++;
        Load(address, into.AsSpan(offset, count));
    }

    /// <summary>Copies several ranges, each in full before the next.</summary>
    public void ReadInOrder(uint[] addresses, int[] counts, int ranges, byte[] into)
    {
        bus.NativeCalls++;
        int at = 0;
        for (int range = 0; range < ranges; range++)
        {
            Load(addresses[range], into.AsSpan(at, counts[range]));
            at += counts[range];
        }
    }

    /// <summary>Copies to shared memory.</summary>
    public void Write(uint address, byte[] from, int offset, int count)
    {
        bus.NativeCalls++;
        Store(address, from.AsSpan(offset, count));
    }

    /// <summary>Publishes an element of a ring and reads the reader's wish.</summary>
    public uint Publish(uint elementAddress, byte[] element, uint indexAddress, int index, uint wishAddress)
    {
        bus.NativeCalls++;
        Store(elementAddress, element);
        ushort* place = (ushort*)bus.Access(indexAddress, sizeof(ushort), isWrite: true);
        Volatile.Write(ref *place, (ushort)index);
        Thread.MemoryBarrier();
        return Volatile.Read(ref *(uint*)bus.Access(wishAddress, sizeof(uint), isWrite: false));
    }

    private void Load(uint address, Span<byte> into)
    {
        byte* from = bus.Access(address, into.Length, isWrite: false);
        Thread.MemoryBarrier();
        if (into.Length == sizeof(uint) && (address & 3) == 0)
        {
            BitConverter.TryWriteBytes(into, Volatile.Read(ref *(uint*)from));
        }
        else if (into.Length == sizeof(ushort) && (address & 1) == 0)
        {
            BitConverter.TryWriteBytes(into, Volatile.Read(ref *(ushort*)from));
        }
        else
        {
            new ReadOnlySpan<byte>(from, into.Length).CopyTo(into);
        }

        Thread.MemoryBarrier();
    }

    private void Store(uint address, ReadOnlySpan<byte> from)
    {
        byte* to = bus.Access(address, from.Length, isWrite: true);
        Thread.MemoryBarrier();
        from.CopyTo(new Span<byte>(to, from.Length));
        Thread.MemoryBarrier();
    }
}
