// LatchedPins: the lines on natives of the port that lose no edge and drive no glitch.
//
// Spec:    none: IPins by means of Pads.
// Trusts:  the port's natives to keep what Pads declares.
// Thread:  the service thread only; edges are latched in the pins' interrupts.
// Memory:  one object at construction, whatever the line count; nothing after, not for an edge either.

using System;
using System.Device.Gpio;

namespace VirtioGpio.Hal;

/// <summary><see cref="IPins"/> over <see cref="Pads"/>: each operation is one native call. No System.Device.Gpio is needed.</summary>
public sealed class LatchedPins : IPins
{
    /// <summary>Most lines: one for each slot of <see cref="Pads"/>.</summary>
    public const int MostLines = 256;

    private readonly Pads pads;
    private readonly PinMap map;

    /// <summary>Takes every pin of the map for this firmware, as it is.</summary>
    /// <param name="pads">The port's pins.</param>
    /// <param name="map">The board's pins by line.</param>
    /// <exception cref="ArgumentException">A line has no pin, its pin cannot be had, or there are more lines than slots.</exception>
    public LatchedPins(Pads pads, PinMap map)
    {
        if (map.Pins.Length > MostLines)
        {
            throw new ArgumentException(map.Pins.Length.ToString() + " lines: at most 256 can be latched");
        }

        this.pads = pads;
        this.map = map;
        for (int line = 0; line < map.Pins.Length; line++)
        {
            if (!pads.Open(map.Pins[line]))
            {
                throw new ArgumentException("line " + line.ToString() + ": pin " + map.Pins[line].ToString() + ": cannot be had");
            }
        }
    }

    /// <inheritdoc/>
    public bool Open(int line, int value) => value < 0 ? MakeInput(line) : Drive(line, value);

    /// <inheritdoc/>
    public bool MakeInput(int line) => pads.MakeInput(map.Pins[line], (int)map.InputModes[line]);

    /// <inheritdoc/>
    public bool Drive(int line, int value) => pads.Drive(map.Pins[line], (int)map.OutputModes[line], value);

    /// <inheritdoc/>
    public bool Release(int line)
    {
        return Watch(line, 0) & MakeInput(line);
    }

    /// <inheritdoc/>
    public int Sense(int line) => pads.Sense(map.Pins[line]);

    /// <inheritdoc/>
    public bool Watch(int line, int edges) => pads.Watch(map.Pins[line], line, edges);

    /// <inheritdoc/>
    public bool Rearm(int line) => pads.Rearm(map.Pins[line]);

    /// <inheritdoc/>
    public bool IsOpenDrain(int line) => map.OutputModes[line] != PinMode.Output;

    /// <inheritdoc/>
    public int TakeEdges() => pads.TakeEdges();
}
