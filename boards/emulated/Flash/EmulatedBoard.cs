// EmulatedBoard: the emulated SoC's memory map, its lines, and the program that is flashed into its co-processor.
//
// Spec:    none.
// Trusts:  the word that the board put into the SRAM header at power-on.
// Thread:  Main, which becomes the service thread.
// Memory:  at start only.

using System.Device.Gpio;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Boards.Emulated;

/// <summary>
/// The co-processor's address space:
/// <code>
///   0x20000000  SRAM, 64 KiB, shared with Linux     0x0000 header   0x1000 resource table   0x2000, 0x3000 rings   0x4000 lines' state
///               0x5000 trace
///   0x60000000  256 KiB of Linux's RAM, the restricted pool of its device tree: all that this core's bus reaches of it
/// </code>
/// </summary>
public static class EmulatedBoard
{
    /// <summary>Where the co-processor sees the SRAM.</summary>
    public const uint SramAddress = 0x20000000;

    /// <summary>Bytes of SRAM.</summary>
    public const int SramSize = 0x10000;

    /// <summary>Where Linux has the pool through which it passes its buffers: vdev0buffer in boards/emulated/linux/emusoc.dtso.</summary>
    public const uint PoolAddress = 0x47C00000;

    /// <summary>Bytes of the pool.</summary>
    public const uint PoolSize = 0x40000;

    /// <summary>Where the co-processor sees the pool.</summary>
    public const uint PoolLocalAddress = 0x60000000;

    /// <summary>Offset of the resource table in SRAM.</summary>
    public const int TableOffset = 0x1000;

    /// <summary>Offset of the requestq's region in SRAM.</summary>
    public const int RequestRingOffset = 0x2000;

    /// <summary>Offset of the eventq's region in SRAM.</summary>
    public const int EventRingOffset = 0x3000;

    /// <summary>Offset in SRAM, which keeps what is in it while the co-processor is restarted, of the lines' state.</summary>
    public const int StateOffset = 0x4000;

    /// <summary>Offset in SRAM of the trace that Linux reads.</summary>
    public const int TraceOffset = 0x5000;

    /// <summary>Bytes of the trace.</summary>
    public const int TraceSize = 0x1000;

    /// <summary>Bytes of each region.</summary>
    public const int RingRegionSize = 0x1000;

    /// <summary>Offset of the header's word for the firmware: the switches.</summary>
    public const int StrapsOffset = 0x28;

    /// <summary>
    /// Offset of the header's two words about Linux: what it does, written by its remoteproc driver and by the board, and what of that the
    /// firmware has seen.
    /// </summary>
    public const int LinuxStateOffset = 0x3C;

    /// <summary>The doorbell in each direction that is no ring's: here Linux is asked to recover, there the firmware is told of Linux.</summary>
    public const int ControlNotifyId = 2;

    /// <summary>The doorbell that wakes Linux.</summary>
    public const int WakeNotifyId = 3;

    /// <summary>Switch: offer VIRTIO_RING_F_INDIRECT_DESC.</summary>
    public const int StrapIndirect = 1;

    /// <summary>Switch: the lines are on the natives of <see cref="Pads"/>, not on System.Device.Gpio.</summary>
    public const int StrapLatchedPins = 2;

    /// <summary>Switch: the firmware is told of the memory for the lines' state.</summary>
    public const int StrapKeepsState = 4;

    /// <summary>Switch, of the board itself: a reset of the co-processor leaves its pads as they are.</summary>
    public const int StrapHoldsPads = 8;

    /// <summary>Descriptors a ring: at least two a line.</summary>
    public const int RingSize = 64;

    private const int RingAlign = 64;
    private const int TraceRequestId = 3;

    /// <summary>The name of each line, by line number; empty if it has none.</summary>
    public static string[] LineNames => NameLines();

    /// <summary>The pin behind each line, by line number, as the MCU counts its pins.</summary>
    public static int[] LinePins => NumberPins();

    /// <summary>How long the level of the door's switch must be the same, in ms.</summary>
    public const int DoorDebounceMs = 50;

    /// <summary>How many pins the MCU has.</summary>
    public const int PinCount = 64;

    /// <summary>Describes the board to the firmware.</summary>
    /// <param name="straps">The board's switches.</param>
    public static GpioBoard Describe(int straps)
    {
        AddressWindows windows = new AddressWindows(1);
        windows.Add("pool", PoolAddress, PoolSize, PoolLocalAddress);
        return new GpioBoard
        {
            TableAddress = SramAddress + TableOffset,
            RequestRingAddress = SramAddress + RequestRingOffset,
            EventRingAddress = SramAddress + EventRingOffset,
            RingRegionSize = RingRegionSize,
            RingSize = RingSize,
            RingAlign = RingAlign,
            Lines = DescribeLines(),
            Windows = windows,
            RestartNotifyId = ControlNotifyId,
            LinuxStateAddress = SramAddress + LinuxStateOffset,
            WakeNotifyId = WakeNotifyId,
            OffersIndirect = (straps & StrapIndirect) != 0,
            TraceAddress = SramAddress + TraceOffset,
            TraceSize = TraceSize,
            TraceRequestId = TraceRequestId,
            StateAddress = (straps & StrapKeepsState) != 0 ? SramAddress + StateOffset : 0,
        };
    }

    /// <summary>
    /// The line table. The sensor's interrupt must never be driven against the sensor. The modem's supply stays as Linux has set it when the
    /// program that set it ends, when the driver goes, and when Linux crashes. The radio is held in reset while there is no driver.
    /// </summary>
    public static LineConfig[] DescribeLines() => new LineConfig[]
    {
        new LineConfig("status-led", 13),
        new LineConfig("user-button", 2) { InputMode = PinMode.InputPullUp, Wakes = true },
        new LineConfig("imu-int1", 16) { Uses = LineUses.Input | LineUses.Interrupt, Wakes = true },
        new LineConfig("imu-int2", 17),
        new LineConfig("touch-int", 18),
        new LineConfig("wifi-reset", 21) { SafeValue = 0, OnDriverGone = LineRest.Safe, OnLinuxReset = LineRest.Safe },
        new LineConfig("modem-power-en", 22)
        {
            OnRelease = LineRest.Hold,
            OnDriverGone = LineRest.Hold,
            OnLinuxReset = LineRest.Hold,
            OnStart = LineRest.Hold,
        },
        new LineConfig("loopback-out", 32),
        new LineConfig("loopback-in", 33),
        new LineConfig("door-switch", 34) { InputMode = PinMode.InputPullUp, DebounceMs = DoorDebounceMs },
        new LineConfig("charger-alert", 40) { InputMode = PinMode.InputPullUp, OutputMode = PinMode.OutputOpenDrain },
        new LineConfig("fan-tach", 41),
        new LineConfig("hdmi-hotplug", 42) { InputMode = PinMode.InputPullDown },
        new LineConfig("sdcard-detect", 43) { InputMode = PinMode.InputPullUp },
        new LineConfig("i2c-mux-reset", 50) { OutputMode = PinMode.OutputOpenDrain },
        new LineConfig("", 51),
        new LineConfig("sensor-sda", 52) { OutputMode = PinMode.OutputOpenDrain },
        new LineConfig("sensor-scl", 53) { OutputMode = PinMode.OutputOpenDrain },
        new LineConfig("sensor-alert", 54) { OutputMode = PinMode.OutputOpenDrain },
    };

    /// <summary>The program.</summary>
    public static void Main()
    {
        SharedMemory memory = new SharedMemory();
        Mailbox mailbox = new Mailbox();
        int[] straps = new int[1];
        memory.ReadWords(SramAddress + StrapsOffset, straps, 1);
        GpioBoard board = Describe(straps[0]);
        board.Check();
        IPins pins = (straps[0] & StrapLatchedPins) != 0
            ? new LatchedPins(new Pads(), board.Lines)
            : new GpioControllerPins(new GpioController(), mailbox, board.Lines);
        GpioFirmware.Start(board, memory, mailbox, pins).Run();
    }

    private static string[] NameLines()
    {
        LineConfig[] lines = DescribeLines();
        string[] names = new string[lines.Length];
        for (int line = 0; line < lines.Length; line++)
        {
            names[line] = lines[line].Name;
        }

        return names;
    }

    private static int[] NumberPins()
    {
        LineConfig[] lines = DescribeLines();
        int[] pins = new int[lines.Length];
        for (int line = 0; line < lines.Length; line++)
        {
            pins[line] = lines[line].Pin;
        }

        return pins;
    }
}
