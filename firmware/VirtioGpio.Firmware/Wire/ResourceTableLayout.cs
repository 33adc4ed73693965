// ResourceTableLayout: numbers and offsets of a remoteproc resource table, of a virtio device and of a trace buffer in it.
//
// Spec:    Linux, include/linux/remoteproc.h: struct resource_table, fw_rsc_hdr, fw_rsc_vdev, fw_rsc_vdev_vring, fw_rsc_trace;
//          VIRTIO "Device Status Field", "Feature Bits".
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Wire;

/// <summary>
/// 32-bit words in Linux's byte order (little endian here) unless a width is given. The table, with n entries:
/// <code>
///    0 ver = 1   4 num = n   8 reserved   12 reserved   16 offset[0] ... offset[n - 1]
/// </code>
/// A virtio device, from its entry's offset on:
/// <code>
///    0 type = 3 (RSC_VDEV)
///    4 id        8 notifyid  12 dfeatures 16 gfeatures  20 config_len
///   24 status(1)  25 num_of_vrings(1) = 2  26 reserved(2)
///   28 vring 0: da  align  num  notifyid  pa
///   48 vring 1: the same
///   68 config space
/// </code>
/// A trace buffer, from its entry's offset on; Linux only reads it:
/// <code>
///    0 type = 2 (RSC_TRACE)   4 da   8 len   12 reserved   16 name(32)
/// </code>
/// </summary>
internal static class ResourceTableLayout
{
    /// <summary>Bytes of the table of this firmware: one virtio device with the config space of a GPIO device.</summary>
    public const int Size = 96;

    /// <summary>The same of a table that has a trace buffer as well.</summary>
    public const int SizeWithTrace = Size + 4 + TraceEntrySize;

    public const int Version = 0;
    public const int EntryCount = 4;

    public const int Type = 0;
    public const int DeviceId = 4;
    public const int DeviceFeatures = 12;
    public const int DriverFeatures = 16;
    public const int ConfigLength = 20;

    /// <summary>The word that begins with the status byte.</summary>
    public const int Status = 24;

    public const int RingAlign = 4;
    public const int RingSize = 8;
    public const int RingNotifyId = 12;
    public const int RingPhysical = 16;

    public const int TraceAddress = 4;
    public const int TraceLength = 8;
    public const int TraceReserved = 12;
    public const int TraceName = 16;
    public const int TraceNameSize = 32;
    public const int TraceEntrySize = 48;

    public const int CurrentVersion = 1;
    public const int TypeTrace = 2;
    public const int TypeVdev = 3;

    /// <summary>Rings of a virtio device: remoteproc knows two at most.</summary>
    public const int RingCount = 2;

    /// <summary>The largest notify id that a mailbox has.</summary>
    public const int LargestNotifyId = 29;

    /// <summary>FW_RSC_ADDR_ANY: Linux chooses the address.</summary>
    public const int AnyAddress = -1;

    /// <summary>The status byte in its word.</summary>
    public const int StatusBits = 0xFF;

    public const int StatusAcknowledge = 1;
    public const int StatusDriverOk = 4;
    public const int StatusNeedsReset = 64;
    public const int StatusFailed = 128;

    private const int FirstOffset = 16;
    private const int FirstRing = 28;
    private const int RingEntrySize = 20;

    /// <summary>Where the table says the offset of its entry n; for n = number of entries: where the first entry may begin.</summary>
    public static int OffsetOf(int n) => FirstOffset + 4 * n;

    /// <summary>Where a ring of the virtio device at <paramref name="entry"/> is described; for the number of rings: its config space.</summary>
    public static int RingAt(int entry, int ring) => entry + FirstRing + RingEntrySize * ring;
}
