// RunOptions: the command line of ./run's program, behind the mode and the guest's folder.

using System.Collections.Generic;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Emulated.Run;

/// <summary>What was asked for.</summary>
internal sealed record RunOptions
{
    /// <summary>A real interpreter; null: the desktop's runtime.</summary>
    internal NanoClr? NanoClr { get; private init; }

    /// <summary>Where the board records its waveforms; null: nowhere.</summary>
    internal string? Vcd { get; private init; }

    /// <summary>What happens on the board; null: nothing by itself.</summary>
    internal Scenario? Scenario { get; private init; }

    /// <summary>Reads pairs of an option and its value. What they name is looked at here, before anything is started.</summary>
    /// <returns>Null: these are no such options.</returns>
    internal static RunOptions? Parse(string[] arguments)
    {
        Dictionary<string, string> given = [];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || arguments[i] is not ("--nanoclr" or "--pe" or "--vcd" or "--scenario"))
            {
                return null;
            }

            given[arguments[i]] = arguments[i + 1];
        }

        return new RunOptions
        {
            NanoClr = given.TryGetValue("--nanoclr", out string? program) ? NanoClr.Find(program, given.GetValueOrDefault("--pe")) : null,
            Vcd = given.GetValueOrDefault("--vcd"),
            Scenario = given.TryGetValue("--scenario", out string? file) ? Scenario.Load(file) : null,
        };
    }
}
