// Ports: what tests of pins put together again and again.

using System;
using System.Device.Gpio;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>Line tables, boards with a watched line, and what a port says when it refuses to start.</summary>
public static class Ports
{
    /// <summary>The pin of line 0 of a board of plain arrays; the others follow.</summary>
    public const int FirstPin = 3;

    /// <summary>A table whose only line is on this pin.</summary>
    public static LineConfig[] RowOf(int pin, PinMode input, PinMode output) =>
        new LineConfig[] { new("", pin) { InputMode = input, OutputMode = output } };

    /// <summary>A table of lines on pins one after another, plain inputs and outputs.</summary>
    public static LineConfig[] RowsFrom(int firstPin, int lines) => RowsNamed(firstPin, NamesOf(lines));

    /// <summary>A table of the lines of a board of plain arrays.</summary>
    public static LineConfig[] RowsNamed(params string[] names) => RowsNamed(FirstPin, names);

    /// <summary>A row that says all that a row can say.</summary>
    public static LineConfig WithEverything(LineConfig row)
    {
        row.InputMode = PinMode.InputPullUp;
        row.OutputMode = PinMode.OutputOpenDrain;
        row.SafeValue = 1;
        row.OnRelease = LineRest.Hold;
        row.OnDriverGone = LineRest.Safe;
        row.OnLinuxReset = LineRest.Safe;
        row.OnStart = LineRest.Safe;
        row.DebounceMs = 5;
        row.LeastIntervalMs = 10;
        row.Wakes = true;
        return row;
    }

    /// <summary>The names "line0", "line1" and so on.</summary>
    public static string[] NamesOf(int lines)
    {
        string[] names = new string[lines];
        for (int line = 0; line < lines; line++)
        {
            names[line] = "line" + line.ToString();
        }

        return names;
    }

    private static LineConfig[] RowsNamed(int firstPin, string[] names)
    {
        LineConfig[] rows = new LineConfig[names.Length];
        for (int line = 0; line < names.Length; line++)
        {
            rows[line] = new LineConfig(names[line], firstPin + line);
        }

        return rows;
    }

    /// <summary>A board on latched pins, one of whose lines is low and watched.</summary>
    public static TestBoard Watched(int line)
    {
        TestBoard board = new(isLatched: true);
        board.Drive(line, false);
        return board.Pins.Watch(line, Edge.Rising | Edge.Falling) ? board : throw new InvalidOperationException("the line cannot be watched");
    }

    /// <summary>The message of the refusal; empty if there is none.</summary>
    public static string Refusal(Action start)
    {
        try
        {
            start();
            return "";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
