// ScenarioPlayer: has a scenario happen on a rig.

using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Threading;

namespace VirtioGpio.Emulated.Rig;

/// <summary>Plays scenarios.</summary>
/// <param name="rig">On which board.</param>
/// <param name="output">Where each action is said when it is taken.</param>
public sealed class ScenarioPlayer(Rig rig, TextWriter output)
{
    private readonly Stopwatch clock = new();

    /// <summary>Plays a scenario to its end.</summary>
    /// <exception cref="ScenarioException">An action failed, or an expectation was not met.</exception>
    public void Play(Scenario scenario)
    {
        clock.Restart();
        foreach (ScenarioAction action in scenario.Actions)
        {
            if (action.Verb == ScenarioVerb.At)
            {
                Sleep(action.Time - clock.Elapsed);
                continue;
            }

            output.WriteLine(FormattableString.Invariant($"{clock.Elapsed.TotalSeconds,9:0.000} s  {action.Text}"));
            try
            {
                Take(action);
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or SocketException or ArgumentException)
            {
                throw new ScenarioException($"{scenario.Name}:{action.Row}: {action.Text}: {e.Message}");
            }
        }
    }

    private static void Sleep(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            Thread.Sleep(time);
        }
    }

    private void Take(ScenarioAction action)
    {
        switch (action.Verb)
        {
            case ScenarioVerb.Set:
                rig.Board.Set(action.Line, action.Value);
                break;
            case ScenarioVerb.Press:
                Hold(action, "low", "float");
                break;
            case ScenarioVerb.Pulse:
                Hold(action, "high", "low");
                break;
            case ScenarioVerb.Temperature:
                rig.Board.Ask($"temperature {action.Value}");
                break;
            case ScenarioVerb.Expect:
                Require(action, () => ProblemOfLevel(action));
                break;
            case ScenarioVerb.Linux:
                Require(action, () => ProblemOfCommand(action));
                break;
            case ScenarioVerb.Kill:
                rig.KillFirmware();
                break;
            case ScenarioVerb.Start:
                rig.StartFirmware();
                break;
            case ScenarioVerb.Suspend:
                rig.Suspend();
                break;
        }
    }

    private void Hold(ScenarioAction action, string during, string after)
    {
        rig.Board.Set(action.Line, during);
        Sleep(action.Time);
        rig.Board.Set(action.Line, after);
    }

    private static void Require(ScenarioAction action, Func<string?> check)
    {
        Stopwatch tried = Stopwatch.StartNew();
        for (string? problem; (problem = check()) is not null; Thread.Sleep(1))
        {
            if (tried.Elapsed >= action.Within)
            {
                throw new InvalidOperationException(problem);
            }
        }
    }

    private string? ProblemOfLevel(ScenarioAction action)
    {
        string level = rig.Board.Get(action.Line) == 1 ? "high" : "low";
        return level == action.Value ? null : $"the line is {level}";
    }

    private string? ProblemOfCommand(ScenarioAction action)
    {
        CommandResult result = rig.Guest.Run(action.Value);
        foreach (string line in result.ExitCode == 0 ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            output.WriteLine($"                 {line}");
        }

        return result.ExitCode == 0 ? null : $"exit code {result.ExitCode} {result.Output}".TrimEnd();
    }
}
