// Plots: distributions of times, and growth, as pictures.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace VirtioGpio.Tests.Bench;

/// <summary>Draws SVG files.</summary>
internal sealed class Plots(Figures figures)
{
    private const int Width = 760;
    private const int Height = 420;

    private readonly List<(string File, string Title)> drawn = [];

    /// <summary>Draws all that there are figures for.</summary>
    /// <returns>The files, and what they show.</returns>
    internal IReadOnlyList<(string File, string Title)> Draw(string folder)
    {
        Directory.CreateDirectory(folder);
        DrawTimes(Path.Combine(folder, "get.svg"), "Linux's user space: time of one get", GuestBench.Part, GuestBench.Get);
        DrawTimes(Path.Combine(folder, "answer.svg"), "From the board's edge to the answer at a pin", GuestBench.Part, GuestBench.Answer);
        DrawTimes(Path.Combine(folder, "request.svg"), "Without a guest: one request in flight, front sleeps", FrontBench.Rates, "1 in flight, front sleeps");
        DrawGrowth(Path.Combine(folder, "growth.svg"));
        return drawn;
    }

    private void DrawTimes(string file, string title, string part, string what)
    {
        Plot plot = new();
        double[] percents = [.. Enumerable.Range(0, 101).Select(percent => (double)percent)];
        foreach (Figure figure in figures.All.Where(figure => figure.Part == part && figure.What == what && figure.Quantiles.Count > 0))
        {
            double[] times = [.. Enumerable.Range(0, 101).Select(percent => Math.Log10(figure.MiddleQuantile(percent)))];
            Add(plot, figure.Device, percents, times);
        }

        plot.XLabel("percent of all that took no longer");
        Finish(plot, file, title, "microseconds");
    }

    private void DrawGrowth(string file)
    {
        Plot plot = new();
        IEnumerable<IGrouping<string, Figure>> kinds = figures.All.Where(figure => figure.Part == TurnBench.Counts && figure.Values.Count > 0)
            .GroupBy(figure => $"{figure.What.Split(':')[0]}; {figure.Device}");
        foreach (IGrouping<string, Figure> kind in kinds)
        {
            double[] lines = [.. kind.Select(figure => Math.Log2(int.Parse(figure.What.Split(": ")[1].Split(' ')[0])))];
            Add(plot, kind.Key, lines, [.. kind.Select(figure => Math.Log10(figure.Middle))]);
        }

        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = power => $"{Math.Pow(2, power):F0}", IntegerTicksOnly = true };
        plot.XLabel("lines");
        Finish(plot, file, "What a message costs on a board of more lines", "simple operations of the interpreter");
    }

    private static void Add(Plot plot, string name, double[] x, double[] y)
    {
        var line = plot.Add.ScatterLine(x, y);
        line.LegendText = name;
        line.LineWidth = 2;
    }

    private void Finish(Plot plot, string file, string title, string unit)
    {
        if (plot.PlottableList.Count == 0)
        {
            return;
        }

        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = LabelOf };
        plot.YLabel(unit);
        plot.Title(title);
        plot.ShowLegend(Edge.Right);
        plot.SaveSvg(file, Width, Height);
        drawn.Add((file, title));
    }

    private static string LabelOf(double power) => Math.Pow(10, power).ToString(power < 2 ? "G3" : "N0", CultureInfo.InvariantCulture);
}
