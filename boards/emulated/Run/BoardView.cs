// BoardView: what ./run --watch shows of a board.

using System.Collections.Generic;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace VirtioGpio.Emulated.Run;

internal static class BoardView
{
    private const string Keys = "up/down line  l low  h high  f float  b button  +/- degrees\nk kill or start firmware  s suspend  : Linux command  q quit";

    /// <summary>The board as a table, a row a line.</summary>
    /// <param name="rows">The lines.</param>
    /// <param name="selected">Which of them the keys are for.</param>
    internal static Table Lines(IReadOnlyList<BoardRow> rows, int selected)
    {
        Table table = new Table().NoBorder().Collapse();
        foreach ((string column, int width) in new[] { ("", 1), ("line", 19), ("direction", 11), ("level", 5), ("driven by", 15), ("armed", 5), ("edges", 9) })
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { NoWrap = true, Width = width });
        }

        for (int i = 0; i < rows.Count; i++)
        {
            BoardRow row = rows[i];
            Style style = i == selected ? new Style(decoration: Decoration.Invert) : Style.Plain;
            Style level = row.Level ? new Style(Color.Green, decoration: Decoration.Bold) : Style.Plain;
            table.AddRow(
                new Text(i == selected ? ">" : ""),
                new Text($"{row.Number,2} {row.Name,-16}", style),
                new Text(row.Direction),
                new Text(row.Level ? "high" : "low", level),
                new Text(row.Drivers),
                new Text(row.IsArmed ? "armed" : "", new Style(Color.Yellow)),
                new Text($"{row.Edges,7}"));
        }

        return table;
    }

    /// <summary>One row of text, cut where the terminal ends.</summary>
    internal static IRenderable Row(string text, Style? style = null) => new Text(text, style ?? Style.Plain) { Overflow = Overflow.Ellipsis };

    /// <summary>What the keys do.</summary>
    internal static IRenderable Help => Row(Keys, new Style(decoration: Decoration.Dim));
}
