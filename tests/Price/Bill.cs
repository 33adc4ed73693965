// Bill: the price of one message, by kind of instruction and by method.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace VirtioGpio.Tests.Price;

/// <summary>What one message costs.</summary>
internal sealed class Bill
{
    private readonly string message;
    private readonly (Block Block, long Times)[] passed;

    internal Bill(string message, IReadOnlyList<Block> blocks, long[] passed, long arrayBytes, long countedNatives)
    {
        this.message = message;
        this.passed = blocks.Zip(passed).Where(entry => entry.Second > 0).ToArray();
        string? unknown = this.passed.SelectMany(entry => entry.Block.Charges).Select(charge => charge.Kind).FirstOrDefault(IsUnknown);
        if (unknown is not null)
        {
            throw new NotSupportedException($"{message}: the list has {unknown}");
        }

        CountedNatives = countedNatives;
        Operations = (int)Math.Ceiling(Sum(charge => charge.Operations));
        Natives = (int)Sum(charge => charge.Natives);
        Bytes = (int)Sum(charge => charge.Bytes) + (int)arrayBytes;
        Instructions = (int)Sum(_ => 1);
    }

    /// <summary>Simple operations, native calls included.</summary>
    internal int Operations { get; }

    /// <summary>Native calls.</summary>
    internal int Natives { get; }

    /// <summary>Native calls as the twins counted them, with no regard to the instructions that made them.</summary>
    internal long CountedNatives { get; }

    /// <summary>Bytes allocated on the device's heap.</summary>
    internal int Bytes { get; }

    /// <summary>Instructions executed.</summary>
    internal int Instructions { get; }

    /// <summary>One line of the table of prices, under <see cref="Heading"/>.</summary>
    public override string ToString()
    {
        string counts = string.Concat(columns.Select(kind => $" {CountOf(kind),9}"));
        return $"{message,-20} {Operations,10} {Natives,7} {Bytes,5} {Instructions,12}{counts}";
    }

    /// <summary>The table's heading.</summary>
    internal static string Heading =>
        $"{"message",-20} operations natives bytes instructions{string.Concat(columns.Select(kind => $" {shortNames[kind],9}"))}";

    /// <summary>Where the operations go: by kind, and the dearest methods.</summary>
    internal string Details()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{message}: {Operations} operations");
        AppendShares(text, (_, charge) => charge.Kind, int.MaxValue);
        text.AppendLine("  by method:");
        AppendShares(text, (block, _) => block.Method, 12);
        return text.ToString();
    }

    private static readonly Dictionary<string, string> shortNames = new()
    {
        [PriceList.Field] = "fields",
        [PriceList.StaticCall] = "static",
        [PriceList.InstanceCall] = "instance",
        [PriceList.VirtualCall] = "virtual",
        [PriceList.Allocation] = "made",
    };

    private static readonly string[] columns = [.. shortNames.Keys];

    private static bool IsUnknown(string kind) => kind.StartsWith(PriceList.Unknown, StringComparison.Ordinal);

    private double Sum(Func<Charge, double> part) => passed.Sum(entry => entry.Times * entry.Block.Charges.Sum(part));

    private long CountOf(string kind) => (long)Sum(charge => charge.Kind == kind ? 1 : 0);

    private void AppendShares(StringBuilder text, Func<Block, Charge, string> key, int most)
    {
        var shares =
            from entry in passed
            from charge in entry.Block.Charges
            group (entry.Times, Operations: entry.Times * charge.Operations) by key(entry.Block, charge) into share
            orderby share.Sum(item => item.Operations) descending
            select (Name: share.Key, Times: share.Sum(item => item.Times), Operations: share.Sum(item => item.Operations));
        foreach ((string name, long times, double operations) in shares.Take(most))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {operations,7:F1}  {times,4} x  {name}");
        }
    }
}
