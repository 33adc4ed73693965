// Life: what happened between the firmware and a driver, by number.
//
// Spec:    none.
// Trusts:  -
// Thread:  any, constants only.
// Memory:  none.

namespace VirtioGpio.Firmware.Trace;

/// <summary>Codes of <see cref="TraceRing"/> that are no fault, below those of <see cref="Fault"/>.</summary>
public static class Life
{
    /// <summary>A driver is bound, and is new to this firmware. Detail: its features.</summary>
    public const int DriverBound = 1;

    /// <summary>The driver has reset the device.</summary>
    public const int DriverGone = 2;

    /// <summary>The driver of before a restart of the firmware goes on, with the state that was kept. Detail: its features.</summary>
    public const int DriverKept = 3;

    /// <summary>A driver was bound before a restart of the firmware, and what it made of the lines is lost. Detail: its features.</summary>
    public const int StateLost = 4;

    /// <summary>Linux is asked to recover.</summary>
    public const int RecoveryAsked = 5;

    /// <summary>A driver is bound to the table of another build.</summary>
    public const int OtherTable = 6;
}
