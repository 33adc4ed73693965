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

    // Empty, not null: the compiler stores no null into a new array, and to nanoCLR 1.17 a string that was never stored is not null.

    /// <summary>The name of each line, by line number; empty if it has none.</summary>
    public static readonly string[] LineNames =
    {
        "status-led",
        "user-button",
        "imu-int1",
        "imu-int2",
        "touch-int",
        "wifi-reset",
        "modem-power-en",
        "loopback-out",
        "loopback-in",
        "",
        "charger-alert",
        "fan-tach",
        "hdmi-hotplug",
        "sdcard-detect",
        "i2c-mux-reset",
        "",
        "sensor-sda",
        "sensor-scl",
        "sensor-alert",
    };

    /// <summary>The pin behind each line, by line number, as the MCU counts its pins.</summary>
    public static readonly int[] LinePins = { 13, 2, 16, 17, 18, 21, 22, 32, 33, 34, 40, 41, 42, 43, 50, 51, 52, 53, 54 };

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
            LineNames = LineNames,
            Windows = windows,
            Lines = NameWakingLines(),
            RestartNotifyId = ControlNotifyId,
            LinuxStateAddress = SramAddress + LinuxStateOffset,
            WakeNotifyId = WakeNotifyId,
            OffersIndirect = (straps & StrapIndirect) != 0,
            StateAddress = (straps & StrapKeepsState) != 0 ? SramAddress + StateOffset : 0,
        };
    }

    /// <summary>Gives each line its pin, bias and drive.</summary>
    public static PinMap MapPins()
    {
        PinMap map = new PinMap(LinePins.Length);
        for (int line = 0; line < LinePins.Length; line++)
        {
            map.Set(line, LinePins[line], InputModeOf(line), OutputModeOf(line));
        }

        return map;
    }

    /// <summary>The program.</summary>
    public static void Main()
    {
        SharedMemory memory = new SharedMemory();
        Mailbox mailbox = new Mailbox();
        int[] straps = new int[1];
        memory.ReadWords(SramAddress + StrapsOffset, straps, 1);
        IPins pins = (straps[0] & StrapLatchedPins) != 0
            ? new LatchedPins(new Pads(), MapPins())
            : new GpioControllerPins(new GpioController(), mailbox, MapPins());
        GpioFirmware.Start(Describe(straps[0]), memory, mailbox, pins).Run();
    }

    // The button, and a sensor that notices motion.
    private static LineConfig[] NameWakingLines()
    {
        LineConfig[] rows = new LineConfig[LineNames.Length];
        for (int line = 0; line < rows.Length; line++)
        {
            rows[line] = new LineConfig(LineNames[line], LinePins[line])
            {
                Wakes = LineNames[line] == "user-button" || LineNames[line] == "imu-int1",
            };
        }

        return rows;
    }

    private static PinMode InputModeOf(int line)
    {
        switch (LineNames[line])
        {
            case "user-button":
            case "charger-alert":
            case "sdcard-detect":
                return PinMode.InputPullUp;
            case "hdmi-hotplug":
                return PinMode.InputPullDown;
            default:
                return PinMode.Input;
        }
    }

    private static PinMode OutputModeOf(int line)
    {
        switch (LineNames[line])
        {
            case "charger-alert":
            case "i2c-mux-reset":
            case "sensor-sda":
            case "sensor-scl":
            case "sensor-alert":
                return PinMode.OutputOpenDrain;
            default:
                return PinMode.Output;
        }
    }
}
