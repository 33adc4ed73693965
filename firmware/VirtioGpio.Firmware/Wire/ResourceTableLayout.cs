// ResourceTableLayout: numbers and offsets of a remoteproc resource table with one virtio device.
//
// Spec:    Linux, include/linux/remoteproc.h: struct resource_table, fw_rsc_hdr, fw_rsc_vdev, fw_rsc_vdev_vring;
//          VIRTIO "Device Status Field", "Feature Bits".
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Wire;

/// <summary>
/// 96 bytes, 32-bit words in Linux's byte order (little endian here) unless a width is given:
/// <code>
///    0 ver = 1   4 num = 1   8 reserved   12 reserved   16 offset[0] = 20
///   20 type = 3 (RSC_VDEV)
///   24 id = 41  28 notifyid  32 dfeatures 36 gfeatures  40 config_len = 8
///   44 status(1)  45 num_of_vrings(1) = 2  46 reserved(2)
///   48 vring 0: da  align  num  notifyid  pa
///   68 vring 1: the same
///   88 config space (virtio_gpio_config)
/// </code>
/// </summary>
internal static class ResourceTableLayout
{
    public const int Size = 96;
    public const int Version = 0;
    public const int EntryCount = 4;
    public const int FirstEntry = 16;
    public const int Type = 20;
    public const int DeviceId = 24;
    public const int DeviceFeatures = 32;
    public const int DriverFeatures = 36;
    public const int ConfigLength = 40;
    public const int Status = 44;
    public const int RingCount = 45;
    public const int Rings = 48;
    public const int RingEntrySize = 20;
    public const int RingAlign = 4;
    public const int RingSize = 8;
    public const int RingNotifyId = 12;
    public const int Config = 88;

    public const int CurrentVersion = 1;
    public const int TypeVdev = 3;

    /// <summary>FW_RSC_ADDR_ANY: Linux chooses the address.</summary>
    public const uint AnyAddress = 0xFFFFFFFF;

    public const int StatusDriverOk = 4;
    public const int StatusNeedsReset = 64;
    public const int StatusFailed = 128;
}
