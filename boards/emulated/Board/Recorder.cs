// Recorder: the board's waveforms in a file: pins, doorbells, and the state of the co-processor.
//
// What is recorded is what the board does, in the order in which it happened:
//   * Pins, each time when the board has settled. While it records, the board follows every line (see PinPage): the co-processor waits
//     after each write until the write is in the file, so none is lost and none is merged with the next. Levels and what made them are
//     of one moment: if the co-processor wrote meanwhile, the board settles anew before it records. Not resolved: the two bytes that
//     one native of Pads writes, value and mode; and "armed", which the co-processor changes without telling the board, and which is
//     recorded when the board settles next, or when the co-processor next rings.
//   * Doorbells, as the board passes them on: see DoorbellRelay. One that is rung again before the board has run is one with the first.
// The time of an entry is when the board recorded it. A write of the co-processor is in the file some 50 us after it was made, before
// the next; recording so slows pins and doorbells down.
//
// Thread:  any.

using System;
using System.Linq;
using System.Threading;

namespace VirtioGpio.Emulated.Board;

internal sealed class Recorder
{
    private const string Meaning = """
        levels.LINE        at the pin
        doorbells.*        changes each time when it is rung
        core.starting      1: the board has started the firmware, which is not connected yet
        core.connected     1: it is
        core.LINE_mode     0 input, 1 pull-down, 2 pull-up, 3 output, 4 open drain, 5 with pull-up, 6 open source, 7 with pull-down
        core.LINE_output   1: an output, of whatever mode
        core.LINE_value    what it drives as an output
        core.LINE_armed    1: it has enabled the line's interrupt
        outside.LINE_drive what the rest of the board drives; z: nothing, or a resistor
        """;

    private static readonly string[] queues = ["requestq", "eventq", "control", "spare"];

    private readonly Lock writing = new();
    private readonly VcdWriter file;
    private readonly int[] fromLinux;
    private readonly int[] toLinux;
    private readonly bool[] rings = new bool[2 * CoreLink.Doorbells];
    private readonly int starting;
    private readonly int connected;
    private readonly LineWaves[] lines;
    private readonly int[] commands;
    private PinPage? pins;

    /// <summary>Creates the file.</summary>
    internal Recorder(string path)
    {
        file = new VcdWriter(path);
        int[] levels = [.. Enumerable.Range(0, BoardLines.Count).Select(line => file.Declare("levels", "wire", 1, BoardLines.NameOf(line)))];
        fromLinux = [.. queues.Select(queue => file.Declare("doorbells", "wire", 1, $"linux_{queue}"))];
        toLinux = [.. queues.Select(queue => file.Declare("doorbells", "wire", 1, $"core_{queue}"))];
        starting = file.Declare("core", "reg", 1, "starting");
        connected = file.Declare("core", "reg", 1, "connected");
        lines = [.. levels.Select((level, line) => new LineWaves(file, BoardLines.NameOf(line), level))];
        commands = new int[lines.Length];
    }

    /// <summary>Begins to record a board that has settled and has no co-processor yet; every line is followed from now on.</summary>
    internal void Begin(PinPage page)
    {
        pins = page;
        for (int line = 0; line < lines.Length; line++)
        {
            page.Follow(BoardLines.PinOf(line));
            lines[line].Set(file, page, BoardLines.PinOf(line), commands[line]);
        }

        file.Begin(Meaning);
    }

    /// <summary>Records the pins when the board has settled.</summary>
    /// <returns>Whether it did: not if the co-processor has written since the last call, and the board may have settled without that.</returns>
    internal bool Sample()
    {
        bool isSame = true;
        for (int line = 0; line < lines.Length; line++)
        {
            int pin = BoardLines.PinOf(line);
            int command = (int)pins!.ModeOf(pin) << 1 | (pins.OutputOf(pin) ? 1 : 0);
            isSame &= command == commands[line];
            commands[line] = command;
        }

        if (!isSame)
        {
            return false;
        }

        lock (writing)
        {
            for (int line = 0; line < lines.Length; line++)
            {
                lines[line].Set(file, pins!, BoardLines.PinOf(line), commands[line]);
            }

            file.Write();
        }

        return true;
    }

    /// <summary>Records that Linux or the co-processor has rung.</summary>
    internal void Ring(bool isFromLinux, int notifyId)
    {
        lock (writing)
        {
            ref bool ring = ref rings[isFromLinux ? notifyId : CoreLink.Doorbells + notifyId];
            ring = !ring;
            file.Set((isFromLinux ? fromLinux : toLinux)[notifyId], Digit(ring));
            file.Write();
        }
    }

    /// <summary>Records the co-processor's state.</summary>
    internal void SetCore(CoreState state)
    {
        lock (writing)
        {
            file.Set(starting, Digit(state == CoreState.Starting));
            file.Set(connected, Digit(state == CoreState.Connected));
            file.Write();
        }
    }

    private static string Digit(bool isSet) => isSet ? "1" : "0";

    // The variables of a line.
    private sealed class LineWaves(VcdWriter file, string name, int level)
    {
        private readonly int mode = file.Declare("core", "reg", 3, $"{name}_mode");
        private readonly int output = file.Declare("core", "reg", 1, $"{name}_output");
        private readonly int value = file.Declare("core", "reg", 1, $"{name}_value");
        private readonly int armed = file.Declare("core", "reg", 1, $"{name}_armed");
        private readonly int outside = file.Declare("outside", "wire", 1, $"{name}_drive");

        internal void Set(VcdWriter file, PinPage pins, int pin, int command)
        {
            file.Set(value, Digit((command & 1) != 0));
            file.Set(mode, Convert.ToString(command >> 1, 2));
            file.Set(output, Digit(command >> 1 >= (int)PadMode.Output));
            file.Set(armed, Digit(pins.IsWatched(pin)));
            file.Set(outside, pins.IsPulledLow(pin) ? "0" : pins.OutsideOf(pin) switch { Outside.Low => "0", Outside.High => "1", _ => "z" });
            file.Set(level, Digit(pins.SettledLevelAt(pin)));
        }
    }
}
