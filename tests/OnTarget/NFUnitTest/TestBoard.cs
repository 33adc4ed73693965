// TestBoard, on the device: the board of plain arrays over the managed natives. What the tests see of it is what the desktop's has.

using System;
using System.Device.Gpio;
using nanoFramework.TestFramework;
using VirtioGpio.Emulated;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>
/// <code>
///   0x20000000  SRAM: table at 0x1000, rings at 0x2000 and 0x12000
///   0x40000000  DRAM, which Linux knows at 0x8_8000_0000: no address of it fits 32 bits
/// </code>
/// The lines are on <see cref="LatchedPins"/>. A device whose heap does not hold the memory skips the test.
/// </summary>
public sealed class TestBoard
{
    public const uint SramAddress = 0x20000000;
    public const int TableOffset = 0x1000;
    public const int RequestRingOffset = 0x2000;
    public const int EventRingOffset = 0x12000;
    public const int StateOffset = 0x22000;
    public const int TraceOffset = 0x23000;
    public const int RingRegionSize = 0x10000;
    public const ulong DramCpuAddress = 0x880000000;

    private const uint DramAddress = 0x40000000;
    private const int SramSize = 0x24000;
    private const int DramSize = 0x100000;
    private const int MostPins = 512;

    // One memory for all boards, or the heap would be full after a few tests: a board ends when the next one is built.
    private static byte[] sram;
    private static byte[] dram;

    private readonly Machine machine = new Machine();
    private readonly PortOver wrap;
    private AccessHandler onAccess;

    public TestBoard(
        int lines = 8,
        int ringSize = 32,
        int ringAlign = 64,
        string[] names = null,
        PortOver wrap = null,
        Configuration configure = null,
        bool isLatched = true,
        LineConfig[] rows = null)
    {
        this.wrap = wrap;
        sram = Cleared(sram, SramSize);
        dram = Cleared(dram, DramSize);
        machine.Sram = sram;
        machine.SramAddress = SramAddress;
        machine.Dram = dram;
        machine.DramAddress = DramAddress;
        machine.Pins = new PinBank(MostPins);
        machine.Pins.OnLatched = NoteEdge;
        machine.Pins.OnChanged = NoteChange;
        Memory = new SharedMemory(machine);
        Mailbox = new Mailbox(machine);
        Pads = new Pads(machine);
        Description = Describe(lines, ringSize, ringAlign, names);
        if (rows != null)
        {
            Description.Lines = rows;
        }

        if (configure != null)
        {
            configure(Description);
        }

        StartFirmware();
        Driver = new DriverSide(this, ringSize, ringAlign);
    }

    public TestBoard(LineConfig[] rows)
        : this(8, 32, 64, null, null, null, true, rows)
    {
    }

    public event LevelHandler LevelChanged;

    public byte[] Sram => machine.Sram;

    public byte[] Dram => machine.Dram;

    public SharedMemory Memory { get; }

    public Mailbox Mailbox { get; }

    public IPins Pins { get; private set; }

    public Pads Pads { get; }

    public GpioBoard Description { get; }

    public Wiring Wiring { get; } = new Wiring();

    public GpioFirmware Firmware { get; private set; }

    public DriverSide Driver { get; }

    public long NativeCalls => machine.NativeCalls;

    public long MemoryAccesses => machine.Accesses;

    public int LastTimeout => machine.LastTimeout;

    public int Interrupts { get; private set; }

    public int Time
    {
        get => machine.Time;
        set => machine.Time = value;
    }

    public int FailingLine
    {
        get => machine.Pins.FailingPin - Ports.FirstPin;
        set => machine.Pins.FailingPin = value + Ports.FirstPin;
    }

    public AccessHandler OnAccess
    {
        set
        {
            onAccess = value;
            machine.OnAccess = value == null ? null : NoteAccess;
        }
    }

    public static GpioBoard Describe(int lines, int ringSize, int ringAlign, string[] names)
    {
        AddressWindows windows = new AddressWindows(1);
        windows.Add("DRAM", DramCpuAddress, DramSize, DramAddress);
        return new GpioBoard
        {
            TableAddress = SramAddress + TableOffset,
            RequestRingAddress = SramAddress + RequestRingOffset,
            EventRingAddress = SramAddress + EventRingOffset,
            RingRegionSize = RingRegionSize,
            RingSize = ringSize,
            RingAlign = ringAlign,
            Lines = Ports.RowsNamed(names != null ? names : Ports.NamesOf(lines)),
            Windows = windows,
            NotificationRepeats = 0,
        };
    }

    public bool HoldsPads { get; set; }

    public void StartFirmware()
    {
        if (HoldsPads)
        {
            machine.Pins.CloseAll();
        }
        else
        {
            machine.Pins.ResetPads();
        }

        // More lines than can be latched: those beyond have no pin.
        int lines = Description.Lines.Length;
        Pins = new LatchedPins(Pads, lines <= LatchedPins.MostLines ? Description.Lines : Ports.RowsFrom(Ports.FirstPin, LatchedPins.MostLines));
        IPins pins = lines <= LatchedPins.MostLines ? Pins : new FewPins(Pins, LatchedPins.MostLines);
        Firmware = GpioFirmware.Start(Description, Memory, Mailbox, wrap == null ? pins : wrap(pins));
    }

    public ulong CpuAddress(int offset) => DramCpuAddress + (ulong)offset;

    public void RingCore(int notifyId) => machine.Pending |= 1 << notifyId;

    public int Notifications(int notifyId) => machine.Notifications[notifyId];

    public string NotificationOrder() => machine.Order;

    public void Turn()
    {
        Firmware.Step();
        Driver.Hear();
    }

    public void Drive(int line, bool high) => machine.Pins.Drive(line + Ports.FirstPin, high);

    public void LetGo(int line) => machine.Pins.LetGo(line + Ports.FirstPin);

    public bool LevelAt(int line) => machine.Pins.LevelAt(line + Ports.FirstPin) != 0;

    public PadMode ModeOf(int line) => (PadMode)machine.Pins.ModeOf(line + Ports.FirstPin);

    public void PullUp(int line) => machine.Pins.Solder(line + Ports.FirstPin);

    public void Wire(byte net, int line, int other) => machine.Pins.Wire(net, line + Ports.FirstPin, other + Ports.FirstPin);

    private static byte[] Cleared(byte[] memory, int bytes)
    {
        if (memory != null)
        {
            Array.Clear(memory, 0, bytes);
            return memory;
        }

        try
        {
            return new byte[bytes];
        }
        catch (OutOfMemoryException)
        {
            Assert.SkipTest("the board of arrays takes 1.2 MB of heap");
            return null;
        }
    }

    private void NoteAccess(uint address, int count, bool isWrite) => onAccess(address, count, isWrite);

    private void NoteEdge(int pin, bool level)
    {
        Interrupts++;
        machine.Pending |= Mailbox.PinsChanged;
    }

    private void NoteChange(int pin, bool level)
    {
        if (LevelChanged != null)
        {
            LevelChanged(pin - Ports.FirstPin, level);
        }
    }
}
