// VcdWriter: a value change dump, the waveform file that GTKWave, PulseView and Surfer read.
//
// Spec:    IEEE 1364-2005, 18.2: header, scopes, variables, $dumpvars, then a time and the changes at it.
// Thread:  one at a time.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;

namespace VirtioGpio.Emulated.Board;

/// <summary>Writes the file. What was written is in the file at once, so it is whole when the process is killed.</summary>
internal sealed class VcdWriter
{
    private const char FirstCode = '!';
    private const int Codes = '~' - FirstCode + 1;

    private FileStream? file;
    private readonly StringBuilder text = new();
    private readonly List<(string Scope, string Type, int Width, string Name)> variables = [];
    private readonly List<string> values = [];
    private bool hasBegun;
    private long startedAt;
    private long lastTime;

    /// <summary>Creates the file.</summary>
    internal VcdWriter(string path) => file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Declares a variable, before <see cref="Begin"/>.</summary>
    /// <param name="scope">Where it is shown.</param>
    /// <param name="type">"wire" or "reg".</param>
    /// <param name="width">Bits.</param>
    /// <param name="name">What it is called; what no Verilog identifier may hold becomes an underscore.</param>
    /// <returns>Its number; it is 0 at first.</returns>
    internal int Declare(string scope, string type, int width, string name)
    {
        variables.Add((Identifier(scope), type, width, Identifier(name)));
        values.Add("0");
        return values.Count - 1;
    }

    /// <summary>Writes the header and the first values; time 0 is now.</summary>
    /// <param name="comment">What the values mean.</param>
    internal void Begin(string comment)
    {
        hasBegun = true;
        startedAt = Stopwatch.GetTimestamp();
        text.Append($"$date {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC $end\n$version VirtioGpioFirmware, the emulated board $end\n");
        text.Append($"$comment\n{comment}\n$end\n$timescale 1 us $end\n$scope module board $end\n");
        foreach (IGrouping<string, int> scope in Enumerable.Range(0, variables.Count).GroupBy(index => variables[index].Scope))
        {
            text.Append($"$scope module {scope.Key} $end\n");
            foreach (int index in scope)
            {
                (_, string type, int width, string name) = variables[index];
                string range = width == 1 ? "" : $" [{width - 1}:0]";
                text.Append($"$var {type} {width} {CodeOf(index)} {name}{range} $end\n");
            }

            text.Append("$upscope $end\n");
        }

        text.Append("$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n");
        for (int index = 0; index < values.Count; index++)
        {
            AppendValue(index);
        }

        text.Append("$end\n");
        Write();
    }

    /// <summary>Notes what a variable is now; all until <see cref="Write"/> is at one time.</summary>
    /// <param name="variable">Its number.</param>
    /// <param name="value">Binary digits, x or z.</param>
    internal void Set(int variable, string value)
    {
        if (values[variable] == value)
        {
            return;
        }

        values[variable] = value;
        if (!hasBegun)
        {
            return;
        }

        if (text.Length == 0)
        {
            // What came later is shown later, even within one microsecond.
            lastTime = Math.Max(lastTime + 1, (long)Stopwatch.GetElapsedTime(startedAt).TotalMicroseconds);
            text.Append($"#{lastTime}\n");
        }

        AppendValue(variable);
    }

    /// <summary>Writes what was set since the last time.</summary>
    internal void Write()
    {
        if (text.Length == 0)
        {
            return;
        }

        try
        {
            file?.Write(Encoding.ASCII.GetBytes(text.ToString()));
        }
        catch (IOException e)
        {
            // The board goes on without a recording.
            Console.Error.WriteLine($"{file!.Name}: {e.Message} The recording ends here.");
            file = null;
        }

        text.Clear();
    }

    private static string Identifier(string name) =>
        string.Concat(name.Select((letter, at) => char.IsAsciiLetter(letter) || letter == '_' || (at > 0 && char.IsAsciiDigit(letter)) ? letter : '_'));

    // Any printable ASCII characters but the space: digits of base 94, the lowest first.
    private static string CodeOf(int index)
    {
        string code = "";
        do
        {
            code += (char)(FirstCode + index % Codes);
            index /= Codes;
        }
        while (index > 0);
        return code;
    }

    private void AppendValue(int index) =>
        text.Append(variables[index].Width == 1 ? $"{values[index]}{CodeOf(index)}\n" : $"b{values[index]} {CodeOf(index)}\n");
}
