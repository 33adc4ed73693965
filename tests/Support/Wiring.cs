// Wiring: where a board of plain arrays has its memory, which pins its lines are, and by which ids its mailbox rings.

namespace VirtioGpio.Tests.Support;

/// <summary>What the board's description does not say. As it is: that of <see cref="TestBoard"/>.</summary>
public sealed class Wiring
{
    /// <summary>Where the co-processor sees the SRAM, in which table and rings lie.</summary>
    public uint SramAddress { get; set; } = TestBoard.SramAddress;

    /// <summary>Where the co-processor sees the DRAM.</summary>
    public uint DramAddress { get; set; } = 0x40000000;

    /// <summary>Where Linux sees the DRAM.</summary>
    public ulong DramCpuAddress { get; set; } = TestBoard.DramCpuAddress;

    /// <summary>First and last bytes of windows that are larger than the DRAM: the one byte that is there.</summary>
    public uint[] WindowEnds { get; set; } = new uint[0];

    /// <summary>
    /// Offset in DRAM of the pages from which Linux takes its rings, others at each probe; negative: the rings are in SRAM, where the board's
    /// regions begin.
    /// </summary>
    public int RingPages { get; set; } = -1;

    /// <summary>The notify id that Linux gives the requestq.</summary>
    public int RequestNotifyId { get; set; }

    /// <summary>The notify id that Linux gives the eventq.</summary>
    public int EventNotifyId { get; set; } = 1;

    /// <summary>The pin of each line; null: line 0 is pin 3, and so on.</summary>
    public int[]? Pins { get; set; }

    /// <summary>The sources of lines beside the ports; null: there are none.</summary>
    public SourcesBeside? Sources { get; set; }
}
