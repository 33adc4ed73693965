// PinHardware: the line between the twin and whatever plays the pins (the emulated board, a test's board of plain arrays).
//
// What the device does in native code is done here and in GpioPin: reserving pins, watching edges, counting the natives.

using System.Threading;
using nanoFramework.Runtime.Events;

namespace System.Device.Gpio;

/// <summary>The pins of a chip, numbered 0 to <see cref="PinCount"/> - 1. The twin calls it with valid numbers only.</summary>
internal interface IPinHardware
{
    /// <summary>Size of the pin table.</summary>
    int PinCount { get; }

    /// <summary>Whether the pin can be switched to the mode.</summary>
    bool SupportsMode(int pin, PinMode mode);

    /// <summary>Switches the pin, which supports the mode. An output's level is written right after.</summary>
    void SetMode(int pin, PinMode mode);

    /// <summary>Senses the level at the pin, whatever its mode; true is high. Must not allocate.</summary>
    bool Read(int pin);

    /// <summary>Drives an output; true is high.</summary>
    void Write(int pin, bool high);

    /// <summary>From now on <see cref="PinHardware.PinChanged"/> shall be called for both edges of this input, or no longer.</summary>
    void WatchEdges(int pin, bool on);
}

/// <summary>The hardware under the twin.</summary>
internal static class PinHardware
{
    private static readonly object gate = new();
    private static IPinHardware? current;
    private static PinState[] pins = [];
    private static int nativeCalls;

    /// <summary>What plays the pins. Setting it closes all pins on the one before, as <see cref="Reset"/> does.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been set yet.</exception>
    internal static IPinHardware Current
    {
        get => current ?? throw new InvalidOperationException("no pin hardware: set PinHardware.Current first");
        set
        {
            Reset();
            lock (gate)
            {
                current = value;
                pins = new PinState[value.PinCount];
            }
        }
    }

    /// <summary>
    /// Native calls into System.Device.Gpio since <see cref="Reset"/>; locks and list look-ups of the managed code around
    /// them are not counted.
    /// </summary>
    /// <remarks>
    /// One each: GpioPin.Read, Write, Toggle, SetPinMode, IsPinModeSupported, setting DebounceTimeout, adding and removing a
    /// ValueChanged handler, Dispose; GpioController.PinCount, OpenPin(number), ClosePin, IsPinModeSupported, IsPinOpen, Read,
    /// Write, SetPinMode, Register and Unregister of an open pin. Two: OpenPin(number, mode). One and one for each open pin:
    /// GpioController.Dispose. None: GetPinMode, PinNumber, DebounceTimeout's getter.
    /// </remarks>
    internal static int NativeCalls => Volatile.Read(ref nativeCalls);

    /// <summary>The hardware tells of an edge; from any thread. Posts an event if the pin is watched and the level is news.</summary>
    /// <param name="pin">Pin number; one that is not watched is ignored.</param>
    /// <param name="level">The level after the edge; true is high.</param>
    internal static void PinChanged(int pin, bool level)
    {
        lock (gate)
        {
            if ((uint)pin < (uint)pins.Length && pins[pin].IsWatched && pins[pin].LastSeen != level)
            {
                pins[pin].LastSeen = level;
                PostChange(pin, level);
            }
        }
    }

    /// <summary>Closes all pins, forgets all controllers' lists and pending events, zeroes the counters: a new test.</summary>
    internal static void Reset()
    {
        GpioController.ForgetPins();
        PinListener.DisposeAll();
        EventRing.Clear();
        Volatile.Write(ref nativeCalls, 0);
    }

    internal static void PostChange(int pin, bool level)
    {
        EventRing.Post((byte)EventCategory.Gpio, 0, (ushort)pin, level ? 1u : 0u);
    }

    internal static void CountNative() => Interlocked.Increment(ref nativeCalls);

    internal static bool Reserve(int pin)
    {
        lock (gate)
        {
            bool isFree = (uint)pin < (uint)pins.Length && !pins[pin].IsReserved;
            if (isFree)
            {
                pins[pin].IsReserved = true;
            }

            return isFree;
        }
    }

    internal static bool IsReserved(int pin)
    {
        lock (gate)
        {
            return (uint)pin < (uint)pins.Length && pins[pin].IsReserved;
        }
    }

    internal static void Release(int pin)
    {
        Watch(pin, false);
        Current.SetMode(pin, PinMode.Input);
        lock (gate)
        {
            pins[pin].IsReserved = false;
        }
    }

    internal static bool SupportsMode(int pin, PinMode mode)
    {
        return (uint)pin < (uint)Current.PinCount && Current.SupportsMode(pin, mode);
    }

    /// <summary>Both edges or none. Watching begins with the level of this moment as the last seen one.</summary>
    internal static void Watch(int pin, bool on)
    {
        if (pins[pin].IsWatched == on)
        {
            return;
        }

        bool level = on && Current.Read(pin);
        lock (gate)
        {
            pins[pin].IsWatched = on;
            pins[pin].LastSeen = level;
        }

        Current.WatchEdges(pin, on);
    }

    private struct PinState
    {
        internal bool IsReserved;
        internal bool IsWatched;
        internal bool LastSeen;
    }
}
