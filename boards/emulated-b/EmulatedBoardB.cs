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
///   0x1FFF8000  tightly coupled memory, shared with Linux     0x0000 eventq   0x4000 requestq   0x10000 resource table   0x18000 port expander
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

    /// <summary>Where the co-processor sees the port expander.</summary>
    public const uint ExpanderAddress = SharedAddress + 0x18000;

    /// <summary>How many lines are the MCU's own: five ports of eight.</summary>
    public const int PortLineCount = 40;

    /// <summary>The line that the firmware itself sets: its program is up.</summary>
    public const int ReadyLine = PortLineCount;

    /// <summary>The first line of the expander.</summary>
    public const int ExpanderLine = ReadyLine + 1;

    /// <summary>How many lines there are, of all sources.</summary>
    public const int LineCount = ExpanderLine + PortExpander.PinCount;

    private const uint EventRingOffset = 0;
    private const uint RequestRingOffset = 0x4000;
    private const uint TableOffset = 0x10000;

    // The least power of two that holds two descriptors a line. Its ring takes 5,126 bytes.
    private const int RingSize = 128;
    private const int RingAlign = 4096;
    private const uint RingRegionSize = 0x2000;
    private const int RestartNotifyId = 17;

    // The sources.
    private const int Ports = 0;
    private const int Expander = 1;
    private const int Virtual = 2;
    private const int ReadyPin = 0;

    private const int DebugLine = 6;
    private const int ResetLine = 9;
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
    /// <param name="line">Below <see cref="PortLineCount"/>.</param>
    public static int PinOf(int line) => line / LinesOfAPort * PinsOfAPort + LinesOfAPort + line % LinesOfAPort;

    /// <summary>The program.</summary>
    public static void Main()
    {
        GpioBoard board = Describe();
        board.Check();
        SharedMemory memory = new SharedMemory();
        Mailbox mailbox = new Mailbox();
        VirtualPins own = MakeOwnLines(mailbox, board.Lines);
        IPins pins = Aggregate(board.Lines, new LatchedPins(new Pads(), board.Lines, Ports), memory, own);
        GpioFirmware firmware = GpioFirmware.Start(board, memory, mailbox, pins);
        SetReady(own);
        firmware.Run();
    }

    /// <summary>Makes one device of the sources.</summary>
    /// <param name="lines">The line table.</param>
    /// <param name="ports">The MCU's ports.</param>
    /// <param name="memory">The memory in which the expander appears.</param>
    /// <param name="own">The firmware's own lines.</param>
    public static IPins Aggregate(LineConfig[] lines, IPins ports, SharedMemory memory, IPins own) =>
        new AggregatedPins(lines, ports, new PortExpander(memory, ExpanderAddress, lines, Expander), own);

    /// <summary>Makes the firmware's own lines.</summary>
    public static VirtualPins MakeOwnLines(Mailbox mailbox, LineConfig[] lines) => new VirtualPins(mailbox, lines, Virtual);

    /// <summary>Tells Linux that the program is up.</summary>
    public static void SetReady(VirtualPins own) => own.Set(ReadyPin, 1);

    // "pa8" to "pe15", as the schematic calls them, and "x0" to "x7". The last port is an open-drain bus with pull-ups. Line 6 is the core's
    // own debug port. Line 9 is a reset that is active low, and active while there is no driver.
    private static LineConfig[] DescribeLines()
    {
        LineConfig[] lines = new LineConfig[LineCount];
        for (int line = 0; line < PortLineCount; line++)
        {
            bool isBus = line >= PortLineCount - LinesOfAPort;
            string name = "p" + "abcde"[line / LinesOfAPort].ToString() + (PinOf(line) % PinsOfAPort).ToString();
            lines[line] = new LineConfig(name, PinOf(line))
            {
                InputMode = isBus ? PinMode.InputPullUp : PinMode.Input,
                OutputMode = isBus ? PinMode.OutputOpenDrain : PinMode.Output,
            };
        }

        lines[ReadyLine] = new LineConfig("core-ready", ReadyPin) { Source = Virtual, Uses = LineUses.Input | LineUses.Interrupt };
        for (int pin = 0; pin < PortExpander.PinCount; pin++)
        {
            lines[ExpanderLine + pin] = new LineConfig("x" + pin.ToString(), pin) { Source = Expander, OutputMode = PinMode.OutputOpenDrain };
        }

        lines[DebugLine].Uses = LineUses.None;
        lines[ResetLine].SafeValue = 0;
        lines[ResetLine].OnDriverGone = LineRest.Safe;
        lines[ResetLine].OnLinuxReset = LineRest.Safe;
        lines[ResetLine].OnStart = LineRest.Safe;
        return lines;
    }
}
