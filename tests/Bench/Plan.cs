// Plan: how much of everything, and which processor it is for.

using System;

namespace VirtioGpio.Tests.Bench;

/// <summary>The amounts of a run.</summary>
/// <param name="IsQuick">Whether this is for the plumbing only.</param>
internal sealed record Plan(bool IsQuick)
{
    internal int Repetitions => IsQuick ? 1 : 5;

    /// <summary>Milliseconds of a measurement without a guest.</summary>
    internal int FrontMs => IsQuick ? 50 : 300;

    /// <summary>Milliseconds after the start of a firmware in which the longest answer is looked for.</summary>
    internal int StartMs => IsQuick ? 100 : 1000;

    /// <summary>Seconds in which nobody asks for anything.</summary>
    internal int IdleSeconds => IsQuick ? 2 : 10;

    /// <summary>Guests that are booted at most.</summary>
    internal int MostGuests => IsQuick ? 3 : int.MaxValue;

    /// <summary>Operations of a program in the guest.</summary>
    internal int GuestTimes => IsQuick ? 200 : 2000;

    /// <summary>Edges that are answered.</summary>
    internal int Answers => IsQuick ? 40 : 300;

    /// <summary>Milliseconds of an edge storm.</summary>
    internal int StormMs => IsQuick ? 100 : 300;

    /// <summary>Measurements of a benchmark in one process.</summary>
    internal int Iterations => IsQuick ? 1 : 8;

    /// <summary>Numbers of lines of the benchmarks in one process.</summary>
    internal int[] Lines => IsQuick ? [8] : [8, 64, 256, 1024];

    /// <summary>The processor for QEMU, for a program that plays Linux, and for one that watches a pin while the guest waits for its edge.</summary>
    internal static string LinuxProcessor => "0";

    /// <summary>The processor for whatever plays the co-processor.</summary>
    internal static string CoreProcessor => Environment.ProcessorCount > 1 ? "1" : "0";

    /// <summary>The processor for the board process: one of its own if there are enough.</summary>
    internal static string BoardProcessor => Environment.ProcessorCount > 3 ? "2" : CoreProcessor;
}
