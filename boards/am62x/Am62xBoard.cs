// Am62xBoard: TI's AM62x, as the Cortex-M4F of its MCU domain sees it, with lines of the SK-AM62. It has not run on hardware.
//
// Spec:    Linux, drivers/remoteproc/ti_k3_m4_remoteproc.c: k3_m4_reserved_mem_init, k3_m4_get_loaded_rsc_table.
// Trusts:  linux/k3-am625-sk-vgpio.dtso and native/: the tests keep their numbers and these equal.
// Thread:  Main, which becomes the service thread.
// Memory:  at start only.

using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Boards.Am62x;

/// <summary>
/// The M4F's address space; DDR has the SoC's own addresses in it:
/// <code>
///   0x00000000  IRAM, 192 KiB    0x00030000  DRAM, 64 KiB
///   0x9CB00000  the pool, 256 KiB: the rings, wherever Linux puts them, and the driver's buffers
///   0x9CC00000  the firmware's DDR, 14 MiB: the resource table in its first page, then code and heap
/// </code>
/// </summary>
public static class Am62xBoard
{
    /// <summary>The restricted DMA pool, for both sides.</summary>
    public const uint PoolAddress = 0x9CB00000;

    /// <summary>Bytes of the pool.</summary>
    public const uint PoolSize = 0x40000;

    /// <summary>The resource table: remoteproc loads it here, or looks for it here when it attaches.</summary>
    public const uint TableAddress = 0x9CC00000;

    /// <summary>How many lines there are.</summary>
    public const int LineCount = 8;

    // Two descriptors per line would do with 16; a pool of 128 slots holds two rings of 32 in flight.
    private const int RingSize = 32;
    private const int RingAlign = 64;

    // Sent as RP_MBOX_CRASH: native/am62x_registers.h. The other ids are those of the rings.
    private const int CrashId = 29;

    /// <summary>Describes the board to the firmware.</summary>
    public static GpioBoard Describe()
    {
        AddressWindows windows = new AddressWindows(1);
        windows.Add("pool", PoolAddress, PoolSize, PoolAddress);
        return new GpioBoard
        {
            TableAddress = TableAddress,
            RequestRingAddress = PoolAddress,
            EventRingAddress = PoolAddress,
            RingRegionSize = PoolSize,
            RingSize = RingSize,
            RingAlign = RingAlign,
            Lines = DescribeLines(),
            Windows = windows,
            RestartNotifyId = CrashId,
        };
    }

    /// <summary>The pin of a line in MCU_GPIO0: those whose pads nothing else on the SK-AM62 needs.</summary>
    /// <param name="line">0 to 7.</param>
    public static int PinOf(int line) => line < 5 ? line : line == 5 ? 13 : 9 + line;

    /// <summary>The program.</summary>
    public static void Main()
    {
        GpioBoard board = Describe();
        board.Check();
        GpioFirmware.Start(board, new SharedMemory(), new Mailbox(), new LatchedPins(new Pads(), board.Lines)).Run();
    }

    // "MCU_GPIO0_0" to "MCU_GPIO0_16", as the data sheet calls the pins. Pulls are the pads', which Linux's pin controller sets; outputs are
    // push-pull.
    private static LineConfig[] DescribeLines()
    {
        LineConfig[] lines = new LineConfig[LineCount];
        for (int line = 0; line < LineCount; line++)
        {
            lines[line] = new LineConfig("MCU_GPIO0_" + PinOf(line).ToString(), PinOf(line));
        }

        return lines;
    }
}
