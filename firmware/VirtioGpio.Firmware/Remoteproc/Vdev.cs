// Vdev: one virtio device of the resource table, and its silent life.
//
// Spec:    VIRTIO "Device Status Field", "Feature Bits", "Device Reset"; Linux, drivers/remoteproc: remoteproc_virtio.c,
//          remoteproc_core.c (rproc_handle_vdev).
// Trusts:  nothing that Linux writes into the table: status, features, ring addresses and notify ids are judged.
// Thread:  the service thread only.
// Memory:  about 180 bytes at construction, nothing after.

using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Remoteproc;

/// <summary>
/// Linux writes status, features and ring addresses into the table as plain memory and notifies nobody; it zeroes the rings at each
/// probe. So the device polls at every wake-up and once per tick, and draws its conclusions from what it sees. It never writes the status
/// byte: DEVICE_NEEDS_RESET would have to be added by a load and a store, and the store could undo a reset that Linux writes in between.
/// </summary>
internal sealed partial class Vdev
{
    /// <summary>No driver is bound; the rings must not be touched.</summary>
    internal const int Unbound = 0;

    /// <summary>The driver of the last poll is bound.</summary>
    internal const int Bound = 1;

    /// <summary>
    /// A driver is bound, and its rings are not those of an earlier driver: nothing of that one holds any more. <see cref="TakeRings"/> follows.
    /// </summary>
    internal const int Started = 2;

    /// <summary>The driver has reset the device.</summary>
    internal const int Stopped = 3;

    /// <summary>A driver is bound, but its part of the table is not as it must be; perhaps not all of it is visible yet.</summary>
    internal const int Undecided = 4;

    /// <summary>The same, and this was the last time that it could have been so by chance.</summary>
    internal const int Rejected = 5;

    /// <summary>A driver is bound to a table that is not this firmware's.</summary>
    internal const int Foreign = 6;

    private const int MostJudgements = 4;
    private const int NumbersPerRing = 4;
    private const int StatusNumber = 0;
    private const int IndexNumber = 1;
    private const int EntryNumber = 2;
    private const int CanaryNumber = 3;
    private const int PlaceNumber = 4;
    private const int FirstRingChanges = 1 << IndexNumber | 1 << EntryNumber;
    private const int SecondRingChanges = FirstRingChanges << NumbersPerRing;
    private const int FirstRingAlarms = 1 << CanaryNumber | 1 << PlaceNumber;
    private const int Alarms = 1 << StatusNumber | FirstRingAlarms | FirstRingAlarms << NumbersPerRing;
    private const int MostNumbers = 1 + ResourceTableLayout.RingCount * NumbersPerRing;

    private readonly SharedMemory memory;
    private readonly TraceRing trace;
    private readonly ResourceTable table;
    private readonly int entry;
    private readonly Virtqueue[] queues;
    private readonly BufferWindows buffers;
    private readonly Virtqueue first;
    private readonly Virtqueue second;
    private readonly int features;
    private readonly int secondRingFeature;
    private readonly int[] places = new int[ResourceTableLayout.RingCount];
    private readonly int[] notifyIds = new int[ResourceTableLayout.RingCount];
    private readonly uint[] addresses = new uint[MostNumbers];
    private readonly int[] sizes = new int[MostNumbers];
    private readonly int[] seen = new int[MostNumbers];
    private readonly bool isTakedown;
    private int rings;
    private int numbers;
    private int judgements;

    private bool isSettled;

    // What is to be handed over by the next poll, whether it has changed or not.
    private int unseen;

    /// <summary>Makes the device; nothing is written.</summary>
    /// <param name="memory">The shared memory.</param>
    /// <param name="trace">Where faults go.</param>
    /// <param name="table">The table.</param>
    /// <param name="entry">The offset of the device's entry.</param>
    /// <param name="queues">Its two virtqueues.</param>
    /// <param name="buffers">Where the driver's buffers may lie.</param>
    /// <param name="features">The features that it offers.</param>
    /// <param name="secondRingFeature">The feature, as a mask, without which the driver leaves the second ring alone; 0: it always does.</param>
    /// <param name="isTakedown">Whether the entry is one of a table that another firmware has published.</param>
    internal Vdev(
        SharedMemory memory,
        TraceRing trace,
        ResourceTable table,
        int entry,
        Virtqueue[] queues,
        BufferWindows buffers,
        int features,
        int secondRingFeature,
        bool isTakedown)
    {
        this.memory = memory;
        this.trace = trace;
        this.table = table;
        this.entry = entry;
        this.queues = queues;
        this.buffers = buffers;
        this.features = features;
        this.secondRingFeature = secondRingFeature;
        this.isTakedown = isTakedown;
        first = queues[0];
        second = queues[1];
        addresses[StatusNumber] = table.AddressOf(entry + ResourceTableLayout.Status);
        sizes[StatusNumber] = 1;
        for (int ring = 0; ring < queues.Length; ring++)
        {
            int at = ring * NumbersPerRing;
            sizes[at + IndexNumber] = 2;
            sizes[at + EntryNumber] = RingLayout.AvailableEntrySize;
            sizes[at + CanaryNumber] = 1;
            sizes[at + PlaceNumber] = 4;
            addresses[at + PlaceNumber] = table.AddressOf(ResourceTableLayout.RingAt(entry, ring));
        }
    }

    /// <summary>The features that the driver accepted.</summary>
    internal int NegotiatedFeatures { get; private set; }

    /// <summary>
    /// The rings that an earlier run of the firmware has taken, a bit each: they are to be adopted before the next poll, the others taken. A ring without the
    /// canary was never taken: Linux booted the co-processor, and its driver has been waiting since.
    /// </summary>
    internal int ToAdopt { get; private set; }

    /// <summary>Whether a driver may still be found that an earlier run has served: only the first that is seen can be one.</summary>
    internal bool MayAdopt { get; private set; } = true;

    /// <summary>Whether a driver is bound or being bound, as the table was when last read.</summary>
    internal bool IsInUse =>
        (table.Found(entry + ResourceTableLayout.Status) & ResourceTableLayout.StatusBits & ~ResourceTableLayout.StatusAcknowledge) != 0;

    /// <summary>Whether the driver has reset the device since the last poll, or waits to be reset.</summary>
    internal bool IsReset
    {
        get
        {
            table.Read();
            return !IsDriverOk(table.Found(entry + ResourceTableLayout.Status) & ResourceTableLayout.StatusBits);
        }
    }

    /// <summary>Whether the driver that was bound last is gone without having been seen to reset the device: another's rings are there.</summary>
    internal bool IsReplaced { get; private set; }

    /// <summary>Whether the device is that of a table which another firmware has published.</summary>
    internal bool IsTakedown => isTakedown;

    /// <summary>Whether the driver that was bound to the table of another firmware has gone, and this firmware's is there instead.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>The notify id by which Linux learns of used buffers in a ring (0 or 1).</summary>
    internal int NotifyId(int ring) => notifyIds[ring];

    /// <summary>Polls once all that Linux may have changed: the status, then each ring.</summary>
    /// <returns>One of the states above.</returns>
    internal int Poll()
    {
        if (rings == 0)
        {
            return PollUnbound();
        }

        // The index before the entry that it makes valid, then the canary, then the ring's place: if both are as they were, index and entry
        // are of the ring that we know. A new ring elsewhere leaves the canary of the old one as it is.
        addresses[EntryNumber] = first.EntryAddress;
        addresses[EntryNumber + NumbersPerRing] = second.EntryAddress;
        int changed = memory.Poll(addresses, sizes, numbers, seen) | unseen;
        unseen = 0;
        if ((changed & Alarms) != 0)
        {
            if (!IsDriverOk(seen[StatusNumber]) || HasNewRing())
            {
                return Stop();
            }

            SetStatus();
        }

        if ((changed & FirstRingChanges) != 0)
        {
            first.SetPolled(seen[IndexNumber], seen[EntryNumber]);
        }

        if ((changed & SecondRingChanges) != 0)
        {
            second.SetPolled(seen[IndexNumber + NumbersPerRing], seen[EntryNumber + NumbersPerRing]);
        }

        return isSettled ? Bound : Settle();
    }

    /// <summary>
    /// Forgets the driver without a look at it: Linux is down. If rings that were taken are found bound later, Linux was not: they are to be adopted.
    /// </summary>
    internal void Forget()
    {
        Stop();
        judgements = 0;
        MayAdopt = true;
    }

    // "The device MUST NOT consume buffers or send any used buffer notifications to the driver before DRIVER_OK."
    private static bool IsDriverOk(int status) =>
        (status & (ResourceTableLayout.StatusDriverOk | ResourceTableLayout.StatusNeedsReset | ResourceTableLayout.StatusFailed))
        == ResourceTableLayout.StatusDriverOk;

    private int PollUnbound()
    {
        memory.Poll(addresses, sizes, 1, seen);
        if (IsDriverOk(seen[StatusNumber]))
        {
            return Bind();
        }

        MayAdopt = false;
        if (judgements != 0)
        {
            judgements = 0;
            IsReplaced = false;
            return Stopped;
        }

        // Linux puts back the table that it found when it attached: another firmware's, if that was running then.
        if ((seen[StatusNumber] & ~ResourceTableLayout.StatusAcknowledge) == 0)
        {
            RestoreTable();
        }

        return Unbound;
    }

    // Whoever published another table may have described something else where this firmware leaves the words to Linux.
    private void RestoreTable()
    {
        if (!table.Read())
        {
            if (isTakedown)
            {
                table.Publish();
            }
            else
            {
                table.Restore();
            }
        }

        IsOver = isTakedown;
    }

    private bool HasNewRing() => IsNew(0) || (rings == ResourceTableLayout.RingCount && IsNew(1));

    private bool IsNew(int ring) =>
        seen[ring * NumbersPerRing + CanaryNumber] != Virtqueue.Canary || seen[ring * NumbersPerRing + PlaceNumber] != places[ring];

    private void SetStatus()
    {
        first.SetStatus(seen[StatusNumber]);
        second.SetStatus(seen[StatusNumber]);
    }

    private int Settle()
    {
        if (!first.HasAvailable && !second.HasAvailable)
        {
            return Bound;
        }

        isSettled = true;
        return IsAsTaken() ? Bound : Stop();
    }

    private int Stop()
    {
        IsReplaced = IsDriverOk(seen[StatusNumber]);
        rings = 0;

        // Each driver's first ring is taken anew; the second may be left alone.
        second.Release();
        return Stopped;
    }
}
