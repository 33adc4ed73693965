// Virtqueue: the device's half of one split virtqueue.
//
// Spec:    VIRTIO "Split Virtqueues", "The Virtqueue Available Ring", "The Virtqueue Used Ring",
//          "Used Buffer Notification Suppression", "Available Buffer Notification Suppression", "Legacy Interfaces: A Note on Virtqueue Layout".
// Trusts:  nothing that stands in the ring; only the ring's place, which Remoteproc has checked.
// Thread:  the service thread only.
// Memory:  8 bytes at construction, nothing after.

using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Queue;

/// <summary>
/// One ring. The driver creates a ring by zeroing all of it, without any notice. The device therefore keeps a canary in the
/// padding behind the available ring (there are always two bytes): when it is gone, the ring is a new one, and all that is known of it is void.
/// </summary>
public sealed class Virtqueue
{
    internal const int LookRanges = 3;
    internal const int LookBytes = 7;

    private const byte Canary = 0xC5;
    private const int NoCanary = -1;

    private readonly SharedMemory memory;
    private readonly TraceRing trace;
    private readonly uint regionAddress;
    private readonly uint regionSize;
    private readonly int size;
    private readonly int align;
    private readonly byte[] usedElement = new byte[RingLayout.UsedElementSize];
    private uint table;
    private uint available;
    private uint used;
    private uint canaryAddress;
    private int canary;
    private uint[] lookAddresses;
    private int lookRange;
    private int nextAvailable;
    private int seenAvailable;
    private int seenHead;
    private bool needsLook;
    private int usedIndex;
    private int toldIndex;
    private uint wishAddress;
    private uint wish;
    private bool hasIndirect;
    private bool hasEventIndex;

    /// <summary>Makes the queue; the ring comes with <see cref="Start"/>.</summary>
    /// <param name="memory">The shared memory.</param>
    /// <param name="trace">Where faults go.</param>
    /// <param name="regionAddress">Start of the region in which the ring must lie.</param>
    /// <param name="regionSize">Bytes of the region, at least <see cref="BytesOf"/>.</param>
    /// <param name="size">Descriptors, a power of two.</param>
    /// <param name="align">Alignment of the used ring, a power of two.</param>
    internal Virtqueue(SharedMemory memory, TraceRing trace, uint regionAddress, uint regionSize, int size, int align)
    {
        this.memory = memory;
        this.trace = trace;
        this.regionAddress = regionAddress;
        this.regionSize = regionSize;
        this.size = size;
        this.align = align;
    }

    /// <summary>Descriptors.</summary>
    public int Size => size;

    /// <summary>Alignment of the used ring in bytes.</summary>
    public int Align => align;

    /// <summary>Whether the driver broke the ring so that it cannot go on. A reset of the device cures it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the last look showed a chain that <see cref="TakeNext"/> can take.</summary>
    public bool HasAvailable => seenAvailable != nextAvailable;

    /// <summary>Whether there may be a chain that no look has shown yet.</summary>
    public bool NeedsLook => needsLook;

    /// <summary>Bytes of a ring in the legacy layout.</summary>
    /// <param name="size">Descriptors.</param>
    /// <param name="align">Alignment of the used ring, a power of two.</param>
    public static uint BytesOf(int size, int align) =>
        UsedOffset(size, align) + (uint)(RingLayout.FixedUsedSize + RingLayout.UsedElementSize * size);

    internal bool MayLieAt(uint address)
    {
        uint offset = address - regionAddress;
        return offset <= regionSize - BytesOf(size, align) && (offset & 3) == 0;
    }

    /// <summary>Takes a ring that the driver has just made.</summary>
    /// <param name="address">Its place, for which <see cref="MayLieAt"/> holds.</param>
    /// <param name="features">The negotiated features.</param>
    internal void Start(uint address, int features)
    {
        Lay(address, features);
        nextAvailable = 0;
        usedIndex = 0;
        Settle();
    }

    /// <summary>Takes a ring that an earlier run of the firmware has served.</summary>
    /// <param name="address">Its place, for which <see cref="MayLieAt"/> holds.</param>
    /// <param name="features">The negotiated features.</param>
    /// <param name="isInOrder">
    /// Whether chains were given back in the order in which they came: all that are not used yet are then still to be served.
    /// Otherwise nobody knows which they are, and only new ones are served.
    /// </param>
    internal void Resume(uint address, int features, bool isInOrder)
    {
        Lay(address, features);
        memory.Read(used + RingLayout.UsedIndex, usedElement, 0, 2);
        usedIndex = usedElement[0] | usedElement[1] << 8;
        memory.Read(available + RingLayout.AvailableIndex, usedElement, 0, 2);
        nextAvailable = isInOrder ? usedIndex : usedElement[0] | usedElement[1] << 8;
        Settle();
    }

    /// <summary>Lets go of the ring: nothing is taken from it or told of it any more.</summary>
    internal void Forget()
    {
        IsBroken = false;
        needsLook = false;
        seenAvailable = nextAvailable;
        toldIndex = usedIndex;
    }

    /// <summary>
    /// Takes a place in the plan of the looks: the index first, then the entry that it makes valid, then the canary. If that
    /// still stands, what was read before is of this ring.
    /// </summary>
    internal void PlanLook(uint[] addresses, int[] counts, int range)
    {
        lookAddresses = addresses;
        lookRange = range;
        counts[range] = 4;
        counts[range + 1] = RingLayout.AvailableEntrySize;
        counts[range + 2] = 1;
    }

    /// <summary>Takes what a look brought.</summary>
    /// <returns>Whether the ring is the one that was there before, and can go on.</returns>
    internal bool Look(byte[] seen, int at)
    {
        seenAvailable = seen[at + 2] | seen[at + 3] << 8;
        seenHead = seen[at + 4] | seen[at + 5] << 8;
        needsLook = false;
        return seen[at + 6] == canary;
    }

    /// <summary>Takes the chain that the last look showed.</summary>
    /// <param name="chain">Filled; judge it by its properties.</param>
    /// <returns>Whether there was one; if the ring is broken there is none.</returns>
    public bool TakeNext(DescriptorChain chain)
    {
        int waiting = (seenAvailable - nextAvailable) & 0xFFFF;
        if (waiting == 0)
        {
            return false;
        }

        if (waiting > size)
        {
            return Break(Fault.AvailableIndexJumped, seenAvailable);
        }

        if (seenHead >= size)
        {
            return Break(Fault.HeadOutOfRange, seenHead);
        }

        nextAvailable = (nextAvailable + 1) & 0xFFFF;
        seenAvailable = nextAvailable;
        needsLook = waiting > 1;
        PlanEntry();
        chain.Load(table, seenHead, hasIndirect);
        if (hasEventIndex)
        {
            // The driver may have looked at avail_event before it was written: what it did not tell must be looked for.
            AskForKickAtNext();
            needsLook = true;
        }

        return true;
    }

    /// <summary>
    /// Gives a chain back. "The device MUST set len prior to updating the used idx"; all that was written into its buffers
    /// is visible to the driver before the index is.
    /// </summary>
    /// <param name="head">The chain's head.</param>
    /// <param name="written">Bytes written to its device-writable part, from the first on.</param>
    public void Complete(int head, int written)
    {
        usedElement[0] = (byte)head;
        usedElement[1] = (byte)(head >> 8);
        usedElement[2] = 0;
        usedElement[3] = 0;
        usedElement[RingLayout.UsedElementLength] = (byte)written;
        usedElement[RingLayout.UsedElementLength + 1] = (byte)(written >> 8);
        usedElement[RingLayout.UsedElementLength + 2] = (byte)(written >> 16);
        usedElement[RingLayout.UsedElementLength + 3] = (byte)(written >> 24);
        uint element = used + RingLayout.UsedRing + (uint)(RingLayout.UsedElementSize * (usedIndex & (size - 1)));
        usedIndex = (usedIndex + 1) & 0xFFFF;
        wish = memory.Publish(element, usedElement, used + RingLayout.UsedIndex, usedIndex, wishAddress);
        if (!hasEventIndex && (int)(wish >> 16) != nextAvailable)
        {
            needsLook = true;
        }
    }

    /// <summary>Gives back a chain that was taken earlier, after writing the one byte that it is answered with.</summary>
    /// <param name="head">The chain's head.</param>
    /// <param name="address">Its <see cref="DescriptorChain.FirstWritableAddress"/>.</param>
    /// <param name="value">The byte.</param>
    public void CompleteByte(int head, uint address, byte value)
    {
        usedElement[0] = value;
        memory.Write(address, usedElement, 0, 1);
        Complete(head, 1);
    }

    /// <summary>
    /// Whether the driver must be notified of what was completed since the last call. Without VIRTIO_RING_F_EVENT_IDX: "If flags
    /// is 1, the device SHOULD NOT send a notification. If flags is 0, the device MUST send a notification." With it: the device
    /// MUST send one if the used element that used_event names is among the new ones.
    /// </summary>
    public bool TakeWish()
    {
        int news = (usedIndex - toldIndex) & 0xFFFF;
        if (news == 0)
        {
            return false;
        }

        int told = toldIndex;
        toldIndex = usedIndex;
        return hasEventIndex ? (((int)wish - told) & 0xFFFF) < news : (wish & RingLayout.FlagNoInterrupt) == 0;
    }

    private static uint FrontBytes(int size) =>
        (uint)((RingLayout.DescriptorSize + RingLayout.AvailableEntrySize) * size + RingLayout.FixedFrontSize);

    private static uint UsedOffset(int size, int align) => (FrontBytes(size) + (uint)align - 1) & ~((uint)align - 1);

    private void Lay(uint address, int features)
    {
        table = address;
        available = address + (uint)(RingLayout.DescriptorSize * size);
        used = address + UsedOffset(size, align);
        canaryAddress = address + FrontBytes(size);
        hasIndirect = (features & RingLayout.FeatureIndirect) != 0;
        hasEventIndex = (features & RingLayout.FeatureEventIndex) != 0;
        wishAddress = hasEventIndex ? canaryAddress - RingLayout.AvailableEntrySize : available;
    }

    private void Settle()
    {
        lookAddresses[lookRange] = available;
        lookAddresses[lookRange + 2] = canaryAddress;
        PlanEntry();
        Forget();
        canary = Canary;
        usedElement[0] = Canary;
        memory.Write(canaryAddress, usedElement, 0, 1);
        if (hasEventIndex)
        {
            AskForKickAtNext();
        }
    }

    private void PlanEntry() =>
        lookAddresses[lookRange + 1] = available + RingLayout.AvailableRing + (uint)(RingLayout.AvailableEntrySize * (nextAvailable & (size - 1)));

    // avail_event, behind the used ring: "the driver SHOULD send a notification" for the next chain. Written before the chain in
    // hand is completed, so a driver that sends one request at a time never finds its kick suppressed.
    private void AskForKickAtNext()
    {
        usedElement[0] = (byte)nextAvailable;
        usedElement[1] = (byte)(nextAvailable >> 8);
        memory.Write(used + RingLayout.UsedRing + (uint)(RingLayout.UsedElementSize * size), usedElement, 0, 2);
    }

    private bool Break(int fault, int detail)
    {
        IsBroken = true;
        canary = NoCanary;
        needsLook = true;
        seenAvailable = nextAvailable;
        trace.Record(fault, detail);
        return false;
    }
}
