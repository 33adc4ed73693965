// Budget: what a message may cost, from firmware/budgets.json.

using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Price;

/// <summary>An upper limit for each figure of a bill.</summary>
internal sealed record Budget(int Operations, int Natives, int Bytes)
{
    private static readonly JsonSerializerOptions form = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The budgets by message.</summary>
    internal static IReadOnlyDictionary<string, Budget> ReadAll()
    {
        string json = File.ReadAllText(Path.Combine(Project.Root, "firmware", "budgets.json"));
        return JsonSerializer.Deserialize<Dictionary<string, Budget>>(json, form)!;
    }

    /// <summary>Whether this budget is no more than 2 % above a price: one that is leaves room for what nobody decided.</summary>
    internal bool Follows(Budget price) =>
        100 * Operations <= 102 * price.Operations && Natives == price.Natives && Bytes == price.Bytes;

    /// <summary>Whether this budget allows no more than another.</summary>
    internal bool IsWithin(Budget other) => Operations <= other.Operations && Natives <= other.Natives && Bytes <= other.Bytes;
}
