// SharedMemory, managed: the natives over plain arrays. The flashed declaration says what each method promises.

using System;

namespace VirtioGpio.Hal;

/// <summary>Access to shared memory by the co-processor's own addresses.</summary>
public sealed class SharedMemory
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

    /// <summary>Polls several numbers one after another, and says which changed.</summary>
    public int Poll(uint[] addresses, int[] sizes, int count, int[] numbers)
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

    /// <summary>Copies to shared memory if the ring is still what it was.</summary>
    public bool Write(uint[] ring, uint address, byte[] from, int offset, int count)
    {
        machine.NativeCalls++;
        if (ring != null && !IsCurrent(ring))
        {
            return false;
        }

        int at = machine.Find(address, count, true);
        Array.Copy(from, offset, machine.Found, at, count);
        return true;
    }

    /// <summary>Writes the low bytes of a number.</summary>
    public void Store(uint address, int number, int size)
    {
        machine.NativeCalls++;
        StoreNumber(address, number, size);
    }

    /// <summary>Publishes a used element if the ring is still what it was.</summary>
    public int Publish(uint[] ring, int index, int head, int written, uint replyAddress, int reply, int replySize)
    {
        machine.NativeCalls++;
        if (!IsCurrent(ring))
        {
            return Stale;
        }

        if (replySize != 0)
        {
            PutNumber(machine.Find(replyAddress, replySize, true), reply, replySize);
        }

        int at = machine.Find(ring[RingUsed] + 4 + 8 * ((uint)index & (ring[RingSize] - 1)), 8, true);
        PutNumber(at, head, 4);
        PutNumber(at + 4, written, 4);
        StoreNumber(ring[RingUsed] + 2, (index + 1) & 0xFFFF, 2);
        return LoadNumber(ring[RingAvailable], 4) & unchecked((int)0xFFFF0001);
    }

    private bool IsCurrent(uint[] ring) =>
        LoadNumber(ring[RingStatusAddress], 1) == ring[RingStatus] && LoadNumber(ring[RingCanaryAddress], 1) == ring[RingCanary];

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
