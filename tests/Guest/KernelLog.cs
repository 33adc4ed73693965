// KernelLog: what a guest's kernel said at warning level or above, without what is expected and explained.

using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>A line that may stand in the log, and why.</summary>
internal sealed record ExplainedLine(string Pattern, string Reason);

internal static class KernelLog
{
    private const int PatienceSeconds = 30;

    private static int marks;

    /// <summary>The lines that any guest may show.</summary>
    internal static readonly ExplainedLine[] Explained =
    [
        new(@"(rproc_gpio_dma|emusoc_rproc): loading out-of-tree module taints kernel", "the SoC's modules are this project's"),
        new(@"pci-host-generic \S+: Memory resource size exceeds max for 32 bits", "QEMU's PCI bridge has a window above 4 GiB, which nothing here uses"),
        new(@"gpio gpiochip\d+: \(virtio\d+\): not an immutable chip", "gpio-virtio 6.12 still has a mutable irq_chip; said at every probe"),
        .. ModuleTest.BusyHost,
    ];

    /// <summary>All lines at warning level (4) or above.</summary>
    internal static string[] SevereLines(Rig rig) => [.. rig.Guest.Must("dmesg -r | sed '/^<[567]>/d'").Split('\n').Where(IsWarningOrAbove)];

    /// <summary>Those that no explanation covers.</summary>
    internal static string[] Unexplained(Rig rig, params ExplainedLine[] more) =>
        [.. SevereLines(rig).Where(line => !Explained.Concat(more).Any(e => Regex.IsMatch(line, e.Pattern)))];

    /// <summary>Writes a line into the log that no other line is like.</summary>
    internal static string Mark(Rig rig)
    {
        string mark = $"mark {Interlocked.Increment(ref marks)} of the test";
        rig.Guest.Must($"echo '<7>{mark}' >/dev/kmsg");
        return mark;
    }

    /// <summary>Waits until a line like a pattern stands behind a mark, and a command has ended.</summary>
    internal static void Await(Rig rig, string mark, string pattern, string command)
    {
        // A read of the log sleeps until there is a line more.
        string wait = $"timeout {PatienceSeconds} sed -nE '/{mark}/,$ {{ /{pattern}/q }}' /dev/kmsg && {command}";
        CommandResult result = rig.Guest.Run(wait);
        Assert.AreEqual(0, result.ExitCode, $"waited for \"{pattern}\" in the kernel log: {result.Output}{rig.Guest.Must("dmesg | tail -n 20")}");
    }

    private static bool IsWarningOrAbove(string line) =>
        Regex.Match(line, @"^<(\d+)>") is { Success: true } match && (int.Parse(match.Groups[1].Value) & 7) <= 4;
}
