// TestBoard: a board of plain arrays in one process, one thread, deterministic.
//
// The assemblies under test are those that are flashed; below them stand the desktop twins, and below those the same pin page
// as in the emulated board. The twins are one machine a process, so tests on a TestBoard run one after another.

using System;
using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using nanoFramework.Runtime.Events;
using VirtioGpio.Emulated;
using VirtioGpio.Emulated.Firmware;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>
/// <code>
///   0x20000000  SRAM: table at 0x1000, rings at 0x2000 and 0x12000, the lines' state at 0x22000 and a trace at 0x23000
///               if the firmware is told of them
///   0x40000000  DRAM, which Linux knows at 0x8_8000_0000: no address of it fits 32 bits
/// </code>
/// </summary>
public sealed unsafe class TestBoard
{
    /// <summary>Where the co-processor sees the SRAM.</summary>
    public const uint SramAddress = 0x20000000;

    /// <summary>Offset of the resource table in SRAM.</summary>
    public const int TableOffset = 0x1000;

    /// <summary>Offset of the requestq's region in SRAM.</summary>
    public const int RequestRingOffset = 0x2000;

    /// <summary>Offset of the eventq's region in SRAM.</summary>
    public const int EventRingOffset = 0x12000;

    /// <summary>Offset in SRAM of memory that outlives a restart of the firmware, for a test that tells it of it.</summary>
    public const int StateOffset = 0x22000;

    /// <summary>Offset in SRAM of memory for a trace, for a test that tells the firmware of it.</summary>
    public const int TraceOffset = 0x23000;

    /// <summary>Bytes of each ring region.</summary>
    public const int RingRegionSize = 0x10000;

    /// <summary>Linux's address of the DRAM.</summary>
    public const ulong DramCpuAddress = 0x880000000;

    private const int LeastPins = 512;
    private const int PinsPerLatch = 32;

    private readonly Bus bus = new();
    private readonly PinPage page;
    private readonly PageHardware hardware;
    private readonly byte[] pageMemory;
    private readonly byte[] windowEnd = GC.AllocateArray<byte>(1, pinned: true);
    private readonly TestDoorbells doorbells = new();
    private readonly PortOver? wrap;
    private readonly bool isLatched;
    private bool isRestarting;
    private FailingPads pads;

    /// <summary>Builds the board and starts the firmware on it; no driver is on the device yet.</summary>
    /// <param name="lines">Lines; the first is pin 3, and so on.</param>
    /// <param name="ringSize">Descriptors a ring.</param>
    /// <param name="ringAlign">Alignment of the used rings.</param>
    /// <param name="names">Names by line, or null: "line0" and so on.</param>
    /// <param name="wrap">Puts a port of the test's own over the pins.</param>
    /// <param name="configure">Changes the description before the firmware gets it.</param>
    /// <param name="isLatched">Whether the lines are on the natives of <see cref="Pads"/>, not on System.Device.Gpio.</param>
    public TestBoard(
        int lines = 8,
        int ringSize = 32,
        int ringAlign = 64,
        string?[]? names = null,
        PortOver? wrap = null,
        Configuration? configure = null,
        bool isLatched = false)
        : this(Configured(Describe(lines, ringSize, ringAlign, names), configure), new Wiring(), isLatched, wrap)
    {
    }

    /// <summary>Builds the board with a line table of the test's own, on latched pins.</summary>
    /// <param name="rows">Its rows: line 0 is pin 3, and so on.</param>
    public TestBoard(LineConfig[] rows)
        : this(Configured(Describe(8, 32, 64, null), board => board.Lines = rows), new Wiring(), isLatched: true)
    {
    }

    /// <summary>Builds another board and starts the firmware on it.</summary>
    /// <param name="description">What the firmware is told of it.</param>
    /// <param name="wiring">The rest.</param>
    /// <param name="isLatched">Whether the lines are on the natives of <see cref="Pads"/>, not on System.Device.Gpio.</param>
    /// <param name="wrap">Puts a port of the test's own over the pins.</param>
    public TestBoard(GpioBoard description, Wiring wiring, bool isLatched, PortOver? wrap = null)
    {
        this.wrap = wrap;
        this.isLatched = isLatched;
        Description = description;
        Wiring = wiring;
        bus.Map(wiring.SramAddress, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(Sram, 0), (ulong)Sram.Length);
        foreach (uint end in wiring.WindowEnds)
        {
            bus.Map(end, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(windowEnd, 0), 1);
        }

        bus.Map(wiring.DramAddress, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(Dram, 0), (ulong)Dram.Length);
        int pins = Math.Max(LeastPins, (description.Lines.Length / PinsPerLatch + 1) * PinsPerLatch);
        pageMemory = GC.AllocateArray<byte>(PinPage.SizeOf(pins), pinned: true);
        page = new PinPage((byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pageMemory, 0), pins);
        page.LevelChanged += (pin, level) => LevelChanged?.Invoke(LineOf(pin), level);
        hardware = new PageHardware(page, _ => Settle());
        Mailbox = new Mailbox(bus, doorbells);
        Memory = new SharedMemory(bus);
        StartFirmware();
        Driver = new DriverSide(this, description.RingSize, description.RingAlign);
    }

    /// <summary>Raised for each line whose level changed, however short.</summary>
    public event LevelHandler? LevelChanged;

    /// <summary>The SRAM, from its first byte.</summary>
    public byte[] Sram { get; } = GC.AllocateArray<byte>(0x24000, pinned: true);

    /// <summary>The DRAM, from its first byte.</summary>
    public byte[] Dram { get; } = GC.AllocateArray<byte>(0x100000, pinned: true);

    /// <summary>The shared memory as the firmware sees it.</summary>
    public SharedMemory Memory { get; }

    /// <summary>The mailbox as the firmware sees it.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>The pins as the firmware sees them, without what a test put over them.</summary>
    public IPins Pins { get; private set; }

    /// <summary>The natives of <see cref="LatchedPins"/>, whatever the lines are on.</summary>
    public Pads Pads { get; private set; }

    /// <summary>A line whose natives fail from now on, each in its way; negative: none.</summary>
    public int FailingLine { get; set; } = -1;

    /// <summary>What the firmware was told of the board.</summary>
    public GpioBoard Description { get; }

    /// <summary>What the firmware was not told.</summary>
    public Wiring Wiring { get; }

    /// <summary>The firmware.</summary>
    public GpioFirmware Firmware { get; private set; }

    /// <summary>Linux.</summary>
    public DriverSide Driver { get; }

    /// <summary>Native calls of the firmware so far, those of its GPIO driver among them.</summary>
    public long NativeCalls => bus.NativeCalls + PinHardware.NativeCalls;

    /// <summary>Accesses of the firmware to shared memory so far.</summary>
    public long MemoryAccesses => bus.Accesses;

    /// <summary>The timeout of the firmware's last wait, in milliseconds.</summary>
    public int LastTimeout => doorbells.LastTimeout;

    /// <summary>Called before each access to shared memory with address, count, and whether it writes.</summary>
    public AccessHandler? OnAccess
    {
        set => bus.OnAccess = value is null ? null : value.Invoke;
    }

    /// <summary>Called at the start of each native call of the firmware, of those of its GPIO driver not.</summary>
    public Action? OnNative
    {
        set => bus.OnNative = value;
    }

    /// <summary>The addresses that a board with one window over the DRAM describes.</summary>
    public static GpioBoard Describe(int lines, int ringSize, int ringAlign, string?[]? names)
    {
        AddressWindows windows = new(1);
        windows.Add("DRAM", DramCpuAddress, 0x100000, new Wiring().DramAddress);
        return new GpioBoard
        {
            TableAddress = SramAddress + TableOffset,
            RequestRingAddress = SramAddress + RequestRingOffset,
            EventRingAddress = SramAddress + EventRingOffset,
            RingRegionSize = RingRegionSize,
            RingSize = ringSize,
            RingAlign = ringAlign,
            Lines = Ports.RowsNamed((names ?? Ports.NamesOf(lines))!),
            Windows = windows,
            NotificationRepeats = 0,
        };
    }

    /// <summary>Whether the natives are those of a port whose wait blocks all managed threads.</summary>
    public bool BlocksInWait
    {
        set => Mailbox.Blocks = value;
    }

    /// <summary>Whether the natives are those of another assembly.</summary>
    public bool HasForeignNatives
    {
        set => Memory.IsForeign = value;
    }

    /// <summary>Whether a reset of the co-processor leaves its pads as they are.</summary>
    public bool HoldsPads { get; set; }

    /// <summary>Starts the firmware anew, as after a crash: all private state is gone, and what pads do is too; shared memory is as it was.</summary>
    [MemberNotNull(nameof(Pins), nameof(Pads), nameof(Firmware), nameof(pads))]
    public void StartFirmware()
    {
        if (!HoldsPads)
        {
            page.ResetPads();
        }

        pads = new FailingPads(new PagePads(page, _ => Settle(), () => doorbells.Wake(Mailbox.PinsChanged)), pin => LineOf(pin) == FailingLine);
        Settle();
        CloseStockPins();
        Pads = new Pads(bus, pads);
        Pins = isLatched ? new LatchedPins(Pads, Description.Lines) : new GpioControllerPins(new GpioController(), Mailbox, Description.Lines);
        Pins = Wiring.Sources == null ? Pins : Wiring.Sources(this, Pins);
        Firmware = GpioFirmware.Start(Description, Memory, Mailbox, wrap == null ? Pins : wrap(Pins));
    }

    /// <summary>Whether the pins' interrupt is kept back; what comes meanwhile is latched, and told when this ends.</summary>
    public bool IsInterruptLate
    {
        get;
        set
        {
            field = value;
            if (!value)
            {
                HandleInterrupt();
                EventRing.Pump();
            }
        }
    }

    /// <summary>How often the pins have interrupted the co-processor.</summary>
    public int Interrupts { get; private set; }

    /// <summary>The co-processor's clock in milliseconds; it stands still unless a test moves it.</summary>
    public int Time
    {
        get => doorbells.Time;
        set => doorbells.Time = value;
    }

    /// <summary>Linux's address of a byte of DRAM.</summary>
    public ulong CpuAddress(int offset) => Wiring.DramCpuAddress + (ulong)offset;

    /// <summary>Rings the co-processor, as Linux does.</summary>
    public void RingCore(int notifyId) => doorbells.Wake(1 << notifyId);

    /// <summary>How often Linux's doorbell of a notify id was rung.</summary>
    public int Notifications(int notifyId) => doorbells.Notifications[notifyId];

    /// <summary>The notify ids in the order in which they were rung, as digits.</summary>
    public string NotificationOrder() => doorbells.Order;

    /// <summary>Lets events of the pins through, then lets the firmware wait and turn once.</summary>
    public void Turn()
    {
        EventRing.Pump();
        Firmware.Step();
        Driver.Hear();
    }

    /// <summary>Drives a line from outside.</summary>
    public void Drive(int line, bool high) => SetOutside(line, high ? Outside.High : Outside.Low);

    /// <summary>Lets go of a line.</summary>
    public void LetGo(int line) => SetOutside(line, Outside.Floating);

    /// <summary>The level at a line's pin.</summary>
    public bool LevelAt(int line) => page.LevelAt(PinOf(line));

    /// <summary>What the firmware has made of a line's pin.</summary>
    public PadMode ModeOf(int line) => page.ModeOf(PinOf(line));

    /// <summary>Solders a resistor from a line to the supply.</summary>
    public void PullUp(int line) => page.PullUp(PinOf(line));

    /// <summary>Solders a wire between two lines.</summary>
    public void Wire(byte net, int line, int other) => page.Wire(net, PinOf(line), PinOf(other));

    // The twin closes every pin and lets go of it. A core that is reset does not do that.
    private void CloseStockPins()
    {
        byte[] before = (byte[])pageMemory.Clone();
        isRestarting = HoldsPads;
        PinHardware.Current = hardware;
        if (HoldsPads)
        {
            before.CopyTo(pageMemory, 0);
        }

        isRestarting = false;
    }

    private static GpioBoard Configured(GpioBoard description, Configuration? configure)
    {
        configure?.Invoke(description);
        return description;
    }

    private int PinOf(int line) => Wiring.Pins is null ? line + Ports.FirstPin : Wiring.Pins[line];

    private int LineOf(int pin) => Wiring.Pins is null ? pin - Ports.FirstPin : Array.IndexOf(Wiring.Pins, pin);

    private void SetOutside(int line, Outside drive)
    {
        page.SetOutside(PinOf(line), drive);
        Settle();
        EventRing.Pump();
    }

    private void HandleInterrupt()
    {
        Interrupts++;
        hardware.HandleInterrupt();
        pads.HandleInterrupt();
    }

    private void Settle()
    {
        if (!isRestarting && page.Settle() && !IsInterruptLate)
        {
            HandleInterrupt();
        }
    }
}
