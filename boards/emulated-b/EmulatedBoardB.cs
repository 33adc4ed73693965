// EmulatedBoardB: a SoC that has as little as possible in common with the first one, to show what the firmware leaves to the board.
//
// Spec:    none.
// Trusts:  -
// Thread:  Main, which becomes the service thread.
// Memory:  at start only.

using System.Device.Gpio;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Boards.EmulatedB;

/// <summary>
/// The co-processor's address space; the rings lie before the table, and their used rings on pages of their own:
/// <code>
///   0x1FFF8000  tightly coupled memory, shared with Linux     0x0000 eventq   0x4000 requestq   0x10000 resource table
///   0x80000000  DDR from the application CPU's address 0x4000_0000, 1 GiB
///   0xC0000000  DDR from the application CPU's address 0x8_0000_0000, 512 MiB
/// </code>
/// </summary>
public static class EmulatedBoardB
{
    /// <summary>Where the co-processor sees the shared memory.</summary>
    public const uint SharedAddress = 0x1FFF8000;

    /// <summary>Where the co-processor sees the second piece of DDR.</summary>
    public const uint HighDdrAddress = 0xC0000000;

    /// <summary>Where Linux sees the second piece of DDR.</summary>
    public const ulong HighDdrCpuAddress = 0x800000000;

    /// <summary>How many lines there are: five ports of eight.</summary>
    public const int LineCount = 40;

    private const uint EventRingOffset = 0;
    private const uint RequestRingOffset = 0x4000;
    private const uint TableOffset = 0x10000;

    // The least power of two that holds two descriptors a line. Its ring takes 5,126 bytes.
    private const int RingSize = 128;
    private const int RingAlign = 4096;
    private const uint RingRegionSize = 0x2000;
    private const int RestartNotifyId = 17;

    private const int LinesOfAPort = 8;
    private const int PinsOfAPort = 16;

    /// <summary>Describes the board to the firmware.</summary>
    public static GpioBoard Describe()
    {
        AddressWindows windows = new AddressWindows(2);
        windows.Add("low DDR", 0x40000000, 0x40000000, 0x80000000);
        windows.Add("high DDR", HighDdrCpuAddress, 0x20000000, HighDdrAddress);
        return new GpioBoard
        {
            TableAddress = SharedAddress + TableOffset,
            RequestRingAddress = SharedAddress + RequestRingOffset,
            EventRingAddress = SharedAddress + EventRingOffset,
            RingRegionSize = RingRegionSize,
            RingSize = RingSize,
            RingAlign = RingAlign,
            Lines = DescribeLines(),
            Windows = windows,
            RestartNotifyId = RestartNotifyId,
        };
    }

    /// <summary>The pin of a line: the upper half of each of the MCU's ports is the co-processor's.</summary>
    /// <param name="line">0 to 39.</param>
    public static int PinOf(int line) => line / LinesOfAPort * PinsOfAPort + LinesOfAPort + line % LinesOfAPort;

    /// <summary>The program.</summary>
    public static void Main()
    {
        GpioBoard board = Describe();
        board.Check();
        GpioFirmware.Start(board, new SharedMemory(), new Mailbox(), new LatchedPins(new Pads(), board.Lines)).Run();
    }

    // "pa8" to "pe15", as the schematic calls them. The last port is an open-drain bus with pull-ups.
    private static LineConfig[] DescribeLines()
    {
        LineConfig[] lines = new LineConfig[LineCount];
        for (int line = 0; line < LineCount; line++)
        {
            bool isBus = line >= LineCount - LinesOfAPort;
            string name = "p" + "abcde"[line / LinesOfAPort].ToString() + (PinOf(line) % PinsOfAPort).ToString();
            lines[line] = new LineConfig(name, PinOf(line))
            {
                InputMode = isBus ? PinMode.InputPullUp : PinMode.Input,
                OutputMode = isBus ? PinMode.OutputOpenDrain : PinMode.Output,
            };
        }

        return lines;
    }
}
