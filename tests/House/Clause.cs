// Clause: one row of a clause table in SPEC.md.

using System;
using System.Collections.Generic;
using System.Linq;

namespace VirtioGpio.Tests.House;

/// <summary>A row "| id | rule | level | where | test |".</summary>
internal sealed record Clause(string Id, string Rule, string Level, string Where, string Test)
{
    private const string Header = "| id | rule | level | where | test |";

    /// <summary>The source files that the row names.</summary>
    internal IReadOnlyList<string> Places => Where == "-" ? [] : Split(Where);

    /// <summary>The tests that the row names.</summary>
    internal IReadOnlyList<string> Tests => Test.StartsWith("n/a", StringComparison.Ordinal) ? [] : Split(Test);

    /// <summary>The rows of every clause table; other tables are passed over.</summary>
    internal static IEnumerable<Clause> ReadAll(IEnumerable<string> lines)
    {
        bool isInTable = false;
        foreach (string line in lines.Select(line => line.Trim()))
        {
            bool isRow = line.StartsWith('|');
            bool isRule = isRow && line.All(character => character is '|' or '-' or ':' or ' ');
            if (isInTable && isRow && !isRule)
            {
                yield return Parse(line) ?? throw new FormatException($"a clause has five cells: {line}");
            }

            isInTable = line == Header || (isInTable && isRow);
        }
    }

    /// <summary>Reads a row; null if it has not five cells. A bar behind a backslash is part of its cell.</summary>
    internal static Clause? Parse(string row)
    {
        string[] cells = row.Replace("\\|", "\0", StringComparison.Ordinal).Trim().Trim('|').Split('|')
            .Select(cell => cell.Replace('\0', '|').Trim())
            .ToArray();
        return cells.Length == 5 ? new Clause(cells[0].Trim('`', '*'), cells[1], cells[2], cells[3], cells[4]) : null;
    }

    private static string[] Split(string cell)
    {
        return cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Replace("`", "", StringComparison.Ordinal))
            .ToArray();
    }
}
