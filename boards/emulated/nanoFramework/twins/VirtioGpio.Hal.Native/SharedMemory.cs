// SharedMemory, desktop twin: the natives over mapped memory. The flashed declaration says what each method promises.

using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace VirtioGpio.Hal;

/// <summary>Access to shared memory by the co-processor's own addresses.</summary>
public sealed unsafe class SharedMemory
{
    /// <summary>Word of a ring's description: the address of the device status byte.</summary>
    public const int RingStatusAddress = 0;

    /// <summary>Word of a ring's description: the device status that must be there.</summary>
    public const int RingStatus = 1;

    /// <summary>Word of a ring's description: the address of the ring's canary byte.</summary>
    public const int RingCanaryAddress = 2;

    /// <summary>Word of a ring's description: the canary that must be there.</summary>
    public const int RingCanary = 3;

    /// <summary>Word of a ring's description: the address of the available ring.</summary>
    public const int RingAvailable = 4;

    /// <summary>Word of a ring's description: the address of the used ring.</summary>
    public const int RingUsed = 5;

    /// <summary>Word of a ring's description: its descriptors.</summary>
    public const int RingSize = 6;

    /// <summary>Words of a ring's description.</summary>
    public const int RingWords = 7;

    /// <summary>What <see cref="Publish"/> answers if it has written nothing.</summary>
    public const int Stale = -1;

    private readonly Bus bus;
    private uint[] polledAddresses = [];
    private int[] polledSizes = [];
    private int[] polledNumbers = [];
    private int polledCount;

    /// <summary>Opens the memory of the machine that this process is.</summary>
    public SharedMemory() : this(Machine.Bus) => Machine.Memory = this;

    internal SharedMemory(Bus bus) => this.bus = bus;

    /// <summary>What <see cref="SelfTest"/> shows: the natives are those of another assembly.</summary>
    internal bool IsForeign { get; set; }

    /// <summary>Answers <c>~probe</c>.</summary>
    public int SelfTest(int probe)
    {
        bus.NativeCalls++;
        return IsForeign ? probe : ~probe;
    }

    /// <summary>Polls several numbers one after another, and says which changed.</summary>
    public int Poll(uint[] addresses, int[] sizes, int count, int[] numbers)
    {
        bus.NativeCalls++;
        (polledAddresses, polledSizes, polledCount, polledNumbers) = (addresses, sizes, count, numbers);
        int changed = 0;
        for (int n = 0; n < count; n++)
        {
            int number = LoadNumber(addresses[n], sizes[n]);
            changed |= number != numbers[n] ? 1 << n : 0;
            numbers[n] = number;
        }

        return changed;
    }

    /// <summary>Whether the last poll, done again, would find a change. A port asks this in a wait; it is no native call.</summary>
    internal bool HasChanged()
    {
        for (int n = 0; n < polledCount; n++)
        {
            if (LoadNumber(polledAddresses[n], polledSizes[n]) != polledNumbers[n])
            {
                return true;
            }
        }

        return false;
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

    /// <summary>Copies to shared memory if the ring is still what it was.</summary>
    public bool Write(uint[]? ring, uint address, byte[] from, int offset, int count)
    {
        bus.NativeCalls++;
        ReadOnlySpan<byte> bytes = from.AsSpan(offset, count);
        bus.Find(address, count);
        if (ring is not null)
        {
            FindGuard(ring);
        }

        if (ring is not null && !IsCurrent(ring))
        {
            return false;
        }

        Store(address, bytes);
        Thread.MemoryBarrier();
        return true;
    }

    /// <summary>Writes the low bytes of a number.</summary>
    public void Store(uint address, int number, int size)
    {
        bus.NativeCalls++;
        Check(size);
        if ((address & (size - 1)) != 0)
        {
            Store(address, MemoryMarshal.AsBytes(new Span<int>(ref number))[..size]);
            Thread.MemoryBarrier();
            return;
        }

        byte* to = bus.Access(address, size, isWrite: true);
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

    /// <summary>Publishes a used element if the ring is still what it was.</summary>
    public int Publish(uint[] ring, int index, int head, int written, uint replyAddress, int reply, int replySize)
    {
        bus.NativeCalls++;
        if (replySize is < 0 or > 2 || index is < 0 or > ushort.MaxValue || !BitOperations.IsPow2(ring[RingSize])
            || ((ring[RingUsed] | ring[RingAvailable]) & 3) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(ring));
        }

        int offset = 4 + 8 * (int)((uint)index & (ring[RingSize] - 1));
        uint element = ring[RingUsed] + (uint)offset;
        bus.Find(ring[RingUsed], offset + 8);
        bus.Find(ring[RingAvailable], 4);
        FindGuard(ring);
        if (replySize != 0)
        {
            bus.Find(replyAddress, replySize);
        }

        if (!IsCurrent(ring))
        {
            return Stale;
        }

        if (replySize != 0)
        {
            Store(replyAddress, MemoryMarshal.AsBytes(new Span<int>(ref reply))[..replySize]);
        }

        Store(element, MemoryMarshal.AsBytes([head, written]));
        ushort* place = (ushort*)bus.Access(ring[RingUsed] + 2, sizeof(ushort), isWrite: true);
        Volatile.Write(ref *place, (ushort)(index + 1));
        Thread.MemoryBarrier();
        return Volatile.Read(ref *(int*)bus.Access(ring[RingAvailable], sizeof(int), isWrite: false)) & unchecked((int)0xFFFF0001);
    }

    private void FindGuard(uint[] ring)
    {
        bus.Find(ring[RingStatusAddress], 1);
        bus.Find(ring[RingCanaryAddress], 1);
    }

    private bool IsCurrent(uint[] ring) =>
        LoadNumber(ring[RingStatusAddress], 1) == ring[RingStatus] && LoadNumber(ring[RingCanaryAddress], 1) == ring[RingCanary];

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
        Volatile.ReadBarrier();
        new ReadOnlySpan<byte>(from, into.Length).CopyTo(into);
        Volatile.ReadBarrier();
    }

    private void Store(uint address, ReadOnlySpan<byte> from)
    {
        byte* to = bus.Access(address, from.Length, isWrite: true);
        Volatile.WriteBarrier();
        from.CopyTo(new Span<byte>(to, from.Length));
    }
}
