// Waveforms: what is in a value change dump, for the picture of a run and for the tests.
//
// Spec: IEEE 1364-2005, 18.2. Read strictly: a file that breaks a rule of the format is refused with the row.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace VirtioGpio.Emulated.Rig;

/// <summary>A variable had a value from a time on.</summary>
/// <param name="Time">In us.</param>
/// <param name="Value">Binary digits, x or z.</param>
public readonly record struct WaveChange(long Time, string Value);

/// <summary>A file that was read.</summary>
public sealed class Waveforms
{
    private static readonly string[] types = ["wire", "reg"];

    private readonly Dictionary<string, (string Name, int Width)> variables = [];
    private readonly Dictionary<string, List<WaveChange>> changes = [];
    private readonly List<string> scopes = [];
    private readonly TextReader input;
    private int row;

    private Waveforms(TextReader input) => this.input = input;

    /// <summary>The last time in the file, in us.</summary>
    public long End { get; private set; } = -1;

    /// <summary>The variables' names with their scopes: "board.levels.status_led".</summary>
    public IEnumerable<string> Names => changes.Keys;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not a value change dump.</exception>
    public static Waveforms Load(string path)
    {
        using StreamReader input = new(path);
        return Read(input);
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="InvalidDataException">It is not a value change dump.</exception>
    public static Waveforms Read(TextReader input)
    {
        Waveforms waveforms = new(input);
        waveforms.ReadHeader();
        waveforms.ReadChanges();
        return waveforms;
    }

    /// <summary>The values of a variable in the order of their times; the first is that of $dumpvars.</summary>
    public IReadOnlyList<WaveChange> Of(string name) => changes[name];

    /// <summary>The value of a variable at a time, after all that changed at it.</summary>
    public string At(string name, long time)
    {
        List<WaveChange> all = changes[name];
        int low = 0;
        for (int high = all.Count; high - low > 1;)
        {
            int middle = (low + high) / 2;
            (low, high) = all[middle].Time <= time ? (middle, high) : (low, middle);
        }

        return all[low].Value;
    }

    private void ReadHeader()
    {
        bool hasTimescale = false;
        for (; ; )
        {
            string[] words = ReadDeclaration();
            switch (words)
            {
                case ["$enddefinitions"]:
                    Require(hasTimescale && scopes.Count == 0 && variables.Count > 0, "the header ends without a timescale, in a scope, or without variables");
                    return;
                case ["$timescale", "1", "us"]:
                    hasTimescale = true;
                    break;
                case ["$date" or "$version" or "$comment", ..]:
                    break;
                case ["$scope", "module", string name]:
                    scopes.Add(name);
                    break;
                case ["$upscope"]:
                    Require(scopes.Count > 0, "there is no scope to leave");
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case ["$var", string type, string width, string code, string name, .. string[] range]:
                    Declare(type, width, code, name, range);
                    break;
                default:
                    throw Wrong($"no declaration: {string.Join(' ', words)}");
            }
        }
    }

    // The words of a declaration without its $end, which may be some lines further.
    private string[] ReadDeclaration()
    {
        List<string> words = [];
        do
        {
            words.AddRange(Next("the header does not end").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        while (words is not [.., "$end"]);
        return [.. words[..^1]];
    }

    private void Declare(string type, string width, string code, string name, string[] range)
    {
        bool isNumber = int.TryParse(width, out int bits) && bits > 0;
        Require(types.Contains(type) && isNumber, $"no variable: {type} {width}");
        Require(code.All(letter => letter is >= '!' and <= '~') && !variables.ContainsKey(code), $"no identifier code, or given twice: {code}");
        Require(IsIdentifier(name) && scopes.All(IsIdentifier), $"no identifier: {name}");
        Require(range is [] || (range is [string one] && one == $"[{bits - 1}:0]"), $"no range of {bits} bits: {string.Join(' ', range)}");
        string full = string.Join('.', scopes.Append(name));
        Require(changes.TryAdd(full, []), $"declared twice: {full}");
        variables[code] = (full, bits);
    }

    private static bool IsIdentifier(string name) =>
        name != "" && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_');

    private void ReadChanges()
    {
        Require(Next("there is no time 0") == "#0" && Next("there is no $dumpvars") == "$dumpvars", "the first values are at time 0, in $dumpvars");
        End = 0;
        for (string line; (line = Next("$dumpvars does not end")) != "$end";)
        {
            Change(line);
        }

        Require(changes.Values.All(values => values.Count == 1), "$dumpvars has each variable once");
        while (input.ReadLine() is string line)
        {
            row++;
            if (!line.StartsWith('#'))
            {
                Change(line);
                continue;
            }

            Require(long.TryParse(line.AsSpan(1), out long time) && time >= End, $"no time after {End}: {line}");
            End = time;
        }
    }

    private void Change(string line)
    {
        bool isVector = line.StartsWith('b');
        string[] parts = isVector ? line[1..].Split(' ') : line is "" ? [] : [line[..1], line[1..]];
        Require(parts.Length == 2 && variables.ContainsKey(parts[1]), $"no change: {line}");
        (string name, int width) = variables[parts[1]];
        Require(parts[0].Length > 0 && parts[0].Length <= width && isVector == (width > 1) && parts[0].All("01xz".Contains), $"no value of {name}: {line}");
        changes[name].Add(new WaveChange(End, parts[0]));
    }

    private string Next(string otherwise)
    {
        row++;
        return input.ReadLine() ?? throw Wrong(otherwise);
    }

    private void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw Wrong(otherwise);
        }
    }

    private InvalidDataException Wrong(string what) => new($"row {row}: {what}");
}
