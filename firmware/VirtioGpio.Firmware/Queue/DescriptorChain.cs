// DescriptorChain: one request of the driver, gathered from its descriptors.
//
// Spec:    VIRTIO "The Virtqueue Descriptor Table", "Message Framing".
// Trusts:  nothing. A descriptor is read once into private bytes and judged there; an address passes AddressWindows first.
// Thread:  the service thread only.
// Memory:  8 bytes per descriptor of the ring and 32 more at construction, nothing after.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <summary>
/// The device-readable bytes of a chain, followed by its device-writable bytes, however the driver has cut them into
/// descriptors. A chain that breaks a rule is not sound and ends where it breaks it: the writable bytes before that stay
/// usable, so that an error can still be answered.
/// </summary>
internal sealed partial class DescriptorChain
{
    private const int NoPair = -2;
    private const int NoneWritable = -1;

    // Read by the queues for every message: on the interpreter a field costs a third of a property.
    internal int Head;
    internal bool IsSound;
    internal uint Readable;
    internal uint Writable;
    internal uint ReplyAddress;
    internal uint ReplyLength;

    private readonly SharedMemory memory;
    private readonly AddressWindows windows;
    private readonly TraceRing trace;
    private readonly int ringSize;
    private readonly uint[] addresses;
    private readonly uint[] lengths;
    private readonly int[] pair = new int[2 * RingLayout.DescriptorWords];
    private int pairIndex;
    private int segments;
    private int firstWritable;
    private bool hasBadAddress;
    private uint table;
    private int tableSize;
    private bool mayBeIndirect;

    internal DescriptorChain(SharedMemory memory, AddressWindows windows, TraceRing trace, int ringSize)
    {
        this.memory = memory;
        this.windows = windows;
        this.trace = trace;
        this.ringSize = ringSize;
        addresses = new uint[ringSize];
        lengths = new uint[ringSize];
    }

    /// <summary>Notes which chain comes next; reads nothing, so nothing can fail.</summary>
    /// <param name="descriptorTable">The ring's descriptor table.</param>
    /// <param name="first">Index of the first descriptor: <see cref="Head"/>, the id under which the chain is returned.</param>
    /// <param name="hasIndirect">Whether a descriptor may refer to a table of its own.</param>
    internal void Open(uint descriptorTable, int first, bool hasIndirect)
    {
        Head = first;
        table = descriptorTable;
        mayBeIndirect = hasIndirect;
        IsSound = false;
        Readable = 0;
        Writable = 0;
    }

    /// <summary>
    /// Reads and judges the descriptors: <see cref="IsSound"/> says whether every one kept the rules, <see cref="Readable"/> and
    /// <see cref="Writable"/> how many bytes there are (uint.MaxValue at most), and the first <see cref="ReplyLength"/> of the
    /// writable ones begin at <see cref="ReplyAddress"/>. If the memory fails, the chain is not sound.
    /// </summary>
    internal void Load()
    {
        tableSize = ringSize;
        pairIndex = NoPair;
        Fetch(Head);
        if (IsRequestAndReply())
        {
            return;
        }

        hasBadAddress = false;
        Gather();
        if (!IsSound && !hasBadAddress)
        {
            trace.Record(Fault.BadChain, Head);
        }
    }

    // What Linux sends: two neighbours, the first read, the second written. The general way takes a fifth more of a request (SPEC.md);
    // everything that is not exactly this goes that way.
    private bool IsRequestAndReply()
    {
        int[] d = pair;
        if (d[RingLayout.DescriptorFlagsWord] != (RingLayout.FlagNext | (Head + 1) << 16)
            || (d[RingLayout.DescriptorWords + RingLayout.DescriptorFlagsWord] & 0xFFFF) != RingLayout.FlagWrite
            || Head + 1 == ringSize)
        {
            return false;
        }

        uint request = (uint)d[RingLayout.DescriptorLengthWord];
        uint reply = (uint)d[RingLayout.DescriptorWords + RingLayout.DescriptorLengthWord];
        uint from = windows.ToLocal((ulong)(uint)d[1] << 32 | (uint)d[0], request);
        uint to = windows.ToLocal((ulong)(uint)d[RingLayout.DescriptorWords + 1] << 32 | (uint)d[RingLayout.DescriptorWords], reply);
        if (from == 0 || to == 0 || request == 0 || reply == 0)
        {
            return false;
        }

        addresses[0] = from;
        lengths[0] = request;
        Readable = request;
        addresses[1] = to;
        lengths[1] = reply;
        Writable = reply;
        ReplyAddress = to;
        ReplyLength = reply;
        firstWritable = 1;
        IsSound = true;
        return true;
    }

    // A chain visits at most as many descriptors as the ring has: one that goes on longer has a loop.
    private void Gather()
    {
        segments = 0;
        firstWritable = NoneWritable;
        int index = Head;
        for (int left = ringSize; left != 0 && index < tableSize; left--)
        {
            int at = Fetch(index);
            int flags = pair[at + RingLayout.DescriptorFlagsWord];
            if ((flags & RingLayout.FlagIndirect) != 0)
            {
                if (!EnterIndirect(at, flags))
                {
                    return;
                }

                index = 0;
                continue;
            }

            if (!Append(at, flags))
            {
                return;
            }

            if ((flags & RingLayout.FlagNext) == 0)
            {
                IsSound = !hasBadAddress;
                return;
            }

            index = (flags >> 16) & 0xFFFF;
        }
    }

    // "The device MUST handle the case of zero or more normal chained descriptors followed by a single descriptor with
    // flags&VIRTQ_DESC_F_INDIRECT", and "MUST ignore the write-only flag" in it. The driver must not set NEXT beside it, refer
    // to a second table, use it without VIRTIO_RING_F_INDIRECT_DESC, or make a table that is not a whole number of descriptors.
    private bool EnterIndirect(int at, int flags)
    {
        uint length = (uint)pair[at + RingLayout.DescriptorLengthWord];
        if (!mayBeIndirect || (flags & RingLayout.FlagNext) != 0 || length == 0 || length % RingLayout.DescriptorSize != 0)
        {
            return false;
        }

        mayBeIndirect = false;
        table = Local(at, length);
        tableSize = length > (uint)ushort.MaxValue * RingLayout.DescriptorSize ? ushort.MaxValue : (int)(length / RingLayout.DescriptorSize);
        pairIndex = NoPair;
        return table != 0;
    }

    // Linux puts a chain of two into neighbouring descriptors, so each read brings the neighbour along: one native call per request.
    private int Fetch(int index)
    {
        int ahead = index - pairIndex;
        if (ahead == 0 || ahead == 1)
        {
            return ahead * RingLayout.DescriptorWords;
        }

        int words = index + 1 < tableSize ? 2 * RingLayout.DescriptorWords : RingLayout.DescriptorWords;
        memory.ReadWords(table + (uint)(index * RingLayout.DescriptorSize), pair, words);
        pairIndex = index;
        return 0;
    }

    private bool Append(int at, int flags)
    {
        bool isWritable = (flags & RingLayout.FlagWrite) != 0;

        // "The driver MUST place any device-writable descriptor elements after any device-readable descriptor elements."
        if (!isWritable && firstWritable != NoneWritable)
        {
            return false;
        }

        if (isWritable && firstWritable == NoneWritable)
        {
            firstWritable = segments;
        }

        uint length = (uint)pair[at + RingLayout.DescriptorLengthWord];
        if (length == 0)
        {
            return true;
        }

        uint local = Local(at, length);
        if (local == 0)
        {
            // An unreachable request can still be answered; behind an unreachable piece of the answer nothing can be placed.
            return !isWritable;
        }

        Add(local, length, isWritable);
        return true;
    }

    private void Add(uint local, uint length, bool isWritable)
    {
        addresses[segments] = local;
        lengths[segments] = length;
        if (segments == firstWritable)
        {
            ReplyAddress = local;
            ReplyLength = length;
        }

        segments++;
        if (isWritable)
        {
            Writable = Sum(Writable, length);
        }
        else
        {
            Readable = Sum(Readable, length);
        }
    }

    private uint Local(int at, uint length)
    {
        uint local = windows.ToLocal((ulong)(uint)pair[at + 1] << 32 | (uint)pair[at], length);
        if (local == 0)
        {
            trace.Record(Fault.BadAddress, Head);
            hasBadAddress = true;
        }

        return local;
    }

    private static uint Sum(uint total, uint length) => length > uint.MaxValue - total ? uint.MaxValue : total + length;
}
