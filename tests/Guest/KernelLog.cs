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
        new(@"(rproc_gpio_dma|emusoc_rproc): loading out-of-tree module taints kernel", "the SoC's modules are this project's"),
        new(@"pci-host-generic \S+: Memory resource size exceeds max for 32 bits", "QEMU's PCI bridge has a window above 4 GiB, which nothing here uses"),
        new(@"gpio gpiochip\d+: \(virtio\d+\): not an immutable chip", "gpio-virtio 6.12 still has a mutable irq_chip; said at every probe"),
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
