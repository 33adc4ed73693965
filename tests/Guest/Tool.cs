// Tool: a program that a test runs on the host.

using System;
using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace VirtioGpio.Tests.Guest;

internal static partial class Tool
{
    private const int NotAvailable = 77;

    /// <summary>
    /// Runs a script of the project, or a program; skips the test if the script ends with 77, which says that something is missing here.
    /// </summary>
    /// <returns>What it wrote to standard output.</returns>
    internal static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        UseToolsOfTheGuest(start);
        string errors = "";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException(program);
        process.ErrorDataReceived += (_, line) => errors += line.Data + "\n";
        process.BeginErrorReadLine();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == NotAvailable)
        {
            Assert.Inconclusive(errors.TrimEnd().Split('\n')[^1]);
        }

        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {said}{errors}");
    }

    // The guest was built by compilers that need not be installed: its own "make" says where they are. The kernel brings its dtc along.
    private static void UseToolsOfTheGuest(ProcessStartInfo start)
    {
        start.Environment["PATH"] = $"{Path.Combine(GuestRig.Folder, "build", "scripts", "dtc")}:{start.Environment["PATH"]}";
        foreach (Match variable in Exports().Matches(File.ReadAllText(Path.Combine(GuestRig.Folder, "make"))))
        {
            string name = variable.Groups[1].Value;
            start.Environment.TryGetValue(name, out string? before);
            start.Environment[name] = $"{variable.Groups[2].Value}:{before}".TrimEnd(':');
        }
    }

    [GeneratedRegex(@"(PATH|LD_LIBRARY_PATH)='([^']*)'")]
    private static partial Regex Exports();
}
