// PinMap: which pin of the MCU stands behind each line, and how it is biased and driven.
//
// Spec:    none: the virtio line number is the index, the rest is the board's wiring.
// Trusts:  the board.
// Thread:  filled while starting, read on the service thread.
// Memory:  three arrays of the line count at construction.

using System;
using System.Device.Gpio;

namespace VirtioGpio.Hal;

/// <summary>The board's table of pins for <see cref="GpioControllerPins"/> or <see cref="LatchedPins"/>, by line number.</summary>
public sealed class PinMap
{
    internal readonly int[] Pins;
    internal readonly PinMode[] InputModes;
    internal readonly PinMode[] OutputModes;

    /// <summary>Makes a table in which every line still lacks its pin.</summary>
    /// <param name="lines">The board's line count.</param>
    public PinMap(int lines)
    {
        Pins = new int[lines];
        InputModes = new PinMode[lines];
        OutputModes = new PinMode[lines];
        for (int line = 0; line < lines; line++)
        {
            Pins[line] = -1;
        }
    }

    /// <summary>Gives a line its pin.</summary>
    /// <param name="line">The line.</param>
    /// <param name="pin">The pin's number as System.Device.Gpio counts it on this target.</param>
    /// <param name="inputMode">Input, InputPullUp or InputPullDown: the mode as an input and when idle.</param>
    /// <param name="outputMode">One of the output modes, open drain among them.</param>
    /// <exception cref="ArgumentException">There is no such line or pin, a mode is of the wrong kind, or the pin serves another line.</exception>
    public void Set(int line, int pin, PinMode inputMode, PinMode outputMode)
    {
        if (line < 0 || line >= Pins.Length)
        {
            throw new ArgumentException("line " + line.ToString() + ": the map has lines 0 to " + (Pins.Length - 1).ToString());
        }

        if (pin < 0)
        {
            throw new ArgumentException("line " + line.ToString() + ": pin " + pin.ToString() + ": a pin's number is 0 or more");
        }

        if (inputMode >= PinMode.Output || outputMode < PinMode.Output)
        {
            throw new ArgumentException("line " + line.ToString() + ": an input mode is no output mode");
        }

        for (int other = 0; other < Pins.Length; other++)
        {
            if (Pins[other] == pin && other != line)
            {
                throw new ArgumentException("line " + line.ToString() + ": pin " + pin.ToString() + " serves line " + other.ToString());
            }
        }

        Pins[line] = pin;
        InputModes[line] = inputMode;
        OutputModes[line] = outputMode;
    }
}
