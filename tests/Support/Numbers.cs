// Numbers: what a suite did, in figures, for the end of ./test.

using System;

namespace VirtioGpio.Tests.Support;

/// <summary>Lines that ./test collects from the reports of the suites and prints.</summary>
public static class Numbers
{
    /// <summary>Says what a test did.</summary>
    public static void Say(string figures) => Console.WriteLine("did: " + figures);
}
