// Vdev: the resource table with its one virtio device, and that device's silent life.
//
// Spec:    VIRTIO "Device Status Field", "Feature Bits", "Device Reset"; Linux, drivers/remoteproc: remoteproc_virtio.c,
//          remoteproc_core.c (rproc_handle_vdev).
// Trusts:  nothing that Linux writes into the table: status, features, ring addresses and notify ids are looked at and judged.
// Thread:  the service thread only.
// Memory:  about 250 bytes at construction, nothing after.

using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Remoteproc;

/// <summary>
/// Linux writes status, features and ring addresses into the table as plain memory and tells nobody; it zeroes the rings at
/// each probe. So the device looks, at every wake-up and once a second, and draws its conclusions from what it sees.
/// </summary>
public sealed class Vdev
{
    /// <summary>Linux has no driver on the device; the rings must not be touched.</summary>
    public const int Idle = 0;

    /// <summary>As at the last look.</summary>
    public const int Live = 1;

    /// <summary>A driver is on the device, and its rings are new: nothing of an earlier driver holds any more.</summary>
    public const int Started = 2;

    /// <summary>The driver has gone, or the device cannot go on with it.</summary>
    public const int Stopped = 3;

    private const int RingCount = 2;
    private const int LargestNotifyId = 29;
    private const int StatusNumber = 0;
    private const int FirstRingNumbers = 1;
    private const int SecondRingNumbers = FirstRingNumbers + Virtqueue.LookNumbers;
    private const int Alarms = 1 << StatusNumber | 1 << (FirstRingNumbers + Virtqueue.LookCanary) | 1 << (SecondRingNumbers + Virtqueue.LookCanary);
    private const int MostNumbers = SecondRingNumbers + Virtqueue.LookNumbers;

    private readonly SharedMemory memory;
    private readonly TraceRing trace;
    private readonly uint tableAddress;
    private readonly Virtqueue firstRing;
    private readonly Virtqueue secondRing;
    private readonly Virtqueue[] queues;
    private readonly int features;
    private readonly int secondRingFeature;
    private readonly int[] notifyIds = new int[RingCount];
    private readonly uint[] lookAddresses = new uint[MostNumbers];
    private readonly int[] lookSizes = new int[MostNumbers];
    private readonly int[] seen = new int[MostNumbers];
    private readonly byte[] table = new byte[ResourceTableLayout.Size];
    private int liveRings;
    private int lookNumbers;

    /// <summary>Makes the device of one resource table; nothing is written yet.</summary>
    /// <param name="memory">The shared memory.</param>
    /// <param name="trace">Where faults go.</param>
    /// <param name="tableAddress">The table's place.</param>
    /// <param name="firstRing">The virtqueue that every driver sets up.</param>
    /// <param name="secondRing">The virtqueue that comes with <paramref name="secondRingFeature"/>.</param>
    /// <param name="features">The features to offer, <paramref name="secondRingFeature"/> among them.</param>
    /// <param name="secondRingFeature">The feature, as a mask, without which the driver leaves the second ring alone.</param>
    internal Vdev(
        SharedMemory memory, TraceRing trace, uint tableAddress, Virtqueue firstRing, Virtqueue secondRing, int features, int secondRingFeature)
    {
        this.memory = memory;
        this.trace = trace;
        this.tableAddress = tableAddress;
        this.features = features;
        this.secondRingFeature = secondRingFeature;
        this.firstRing = firstRing;
        this.secondRing = secondRing;
        queues = new Virtqueue[] { firstRing, secondRing };
        lookAddresses[StatusNumber] = tableAddress + ResourceTableLayout.Status;
        lookSizes[StatusNumber] = 1;
        firstRing.PlanLook(lookAddresses, lookSizes, seen, FirstRingNumbers);
        secondRing.PlanLook(lookAddresses, lookSizes, seen, SecondRingNumbers);
    }

    /// <summary>The features that the driver of this life accepted.</summary>
    public int NegotiatedFeatures { get; private set; }

    /// <summary>The mailbox id by which Linux is told of used buffers in a ring (0 or 1).</summary>
    public int NotifyId(int ring) => notifyIds[ring];

    /// <summary>
    /// Writes the table for Linux to find, unless it stands there already: then an earlier run of this firmware wrote it, Linux
    /// may be attached to it, and the device goes on with what Linux has made of it.
    /// </summary>
    /// <param name="deviceId">VIRTIO's device id.</param>
    /// <param name="config">The device's config space.</param>
    /// <returns>Whether a driver is on the device: it knows nothing of the restart, and lines and interrupts have lost their state.</returns>
    public bool Publish(int deviceId, byte[] config)
    {
        Describe(deviceId, config);
        byte[] found = new byte[ResourceTableLayout.Size];
        memory.Read(tableAddress, found, 0, found.Length);
        if (IsThisTable(found))
        {
            return Resume();
        }

        // The version last: before that, Linux sees no table.
        Put(ResourceTableLayout.Version, 0);
        memory.Write(tableAddress, table, 0, table.Length);
        Put(ResourceTableLayout.Version, ResourceTableLayout.CurrentVersion);
        memory.Write(tableAddress, table, 0, 4);
        return false;
    }

    /// <summary>Looks once at all that Linux may have changed: the status, then each ring.</summary>
    /// <returns><see cref="Idle"/>, <see cref="Live"/>, <see cref="Started"/> or <see cref="Stopped"/>.</returns>
    public int Look()
    {
        if (liveRings == 0)
        {
            memory.Look(lookAddresses, lookSizes, FirstRingNumbers, seen);
            return IsDriverOk(seen[StatusNumber]) && Start() ? Started : Idle;
        }

        int changed = memory.Look(lookAddresses, lookSizes, lookNumbers, seen);
        return (changed & Alarms) == 0 ? Live : LookCloser();
    }

    // The status has changed, or a ring is broken or not the one that was there before. A broken ring that has been replaced since
    // is no fault of the driver that replaced it.
    private int LookCloser()
    {
        if (!IsDriverOk(seen[StatusNumber]))
        {
            return Stop();
        }

        if (!firstRing.IsSame || (liveRings == RingCount && !secondRing.IsSame))
        {
            return Start() ? Started : Stop();
        }

        return firstRing.IsBroken || secondRing.IsBroken ? Fail() : Live;
    }

    // "The device MUST NOT consume buffers or send any used buffer notifications to the driver before DRIVER_OK."
    private static bool IsDriverOk(int status) =>
        (status & (ResourceTableLayout.StatusDriverOk | ResourceTableLayout.StatusNeedsReset | ResourceTableLayout.StatusFailed))
        == ResourceTableLayout.StatusDriverOk;

    private static int RingEntry(int ring) => ResourceTableLayout.Rings + ring * ResourceTableLayout.RingEntrySize;

    private void Describe(int deviceId, byte[] config)
    {
        Put(ResourceTableLayout.Version, ResourceTableLayout.CurrentVersion);
        Put(ResourceTableLayout.EntryCount, 1);
        Put(ResourceTableLayout.FirstEntry, ResourceTableLayout.Type);
        Put(ResourceTableLayout.Type, ResourceTableLayout.TypeVdev);
        Put(ResourceTableLayout.DeviceId, (uint)deviceId);
        Put(ResourceTableLayout.DeviceFeatures, (uint)features);
        Put(ResourceTableLayout.ConfigLength, (uint)config.Length);
        table[ResourceTableLayout.RingCount] = RingCount;
        for (int ring = 0; ring < RingCount; ring++)
        {
            int at = RingEntry(ring);
            Put(at, ResourceTableLayout.AnyAddress);
            Put(at + ResourceTableLayout.RingAlign, (uint)queues[ring].Align);
            Put(at + ResourceTableLayout.RingSize, (uint)queues[ring].Size);
            Put(at + ResourceTableLayout.RingNotifyId, (uint)ring);
        }

        for (int i = 0; i < config.Length; i++)
        {
            table[ResourceTableLayout.Config + i] = config[i];
        }
    }

    // All but what Linux writes: the negotiated features, the status, and each ring's address and notify id.
    private bool IsThisTable(byte[] found)
    {
        for (int i = 0; i < table.Length; i++)
        {
            bool isLinuxs = (i >= ResourceTableLayout.DriverFeatures && i < ResourceTableLayout.ConfigLength)
                || i == ResourceTableLayout.Status
                || IsLinuxsInRing(i - RingEntry(0))
                || IsLinuxsInRing(i - RingEntry(1));
            if (!isLinuxs && found[i] != table[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLinuxsInRing(int i) =>
        (i >= 0 && i < ResourceTableLayout.RingAlign) || (i >= ResourceTableLayout.RingNotifyId && i < ResourceTableLayout.RingEntrySize);

    private bool Start()
    {
        int rings = ReadTable();
        for (int ring = 0; ring < rings; ring++)
        {
            queues[ring].Start(Get(RingEntry(ring)), NegotiatedFeatures);
        }

        return GoLive(rings);
    }

    private bool Resume()
    {
        int rings = ReadTable();
        for (int ring = 0; ring < rings; ring++)
        {
            queues[ring].Resume(Get(RingEntry(ring)), NegotiatedFeatures, isInOrder: ring == 0);
        }

        return GoLive(rings);
    }

    private bool GoLive(int rings)
    {
        liveRings = rings;
        lookNumbers = FirstRingNumbers + rings * Virtqueue.LookNumbers;
        return rings != 0;
    }

    // Reads and judges what Linux has written. Returns how many rings there are, 0: none that can be served.
    private int ReadTable()
    {
        liveRings = 0;
        memory.Read(tableAddress, table, 0, table.Length);
        if (!IsDriverOk(table[ResourceTableLayout.Status]))
        {
            return 0;
        }

        NegotiatedFeatures = (int)Get(ResourceTableLayout.DriverFeatures);
        if ((NegotiatedFeatures & ~features) != 0)
        {
            return Refuse(Fault.FeaturesNotOffered, NegotiatedFeatures);
        }

        int rings = (NegotiatedFeatures & secondRingFeature) != 0 ? RingCount : 1;
        for (int ring = 0; ring < rings; ring++)
        {
            if (!IsWhereItBelongs(ring))
            {
                return Refuse(Fault.RingOutsideRegion, ring);
            }

            notifyIds[ring] = (int)Get(RingEntry(ring) + ResourceTableLayout.RingNotifyId);
        }

        return rings;
    }

    private bool IsWhereItBelongs(int ring)
    {
        int at = RingEntry(ring);
        return queues[ring].MayLieAt(Get(at))
            && Get(at + ResourceTableLayout.RingSize) == (uint)queues[ring].Size
            && Get(at + ResourceTableLayout.RingAlign) == (uint)queues[ring].Align
            && Get(at + ResourceTableLayout.RingNotifyId) <= LargestNotifyId;
    }

    private int Stop()
    {
        liveRings = 0;
        firstRing.Forget();
        secondRing.Forget();
        return Stopped;
    }

    private int Refuse(int fault, int detail)
    {
        trace.Record(fault, detail);
        Fail();
        return 0;
    }

    // "The device SHOULD set DEVICE_NEEDS_RESET when it enters an error state that a reset is needed." remoteproc has no
    // configuration change notification; Linux sees the bit when it next looks.
    private int Fail()
    {
        memory.Look(lookAddresses, lookSizes, FirstRingNumbers, seen);
        memory.Store(lookAddresses[StatusNumber], seen[StatusNumber] | ResourceTableLayout.StatusNeedsReset, 1);
        return Stop();
    }

    private uint Get(int at) => (uint)(table[at] | table[at + 1] << 8 | table[at + 2] << 16 | table[at + 3] << 24);

    private void Put(int at, uint word)
    {
        table[at] = (byte)word;
        table[at + 1] = (byte)(word >> 8);
        table[at + 2] = (byte)(word >> 16);
        table[at + 3] = (byte)(word >> 24);
    }
}
