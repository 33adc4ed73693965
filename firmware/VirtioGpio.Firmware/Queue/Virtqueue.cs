// Virtqueue: the device's half of one split virtqueue.
//
// Spec:    VIRTIO "Split Virtqueues", "The Virtqueue Available Ring", "The Virtqueue Used Ring",
//          "Used Buffer Notification Suppression", "Legacy Interfaces: A Note on Virtqueue Layout".
// Trusts:  nothing in the ring; only the ring's place, which Remoteproc has judged.
// Thread:  the service thread only.
// Memory:  about 50 bytes at construction, nothing after.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <summary>
/// One ring, and all that is known of it. The driver creates a ring by zeroing all of it, without any notice. The device therefore
/// keeps a canary in the padding behind the available ring (there are always two bytes): a ring without it is a new one.
/// </summary>
internal sealed partial class Virtqueue
{
    /// <summary>The byte in the padding of a ring that this firmware has taken.</summary>
    internal const int Canary = 0xC5;

    // Read for every message: on the interpreter a field costs a third of a property.

    /// <summary>Where the driver writes the entry of the chain that comes next.</summary>
    internal uint EntryAddress;

    /// <summary>Whether a chain is known to be available.</summary>
    internal bool HasAvailable;

    /// <summary>Whether a chain has been returned since <see cref="ShouldNotify"/> was last asked.</summary>
    internal bool HasUsed;

    private readonly SharedMemory memory;
    private readonly TraceRing trace;
    private readonly AddressWindows windows;
    private readonly uint regionAddress;
    private readonly uint regionSize;
    private readonly int size;
    private readonly int align;

    // What SharedMemory.Publish and Write check and where they write: the words that they name.
    private readonly uint[] ring = new uint[SharedMemory.RingWords];
    private readonly byte[] number = new byte[RingLayout.AvailableEntrySize];
    private readonly int[] element = new int[2];
    private uint table;
    private uint entries;
    private int offered;
    private int next;
    private int entry;
    private bool hasEntry;
    private int usedIndex;
    private int flags;
    private bool hasIndirect;

    /// <summary>Makes the queue; the ring comes with <see cref="SetRing"/>.</summary>
    /// <param name="memory">The shared memory.</param>
    /// <param name="trace">Where faults go.</param>
    /// <param name="windows">The windows in one of which the region lies, so that Linux names the ring by a bus address; null: it lies in none.</param>
    /// <param name="regionAddress">Start of the region in which the ring must lie.</param>
    /// <param name="regionSize">Bytes of the region, at least <see cref="BytesOf"/>.</param>
    /// <param name="size">Descriptors, a power of two.</param>
    /// <param name="align">Alignment of the ring and of its used ring, a power of two.</param>
    internal Virtqueue(
        SharedMemory memory,
        TraceRing trace,
        AddressWindows windows,
        uint regionAddress,
        uint regionSize,
        int size,
        int align)
    {
        this.memory = memory;
        this.trace = trace;
        this.windows = windows;
        this.regionAddress = regionAddress;
        this.regionSize = regionSize;
        this.size = size;
        this.align = align;
        ring[SharedMemory.RingCanary] = Canary;
        ring[SharedMemory.RingSize] = (uint)size;
    }

    /// <summary>Descriptors.</summary>
    internal int Size => size;

    /// <summary>Alignment in bytes.</summary>
    internal int Align => align;

    /// <summary>
    /// Whether the driver has broken the ring: an entry that names no descriptor was passed over, or the available index has jumped:
    /// nothing is taken while it is more than the ring's size ahead. A new ring cures it.
    /// </summary>
    internal bool IsBroken { get; private set; }

    /// <summary>How many chains have been returned, 16 bits of it.</summary>
    internal int UsedIndex => usedIndex;

    /// <summary>Bytes of the ring.</summary>
    internal uint Bytes => BytesOf(size, align);

    /// <summary>Where the ring is.</summary>
    internal uint Address => table;

    /// <summary>Where the driver writes the available index.</summary>
    internal uint IndexAddress => ring[SharedMemory.RingAvailable] + RingLayout.AvailableIndex;

    /// <summary>Where the canary is.</summary>
    internal uint CanaryAddress => ring[SharedMemory.RingCanaryAddress];

    /// <summary>Bytes of a ring in the legacy layout.</summary>
    /// <param name="size">Descriptors.</param>
    /// <param name="align">Alignment of the used ring, a power of two.</param>
    internal static uint BytesOf(int size, int align) =>
        UsedOffset(size, align) + (uint)(RingLayout.FixedUsedSize + RingLayout.UsedElementSize * size);

    /// <summary>Whether a ring is one that the specification allows, and as large as its region at most.</summary>
    internal static bool Fits(int size, int align, uint regionSize) =>
        IsPowerOfTwo(size) && size <= RingLayout.LargestSize && IsPowerOfTwo(align) && align >= RingLayout.LeastAlign
        && align <= regionSize && BytesOf(size, align) <= regionSize;

    /// <summary>
    /// Judges where Linux has put the ring: in its region, and aligned, because Linux aligns the used ring by its absolute address.
    /// </summary>
    /// <param name="deviceAddress">The ring's address as the resource table holds it.</param>
    /// <returns>The co-processor's address of the ring; 0: it must not lie there.</returns>
    internal uint Locate(uint deviceAddress)
    {
        uint address = windows == null ? deviceAddress : windows.ToLocal(deviceAddress, Bytes);
        uint offset = address - regionAddress;
        return offset <= regionSize - Bytes && (address & (uint)(align - 1)) == 0 ? address : 0;
    }

    /// <summary>Notes where the driver has put the ring; <see cref="Start"/> or <see cref="Adopt"/> follows.</summary>
    /// <param name="address">The co-processor's address of the ring, from <see cref="Locate"/>.</param>
    /// <param name="features">The negotiated features.</param>
    /// <param name="statusAddress">Where the device status is.</param>
    internal void SetRing(uint address, int features, uint statusAddress)
    {
        table = address;
        entries = address + (uint)(RingLayout.DescriptorSize * size) + RingLayout.AvailableRing;
        hasIndirect = (features & RingLayout.FeatureIndirect) != 0;
        ring[SharedMemory.RingStatusAddress] = statusAddress;
        ring[SharedMemory.RingCanaryAddress] = address + FrontBytes(size);
        ring[SharedMemory.RingAvailable] = address + (uint)(RingLayout.DescriptorSize * size);
        ring[SharedMemory.RingUsed] = address + UsedOffset(size, align);
    }

    /// <summary>Takes a ring that the driver has just made, and marks it with the canary, unless the driver has reset the device meanwhile.</summary>
    /// <returns>Whether it is taken.</returns>
    internal bool Start()
    {
        flags = 0;
        usedIndex = 0;
        HasUsed = false;
        Take(0);
        ring[SharedMemory.RingCanary] = (uint)ReadNumber(CanaryAddress, 1);
        number[0] = Canary;
        bool isTaken = memory.Write(ring, CanaryAddress, number, 0, 1);
        ring[SharedMemory.RingCanary] = Canary;
        return isTaken;
    }

    /// <summary>Releases the ring: nothing is taken from it and nobody is notified of it any more.</summary>
    internal void Release()
    {
        IsBroken = false;
        HasAvailable = false;
        HasUsed = false;
    }

    /// <summary>Notes the device status that a poll saw with this ring: what is published is written only under the same.</summary>
    internal void SetStatus(int status) => ring[SharedMemory.RingStatus] = (uint)status;

    /// <summary>Notes what a poll saw: the available index, then the entry at <see cref="EntryAddress"/>.</summary>
    internal void SetPolled(int index, int nextEntry)
    {
        offered = index;
        entry = nextEntry;
        HasAvailable = index != next;
        hasEntry = HasAvailable;
    }

    /// <summary>Takes the chain that comes next, after <see cref="HasAvailable"/>; no memory of the chain is read yet.</summary>
    /// <param name="chain">Opened; load it.</param>
    /// <returns>Whether it is one; if not, the ring <see cref="IsBroken"/>.</returns>
    internal bool TakeNext(DescriptorChain chain)
    {
        int waiting = (offered - next) & 0xFFFF;
        if (waiting > size)
        {
            // Which chains are meant cannot be told any more.
            HasAvailable = false;
            Break(Fault.AvailableIndexJumped, offered);
            return false;
        }

        int head = hasEntry ? entry : ReadNumber(EntryAddress, RingLayout.AvailableEntrySize);
        int index = (next + 1) & 0xFFFF;
        next = index;
        EntryAddress = entries + (uint)(RingLayout.AvailableEntrySize * (index & (size - 1)));
        hasEntry = false;
        HasAvailable = waiting != 1;
        if (head >= size)
        {
            Break(Fault.HeadOutOfRange, head);
            return false;
        }

        chain.Open(table, head, hasIndirect);
        return true;
    }

    /// <summary>Opens the chain of a head that was taken before.</summary>
    internal void Open(DescriptorChain chain, int head) => chain.Open(table, head, hasIndirect);

    /// <summary>
    /// Returns a chain: writes its reply, then the used element, then the index. "The device MUST set len prior to updating the used
    /// idx." Nothing is written if the device status or the ring is another than the last poll saw.
    /// </summary>
    /// <param name="head">The chain's head.</param>
    /// <param name="written">Bytes written to its device-writable part, from the first on.</param>
    /// <param name="replyAddress">Where the reply goes.</param>
    /// <param name="reply">The reply's bytes, the first in the low byte.</param>
    /// <param name="replySize">Bytes of the reply, 0 to 2; 0 if they are written already.</param>
    /// <returns>Whether it is returned; if not, poll and try again.</returns>
    internal bool Publish(int head, int written, uint replyAddress, int reply, int replySize)
    {
        int available = memory.Publish(ring, usedIndex, head, written, replyAddress, reply, replySize);
        if (available == SharedMemory.Stale)
        {
            return false;
        }

        usedIndex = (usedIndex + 1) & 0xFFFF;
        HasUsed = true;
        flags = available;
        offered = (available >> 16) & 0xFFFF;
        HasAvailable = offered != next;
        return true;
    }

    /// <summary>Writes a reply that is not one small number; <see cref="Publish"/> follows.</summary>
    /// <returns>Whether it is written; if not, poll and try again.</returns>
    internal bool Write(DescriptorChain chain, byte[] reply, int count) => chain.Write(ring, reply, count);

    /// <summary>
    /// Whether the driver must be notified of what was returned since the last call, if anything was: "If flags is 1, the device SHOULD NOT send a
    /// notification. If flags is 0, the device MUST send a notification."
    /// </summary>
    internal bool ShouldNotify()
    {
        HasUsed = false;
        return (flags & RingLayout.FlagNoInterrupt) == 0;
    }

    private static bool IsPowerOfTwo(int number) => number > 0 && (number & (number - 1)) == 0;

    // Flags and index are neighbours at the head of either ring.
    private static int IndexOf(int head) => (head >> 16) & 0xFFFF;

    private static uint FrontBytes(int size) =>
        (uint)((RingLayout.DescriptorSize + RingLayout.AvailableEntrySize) * size + RingLayout.FixedFrontSize);

    private static uint UsedOffset(int size, int align) => (FrontBytes(size) + (uint)align - 1) & ~((uint)align - 1);

    private int ReadNumber(uint address, int bytes)
    {
        number[1] = 0;
        memory.Read(address, number, 0, bytes);
        return number[0] | number[1] << 8;
    }

    private void Take(int first)
    {
        IsBroken = false;
        HasAvailable = false;
        hasEntry = false;
        next = first;
        EntryAddress = EntryAt(first);
    }

    private uint EntryAt(int index) => entries + (uint)(RingLayout.AvailableEntrySize * (index & (size - 1)));

    private void Break(int fault, int detail)
    {
        if (!IsBroken)
        {
            trace.Record(fault, detail);
        }

        IsBroken = true;
    }
}
