// Finding: what a gate has against a piece of flashed code.

namespace VirtioGpio.Tests.House;

/// <summary>A breach of a rule.</summary>
/// <param name="Rule">The rule, as <see cref="IlGate"/> or <see cref="HotPath"/> calls it.</param>
/// <param name="Place">The member that breaks it.</param>
/// <param name="What">What was found there.</param>
internal sealed record Finding(string Rule, string Place, string What)
{
    /// <summary>One line for a report.</summary>
    public override string ToString() => $"{Rule}: {Place}: {What}";
}
