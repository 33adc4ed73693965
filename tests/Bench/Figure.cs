// Figure: one thing that was measured on one device, repetition by repetition.

using System;
using System.Collections.Generic;
using System.Linq;

namespace VirtioGpio.Tests.Bench;

/// <summary>A figure. It has values, or the reason why there are none.</summary>
/// <param name="Part">The table that it belongs to.</param>
/// <param name="What">What was measured.</param>
/// <param name="Device">On which device.</param>
/// <param name="Unit">Of the values.</param>
internal sealed record Figure(string Part, string What, string Device, string Unit)
{
    /// <summary>Of each repetition.</summary>
    public List<double> Values { get; } = [];

    /// <summary>Of each repetition the quantiles 0 to 100 of the single times, in microseconds; empty if no single times were taken.</summary>
    public List<double[]> Quantiles { get; } = [];

    /// <summary>Why there is no value.</summary>
    public string? Missing { get; set; }

    internal double Middle => MiddleOf(Values);

    /// <summary>Adds a repetition.</summary>
    internal void Add(double value, double[]? quantiles = null)
    {
        Values.Add(value);
        if (quantiles is not null)
        {
            Quantiles.Add(quantiles);
        }
    }

    /// <summary>The median of a quantile over the repetitions.</summary>
    internal double MiddleQuantile(int percent) => MiddleOf(Quantiles.Select(of => of[percent]));

    /// <summary>The median of the ratios, repetition by repetition; null if one of the figures is not there.</summary>
    internal double? RatioTo(Figure? other) => other is null || other.Values.Count == 0 || Values.Count == 0
        ? null
        : MiddleOf(Values.Zip(other.Values, (own, others) => own / others));

    /// <summary>The quantiles 0 to 100 of single times.</summary>
    internal static double[] QuantilesOf(uint[] nanoseconds)
    {
        Array.Sort(nanoseconds);
        return [.. Enumerable.Range(0, 101).Select(percent => nanoseconds[(long)(nanoseconds.Length - 1) * percent / 100] / 1000.0)];
    }

    private static double MiddleOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
