// Recorder: the board's waveforms in a file: pins, doorbells, and the state of the co-processor.
//
// What is recorded is what the board does, in the order in which it happened:
//   * Pins, each time when the board has settled. While it records, the board follows every line (see PinPage): the co-processor waits
//     after each write until the write is in the file, so none is lost and none is merged with the next. Levels and what made them are
//     of one moment: if the co-processor wrote meanwhile, the board settles anew before it records. Not resolved: the two bytes that
//     one native of Pads writes, value and mode; and "armed", which the co-processor changes without telling the board, and which is
//     recorded when the board settles next, or when the co-processor next rings.
//   * Doorbells, as the board passes them on: see DoorbellRelay. One that is rung again before the board has run counts with the first:
//     the number tells them apart, the time does not.
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
        core.state:        0 off, 1 starting, 2 connected
        doorbells.*:       how often it was rung
        LINE.level:        at the pin
        LINE.direction:    of the co-processor: 1 output
        LINE.mode:         0 input, 1 pull-down, 2 pull-up, 3 output, 4 open drain, 5 with pull-up, 6 open source, 7 with pull-down
        LINE.value:        what the co-processor drives as an output
        LINE.outside:      what the rest of the board drives; z: nothing, or a resistor
        LINE.armed:        the co-processor has enabled its interrupt
        """;

    private static readonly string[] queues = ["requestq", "eventq", "control", "spare"];

    private readonly Lock writing = new();
    private readonly VcdWriter file;
    private readonly int[] fromLinux;
    private readonly int[] toLinux;
    private readonly long[] rings = new long[2 * CoreLink.Doorbells];
    private readonly int core;
    private readonly LineWaves[] lines;
    private readonly int[] commands;
    private PinPage? pins;

    /// <summary>Creates the file.</summary>
    internal Recorder(string path)
    {
        file = new VcdWriter(path);
        core = file.Declare("core", "reg", 2, "state", "0");
        fromLinux = [.. queues.Select(queue => file.Declare("doorbells", "integer", 32, $"linux_{queue}", "0"))];
        toLinux = [.. queues.Select(queue => file.Declare("doorbells", "integer", 32, $"core_{queue}", "0"))];
        lines = [.. Enumerable.Range(0, BoardLines.Count).Select(line => new LineWaves(file, line))];
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
    internal void Ring(bool isFromLinux, int notifyId, ulong times)
    {
        lock (writing)
        {
            ref long count = ref rings[isFromLinux ? notifyId : CoreLink.Doorbells + notifyId];
            count += (long)times;
            file.Set((isFromLinux ? fromLinux : toLinux)[notifyId], Convert.ToString((uint)count, 2));
            file.Write();
        }
    }

    /// <summary>Records the co-processor's state.</summary>
    internal void SetCore(CoreState state)
    {
        lock (writing)
        {
            file.Set(core, Convert.ToString((int)state, 2));
            file.Write();
        }
    }

    // The variables of a line.
    private sealed class LineWaves(VcdWriter file, int line)
    {
        private readonly int level = Declare(file, line, "wire", 1, "level", "0");
        private readonly int direction = Declare(file, line, "reg", 1, "direction", "0");
        private readonly int mode = Declare(file, line, "reg", 3, "mode", "0");
        private readonly int value = Declare(file, line, "reg", 1, "value", "0");
        private readonly int outside = Declare(file, line, "wire", 1, "outside", "z");
        private readonly int armed = Declare(file, line, "reg", 1, "armed", "0");

        internal void Set(VcdWriter file, PinPage pins, int pin, int command)
        {
            file.Set(value, (command & 1) != 0 ? "1" : "0");
            file.Set(mode, Convert.ToString(command >> 1, 2));
            file.Set(direction, command >> 1 >= (int)PadMode.Output ? "1" : "0");
            file.Set(armed, pins.IsWatched(pin) ? "1" : "0");
            file.Set(outside, pins.IsPulledLow(pin) ? "0" : pins.OutsideOf(pin) switch { Outside.Low => "0", Outside.High => "1", _ => "z" });
            file.Set(level, pins.SettledLevelAt(pin) ? "1" : "0");
        }

        private static int Declare(VcdWriter file, int line, string type, int width, string name, string first) =>
            file.Declare(BoardLines.NameOf(line), type, width, name, first);
    }
}
