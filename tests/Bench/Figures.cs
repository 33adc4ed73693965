// Figures: all that was measured, in the order in which it came, and what must not be missing.

using System.Collections.Generic;
using System.Linq;

namespace VirtioGpio.Tests.Bench;

/// <summary>The collection of a run.</summary>
internal sealed class Figures
{
    private readonly List<Figure> all = [];

    internal IReadOnlyList<Figure> All => all;

    /// <summary>The figure, which is made if it is not there.</summary>
    internal Figure Of(string part, string what, string device, string unit)
    {
        Figure? found = Find(part, what, device);
        if (found is null)
        {
            found = new Figure(part, what, device, unit);
            all.Add(found);
        }

        return found;
    }

    /// <summary>The figure, if it is there.</summary>
    internal Figure? Find(string part, string what, string device) =>
        all.FirstOrDefault(figure => figure.Part == part && figure.What == what && figure.Device == device);

    /// <summary>Notes that something could not be measured.</summary>
    internal void Miss(string part, string what, string device, string reason) => Of(part, what, device, "").Missing = reason;

    /// <summary>What is wrong with the figures: no value and no reason, a value that is not positive, quantiles out of order.</summary>
    internal IEnumerable<string> Problems()
    {
        foreach (Figure figure in all)
        {
            string name = $"{figure.Part}: {figure.What}: {figure.Device}";
            bool mayBeZero = figure.Unit is Units.Bytes or Units.WakeUps;
            if (figure.Missing is null && figure.Values.Count == 0)
            {
                yield return $"{name}: no value";
            }

            if (figure.Values.Any(value => !double.IsFinite(value) || value < 0 || (value == 0 && !mayBeZero)))
            {
                yield return $"{name}: {string.Join(' ', figure.Values)} {figure.Unit}";
            }

            if (figure.Quantiles.Any(quantiles => quantiles[0] <= 0 || quantiles.Zip(quantiles.Skip(1)).Any(pair => pair.First > pair.Second)))
            {
                yield return $"{name}: quantiles out of order";
            }
        }
    }
}

/// <summary>Units of figures.</summary>
internal static class Units
{
    internal const string PerSecond = "1/s";
    internal const string WakeUps = "wake-ups";
    internal const string Microseconds = "us";
    internal const string Nanoseconds = "ns";
    internal const string Milliseconds = "ms";
    internal const string Operations = "operations";
    internal const string Bytes = "bytes";
    internal const string Mebibytes = "MiB";
}
