// DescriptorChain: one request of the driver, gathered from its descriptors.
//
// Spec:    VIRTIO "The Virtqueue Descriptor Table", "Message Framing".
// Trusts:  nothing. A descriptor is read once into private bytes and judged there; an address passes AddressWindows first.
// Thread:  the service thread only.
// Memory:  8 bytes a descriptor of the ring at construction, nothing after.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <summary>
/// The device-readable bytes of a chain, followed by its device-writable bytes, however the driver has cut them into
/// descriptors. A chain that breaks a rule is not sound and ends where it breaks it: the writable bytes before that stay
/// usable, so that an error can still be answered.
/// </summary>
public sealed class DescriptorChain
{
    private readonly SharedMemory memory;
    private readonly AddressWindows windows;
    private readonly TraceRing trace;
    private readonly int ringSize;
    private readonly uint[] addresses;
    private readonly uint[] lengths;
    private readonly byte[] pair = new byte[2 * RingLayout.DescriptorSize];
    private int pairIndex;
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
    public int Head { get; private set; }

    /// <summary>Whether every descriptor kept the rules.</summary>
    public bool IsSound { get; private set; }

    /// <summary>Device-readable bytes, at most int.MaxValue.</summary>
    public int Readable { get; private set; }

    /// <summary>Device-writable bytes, at most int.MaxValue.</summary>
    public int Writable { get; private set; }

    /// <summary>The co-processor's address of the first device-writable byte; meaningful if <see cref="Writable"/> is not 0.</summary>
    public uint FirstWritableAddress => addresses[firstWritable];

    /// <summary>Copies the first <paramref name="count"/> device-readable bytes. The caller has looked at <see cref="Readable"/>.</summary>
    public void Read(byte[] into, int count)
    {
        if (lengths[0] >= (uint)count)
        {
            memory.Read(addresses[0], into, 0, count);
            return;
        }

        int done = 0;
        for (int segment = 0; done < count; segment++)
        {
            int part = Part(segment, count - done);
            memory.Read(addresses[segment], into, done, part);
            done += part;
        }
    }

    /// <summary>Copies bytes to the start of the device-writable part. The caller has looked at <see cref="Writable"/>.</summary>
    public void Write(byte[] from, int count)
    {
        if (lengths[firstWritable] >= (uint)count)
        {
            memory.Write(addresses[firstWritable], from, 0, count);
            return;
        }

        int done = 0;
        for (int segment = firstWritable; done < count; segment++)
        {
            int part = Part(segment, count - done);
            memory.Write(addresses[segment], from, done, part);
            done += part;
        }
    }

    internal void Load(uint descriptorTable, int head, bool mayBeIndirect)
    {
        Head = head;
        IsSound = false;
        Readable = 0;
        Writable = 0;
        segments = 0;
        firstWritable = -1;
        hasBadAddress = false;
        pairIndex = -2;
        table = descriptorTable;
        tableSize = ringSize;
        isIndirect = !mayBeIndirect;

        int at = Fetch(head);
        if (IsRequestAndReply(head))
        {
            return;
        }

        LoadFrom(head, at);
        if (!IsSound && !hasBadAddress)
        {
            trace.Record(Fault.BadChain, head);
        }
    }

    // What Linux sends, and nothing else does it need: two neighbours, the first read, the second written. Everything that is
    // not exactly this goes the general way.
    private bool IsRequestAndReply(int head)
    {
        byte[] b = pair;
        if (pairIndex != head
            || b[RingLayout.DescriptorFlags] != RingLayout.FlagNext
            || b[RingLayout.DescriptorSize + RingLayout.DescriptorFlags] != RingLayout.FlagWrite
            || (b[RingLayout.DescriptorNext] | b[RingLayout.DescriptorNext + 1] << 8) != head + 1)
        {
            return false;
        }

        uint request = Word(RingLayout.DescriptorLength);
        uint reply = Word(RingLayout.DescriptorSize + RingLayout.DescriptorLength);
        uint from = Local(0, request);
        uint to = Local(RingLayout.DescriptorSize, reply);
        if (from == 0 || to == 0 || request - 1 >= int.MaxValue || reply - 1 >= int.MaxValue)
        {
            return false;
        }

        addresses[0] = from;
        lengths[0] = request;
        addresses[1] = to;
        lengths[1] = reply;
        firstWritable = 1;
        Readable = (int)request;
        Writable = (int)reply;
        IsSound = true;
        return true;
    }

    // A chain visits at most as many descriptors as the ring has: one that goes on longer has a loop.
    private void LoadFrom(int index, int at)
    {
        for (int visited = 0; visited < ringSize; visited++)
        {
            int flags = pair[at + RingLayout.DescriptorFlags];
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
                    IsSound = !hasBadAddress;
                    return;
                }

                index = pair[at + RingLayout.DescriptorNext] | pair[at + RingLayout.DescriptorNext + 1] << 8;
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
        uint length = Word(at + RingLayout.DescriptorLength);
        if (isIndirect || (flags & RingLayout.FlagNext) != 0 || length == 0 || length % RingLayout.DescriptorSize != 0)
        {
            return false;
        }

        isIndirect = true;
        table = Local(at, length);
        tableSize = length > (uint)ushort.MaxValue * RingLayout.DescriptorSize ? ushort.MaxValue : (int)(length / RingLayout.DescriptorSize);
        pairIndex = -2;
        if (table == 0)
        {
            RefuseAddress();
        }

        return table != 0;
    }

    // Linux lays a chain of two in neighbouring descriptors, so each read brings the neighbour along: one native call a request.
    private int Fetch(int index)
    {
        if (index == pairIndex + 1)
        {
            pairIndex = -2;
            return RingLayout.DescriptorSize;
        }

        bool hasNeighbour = index + 1 < tableSize;
        int count = hasNeighbour ? 2 * RingLayout.DescriptorSize : RingLayout.DescriptorSize;
        memory.Read(table + (uint)(index * RingLayout.DescriptorSize), pair, 0, count);
        pairIndex = hasNeighbour ? index : -2;
        return 0;
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

        uint length = Word(at + RingLayout.DescriptorLength);
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
            Writable = Sum(Writable, length);
        }
        else
        {
            Readable = Sum(Readable, length);
        }
    }

    private void RefuseAddress()
    {
        trace.Record(Fault.BadAddress, Head);
        hasBadAddress = true;
    }

    private uint Local(int at, uint length) => windows.ToLocal((ulong)Word(at + 4) << 32 | Word(at), length);

    private int Part(int segment, int wanted) => lengths[segment] < (uint)wanted ? (int)lengths[segment] : wanted;

    private static int Sum(int total, uint length) => length > (uint)(int.MaxValue - total) ? int.MaxValue : total + (int)length;

    private uint Word(int at) => (uint)(pair[at] | pair[at + 1] << 8 | pair[at + 2] << 16 | pair[at + 3] << 24);
}
