// LatchedPins: the lines on natives of the port that lose no edge and drive no glitch.
//
// Spec:    none: IPins by means of Pads.
// Trusts:  the port's natives to keep what Pads declares.
// Thread:  the service thread only; edges are latched in the pins' interrupts.
// Memory:  6 bytes a line at construction; nothing after, not for an edge either.

using System;
using System.Device.Gpio;

namespace VirtioGpio.Hal;

/// <summary><see cref="IPins"/> over <see cref="Pads"/>: each operation is one native call. No System.Device.Gpio is needed.</summary>
public sealed class LatchedPins : IPins
{
    /// <summary>Most lines: one for each slot of <see cref="Pads"/>.</summary>
    public const int MostLines = 256;

    private readonly Pads pads;
    // By line; negative: a reserved line, or one of another source. Every native fails on it.
    private readonly int[] numbers;
    private readonly byte[] inputModes;
    private readonly byte[] outputModes;

    /// <summary>Takes the pin of every line of this source, as it is; of a reserved line none.</summary>
    /// <param name="pads">The port's pins.</param>
    /// <param name="lines">The board's line table.</param>
    /// <param name="source">Which of the board's sources this is.</param>
    /// <exception cref="ArgumentException">A pin cannot be had, or the line has no slot.</exception>
    public LatchedPins(Pads pads, LineConfig[] lines, int source = 0)
    {
        this.pads = pads;
        numbers = new int[lines.Length];
        inputModes = new byte[lines.Length];
        outputModes = new byte[lines.Length];
        for (int line = 0; line < lines.Length; line++)
        {
            LineConfig row = lines[line];
            bool isOwn = row.Source == source && row.Uses != LineUses.None;
            numbers[line] = isOwn ? row.Pin : -1;
            inputModes[line] = (byte)row.InputMode;
            outputModes[line] = (byte)row.OutputMode;
            if (isOwn)
            {
                Take(row, line);
            }
        }
    }

    /// <inheritdoc/>
    public bool Open(int line, int opening) =>
        opening == Opening.AsItIs ? numbers[line] >= 0 : opening == Opening.Idle ? MakeInput(line) : Drive(line, opening);

    /// <inheritdoc/>
    public bool MakeInput(int line) => pads.MakeInput(numbers[line], inputModes[line]);

    /// <inheritdoc/>
    public bool Drive(int line, int value) => pads.Drive(numbers[line], outputModes[line], value);

    /// <inheritdoc/>
    public bool Release(int line)
    {
        return Watch(line, 0) & MakeInput(line);
    }

    /// <inheritdoc/>
    public int Sense(int line) => pads.Sense(numbers[line]);

    /// <inheritdoc/>
    public bool Watch(int line, int edges) => pads.Watch(numbers[line], line, edges);

    /// <inheritdoc/>
    public bool Rearm(int line) => pads.Rearm(numbers[line]);

    /// <inheritdoc/>
    public bool IsOpenDrain(int line) => outputModes[line] != (int)PinMode.Output;

    /// <inheritdoc/>
    public int TakeEdges() => pads.TakeEdges();

    private void Take(LineConfig row, int line)
    {
        if (line >= MostLines)
        {
            throw new ArgumentException(row.Describe(line) + "only lines 0 to 255 can be latched");
        }

        if (!pads.Open(numbers[line]))
        {
            throw new ArgumentException(row.Describe(line) + "Pin: " + row.Pin.ToString() + " cannot be had");
        }
    }
}
