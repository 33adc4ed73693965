// Virtqueue: the device's half of one split virtqueue.
//
// Spec:    VIRTIO "Split Virtqueues", "The Virtqueue Available Ring", "The Virtqueue Used Ring",
//          "Used Buffer Notification Suppression", "Available Buffer Notification Suppression", "Legacy Interfaces: A Note on Virtqueue Layout".
// Trusts:  nothing that stands in the ring; only the ring's place, which Remoteproc has checked.
// Thread:  the service thread only.
// Memory:  nothing after construction.

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
    internal const int LookNumbers = 3;
    internal const int LookCanary = 2;

    private const int LookIndex = 0;
    private const int LookEntry = 1;
    private const byte Canary = 0xC5;

    // What no byte can be: the next look shows a change.
    private const int NoCanary = -1;

    private readonly SharedMemory memory;
    private readonly TraceRing trace;
    private readonly uint regionAddress;
    private readonly uint regionSize;
    private readonly int size;
    private readonly int align;
    private uint table;
    private uint available;
    private uint used;
    private uint canaryAddress;
    private uint[] lookAddresses;
    private int[] seen;
    private int lookAt;
    private int nextAvailable;
    private bool needsLook;
    private int usedIndex;
    private int toldIndex;
    private uint wishAddress;
    private int wish;
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
    public bool HasAvailable => seen[lookAt + LookIndex] != nextAvailable;

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
        usedIndex = ReadIndex(used);
        nextAvailable = isInOrder ? usedIndex : ReadIndex(available);
        Settle();
    }

    /// <summary>Lets go of the ring: nothing is taken from it or told of it any more.</summary>
    internal void Forget()
    {
        IsBroken = false;
        needsLook = false;
        seen[lookAt + LookIndex] = nextAvailable;
        toldIndex = usedIndex;
    }

    /// <summary>
    /// Takes a place in the plan of the looks: the index first, then the entry that it makes valid, then the canary. If that
    /// still stands, what was read before is of this ring.
    /// </summary>
    internal void PlanLook(uint[] addresses, int[] sizes, int[] numbers, int at)
    {
        lookAddresses = addresses;
        seen = numbers;
        lookAt = at;
        sizes[at + LookIndex] = 2;
        sizes[at + LookEntry] = RingLayout.AvailableEntrySize;
        sizes[at + LookCanary] = 1;
    }

    /// <summary>Whether the last look found the ring that was there before.</summary>
    internal bool IsSame => seen[lookAt + LookCanary] == Canary;

    /// <summary>Takes the chain that the last look showed; once a look.</summary>
    /// <param name="chain">Filled; judge it by its properties.</param>
    /// <returns>Whether there was one; if the ring is broken there is none.</returns>
    public bool TakeNext(DescriptorChain chain)
    {
        int waiting = (seen[lookAt + LookIndex] - nextAvailable) & 0xFFFF;
        if (waiting == 0)
        {
            return false;
        }

        if (waiting > size)
        {
            return Break(Fault.AvailableIndexJumped, seen[lookAt + LookIndex]);
        }

        int head = seen[lookAt + LookEntry];
        if (head >= size)
        {
            return Break(Fault.HeadOutOfRange, head);
        }

        nextAvailable = (nextAvailable + 1) & 0xFFFF;
        needsLook = waiting > 1;
        PlanEntry();
        chain.Load(table, head, hasIndirect);
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
        uint element = used + RingLayout.UsedRing + (uint)(RingLayout.UsedElementSize * (usedIndex & (size - 1)));
        usedIndex = (usedIndex + 1) & 0xFFFF;
        wish = memory.Publish(element, head, written, used + RingLayout.UsedIndex, usedIndex, wishAddress);
        if (!hasEventIndex && IndexOf(wish) != nextAvailable)
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
        memory.Store(address, value, 1);
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
        return hasEventIndex ? ((wish - told) & 0xFFFF) < news : (wish & RingLayout.FlagNoInterrupt) == 0;
    }

    // Flags and index stand side by side at the head of either ring.
    private static int IndexOf(int head) => (head >> 16) & 0xFFFF;

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

    private int ReadIndex(uint ring)
    {
        int[] head = new int[1];
        memory.ReadWords(ring, head, 1);
        return IndexOf(head[0]);
    }

    private void Settle()
    {
        lookAddresses[lookAt + LookIndex] = available + RingLayout.AvailableIndex;
        lookAddresses[lookAt + LookCanary] = canaryAddress;
        PlanEntry();
        Forget();
        memory.Store(canaryAddress, Canary, 1);
        seen[lookAt + LookCanary] = Canary;
        if (hasEventIndex)
        {
            AskForKickAtNext();
        }
    }

    private void PlanEntry() =>
        lookAddresses[lookAt + LookEntry] =
            available + RingLayout.AvailableRing + (uint)(RingLayout.AvailableEntrySize * (nextAvailable & (size - 1)));

    // avail_event, behind the used ring: "the driver SHOULD send a notification" for the next chain. Written before the chain in
    // hand is completed, so a driver that sends one request at a time never finds its kick suppressed.
    private void AskForKickAtNext() =>
        memory.Store(used + RingLayout.UsedRing + (uint)(RingLayout.UsedElementSize * size), nextAvailable, 2);

    private bool Break(int fault, int detail)
    {
        IsBroken = true;
        needsLook = true;
        seen[lookAt + LookIndex] = nextAvailable;
        seen[lookAt + LookCanary] = NoCanary;
        trace.Record(fault, detail);
        return false;
    }
}
