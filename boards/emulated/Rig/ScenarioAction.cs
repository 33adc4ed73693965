// ScenarioAction: one line of a scenario.

using System;

namespace VirtioGpio.Emulated.Rig;

/// <summary>What is done.</summary>
public enum ScenarioVerb
{
    /// <summary>Waits until a time after the start.</summary>
    At,

    /// <summary>Drives a line from outside, or lets it go.</summary>
    Set,

    /// <summary>Drives a line low for a time, then lets it go.</summary>
    Press,

    /// <summary>Drives a line high for a time, then low.</summary>
    Pulse,

    /// <summary>Requires a level at a line.</summary>
    Expect,

    /// <summary>Runs a shell command in Linux, which must succeed.</summary>
    Linux,

    /// <summary>Makes the sensor warmer or colder.</summary>
    Temperature,

    /// <summary>Ends the firmware process as a crash would.</summary>
    Kill,

    /// <summary>Starts the firmware process anew.</summary>
    Start,

    /// <summary>Has Linux suspend to idle.</summary>
    Suspend,
}

/// <summary>A line of a scenario.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Row">On which line of the file it is, from 1.</param>
/// <param name="Text">The line without its comment.</param>
public sealed record ScenarioAction(ScenarioVerb Verb, int Row, string Text)
{
    /// <summary>The line of the board, by name or number; empty if it has none.</summary>
    public string Line { get; init; } = "";

    /// <summary>A level, degrees, or a command; empty if it has none.</summary>
    public string Value { get; init; } = "";

    /// <summary>When, or for how long.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>How long it is tried until it succeeds; zero: once.</summary>
    public TimeSpan Within { get; init; }
}

/// <summary>A scenario that cannot be read, or one that has failed; the message begins with the file and the line.</summary>
/// <param name="message">What is wrong.</param>
public sealed class ScenarioException(string message) : Exception(message);
