// Virtqueue.Adopt: a ring that an earlier run of the firmware has taken.
//
// Spec:    none: VIRTIO knows no device that loses its state. The policy is SPEC.md's.
// Trusts:  nothing in the ring: every index and head is judged.
// Thread:  the service thread, while starting.
// Memory:  allocates while starting only.

using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <content>What the two rings still show of the chains that an earlier run had in hand.</content>
internal sealed partial class Virtqueue
{
    private const int Unseen = 0;
    private const int Outstanding = 1;
    private const int Unsure = 2;

    /// <summary>Whether an earlier run has taken this ring. One without the canary is new, however long Linux has been waiting.</summary>
    internal bool WasTaken => ReadNumber(CanaryAddress, 1) == Canary;

    /// <summary>Goes on with a ring whose chains are returned in the order in which they come: all that are not used are still to be served.</summary>
    internal void Adopt()
    {
        usedIndex = ReadIndex(SharedMemory.RingUsed);
        Take(usedIndex);
        Announce();
    }

    /// <summary>Goes on with a ring whose chains are returned in any order.</summary>
    /// <param name="most">How many chains the driver has at most outstanding.</param>
    /// <returns>The heads of the chains that are outstanding as far as the rings still show them for certain.</returns>
    internal int[] AdoptUnordered(int most)
    {
        usedIndex = ReadIndex(SharedMemory.RingUsed);
        int available = ReadIndex(SharedMemory.RingAvailable);
        int[] heads = FindOutstanding(available, most);
        Take(available);
        Announce();
        return heads;
    }

    /// <summary>Goes on with a ring of whose chains it is known which were taken and not returned.</summary>
    /// <param name="heads">On entry heads of chains that were taken; negative: none. On return those that were used since are negative.</param>
    /// <param name="usedIndexes">For each a used index at which it was not used yet, at most 65,535 chains ago.</param>
    /// <returns>Whether both rings can be so.</returns>
    internal bool AdoptParked(int[] heads, int[] usedIndexes)
    {
        usedIndex = ReadIndex(SharedMemory.RingUsed);
        int available = ReadIndex(SharedMemory.RingAvailable);
        int[] usedAgo = ReadUsedAgo();
        bool[] isParked = new bool[size];
        int parked = 0;
        for (int i = 0; i < heads.Length; i++)
        {
            int head = heads[i];
            if (head >= size || (head >= 0 && isParked[head]))
            {
                return false;
            }

            bool isUsed = head < 0 || (usedAgo[head] != 0 && usedAgo[head] <= ((usedIndex - usedIndexes[i]) & 0xFFFF));
            if (isUsed)
            {
                heads[i] = -1;
                continue;
            }

            isParked[head] = true;
            parked++;
        }

        // Every chain that was taken is used or parked. One that was taken last, and came to be neither, is taken again.
        int notUsed = (available - usedIndex) & 0xFFFF;
        if (notUsed > size || parked > notUsed || AnyWaits(isParked, available, notUsed - parked))
        {
            return false;
        }

        Take((usedIndex + parked) & 0xFFFF);
        Announce();
        return true;
    }

    // A reply may have become visible right before the earlier run died, and its notification never sent.
    private void Announce()
    {
        memory.ReadWords(ring[SharedMemory.RingAvailable], element, 1);
        flags = element[0];
        HasUsed = true;
    }

    private int ReadIndex(int which)
    {
        memory.ReadWords(ring[which], element, 1);
        return IndexOf(element[0]);
    }

    private int[] FindOutstanding(int available, int most)
    {
        int[] states = new int[size];
        int outstanding = (available - usedIndex) & 0xFFFF;
        if (outstanding > most)
        {
            return new int[0];
        }

        if (IsYoung(available))
        {
            CountAll(states, available);
        }
        else
        {
            JudgeNewest(states, available, outstanding, most);
        }

        return Collect(states);
    }

    // A ring that has never been filled shows everything that was ever offered or used. An index that has wrapped looks small as well, but
    // then the used element that comes next was written before.
    private bool IsYoung(int available)
    {
        if (available > size || usedIndex >= size || usedIndex > available)
        {
            return false;
        }

        ReadUsed(usedIndex);
        return element[0] == 0 && element[1] == 0;
    }

    private void CountAll(int[] states, int available)
    {
        for (int i = 0; i < available; i++)
        {
            int head = ReadNumber(EntryAt(i), RingLayout.AvailableEntrySize);
            if (head < size)
            {
                states[head] += Outstanding;
            }
        }

        for (int i = 0; i < usedIndex; i++)
        {
            ReadUsed(i);
            if (element[0] >= 0 && element[0] < size)
            {
                states[element[0]] -= Outstanding;
            }
        }
    }

    // Each ring shows its last entries; nothing shows how those of one lie in time between those of the other. The chain offered as
    // number p was used as number p - most at the earliest. So one that was not used since then is outstanding. One that was may have
    // been offered again, or not: it is passed over, for to return a chain that is not outstanding breaks the driver's queue.
    private void JudgeNewest(int[] states, int available, int outstanding, int most)
    {
        int[] usedAgo = ReadUsedAgo();
        for (int ago = 1; ago <= size; ago++)
        {
            int head = ReadNumber(EntryAt(available - ago), RingLayout.AvailableEntrySize);
            if (head < size && states[head] == Unseen)
            {
                int earliest = ago - outstanding + most;
                bool isSure = usedAgo[head] == 0 ? earliest <= size : usedAgo[head] > earliest;
                states[head] = isSure ? Outstanding : Unsure;
            }
        }
    }

    // Whether one of the chains that are still to be taken is among those that were taken.
    private bool AnyWaits(bool[] isParked, int available, int waiting)
    {
        for (int ago = waiting; ago > 0; ago--)
        {
            int head = ReadNumber(EntryAt(available - ago), RingLayout.AvailableEntrySize);
            if (head < size && isParked[head])
            {
                return true;
            }
        }

        return false;
    }

    // For each head, how many elements ago it was used last, 1 for the last element; 0: no element shows it.
    private int[] ReadUsedAgo()
    {
        int[] usedAgo = new int[size];
        for (int ago = size; ago > 0; ago--)
        {
            ReadUsed(usedIndex - ago);
            if (element[0] >= 0 && element[0] < size)
            {
                usedAgo[element[0]] = ago;
            }
        }

        return usedAgo;
    }

    private void ReadUsed(int index)
    {
        int at = RingLayout.UsedRing + RingLayout.UsedElementSize * (index & (size - 1));
        memory.ReadWords(ring[SharedMemory.RingUsed] + (uint)at, element, 2);
    }

    private static int[] Collect(int[] states)
    {
        int count = 0;
        for (int head = 0; head < states.Length; head++)
        {
            count += states[head] == Outstanding ? 1 : 0;
        }

        int[] heads = new int[count];
        for (int head = states.Length - 1; head >= 0; head--)
        {
            if (states[head] == Outstanding)
            {
                heads[--count] = head;
            }
        }

        return heads;
    }
}
