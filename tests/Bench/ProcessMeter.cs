// ProcessMeter: what a process has taken: processor time, memory, wake-ups.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace VirtioGpio.Tests.Bench;

/// <summary>A process as /proc shows it.</summary>
internal static class ProcessMeter
{
    /// <summary>Nanoseconds on a processor, of all its threads.</summary>
    internal static double NanosecondsOf(int process) => Threads(process).Sum(thread => NumberIn(thread, "schedstat", line => line.Split(' ')[0]));

    /// <summary>How often each of its threads began to wait, which is how often it was woken.</summary>
    internal static Dictionary<string, double> WakeUpsOf(int process) =>
        Threads(process).ToDictionary(thread => thread, thread => NumberIn(thread, "status", line => After(line, "voluntary_ctxt_switches:")));

    /// <summary>How often its threads were woken since. One that has ended does not count.</summary>
    internal static double WakeUpsSince(int process, Dictionary<string, double> before) =>
        WakeUpsOf(process).Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key));

    /// <summary>Mebibytes of memory that it has.</summary>
    internal static double MebibytesOf(int process) => NumberIn($"/proc/{process}", "status", line => After(line, "VmRSS:")) / 1024;

    private static IEnumerable<string> Threads(int process) => Directory.EnumerateDirectories($"/proc/{process}/task");

    // A thread may end while it is looked at.
    private static double NumberIn(string folder, string file, Func<string, string?> find)
    {
        try
        {
            string? found = File.ReadLines(Path.Combine(folder, file)).Select(find).FirstOrDefault(text => text is not null);
            return found is null ? 0 : double.Parse(found, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string? After(string line, string key) =>
        line.StartsWith(key, StringComparison.Ordinal) ? line[key.Length..].Trim().Split(' ')[0] : null;
}
