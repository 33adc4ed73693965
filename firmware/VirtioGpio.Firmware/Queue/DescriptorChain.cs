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
        int done = 0;
        for (int segment = firstWritable; done < count; segment++)
        {
            int part = Part(segment, count - done);
            memory.Write(addresses[segment], from, done, part);
            done += part;
        }
    }

    internal void Load(uint table, int head)
    {
        Head = head;
        IsSound = false;
        Readable = 0;
        Writable = 0;
        segments = 0;
        firstWritable = -1;
        hasBadAddress = false;
        pairIndex = -2;

        // A chain visits each descriptor of the ring at most once: one that goes on longer has a loop.
        int index = head;
        for (int visited = 0; visited < ringSize; visited++)
        {
            int at = Fetch(table, index);
            int flags = pair[at + RingLayout.DescriptorFlags];
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
            if (index >= ringSize)
            {
                break;
            }
        }

        trace.Record(Fault.BadChain, head);
    }

    // Linux lays a chain of two in neighbouring descriptors, so each read brings the neighbour along: one native call a request.
    private int Fetch(uint table, int index)
    {
        if (index == pairIndex + 1)
        {
            pairIndex = -2;
            return RingLayout.DescriptorSize;
        }

        bool hasNeighbour = index + 1 < ringSize;
        int count = hasNeighbour ? 2 * RingLayout.DescriptorSize : RingLayout.DescriptorSize;
        memory.Read(table + (uint)(index * RingLayout.DescriptorSize), pair, 0, count);
        pairIndex = hasNeighbour ? index : -2;
        return 0;
    }

    private bool Append(int at, int flags)
    {
        bool isWritable = (flags & RingLayout.FlagWrite) != 0;

        // "The driver MUST place any device-writable descriptor elements after any device-readable descriptor elements."
        // An indirect table is only for a driver to which VIRTIO_F_INDIRECT_DESC was offered.
        if ((flags & RingLayout.FlagIndirect) != 0 || (!isWritable && firstWritable >= 0))
        {
            trace.Record(Fault.BadChain, Head);
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

        uint local = windows.ToLocal((ulong)Word(at + 4) << 32 | Word(at), length);
        if (local == 0)
        {
            // An unreachable request can still be answered; behind an unreachable piece of the answer nothing can be placed.
            trace.Record(Fault.BadAddress, Head);
            hasBadAddress = true;
            return !isWritable;
        }

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

        return true;
    }

    private int Part(int segment, int wanted) => lengths[segment] < (uint)wanted ? (int)lengths[segment] : wanted;

    private static int Sum(int total, uint length) => length > (uint)(int.MaxValue - total) ? int.MaxValue : total + (int)length;

    private uint Word(int at) => (uint)(pair[at] | pair[at + 1] << 8 | pair[at + 2] << 16 | pair[at + 3] << 24);
}
