// PoolBoard: a board whose Linux takes buffers and rings out of one pool, as on TI's AM62 and AM64.
//
// Linux 6.12, drivers/remoteproc/ti_k3_m4_remoteproc.c: entry 0 of memory-region is the memory of the remoteproc device and of its virtio
// device; there is no carve-out for a ring, and 256 bytes are mapped for the table.

using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>
/// A <see cref="TestBoard"/> of which the co-processor sees 256 KiB of DRAM, by bus addresses that are neither its own nor the application
/// CPU's. At each probe the rings lie elsewhere.
/// <code>
///   0x20000000  SRAM: table at 0x1000
///   0x40000000  the pool, bus address 0x90000000: buffers, and rings in the last 64 KiB
/// </code>
/// </summary>
public static class PoolBoard
{
    /// <summary>Where the co-processor sees the pool.</summary>
    public const uint LocalAddress = 0x40000000;

    /// <summary>The pool's bus address.</summary>
    public const uint BusAddress = 0x90000000;

    /// <summary>Bytes of the pool.</summary>
    public const int Size = 0x40000;

    /// <summary>Offset in the pool of the pages that the rings are taken from.</summary>
    public const int RingPages = 0x30000;

    /// <summary>Powers it on.</summary>
    /// <param name="configure">Changes the description before the firmware gets it.</param>
    /// <param name="wrap">Puts a port of the test's own over the pins.</param>
    public static TestBoard Start(Configuration? configure = null, PortOver? wrap = null)
    {
        GpioBoard description = Describe();
        configure?.Invoke(description);
        return new TestBoard(description, new Wiring { DramCpuAddress = BusAddress, RingPages = RingPages }, isLatched: false, wrap);
    }

    /// <summary>Describes it.</summary>
    public static GpioBoard Describe()
    {
        GpioBoard description = TestBoard.Describe(8, 32, 64, null);
        description.TableSize = 256;
        description.RequestRingAddress = LocalAddress;
        description.EventRingAddress = LocalAddress;
        description.RingRegionSize = Size;
        description.Windows = new AddressWindows(1);
        description.Windows.Add("pool", BusAddress, Size, LocalAddress);
        return description;
    }
}
