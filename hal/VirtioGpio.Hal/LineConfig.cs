// LineConfig: one row of a board's line table: what Linux may do with a line, the pin behind it, and what becomes of it without Linux.
//
// Spec:    none: VIRTIO carries neither bias, drive, debounce, wake nor a safe state; they are the board's.
// Trusts:  nothing: FindMistake says what is wrong with a row, and GpioBoard.Check refuses it.
// Thread:  filled and read while starting.
// Memory:  48 bytes a row: a field takes 12 bytes of nanoCLR's heap whatever its type, so the small columns share one.

using System;
using System.Device.Gpio;

namespace VirtioGpio.Hal;

/// <summary>What Linux may do with a line.</summary>
[Flags]
public enum LineUses
{
    /// <summary>Nothing: the line is reserved. It has a name, and every request about it is answered ERR.</summary>
    None = 0,

    /// <summary>Make it an input.</summary>
    Input = 1,

    /// <summary>Make it an output.</summary>
    Output = 2,

    /// <summary>Enable its interrupt.</summary>
    Interrupt = 4,

    /// <summary>All of that.</summary>
    All = Input | Output | Interrupt,
}

/// <summary>What becomes of a line that Linux no longer uses.</summary>
public enum LineRest
{
    /// <summary>It is an input with the bias of its row.</summary>
    Input,

    /// <summary>An output goes on driving its last value; at a start of the firmware the pin is left as it is.</summary>
    Hold,

    /// <summary>It drives <see cref="LineConfig.SafeValue"/>.</summary>
    Safe,
}

/// <summary>One row of a board's line table. What is not said is as in VIRTIO: Linux may do everything, and an idle line is an input.</summary>
public sealed partial class LineConfig
{
    /// <summary>The longest debounce in ms.</summary>
    public const int LongestDebounceMs = 10000;

    /// <summary>The longest interval between two interrupts in ms.</summary>
    public const int LongestIntervalMs = 60000;

    // The columns that share a field: where each begins, and what it is as long as the board says nothing.
    private const int InputModeAt = 3;
    private const int OutputModeAt = 7;
    private const int SafeValueAt = 11;
    private const int OnReleaseAt = 13;
    private const int OnDriverGoneAt = 15;
    private const int OnLinuxResetAt = 17;
    private const int OnStartAt = 19;
    private const int WakesAt = 21;
    private const int SourceAt = 22;
    private const int UsesMask = 7;
    private const int ModeMask = 0xF;
    private const int RestMask = 3;
    private const int SourceMask = 0xFF;
    private const int NoSafeValue = 2;
    private const int Unsaid = (int)LineUses.All | (int)PinMode.Output << OutputModeAt | NoSafeValue << SafeValueAt;

    // What a field cannot hold; refused as the number that it was would be.
    private const int OutOfRange = 0xFFFF;

    // The pin, and below it the columns: a field costs the interpreter 12 bytes, whatever it holds.
    private long packed;
    private int times;

    /// <summary>Makes a row.</summary>
    /// <param name="name">At most 31 printable ASCII characters, and unique; empty for a line without a name.</param>
    /// <param name="pin">The number of the pin, as its source counts them.</param>
    public LineConfig(string name, int pin)
    {
        Name = name;
        packed = (long)pin << 32 | (uint)Unsaid;
    }

    /// <summary>The line's name.</summary>
    public string Name { get; }

    /// <summary>The number of the pin, as <see cref="Source"/> counts them.</summary>
    public int Pin => (int)(packed >> 32);

    /// <summary>Which of the board's sources of pins has it, 0 to 254; the first is 0.</summary>
    public int Source
    {
        get => Get(SourceAt, SourceMask);
        set => Set(SourceAt, SourceMask, value);
    }

    /// <summary>What Linux may do with it.</summary>
    public LineUses Uses
    {
        get => (LineUses)Get(0, UsesMask);
        set => Set(0, UsesMask, (int)value);
    }

    /// <summary>Input, InputPullUp or InputPullDown: the mode as an input and when idle.</summary>
    public PinMode InputMode
    {
        get => (PinMode)Get(InputModeAt, ModeMask);
        set => Set(InputModeAt, ModeMask, (int)value);
    }

    /// <summary>One of the output modes: push-pull, open drain or open source.</summary>
    public PinMode OutputMode
    {
        get => (PinMode)Get(OutputModeAt, ModeMask);
        set => Set(OutputModeAt, ModeMask, (int)value);
    }

    /// <summary>The level that <see cref="LineRest.Safe"/> drives: 0 or 1; negative, the default, if there is none.</summary>
    public int SafeValue
    {
        get => Get(SafeValueAt, RestMask) < NoSafeValue ? Get(SafeValueAt, RestMask) : -1;
        set => Set(SafeValueAt, RestMask, value == 0 || value == 1 ? value : NoSafeValue);
    }

    /// <summary>When Linux releases the line.</summary>
    public LineRest OnRelease
    {
        get => (LineRest)Get(OnReleaseAt, RestMask);
        set => Set(OnReleaseAt, RestMask, (int)value);
    }

    /// <summary>When the driver resets the device: it is unbound.</summary>
    public LineRest OnDriverGone
    {
        get => (LineRest)Get(OnDriverGoneAt, RestMask);
        set => Set(OnDriverGoneAt, RestMask, (int)value);
    }

    /// <summary>When Linux has crashed or is restarted: its driver is gone without having reset the device.</summary>
    public LineRest OnLinuxReset
    {
        get => (LineRest)Get(OnLinuxResetAt, RestMask);
        set => Set(OnLinuxResetAt, RestMask, (int)value);
    }

    /// <summary>When the firmware starts, and no earlier run has left a state that holds.</summary>
    public LineRest OnStart
    {
        get => (LineRest)Get(OnStartAt, RestMask);
        set => Set(OnStartAt, RestMask, (int)value);
    }

    /// <summary>An edge counts when the level has been the same for so many ms; 0, the default: at once. At most <see cref="LongestDebounceMs"/>.</summary>
    public int DebounceMs
    {
        get => times & OutOfRange;
        set => times = times & ~OutOfRange | Limited(value);
    }

    /// <summary>
    /// The least time between two interrupts that are delivered, in ms; 0, the default: none. At most <see cref="LongestIntervalMs"/>.
    /// </summary>
    public int LeastIntervalMs
    {
        get => times >> 16 & OutOfRange;
        set => times = times & OutOfRange | Limited(value) << 16;
    }

    /// <summary>Whether an interrupt of the line wakes a Linux that sleeps.</summary>
    public bool Wakes
    {
        get => Get(WakesAt, 1) != 0;
        set => Set(WakesAt, 1, value ? 1 : 0);
    }

    /// <summary>All columns but name, pin and times, as a number that another setting of any of them makes another.</summary>
    public int Settings => (int)packed;

    private static int Limited(int milliseconds) => milliseconds < 0 || milliseconds > OutOfRange ? OutOfRange : milliseconds;

    private int Get(int at, int mask) => Settings >> at & mask;

    // What does not fit becomes the largest number, which no column knows.
    private void Set(int at, int mask, int value)
    {
        int columns = Settings & ~(mask << at) | ((value & ~mask) == 0 ? value : mask) << at;
        packed = (long)Pin << 32 | (uint)columns;
    }
}
