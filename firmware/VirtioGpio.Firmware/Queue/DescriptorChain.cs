// DescriptorChain: one request of the driver, gathered from its descriptors.
//
// Spec:    VIRTIO "The Virtqueue Descriptor Table", "Message Framing".
// Trusts:  nothing. A descriptor is read once into private bytes and judged there; an address passes AddressWindows first.
// Thread:  the service thread only.
// Memory:  8 bytes a descriptor of the ring and 32 more at construction, nothing after.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <summary>
/// The device-readable bytes of a chain, followed by its device-writable bytes, however the driver has cut them into
/// descriptors. A chain that breaks a rule is not sound and ends where it breaks it: the writable bytes before that stay
/// usable, so that an error can still be answered.
/// </summary>
public sealed partial class DescriptorChain
{
    private const int NoPair = -2;

    private readonly SharedMemory memory;
    private readonly AddressWindows windows;
    private readonly TraceRing trace;
    private readonly int ringSize;
    private readonly uint[] addresses;
    private readonly uint[] lengths;
    private readonly int[] pair = new int[2 * RingLayout.DescriptorWords];
    private int pairIndex;
    private int head;
    private bool isSound;
    private int readable;
    private int writable;
    private int segments;
    private int firstWritable;
    private bool hasBadAddress;
    private uint table;
    private int tableSize;
    private bool isIndirect;

    internal DescriptorChain(SharedMemory memory, AddressWindows windows, TraceRing trace, int ringSize)
    {
        this.memory = memory;
        this.windows = windows;
        this.trace = trace;
        this.ringSize = ringSize;
        addresses = new uint[ringSize];
        lengths = new uint[ringSize];
    }

    /// <summary>Index of the first descriptor: the id under which the chain is completed.</summary>
    public int Head => head;

    /// <summary>Whether every descriptor kept the rules.</summary>
    public bool IsSound => isSound;

    /// <summary>Device-readable bytes, at most int.MaxValue.</summary>
    public int Readable => readable;

    /// <summary>Device-writable bytes, at most int.MaxValue.</summary>
    public int Writable => writable;

    /// <summary>The co-processor's address of the first device-writable byte; meaningful if <see cref="Writable"/> is not 0.</summary>
    public uint FirstWritableAddress => addresses[firstWritable];

    internal void Load(uint descriptorTable, int first, bool mayBeIndirect)
    {
        head = first;
        table = descriptorTable;
        tableSize = ringSize;
        ReadPair(first);
        if (!IsRequestAndReply())
        {
            LoadAny(mayBeIndirect);
        }
    }

    // What Linux sends, and nothing else does it need: two neighbours, the first read, the second written. Everything that is
    // not exactly this goes the general way.
    private bool IsRequestAndReply()
    {
        int[] d = pair;
        if (pairIndex != head
            || d[RingLayout.DescriptorFlagsWord] != (RingLayout.FlagNext | (head + 1) << 16)
            || (d[RingLayout.DescriptorWords + RingLayout.DescriptorFlagsWord] & 0xFFFF) != RingLayout.FlagWrite)
        {
            return false;
        }

        uint request = (uint)d[RingLayout.DescriptorLengthWord];
        uint reply = (uint)d[RingLayout.DescriptorWords + RingLayout.DescriptorLengthWord];
        uint from = Local(0, request);
        uint to = Local(RingLayout.DescriptorWords, reply);
        if (from == 0 || to == 0 || request - 1 >= int.MaxValue || reply - 1 >= int.MaxValue)
        {
            return false;
        }

        addresses[0] = from;
        lengths[0] = request;
        addresses[1] = to;
        lengths[1] = reply;
        firstWritable = 1;
        readable = (int)request;
        writable = (int)reply;
        isSound = true;
        return true;
    }

    private void LoadAny(bool mayBeIndirect)
    {
        isSound = false;
        readable = 0;
        writable = 0;
        segments = 0;
        firstWritable = -1;
        hasBadAddress = false;
        isIndirect = !mayBeIndirect;
        LoadFrom(head, 0);
        if (!isSound && !hasBadAddress)
        {
            trace.Record(Fault.BadChain, head);
        }
    }

    // A chain visits at most as many descriptors as the ring has: one that goes on longer has a loop.
    private void LoadFrom(int index, int at)
    {
        for (int visited = 0; visited < ringSize; visited++)
        {
            int flags = pair[at + RingLayout.DescriptorFlagsWord];
            if ((flags & RingLayout.FlagIndirect) != 0)
            {
                if (!EnterIndirect(at, flags))
                {
                    return;
                }

                index = 0;
            }
            else
            {
                if (!Append(at, flags))
                {
                    return;
                }

                if ((flags & RingLayout.FlagNext) == 0)
                {
                    isSound = !hasBadAddress;
                    return;
                }

                index = (flags >> 16) & 0xFFFF;
            }

            if (index >= tableSize)
            {
                return;
            }

            at = Fetch(index);
        }
    }

    // "The device MUST handle the case of zero or more normal chained descriptors followed by a single descriptor with
    // flags&VIRTQ_DESC_F_INDIRECT", and "MUST ignore the write-only flag" in it. The driver must not set NEXT beside it, refer
    // to a second table, use it without VIRTIO_RING_F_INDIRECT_DESC, or make a table that is not a whole number of descriptors.
    private bool EnterIndirect(int at, int flags)
    {
        uint length = (uint)pair[at + RingLayout.DescriptorLengthWord];
        if (isIndirect || (flags & RingLayout.FlagNext) != 0 || length == 0 || length % RingLayout.DescriptorSize != 0)
        {
            return false;
        }

        isIndirect = true;
        table = Local(at, length);
        tableSize = length > (uint)ushort.MaxValue * RingLayout.DescriptorSize ? ushort.MaxValue : (int)(length / RingLayout.DescriptorSize);
        pairIndex = NoPair;
        if (table == 0)
        {
            RefuseAddress();
        }

        return table != 0;
    }

    private int Fetch(int index)
    {
        if (index == pairIndex + 1)
        {
            pairIndex = NoPair;
            return RingLayout.DescriptorWords;
        }

        ReadPair(index);
        return 0;
    }

    // Linux lays a chain of two in neighbouring descriptors, so each read brings the neighbour along: one native call a request.
    private void ReadPair(int index)
    {
        bool hasNeighbour = index + 1 < tableSize;
        int words = hasNeighbour ? 2 * RingLayout.DescriptorWords : RingLayout.DescriptorWords;
        memory.ReadWords(table + (uint)(index * RingLayout.DescriptorSize), pair, words);
        pairIndex = hasNeighbour ? index : NoPair;
    }

    private bool Append(int at, int flags)
    {
        bool isWritable = (flags & RingLayout.FlagWrite) != 0;

        // "The driver MUST place any device-writable descriptor elements after any device-readable descriptor elements."
        if (!isWritable && firstWritable >= 0)
        {
            return false;
        }

        if (isWritable && firstWritable < 0)
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
            RefuseAddress();
            return !isWritable;
        }

        Add(local, length, isWritable);
        return true;
    }

    private void Add(uint local, uint length, bool isWritable)
    {
        addresses[segments] = local;
        lengths[segments] = length;
        segments++;
        if (isWritable)
        {
            writable = Sum(writable, length);
        }
        else
        {
            readable = Sum(readable, length);
        }
    }

    private void RefuseAddress()
    {
        trace.Record(Fault.BadAddress, head);
        hasBadAddress = true;
    }

    private uint Local(int at, uint length) => windows.ToLocal((ulong)(uint)pair[at + 1] << 32 | (uint)pair[at], length);

    private static int Sum(int total, uint length) => length > (uint)(int.MaxValue - total) ? int.MaxValue : total + (int)length;
}
