// Mutant: one small mistake, as a reviewer would see it in a diff.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace VirtioGpio.Tests.Mutation;

/// <summary>A small mistake in one source file.</summary>
/// <param name="Id">A short name.</param>
/// <param name="Title">The mistake in words.</param>
/// <param name="File">The file, from the project's folder.</param>
/// <param name="Hunks">What stands in the file, and what stands there instead once the mistake is made.</param>
internal sealed record Mutant(string Id, string Title, string File, Hunk[] Hunks)
{
    /// <summary>Reads a list; throws <see cref="FormatException"/> if it has not the form that its first lines describe.</summary>
    internal static Mutant[] ReadAll(string list)
    {
        Mutant[] mutants =
        [
            .. from block in list.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
               let lines = block.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray()
               where lines.Length > 0
               select Parse(lines),
        ];
        string? twice = mutants.GroupBy(mutant => mutant.Id).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? mutants : throw new FormatException($"{twice}: two mutants have this name");
    }

    /// <summary>Makes the mistake in the file's text.</summary>
    internal string ApplyTo(string source) => Hunks.Aggregate(source, (text, hunk) => hunk.ApplyTo(text));

    /// <summary>What is wrong with the mutant, in a tree of sources; null if nothing is.</summary>
    internal string? ProblemIn(string root)
    {
        try
        {
            string source = System.IO.File.ReadAllText(Path.Combine(root, File));
            return ApplyTo(source) == source ? $"{Id}: it changes nothing" : null;
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            return $"{Id}: {File}: {e.Message}";
        }
    }

    private static Mutant Parse(string[] lines)
    {
        string[] heading = lines[0].Split(": ", 2);
        return heading.Length == 2 && lines.Length > 2
            ? new Mutant(heading[0], heading[1], lines[1], [.. string.Join('\n', lines.Skip(2)).Split("\n...\n").Select(Hunk.Parse)])
            : throw new FormatException($"no mutant: {lines[0]}");
    }
}

/// <summary>Whole lines that stand once in a file, and those that stand there instead.</summary>
internal sealed record Hunk(string Before, string After)
{
    /// <summary>Reads lines of a diff: ' ' stays, '-' goes, '+' comes.</summary>
    internal static Hunk Parse(string hunk)
    {
        string[] lines = hunk.Split('\n');
        return lines.All(line => line[0] is ' ' or '-' or '+')
            ? new Hunk(Side(lines, '-'), Side(lines, '+'))
            : throw new FormatException($"no lines of a diff:\n{hunk}");
    }

    /// <summary>Replaces the lines.</summary>
    internal string ApplyTo(string source)
    {
        string text = "\n" + source;
        int at = text.IndexOf(Before, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(Before, at + 1, StringComparison.Ordinal) < 0
            ? (text[..at] + After + text[(at + Before.Length)..])[1..]
            : throw new FormatException($"these lines stand there {(at < 0 ? "no more" : "more than once")}:{Before}");
    }

    private static string Side(IEnumerable<string> lines, char side) =>
        "\n" + string.Concat(lines.Where(line => line[0] == ' ' || line[0] == side).Select(line => line[1..] + "\n"));
}
