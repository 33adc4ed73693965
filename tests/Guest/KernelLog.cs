// KernelLog: what a guest's kernel said at warning level or above, without what is expected and explained.

using System.Linq;
using System.Text.RegularExpressions;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>A line that may stand in the log, and why.</summary>
internal sealed record ExplainedLine(string Pattern, string Reason);

internal static class KernelLog
{
    /// <summary>The lines that any guest may show.</summary>
    internal static readonly ExplainedLine[] Explained =
    [
        new(@"ACPI: Failed to create genetlink family for ACPI event", "the small kernel has no network stack, so ACPI events have no way out"),
        new(@"emusoc_rproc: loading out-of-tree module taints kernel", "the SoC's remoteproc driver is a module of this project"),
        new(@"gpio gpiochip\d+: \(virtio\d+\): not an immutable chip", "gpio-virtio 6.12 still has a mutable irq_chip; said at every probe"),
        new(@"\.\.MP-BIOS bug: 8254 timer not connected to IO-APIC", "the emulated CPU's clock on a busy host"),
        .. ModuleTest.BusyHost,
    ];

    /// <summary>All lines at warning level (4) or above.</summary>
    internal static string[] SevereLines(Rig rig) => [.. rig.Guest.Must("dmesg -r").Split('\n').Where(IsWarningOrAbove)];

    /// <summary>Those that no explanation covers.</summary>
    internal static string[] Unexplained(Rig rig, params ExplainedLine[] more) =>
        [.. SevereLines(rig).Where(line => !Explained.Concat(more).Any(e => Regex.IsMatch(line, e.Pattern)))];

    private static bool IsWarningOrAbove(string line) =>
        Regex.Match(line, @"^<(\d+)>") is { Success: true } match && (int.Parse(match.Groups[1].Value) & 7) <= 4;
}
