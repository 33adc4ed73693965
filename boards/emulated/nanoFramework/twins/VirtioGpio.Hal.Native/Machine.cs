// Machine: what stands behind the natives on the desktop: a bus with memory on it, doorbells, and pins.

using System;

namespace VirtioGpio.Hal;

/// <summary>The machine that <c>new SharedMemory()</c>, <c>new Mailbox()</c> and <c>new Pads()</c> find, as flashed code finds its SoC.</summary>
internal static class Machine
{
    internal static Bus Bus { get; set; } = new();

    /// <summary>The memory as the flashed program has opened it.</summary>
    internal static SharedMemory? Memory { get; set; }

    internal static IDoorbells? Doorbells { get; set; }

    internal static IPadBank? Pads { get; set; }
}

/// <summary>The half of a mailbox that differs between a process with eventfds and a test.</summary>
internal interface IDoorbells
{
    int Wait(int timeoutMs);

    void Notify(int notifyId);

    void Wake(int bits);

    int Now();
}

/// <summary>The pins behind <see cref="Pads"/>.</summary>
internal interface IPadBank
{
    bool Open(int pin);

    bool MakeInput(int pin, int mode);

    bool Drive(int pin, int mode, int value);

    int Sense(int pin);

    bool Watch(int pin, int slot, int edges);

    bool Rearm(int pin);

    int TakeEdges();
}

/// <summary>The co-processor's address space: ranges of real memory. It counts and shows every access.</summary>
internal sealed unsafe class Bus
{
    private Range[] ranges = [];

    /// <summary>Calls of native members so far.</summary>
    internal long NativeCalls
    {
        get;
        set
        {
            field = value;
            OnNative?.Invoke();
        }
    }

    /// <summary>Called at the start of each native; may throw.</summary>
    internal Action? OnNative { get; set; }

    /// <summary>Accesses so far: each range read or written in one go counts once.</summary>
    internal long Accesses { get; private set; }

    /// <summary>Called before each access with its address, count and whether it writes; may throw.</summary>
    internal Action<uint, int, bool>? OnAccess { get; set; }

    /// <summary>Called when an address that nothing is mapped at is accessed or looked up.</summary>
    internal Action? OnError { get; set; }

    internal void Map(uint address, byte* memory, ulong length) => ranges = [.. ranges, new Range(address, length, memory)];

    internal byte* Access(uint address, int count, bool isWrite)
    {
        byte* found = Find(address, count);
        Accesses++;
        OnAccess?.Invoke(address, count, isWrite);
        return found;
    }

    /// <summary>Looks up a range without accessing it.</summary>
    internal byte* Find(uint address, int count)
    {
        foreach (Range range in ranges)
        {
            ulong offset = (ulong)address - range.Address;
            if (offset < range.Length && (ulong)(uint)count <= range.Length - offset)
            {
                return range.Memory + offset;
            }
        }

        OnError?.Invoke();
        throw new ArgumentOutOfRangeException(nameof(address), $"{count} bytes at 0x{address:X8} are outside the port's memory");
    }

    private sealed record Range(uint Address, ulong Length, IntPtr Pointer)
    {
        internal Range(uint address, ulong length, byte* memory) : this(address, length, (IntPtr)memory)
        {
        }

        internal byte* Memory => (byte*)Pointer;
    }
}
