// Command: a program that is run to its end.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace VirtioGpio.Tests.Bench;

/// <summary>A program on the host.</summary>
internal static class Command
{
    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It did not; the message has its last words.</exception>
    internal static string Run(string[] command, IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(command, environment);
        return Finish(process, command[0]);
    }

    /// <summary>Starts a program.</summary>
    internal static Process Start(string[] command, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException(command[0]);
    }

    /// <summary>Waits for a program's end.</summary>
    internal static string Finish(Process process, string name)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said
            : throw new InvalidOperationException($"{Path.GetFileName(name)} ended with {process.ExitCode}: {said}{errors.Result}");
    }

    /// <summary>Puts all threads of a process onto processors. A thread that ends meanwhile is not there to be put anywhere.</summary>
    internal static void Pin(int process, string processors) =>
        Run(["sh", "-c", "for thread in /proc/$1/task/*; do taskset -c -p \"$2\" \"${thread##*/}\" || [ ! -e \"$thread\" ] || exit 1; done", "sh", $"{process}", processors]);
}
