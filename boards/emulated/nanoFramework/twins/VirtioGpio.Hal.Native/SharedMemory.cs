// SharedMemory, desktop twin: the natives over mapped memory. The flashed declaration says what each method promises.

using System;
using System.Runtime.InteropServices;
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

    /// <summary>Reads several numbers one after another, and says which changed.</summary>
    public int Look(uint[] addresses, int[] sizes, int count, int[] numbers)
    {
        bus.NativeCalls++;
        int changed = 0;
        for (int n = 0; n < count; n++)
        {
            int number = LoadNumber(addresses[n], sizes[n]);
            changed |= number != numbers[n] ? 1 << n : 0;
            numbers[n] = number;
        }

        return changed;
    }

    /// <summary>Reads 32-bit numbers that lie side by side.</summary>
    public void ReadWords(uint address, int[] into, int count)
    {
        bus.NativeCalls++;
        Load(address, MemoryMarshal.AsBytes(into.AsSpan(0, count)));
    }

    /// <summary>Copies from shared memory.</summary>
    public void Read(uint address, byte[] into, int offset, int count)
    {
        bus.NativeCalls++;
        Load(address, into.AsSpan(offset, count));
    }

    /// <summary>Copies to shared memory.</summary>
    public void Write(uint address, byte[] from, int offset, int count)
    {
        bus.NativeCalls++;
        Store(address, from.AsSpan(offset, count));
    }

    /// <summary>Writes the low bytes of a number.</summary>
    public void Store(uint address, int number, int size)
    {
        bus.NativeCalls++;
        Check(size);
        if ((address & (size - 1)) != 0)
        {
            Store(address, MemoryMarshal.AsBytes(new Span<int>(ref number))[..size]);
            return;
        }

        byte* to = bus.Access(address, size, isWrite: true);
        Thread.MemoryBarrier();
        switch (size)
        {
            case 1:
                Volatile.Write(ref *to, (byte)number);
                break;
            case 2:
                Volatile.Write(ref *(ushort*)to, (ushort)number);
                break;
            default:
                Volatile.Write(ref *(int*)to, number);
                break;
        }

        Thread.MemoryBarrier();
    }

    /// <summary>Publishes an element of a ring and reads the reader's wish.</summary>
    public int Publish(uint elementAddress, int id, int length, uint indexAddress, int index, uint wishAddress)
    {
        bus.NativeCalls++;
        Store(elementAddress, MemoryMarshal.AsBytes([id, length]));
        ushort* place = (ushort*)bus.Access(indexAddress, sizeof(ushort), isWrite: true);
        Volatile.Write(ref *place, (ushort)index);
        Thread.MemoryBarrier();
        return Volatile.Read(ref *(int*)bus.Access(wishAddress, sizeof(int), isWrite: false));
    }

    private static void Check(int size)
    {
        if (size is not (1 or 2 or 4))
        {
            throw new ArgumentOutOfRangeException(nameof(size), $"a number of {size} bytes");
        }
    }

    private int LoadNumber(uint address, int size)
    {
        Check(size);
        byte* from = bus.Access(address, size, isWrite: false);
        Thread.MemoryBarrier();
        return size switch
        {
            1 => Volatile.Read(ref *from),
            2 => Volatile.Read(ref *(ushort*)from),
            _ => Volatile.Read(ref *(int*)from),
        };
    }

    private void Load(uint address, Span<byte> into)
    {
        byte* from = bus.Access(address, into.Length, isWrite: false);
        Thread.MemoryBarrier();
        new ReadOnlySpan<byte>(from, into.Length).CopyTo(into);
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
