// BoardLines: the lines of the emulated board, as people name them.

using System;
using System.Globalization;
using VirtioGpio.Boards.Emulated;

namespace VirtioGpio.Emulated.Board;

/// <summary>Names and pins of the lines.</summary>
public static class BoardLines
{
    /// <summary>Number of lines.</summary>
    public static int Count => EmulatedBoard.LinePins.Length;

    /// <summary>The line that a text names, by its name or its number.</summary>
    /// <returns>The line's number; negative: there is no such line.</returns>
    public static int Find(string text)
    {
        int line = text == "" ? -1 : Array.IndexOf(EmulatedBoard.LineNames, text);
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Count;
        return line < 0 && isNumber ? number : line;
    }

    /// <summary>The name of a line; "line9" where it has none.</summary>
    public static string NameOf(int line) => EmulatedBoard.LineNames[line] is { Length: > 0 } name ? name : $"line{line}";

    /// <summary>The line at a pin; negative: none.</summary>
    internal static int AtPin(int pin) => Array.IndexOf(EmulatedBoard.LinePins, pin);

    /// <summary>The pin of a line.</summary>
    internal static int PinOf(int line) => EmulatedBoard.LinePins[line];
}
