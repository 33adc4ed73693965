// LineConfig: one row of a board's line table: what Linux may do with a line, the pin behind it, and what becomes of it without Linux.
//
// Spec:    none: VIRTIO carries neither bias, drive, debounce, wake nor a safe state; they are the board's.
// Trusts:  the board; GpioBoard.Check refuses a row that contradicts itself.
// Thread:  filled and read while starting.
// Memory:  the board's; the firmware keeps what it needs of it in arrays of its own.

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
public sealed class LineConfig
{
    /// <summary>The longest debounce in ms.</summary>
    public const int LongestDebounceMs = 10000;

    /// <summary>Makes a row.</summary>
    /// <param name="name">At most 31 printable ASCII characters, and unique; empty for a line without a name.</param>
    /// <param name="pin">The number of the pin, as its source counts them.</param>
    public LineConfig(string name, int pin)
    {
        Name = name;
        Pin = pin;
    }

    /// <summary>The line's name.</summary>
    public string Name { get; }

    /// <summary>The number of the pin, as <see cref="Source"/> counts them.</summary>
    public int Pin { get; }

    /// <summary>Which of the board's sources of pins has it; the first is 0.</summary>
    public int Source { get; set; }

    /// <summary>What Linux may do with it.</summary>
    public LineUses Uses { get; set; } = LineUses.All;

    /// <summary>Input, InputPullUp or InputPullDown: the mode as an input and when idle.</summary>
    public PinMode InputMode { get; set; } = PinMode.Input;

    /// <summary>One of the output modes: push-pull, open drain or open source.</summary>
    public PinMode OutputMode { get; set; } = PinMode.Output;

    /// <summary>The level that <see cref="LineRest.Safe"/> drives: 0 or 1; negative, the default, if there is none.</summary>
    public int SafeValue { get; set; } = -1;

    /// <summary>When Linux releases the line.</summary>
    public LineRest OnRelease { get; set; }

    /// <summary>When the driver resets the device: it is unbound.</summary>
    public LineRest OnDriverGone { get; set; }

    /// <summary>When Linux has crashed or is restarted: its driver is gone without having reset the device.</summary>
    public LineRest OnLinuxReset { get; set; }

    /// <summary>When the firmware starts, and no earlier run has left a state that holds.</summary>
    public LineRest OnStart { get; set; }

    /// <summary>An edge counts when the level has been the same for so many ms; 0, the default: at once. At most <see cref="LongestDebounceMs"/>.</summary>
    public int DebounceMs { get; set; }

    /// <summary>The least time between two interrupts that are delivered, in ms; 0, the default: none.</summary>
    public int LeastIntervalMs { get; set; }

    /// <summary>Whether an interrupt of the line wakes a Linux that sleeps.</summary>
    public bool Wakes { get; set; }
}
