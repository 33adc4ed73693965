// KeptFaults: the last faults, in memory that outlives a restart of the co-processor.
//
// Spec:    none.
// Trusts:  nothing that it finds in memory.
// Thread:  the service thread only.
// Memory:  about 110 bytes at construction, nothing after.

using System;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Trace;

/// <summary>
/// A ring of faults, two words each. A check in the one covers both: a fault in whose middle the firmware dies is none.
/// </summary>
internal sealed class KeptFaults
{
    private readonly SharedMemory memory;
    private readonly uint address;
    private readonly int[] words = new int[StateLayout.FaultWords];
    private int number;
    private int lastFault;
    private int lastDetail;

    /// <summary>Reads the memory. What is not the faults of these lines is cleared.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">Its place, 4-byte aligned.</param>
    /// <param name="identity">What another build would have another of.</param>
    internal KeptFaults(SharedMemory memory, uint address, int identity)
    {
        this.memory = memory;
        this.address = address;
        int header = StateLayout.FaultMagic ^ identity;
        memory.ReadWords(address, words, words.Length);
        if (words[0] != header)
        {
            memory.Store(address, 0, 4);
            for (int at = 1; at < words.Length; at++)
            {
                words[at] = 0;
                memory.Store(address + (uint)(4 * at), 0, 4);
            }

            memory.Store(address, header, 4);
        }

        FindNewest();
    }

    /// <summary>The code of the fault stored <paramref name="ago"/> faults before the last one that was found in memory; 0 if there is none.</summary>
    internal int FaultAt(int ago) => IsFault(number - ago) ? words[StateLayout.FaultAt(number - ago)] & StateLayout.CodeBits : 0;

    /// <summary>The detail that goes with <see cref="FaultAt"/>.</summary>
    internal int DetailAt(int ago) => words[StateLayout.FaultAt(number - ago) + 1];

    /// <summary>Stores a fault, unless it is the same as the last: many bad requests of one kind cost no more than one.</summary>
    internal void Store(int fault, int detail)
    {
        if (fault == lastFault && detail == lastDetail)
        {
            return;
        }

        lastFault = fault;
        lastDetail = detail;
        number++;
        uint at = address + (uint)(4 * StateLayout.FaultAt(number));
        try
        {
            memory.Store(at + 4, detail, 4);
            memory.Store(at, StateLayout.FaultWord(fault, number, detail), 4);
        }
        catch (Exception)
        {
            // It is told of a fault, and must not make another: what cannot be stored is not kept.
        }
    }

    // The numbers rise by one from slot to slot, up to the newest.
    private void FindNewest()
    {
        for (int slot = 0; slot < StateLayout.FaultSlots; slot++)
        {
            int found = (words[StateLayout.FaultAt(slot)] >> StateLayout.NumberShift) & StateLayout.NumberBits;
            if ((found & (StateLayout.FaultSlots - 1)) == slot && IsFault(found) && !IsFault(found + 1))
            {
                number = found;
                return;
            }
        }
    }

    private bool IsFault(int n)
    {
        int at = StateLayout.FaultAt(n);
        int fault = words[at] & StateLayout.CodeBits;
        return fault != 0 && words[at] == StateLayout.FaultWord(fault, n, words[at + 1]);
    }
}
