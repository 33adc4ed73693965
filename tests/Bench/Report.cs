// Report: the figures as tables, for a terminal and for a document, and as JSON.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VirtioGpio.Tests.Bench;

/// <summary>Writes figures down.</summary>
internal sealed partial class Report(Figures figures, string made)
{
    private static readonly JsonSerializerOptions json = new() { WriteIndented = true };

    /// <summary>Where and when, in one line.</summary>
    internal static string Circumstances()
    {
        string processor = File.ReadLines("/proc/cpuinfo").Select(line => line.Split(':', 2))
            .FirstOrDefault(pair => pair[0].Trim() is "model name" or "CPU implementer")?[1].Trim() ?? "a processor without a name";
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} x {processor}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; load average before the run {load}");
    }

    /// <summary>The tables in Markdown.</summary>
    internal string Markdown()
    {
        StringBuilder text = new();
        text.AppendLine(made).AppendLine();
        foreach (IGrouping<string, Figure> part in figures.All.GroupBy(figure => figure.Part))
        {
            AppendPart(text, part.Key, [.. part]);
        }

        return text.ToString();
    }

    /// <summary>All values of all repetitions.</summary>
    internal string Json() => JsonSerializer.Serialize(new { made, figures = figures.All }, json);

    /// <summary>Replaces the tables and pictures of a document, which stand between two comments.</summary>
    internal void Record(string document, IEnumerable<(string File, string Title)> pictures)
    {
        string links = string.Join('\n', pictures.Select(picture =>
            $"![{picture.Title}]({Path.GetRelativePath(Path.GetDirectoryName(document)!, picture.File)})"));
        string figuresOfRun = $"{Markdown().Trim()}\n\n{links}";
        string text = Between().Replace(File.ReadAllText(document), match => $"{match.Groups[1].Value}\n\n{figuresOfRun}\n\n{match.Groups[2].Value}");
        File.WriteAllText(document, text);
    }

    private void AppendPart(StringBuilder text, string name, IReadOnlyList<Figure> part)
    {
        bool hasQuantiles = part.Any(figure => figure.Quantiles.Count > 0);
        bool hasReference = part.Any(figure => figure.Device == Device.Reference);
        string[] columns =
        [
            "what", "device", "median", "least to most",
            .. hasReference ? new[] { $"beside {Device.Reference}" } : [],
            .. hasQuantiles ? new[] { "p50 us", "p99 us", "max us" } : [],
        ];
        text.AppendLine(CultureInfo.InvariantCulture, $"**{name}**").AppendLine();
        AppendRow(text, columns);
        AppendRow(text, columns.Select((_, i) => i < 2 ? "---" : "---:"));
        string before = "";
        foreach (Figure figure in part.GroupBy(figure => figure.What).SelectMany(what => what))
        {
            IEnumerable<string> cells = figure.Missing is null ? Cells(figure, hasReference, hasQuantiles) : [figure.Missing];
            AppendRow(text, [figure.What == before ? "" : figure.What, figure.Device, .. cells.Concat(Enumerable.Repeat("", columns.Length)).Take(columns.Length - 2)]);
            before = figure.What;
        }

        text.AppendLine();
    }

    private IEnumerable<string> Cells(Figure figure, bool hasReference, bool hasQuantiles)
    {
        yield return $"{Short(figure.Middle)} {figure.Unit}";
        yield return $"{Short(figure.Values.Min())} to {Short(figure.Values.Max())}";
        if (hasReference)
        {
            double? ratio = figure.RatioTo(figures.Find(figure.Part, figure.What, Device.Reference));
            yield return ratio is double known && double.IsFinite(known) ? known.ToString("F2", CultureInfo.InvariantCulture) : "";
        }

        if (hasQuantiles && figure.Quantiles.Count > 0)
        {
            yield return Short(figure.MiddleQuantile(50));
            yield return Short(figure.MiddleQuantile(99));
            yield return Short(figure.Quantiles.Max(quantiles => quantiles[100]));
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.AppendLine($"| {string.Join(" | ", cells)} |");

    // Three digits say all that such a measurement knows.
    private static string Short(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.ToString("F2", CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("(<!-- figures -->).*(<!-- end of figures -->)", RegexOptions.Singleline)]
    private static partial Regex Between();
}
