// Picture: one answer of Linux, drawn from a recording: an edge at a line, the event, the requests that follow, and the pin that changes.
//
// Spec: SVG 1.1. The colours can be read on light and dark pages; there is no background.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using VirtioGpio.Emulated.Board;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Emulated.Run;

internal sealed class Picture
{
    private const int Width = 860;
    private const int Left = 190;
    private const int Right = 20;
    private const int RowHeight = 34;
    private const int LevelHeight = 18;
    private const string PushPull = "11";
    private const string Ink = "#7d8590";
    private const string Pin = "#2f81f7";
    private const string Bell = "#e36209";

    private readonly Waveforms waves;
    private readonly StringBuilder svg = new();
    private readonly string input;
    private readonly string output;
    private readonly long edge;
    private readonly long answer;
    private int y;

    private Picture(Waveforms waves)
    {
        this.waves = waves;
        string[] lines = [.. Enumerable.Range(0, BoardLines.Count).Select(line => BoardLines.NameOf(line).Replace('-', '_'))];
        (input, edge) = Earliest(lines, 0, (line, time) => waves.At($"board.core.{line}_armed", time - 1) == "1" && waves.At(LevelOf(line), time) == "1")
            ?? throw new InvalidDataException("no armed line has risen in this recording");
        (output, answer) = Earliest(lines, edge, (line, time) => waves.At($"board.core.{line}_mode", time) == PushPull)
            ?? throw new InvalidDataException($"no push-pull output has changed after the edge of {input} in this recording");
    }

    /// <summary>Draws the first edge of an armed line, and the first push-pull output that changes after it.</summary>
    /// <returns>The exit code.</returns>
    internal static int Draw(string recording, string picture)
    {
        try
        {
            File.WriteAllText(picture, new Picture(Waveforms.Load(recording)).Draw());
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{recording}: {e.Message}");
            return 1;
        }
    }

    private static string LevelOf(string line) => $"board.levels.{line}";

    private (string Line, long Time)? Earliest(string[] lines, long after, Func<string, long, bool> isMeant)
    {
        (string Line, long Time)[] found =
        [
            .. from line in lines
               from change in waves.Of(LevelOf(line))
               where change.Time > after && isMeant(line, change.Time)
               orderby change.Time
               select (line, change.Time),
        ];
        return found.Length == 0 ? null : found[0];
    }

    private string Draw()
    {
        long span = answer - edge;
        Panel($"From the edge to Linux's answer: {Duration(span)}", edge - span / 10, answer + span / 10, hasEvent: true);
        long request = TimesOf("linux_requestq").Last(time => time < answer);

        // Linux may have asked for no doorbell.
        long reply = TimesOf("core_requestq").Where(time => time > answer && time < answer + span).DefaultIfEmpty(answer).First();
        long turn = reply - request;
        Panel($"The request that drives {output.Replace('_', '-')}", request - turn / 5, reply + turn / 5, hasEvent: false);
        return FormattableString.Invariant($"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{y}" viewBox="0 0 {Width} {y}" font-family="sans-serif" font-size="13">
            {svg}</svg>

            """);
    }

    private void Panel(string title, long from, long to, bool hasEvent)
    {
        double X(long time) => Left + (double)(Math.Clamp(time, from, to) - from) / (to - from) * (Width - Left - Right);
        int top = y + 34;
        y = top;
        Add($"<text x=\"{Left}\" y=\"{top - 12}\" fill=\"{Ink}\" font-weight=\"bold\">{title}</text>");
        if (hasEvent)
        {
            Level(input.Replace('_', '-'), input, from, to, X);
            Bells("event doorbell", "core_eventq", from, to, X);
        }

        Bells("request doorbell", "linux_requestq", from, to, X);
        Level(output.Replace('_', '-'), output, from, to, X);
        Bells("reply doorbell", "core_requestq", from, to, X);
        Axis(top, from, to, X);
    }

    private void Level(string name, string line, long from, long to, Func<long, double> x)
    {
        Name(name);
        double HeightOf(string value) => value == "1" ? y + RowHeight - LevelHeight : y + RowHeight;
        StringBuilder path = new(FormattableString.Invariant($"M{x(from):0.0},{HeightOf(waves.At(LevelOf(line), from))}"));
        foreach (WaveChange change in waves.Of(LevelOf(line)).Where(change => change.Time > from && change.Time <= to))
        {
            path.Append(FormattableString.Invariant($"H{x(change.Time):0.0}V{HeightOf(change.Value)}"));
        }

        Add($"<path d=\"{path}H{x(to):0.0}\" fill=\"none\" stroke=\"{Pin}\" stroke-width=\"2\"/>");
        y += RowHeight;
    }

    private void Bells(string name, string doorbell, long from, long to, Func<long, double> x)
    {
        Name(name);
        int foot = y + RowHeight;
        Add($"<path d=\"M{x(from):0.0},{foot}H{x(to):0.0}\" stroke=\"{Ink}\" stroke-width=\"0.5\"/>");
        foreach (long time in TimesOf(doorbell).Where(time => time >= from && time <= to))
        {
            Add($"<path d=\"M{x(time):0.0},{foot}v-{LevelHeight}m-4,7l4,-7l4,7\" fill=\"none\" stroke=\"{Bell}\" stroke-width=\"1.5\"/>");
        }

        y += RowHeight;
    }

    private void Name(string name) => Add($"<text x=\"{Left - 14}\" y=\"{y + RowHeight - 4}\" fill=\"{Ink}\" text-anchor=\"end\">{name}</text>");

    // The scale counts from the edge.
    private void Axis(int top, long from, long to, Func<long, double> x)
    {
        long step = Steps().First(step => (to - from) / step <= 8);
        y += 12;
        for (long mark = (long)Math.Ceiling((double)(from - edge) / step) * step; edge + mark <= to; mark += step)
        {
            Add($"<path d=\"M{x(edge + mark):0.0},{top}V{y}\" stroke=\"{Ink}\" stroke-width=\"0.5\" stroke-dasharray=\"2,4\"/>");
            Add($"<text x=\"{x(edge + mark):0.0}\" y=\"{y + 14}\" fill=\"{Ink}\" text-anchor=\"middle\" font-size=\"11\">{Duration(mark)}</text>");
        }

        y += 26;
    }

    private static IEnumerable<long> Steps()
    {
        for (long decade = 1; ; decade *= 10)
        {
            yield return decade;
            yield return 2 * decade;
            yield return 5 * decade;
        }
    }

    private static string Duration(long us) =>
        us % 1000 != 0 && Math.Abs(us) < 1000 ? $"{us} us" : (us / 1000.0).ToString("0.###", CultureInfo.InvariantCulture) + " ms";

    private IEnumerable<long> TimesOf(string doorbell) => waves.Of($"board.doorbells.{doorbell}").Skip(1).Select(change => change.Time);

    private void Add(FormattableString element) => svg.Append(FormattableString.Invariant(element)).Append('\n');
}
