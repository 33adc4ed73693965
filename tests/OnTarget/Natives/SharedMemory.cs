// SharedMemory, managed: the natives over plain arrays. The flashed declaration says what each method promises.

using System;

namespace VirtioGpio.Hal;

/// <summary>Access to shared memory by the co-processor's own addresses.</summary>
public sealed class SharedMemory
{
    private readonly Machine machine;

    /// <summary>Opens the memory of a machine that has none.</summary>
    public SharedMemory() => machine = new Machine();

    internal SharedMemory(Machine machine) => this.machine = machine;

    /// <summary>Answers <c>~probe</c>.</summary>
    public int SelfTest(int probe)
    {
        machine.NativeCalls++;
        return ~probe;
    }

    /// <summary>Copies from shared memory.</summary>
    public void Read(uint address, byte[] into, int offset, int count)
    {
        machine.NativeCalls++;
        Load(address, into, offset, count);
    }

    /// <summary>Copies several ranges, each in full before the next.</summary>
    public void ReadInOrder(uint[] addresses, int[] counts, int ranges, byte[] into)
    {
        machine.NativeCalls++;
        int at = 0;
        for (int range = 0; range < ranges; range++)
        {
            Load(addresses[range], into, at, counts[range]);
            at += counts[range];
        }
    }

    /// <summary>Copies to shared memory.</summary>
    public void Write(uint address, byte[] from, int offset, int count)
    {
        machine.NativeCalls++;
        Store(address, from, offset, count);
    }

    /// <summary>Publishes an element of a ring and reads the reader's wish.</summary>
    public uint Publish(uint elementAddress, byte[] element, uint indexAddress, int index, uint wishAddress)
    {
        machine.NativeCalls++;
        Store(elementAddress, element, 0, element.Length);
        int at = machine.Find(indexAddress, 2, true);
        machine.Found[at] = (byte)index;
        machine.Found[at + 1] = (byte)(index >> 8);
        at = machine.Find(wishAddress, 4, false);
        byte[] found = machine.Found;
        return (uint)(found[at] | found[at + 1] << 8 | found[at + 2] << 16 | found[at + 3] << 24);
    }

    private void Load(uint address, byte[] into, int offset, int count)
    {
        int at = machine.Find(address, count, false);
        Array.Copy(machine.Found, at, into, offset, count);
    }

    private void Store(uint address, byte[] from, int offset, int count)
    {
        int at = machine.Find(address, count, true);
        Array.Copy(from, offset, machine.Found, at, count);
    }
}
