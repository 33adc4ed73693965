// Suite: one of the test suites of a stand, run until it has ended or the first test has failed.

using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading;

namespace VirtioGpio.Tests.Mutation;

/// <summary>A suite, and how far its random tests go.</summary>
/// <param name="Name">Its folder in tests.</param>
/// <param name="Steps">VGPIO_STEPS: enough for a mistake that is easy to come by, few enough to be quick.</param>
internal sealed partial record Suite(string Name, int Steps)
{
    /// <summary>All that ./test runs without the guest and looks at what the firmware does; those that catch most come first.</summary>
    internal static readonly Suite[] All =
    [
        new("Spec", 0),
        new("Unit", 0),
        new("Model", 9_000),
        new("Hostile", 1_500),
        new("Contract", 0),
        new("House", 0),
    ];

    /// <summary>Runs the suite in a tree.</summary>
    /// <returns>The first test that failed, or what else went wrong; null if all passed.</returns>
    internal string? Run(string root, TimeSpan limit)
    {
        string assembly = Path.Combine(root, "artifacts", "bin", $"VirtioGpio.Tests.{Name}", "release", $"VirtioGpio.Tests.{Name}.dll");
        ProcessStartInfo start = new("dotnet", ["vstest", assembly, "--logger:console;verbosity=minimal"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["VSLANG"] = "1033";
        start.Environment["VGPIO_SEED"] = "1";
        start.Environment["VGPIO_STEPS"] = Steps.ToString();
        using Process process = Process.Start(start)!;
        string? failure = null;
        process.OutputDataReceived += (_, line) => Look(process, line.Data, ref failure);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            Stop(process);
            process.WaitForExit();
            return failure ?? $"time limit of {limit.TotalSeconds} s, it hangs";
        }

        process.WaitForExit();
        return failure ?? (process.ExitCode == 0 ? null : "the suite broke off");
    }

    // The first failure is enough: the tests behind it are not waited for.
    private static void Look(Process process, string? line, ref string? failure)
    {
        Match match = Failed().Match(line ?? "");
        if (match.Success && Interlocked.CompareExchange(ref failure, match.Groups[1].Value, null) is null)
        {
            Stop(process);
        }
    }

    private static void Stop(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or Win32Exception)
        {
            // It ends by itself at this moment.
        }
    }

    [GeneratedRegex(@"^\s+Failed (.+) \[[^\]]*\]$")]
    private static partial Regex Failed();
}
