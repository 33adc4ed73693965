// Search: one model, its switches, and what SPIN found. spin makes a C program of the model, and that searches.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Lives;

/// <summary>A search through all states of a model, until the first error.</summary>
public sealed partial class Search
{
    private const string MostDepth = "20000";
    private const string MostMegabytes = "1500";

    private static readonly Dictionary<(string, string, bool), Search> searches = [];

    private Search(string report)
    {
        Report = report;
        Match states = StatesLine().Match(report);
        Match errors = ErrorsLine().Match(report);
        Assert.IsTrue(states.Success && errors.Success, report);
        States = (long)double.Parse(states.Groups[1].Value, CultureInfo.InvariantCulture);
        Errors = int.Parse(errors.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>What the search said.</summary>
    public string Report { get; }

    /// <summary>States that were searched.</summary>
    public long States { get; }

    /// <summary>Errors: 0, or 1, at which the search ends.</summary>
    public int Errors { get; }

    /// <summary>Whether nothing was left out for want of depth or memory.</summary>
    public bool IsComplete =>
        !Report.Contains("max search depth too small", StringComparison.Ordinal)
        && !Report.Contains("MEMLIM bound", StringComparison.Ordinal)
        && !Report.Contains("Search not completed", StringComparison.Ordinal);

    /// <summary>Searches, or gives what the same search found before.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="switches">Macros, NAME or NAME=VALUE, with spaces between.</param>
    /// <param name="ofCycles">Whether cycles are errors; otherwise assertions that do not hold are.</param>
    public static Search Of(string model, string switches, bool ofCycles)
    {
        if (!searches.TryGetValue((model, switches, ofCycles), out Search? search))
        {
            search = Make(model, switches, ofCycles);
            searches.Add((model, switches, ofCycles), search);
        }

        return search;
    }

    private static Search Make(string model, string switches, bool ofCycles)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lives-");
        try
        {
            File.Copy(Path.Combine(Project.Root, "tests", "Lives", model + ".pml"), Path.Combine(folder.FullName, model + ".pml"));
            string[] macros = [.. switches.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => "-D" + name)];
            // spin needs a C compiler itself, for its macros.
            Run(folder.FullName, "gcc", ["--version"]);
            Run(folder.FullName, "spin", [.. macros, "-a", model + ".pml"]);

            // Most searches take less time than gcc takes to compile them; those of cycles take longer.
            (string compiler, string[] kind) = ofCycles ? ("gcc", new[] { "-O1", "-DNP" }) : ("tcc", ["-DSAFETY"]);
            Run(folder.FullName, compiler, ["-w", "-DNOREDUCE", "-DMEMLIM=" + MostMegabytes, .. kind, "-o", "pan", "pan.c"]);

            // -E: a process that waits for ever is no error by itself; the models say what must hold then.
            string[] cycles = ofCycles ? ["-l"] : [];
            return new Search(Run(folder.FullName, Path.Combine(folder.FullName, "pan"), [.. cycles, "-E", "-w20", "-m" + MostDepth]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(string folder, string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            string said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, $"{program}: {said}");
            return said;
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive($"{program} is not there: as root, ./test installs it");
            throw;
        }
    }

    [GeneratedRegex(@"([0-9.e+]+) states, stored")]
    private static partial Regex StatesLine();

    [GeneratedRegex(@"errors: (\d+)")]
    private static partial Regex ErrorsLine();
}
