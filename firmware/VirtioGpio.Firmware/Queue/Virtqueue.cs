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
/// padding behind the available ring: when it is gone, the ring is a new one, and all that is known of it is void.
/// </summary>
public sealed class Virtqueue
{
    internal const int LookRanges = 3;
    internal const int LookBytes = 10;

    private const int CanarySize = 4;
    private const uint Canary = 0x4F495047; // "GPIO"

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
    private uint canary;
    private int nextAvailable;
    private int seenAvailable;
    private int seenHead;
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

    /// <summary>Whether the last look showed the driver's ring to be a new one.</summary>
    public bool IsRecreated { get; private set; }

    /// <summary>Whether the last look showed a chain that <see cref="TakeNext"/> can take.</summary>
    public bool HasAvailable => seenAvailable != nextAvailable;

    /// <summary>Bytes of a ring in the legacy layout.</summary>
    /// <param name="size">Descriptors.</param>
    /// <param name="align">Alignment of the used ring, a power of two.</param>
    public static uint BytesOf(int size, int align) =>
        UsedOffset(size, align) + (uint)(RingLayout.FixedUsedSize + RingLayout.UsedElementSize * size);

    /// <summary>Whether the padding between available and used ring has room for the canary.</summary>
    public static bool HasRoomForCanary(int size, int align) => FrontBytes(size) + CanarySize <= UsedOffset(size, align);

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

    // The index first, then the entry that it makes valid, then the canary: if that still stands, what was read before is of this ring.
    internal void PlanLook(uint[] addresses, int[] counts, int range)
    {
        addresses[range] = available;
        counts[range] = 4;
        addresses[range + 1] = available + RingLayout.AvailableRing + (uint)(RingLayout.AvailableEntrySize * (nextAvailable & (size - 1)));
        counts[range + 1] = RingLayout.AvailableEntrySize;
        addresses[range + 2] = canary;
        counts[range + 2] = CanarySize;
    }

    internal void Look(byte[] seen, int at)
    {
        uint mark = (uint)(seen[at + 6] | seen[at + 7] << 8 | seen[at + 8] << 16 | seen[at + 9] << 24);
        if (mark != Canary)
        {
            IsRecreated = true;
            return;
        }

        seenAvailable = seen[at + 2] | seen[at + 3] << 8;
        seenHead = seen[at + 4] | seen[at + 5] << 8;
    }

    /// <summary>Takes the chain that the last look showed.</summary>
    /// <param name="chain">Filled; judge it by its properties.</param>
    /// <returns>Whether there was one; if the ring is broken there is none.</returns>
    public bool TakeNext(DescriptorChain chain)
    {
        int waiting = (seenAvailable - nextAvailable) & 0xFFFF;
        if (waiting == 0 || IsBroken)
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
        chain.Load(table, seenHead, hasIndirect);
        if (hasEventIndex)
        {
            AskForKickAtNext();
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
        PutWord((uint)head);
        usedElement[RingLayout.UsedElementLength] = (byte)written;
        usedElement[RingLayout.UsedElementLength + 1] = (byte)(written >> 8);
        usedElement[RingLayout.UsedElementLength + 2] = (byte)(written >> 16);
        usedElement[RingLayout.UsedElementLength + 3] = (byte)(written >> 24);
        uint element = used + RingLayout.UsedRing + (uint)(RingLayout.UsedElementSize * (usedIndex & (size - 1)));
        usedIndex = (usedIndex + 1) & 0xFFFF;
        wish = memory.Publish(element, usedElement, used + RingLayout.UsedIndex, usedIndex, wishAddress);
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
        canary = address + FrontBytes(size);
        hasIndirect = (features & RingLayout.FeatureIndirect) != 0;
        hasEventIndex = (features & RingLayout.FeatureEventIndex) != 0;
        wishAddress = hasEventIndex ? canary - RingLayout.AvailableEntrySize : available;
    }

    private void Settle()
    {
        seenAvailable = nextAvailable;
        toldIndex = usedIndex;
        IsBroken = false;
        IsRecreated = false;
        PutWord(Canary);
        memory.Write(canary, usedElement, 0, CanarySize);
        if (hasEventIndex)
        {
            AskForKickAtNext();
        }
    }

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
        seenAvailable = nextAvailable;
        trace.Record(fault, detail);
        return false;
    }

    private void PutWord(uint word)
    {
        usedElement[0] = (byte)word;
        usedElement[1] = (byte)(word >> 8);
        usedElement[2] = (byte)(word >> 16);
        usedElement[3] = (byte)(word >> 24);
    }
}
