// BoardRow: a line as the board describes it, in an answer to "pins".

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Emulated.Run;

/// <summary>A line, now.</summary>
internal sealed partial record BoardRow(string Number, string Name, bool Level, string Pad, bool IsArmed, int Edges, string Outside)
{
    /// <summary>What the co-processor makes of it, in few letters.</summary>
    internal string Direction => Pad switch
    {
        "Output" => "out",
        _ when Pad.StartsWith("OutputOpenDrain", StringComparison.Ordinal) => "open drain",
        _ when Pad.StartsWith("Output", StringComparison.Ordinal) => "open source",
        _ => "in",
    };

    /// <summary>Who drives it.</summary>
    internal string Drivers => (Pad.StartsWith("Output", StringComparison.Ordinal), Outside != "Floating") switch
    {
        (true, true) => "firmware, board",
        (true, false) => "firmware",
        (false, true) => "board",
        _ => "",
    };

    /// <summary>Asks a board for its lines.</summary>
    internal static List<BoardRow> Read(BoardClient board)
    {
        List<BoardRow> rows = [];
        foreach (string text in board.Ask("pins"))
        {
            if (Row().Match(text) is { Success: true, Groups: var part })
            {
                int edges = int.Parse(part[6].ValueSpan, CultureInfo.InvariantCulture);
                rows.Add(new BoardRow(part[1].Value, part[2].Value, part[3].Value == "1", part[4].Value, part[5].Value == "1", edges, part[7].Value));
            }
        }

        return rows;
    }

    [GeneratedRegex(@"^ *(\d+) +(\S+) +level (\d) +pad (\S+) +driver \S+ +armed (\d) +edges (\d+) +outside (\S+)")]
    private static partial Regex Row();
}
