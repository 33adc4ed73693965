// ResourceTable: what the firmware offers to Linux's remoteproc core: a list of entries, as bytes in shared memory.
//
// Spec:    Linux, include/linux/remoteproc.h: struct resource_table, fw_rsc_hdr, fw_rsc_vdev, fw_rsc_vdev_vring, fw_rsc_trace.
// Trusts:  nothing that it finds in memory.
// Thread:  the service thread only.
// Memory:  three arrays of the table's size at construction, nothing after.

using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Remoteproc;

/// <summary>
/// The table as this firmware publishes it, and as it was found when last read. Linux writes into a table that it has taken: features,
/// status, ring addresses and notify ids. Those bits are not compared.
/// </summary>
internal sealed class ResourceTable
{
    private readonly SharedMemory memory;
    private readonly uint address;
    private readonly int[] published;
    private readonly int[] driverWritten;
    private readonly int[] found;
    private int entries;
    private int end;

    /// <summary>Makes a table without entries; nothing is written yet.</summary>
    /// <param name="memory">The shared memory.</param>
    /// <param name="address">The table's place; 4-byte aligned.</param>
    /// <param name="size">Bytes of the table.</param>
    /// <param name="entryCount">How many entries will be added.</param>
    internal ResourceTable(SharedMemory memory, uint address, int size, int entryCount)
    {
        this.memory = memory;
        this.address = address;
        published = new int[size / 4];
        driverWritten = new int[size / 4];
        found = new int[size / 4];
        end = ResourceTableLayout.OffsetOf(entryCount);
        published[ResourceTableLayout.Version / 4] = ResourceTableLayout.CurrentVersion;
        published[ResourceTableLayout.EntryCount / 4] = entryCount;
    }

    /// <summary>Adds a virtio device.</summary>
    /// <param name="deviceId">VIRTIO's device id.</param>
    /// <param name="features">The features that it offers.</param>
    /// <param name="queues">Its virtqueues, in the order of their numbers; two at most.</param>
    /// <param name="config">Its config space, a whole number of words.</param>
    /// <returns>The entry's offset in the table.</returns>
    internal int AddVdev(int deviceId, int features, Virtqueue[] queues, byte[] config)
    {
        int entry = end;
        published[ResourceTableLayout.OffsetOf(entries++) / 4] = entry;
        Set(entry + ResourceTableLayout.Type, ResourceTableLayout.TypeVdev, 0);
        Set(entry + ResourceTableLayout.DeviceId, deviceId, 0);
        Set(entry + ResourceTableLayout.DeviceFeatures, features, 0);
        Set(entry + ResourceTableLayout.DriverFeatures, 0, -1);
        Set(entry + ResourceTableLayout.ConfigLength, config.Length, 0);
        Set(entry + ResourceTableLayout.Status, queues.Length << 8, ResourceTableLayout.StatusBits);
        for (int ring = 0; ring < queues.Length; ring++)
        {
            int at = ResourceTableLayout.RingAt(entry, ring);
            Set(at, ResourceTableLayout.AnyAddress, -1);
            Set(at + ResourceTableLayout.RingAlign, queues[ring].Align, 0);
            Set(at + ResourceTableLayout.RingSize, queues[ring].Size, 0);
            Set(at + ResourceTableLayout.RingNotifyId, ring, -1);
            Set(at + ResourceTableLayout.RingPhysical, 0, -1);
        }

        end = ResourceTableLayout.RingAt(entry, queues.Length);
        for (int i = 0; i < config.Length; i += 4)
        {
            Set(end + i, config[i] | config[i + 1] << 8 | config[i + 2] << 16 | config[i + 3] << 24, 0);
        }

        end += config.Length;
        return entry;
    }

    /// <summary>Adds a trace buffer: text that ends at its first zero byte, which Linux shows under debugfs.</summary>
    /// <param name="da">Where it is, as the co-processor sees it.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="name">What Linux calls it: at most 31 ASCII characters.</param>
    internal void AddTrace(uint da, uint length, string name)
    {
        published[ResourceTableLayout.OffsetOf(entries++) / 4] = end;
        Set(end + ResourceTableLayout.Type, ResourceTableLayout.TypeTrace, 0);
        Set(end + ResourceTableLayout.TraceAddress, (int)da, 0);
        Set(end + ResourceTableLayout.TraceLength, (int)length, 0);
        Set(end + ResourceTableLayout.TraceReserved, 0, 0);
        for (int i = 0; i < name.Length; i++)
        {
            published[(end + ResourceTableLayout.TraceName + i) / 4] |= name[i] << (8 * (i & 3));
        }

        end += ResourceTableLayout.TraceEntrySize;
    }

    /// <summary>Where a word or byte of the table is in shared memory.</summary>
    internal uint AddressOf(int at) => address + (uint)at;

    /// <summary>A word of the table as it was found when last read.</summary>
    internal int Found(int at) => found[at / 4];

    /// <summary>Reads the table.</summary>
    /// <returns>Whether it is the one that this firmware publishes, whatever Linux has written into it.</returns>
    internal bool Read()
    {
        memory.ReadWords(address, found, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            if (((found[i] ^ published[i]) & ~driverWritten[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the table for Linux to find. The version goes last: before that, Linux sees no table.</summary>
    internal void Publish()
    {
        memory.Store(address, 0, 4);
        for (int i = 1; i < published.Length; i++)
        {
            memory.Store(AddressOf(4 * i), published[i] & driverWritten[i], 4);
        }

        Restore();
    }

    /// <summary>The same for a table that Linux has taken before: what is Linux's to write is left to it, it may be writing now.</summary>
    internal void Restore()
    {
        memory.Store(address, 0, 4);
        for (int at = 4; at < 4 * published.Length; at++)
        {
            int shift = 8 * (at & 3);
            if (((driverWritten[at / 4] >> shift) & 0xFF) == 0)
            {
                memory.Store(AddressOf(at), published[at / 4] >> shift, 1);
            }
        }

        memory.Store(address, published[0], 4);
    }

    /// <summary>Finds a virtio device with two rings in a table that another firmware has published.</summary>
    /// <returns>Its entry's offset; negative: there is none, or it is no table.</returns>
    internal int FindVdev(int deviceId)
    {
        int count = Found(ResourceTableLayout.EntryCount);
        if (Found(ResourceTableLayout.Version) != ResourceTableLayout.CurrentVersion || count < 1 || count > found.Length)
        {
            return -1;
        }

        for (int n = 0; n < count && ResourceTableLayout.OffsetOf(n) < 4 * found.Length; n++)
        {
            int entry = Found(ResourceTableLayout.OffsetOf(n));
            if ((entry & 3) == 0 && entry > 0 && entry <= 4 * found.Length - ResourceTableLayout.RingAt(0, ResourceTableLayout.RingCount)
                && Found(entry + ResourceTableLayout.Type) == ResourceTableLayout.TypeVdev
                && Found(entry + ResourceTableLayout.DeviceId) == deviceId
                && (Found(entry + ResourceTableLayout.Status) >> 8) == ResourceTableLayout.RingCount)
            {
                return entry;
            }
        }

        return -1;
    }

    private void Set(int at, int word, int bitsOfLinux)
    {
        published[at / 4] = word;
        driverWritten[at / 4] = bitsOfLinux;
    }
}
