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

    /// <summary>Reads several numbers one after another, and says which changed.</summary>
    public int Look(uint[] addresses, int[] sizes, int count, int[] numbers)
    {
        machine.NativeCalls++;
        int changed = 0;
        for (int n = 0; n < count; n++)
        {
            int number = LoadNumber(addresses[n], sizes[n]);
            if (number != numbers[n])
            {
                changed |= 1 << n;
                numbers[n] = number;
            }
        }

        return changed;
    }

    /// <summary>Reads 32-bit numbers that lie side by side.</summary>
    public void ReadWords(uint address, int[] into, int count)
    {
        machine.NativeCalls++;
        int at = machine.Find(address, 4 * count, false);
        for (int word = 0; word < count; word++)
        {
            into[word] = NumberAt(at + 4 * word, 4);
        }
    }

    /// <summary>Copies from shared memory.</summary>
    public void Read(uint address, byte[] into, int offset, int count)
    {
        machine.NativeCalls++;
        int at = machine.Find(address, count, false);
        Array.Copy(machine.Found, at, into, offset, count);
    }

    /// <summary>Copies to shared memory.</summary>
    public void Write(uint address, byte[] from, int offset, int count)
    {
        machine.NativeCalls++;
        int at = machine.Find(address, count, true);
        Array.Copy(from, offset, machine.Found, at, count);
    }

    /// <summary>Writes the low bytes of a number.</summary>
    public void Store(uint address, int number, int size)
    {
        machine.NativeCalls++;
        StoreNumber(address, number, size);
    }

    /// <summary>Publishes an element of a ring and reads the reader's wish.</summary>
    public int Publish(uint elementAddress, int id, int length, uint indexAddress, int index, uint wishAddress)
    {
        machine.NativeCalls++;
        int at = machine.Find(elementAddress, 8, true);
        PutNumber(at, id, 4);
        PutNumber(at + 4, length, 4);
        StoreNumber(indexAddress, index, 2);
        return LoadNumber(wishAddress, 4);
    }

    private static void Check(int size)
    {
        if (size != 1 && size != 2 && size != 4)
        {
            throw new ArgumentOutOfRangeException("size");
        }
    }

    private int LoadNumber(uint address, int size)
    {
        Check(size);
        return NumberAt(machine.Find(address, size, false), size);
    }

    private void StoreNumber(uint address, int number, int size)
    {
        Check(size);
        PutNumber(machine.Find(address, size, true), number, size);
    }

    private int NumberAt(int at, int size)
    {
        int number = 0;
        for (int i = 0; i < size; i++)
        {
            number |= machine.Found[at + i] << (8 * i);
        }

        return number;
    }

    private void PutNumber(int at, int number, int size)
    {
        for (int i = 0; i < size; i++)
        {
            machine.Found[at + i] = (byte)(number >> (8 * i));
        }
    }
}
