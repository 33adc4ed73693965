// Scenario: what happens on a board over time, as a text file: one action a line; # begins a comment.
//
//   set LINE low|high|float     drives a line from outside, or lets it go
//   press LINE TIME             drives it low for that time, then lets it go
//   pulse LINE TIME             drives it high for that time, then low
//   temperature DEGREES         makes the sensor warmer or colder
//   linux COMMAND               a shell command, to the end of the line; its exit code must be 0
//   expect LINE low|high        the level at the line must be that
//   kill, start                 ends the firmware process as a crash would; starts it anew
//   suspend                     has Linux suspend to idle
//   at TIME                     waits until that time after the start
//   within TIME linux|expect    tries that again and again for so long, until it succeeds
//
// LINE is a name or a number, TIME a number with us, ms or s: 50ms, 1.5s.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using VirtioGpio.Emulated.Board;

namespace VirtioGpio.Emulated.Rig;

/// <summary>A scenario that was read and found good.</summary>
public sealed partial class Scenario
{
    private const double LongestSeconds = 3600;

    private Scenario(string name, IReadOnlyList<ScenarioAction> actions)
    {
        Name = name;
        Actions = actions;
    }

    /// <summary>The file, for messages.</summary>
    public string Name { get; }

    /// <summary>What is done, in this order.</summary>
    public IReadOnlyList<ScenarioAction> Actions { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ScenarioException">A line is not a scenario's, or the file cannot be read.</exception>
    public static Scenario Load(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"{path}: {e.Message}");
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">What is in it.</param>
    /// <exception cref="ScenarioException">A line is not a scenario's.</exception>
    public static Scenario Parse(string name, string text)
    {
        string[] rows = text.ReplaceLineEndings("\n").Split('\n');
        return new Scenario(name, [.. rows.Select((row, index) => new Row(name, index + 1, row).Parse()).OfType<ScenarioAction>()]);
    }

    // One line of the file; words are taken from the left.
    private sealed partial class Row(string file, int number, string text)
    {
        private static readonly string[] levels = ["low", "high"];
        private int at;
        private int wordAt;

        private string Rest => text[at..].Trim();

        internal ScenarioAction? Parse()
        {
            string verb = Take();
            if (verb == "")
            {
                return null;
            }

            TimeSpan within = default;
            if (verb == "within")
            {
                within = TakeTime();
                verb = TakeOneOf("linux", "expect");
            }

            ScenarioAction action = ParseAction(verb) with { Within = within };
            if (Take() != "")
            {
                throw Wrong("there is more than the action takes");
            }

            return action;
        }

        private ScenarioAction ParseAction(string verb) => verb switch
        {
            "at" => New(ScenarioVerb.At) with { Time = TakeTime() },
            "set" => New(ScenarioVerb.Set) with { Line = TakeLine(), Value = TakeOneOf([.. levels, "float"]) },
            "press" => New(ScenarioVerb.Press) with { Line = TakeLine(), Time = TakeTime() },
            "pulse" => New(ScenarioVerb.Pulse) with { Line = TakeLine(), Time = TakeTime() },
            "expect" => New(ScenarioVerb.Expect) with { Line = TakeLine(), Value = TakeOneOf(levels) },
            "linux" => New(ScenarioVerb.Linux) with { Value = TakeCommand() },
            "temperature" => New(ScenarioVerb.Temperature) with { Value = TakeDegrees() },
            "kill" => New(ScenarioVerb.Kill),
            "start" => New(ScenarioVerb.Start),
            "suspend" => New(ScenarioVerb.Suspend),
            _ => throw Wrong("there is no such action; say at, set, press, pulse, temperature, linux, expect, within, kill, start or suspend"),
        };

        // A command may hold anything; the shell knows its own comments.
        private ScenarioAction New(ScenarioVerb verb) =>
            new(verb, number, (verb == ScenarioVerb.Linux ? text : Comment().Replace(text, "")).Trim());

        private string Take()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            wordAt = at;
            if (at < text.Length && text[at] == '#')
            {
                at = text.Length;
                return "";
            }

            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            return text[wordAt..at];
        }

        private string TakeOneOf(params string[] choices)
        {
            string word = Take();
            return choices.Contains(word) ? word : throw Wrong($"say {string.Join(" or ", choices)}");
        }

        private string TakeLine()
        {
            string word = Take();
            return BoardLines.Find(word) >= 0 ? word : throw Wrong("the board has no such line");
        }

        private string TakeDegrees()
        {
            string word = Take();
            return Temperature.Parse(word) is not null ? word : throw Wrong("say degrees from -40 to 125, in steps of 1/16");
        }

        private string TakeCommand()
        {
            Take();
            at = wordAt;
            string command = Rest;
            at = text.Length;
            return command != "" ? command : throw Wrong("say a command");
        }

        private TimeSpan TakeTime()
        {
            Match match = Time().Match(Take());
            double seconds = match.Success && double.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out double number)
                ? number * match.Groups[2].Value switch { "us" => 1e-6, "ms" => 1e-3, _ => 1 }
                : double.NaN;
            return seconds <= LongestSeconds ? TimeSpan.FromSeconds(seconds) : throw Wrong("say a time up to an hour: 50ms, 1.5s");
        }

        // Columns count characters from 1, as editors do.
        private ScenarioException Wrong(string what)
        {
            string word = text[wordAt..].Split((char[]?)null, 2)[0];
            return new ScenarioException($"{file}:{number}:{wordAt + 1}: {(word == "" ? "the line ends" : $"\"{word}\"")}: {what}");
        }

        [GeneratedRegex(@"\A([0-9]{1,9}(?:\.[0-9]{1,9})?)(us|ms|s)\z")]
        private static partial Regex Time();

        [GeneratedRegex(@"(?<=^|\s)#.*")]
        private static partial Regex Comment();
    }
}
