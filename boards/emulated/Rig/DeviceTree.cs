// DeviceTree: what the kernel is told of its machine: QEMU's own tree with the emulated SoC laid over it.

using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;

namespace VirtioGpio.Emulated.Rig;

/// <summary>The device tree of a guest.</summary>
internal sealed class DeviceTree(string folder, string guestFolder, int processors)
{
    /// <summary>The program that emulates the application CPU.</summary>
    internal const string Emulator = "qemu-system-aarch64";

    // QEMU's own tree by the number of processors: to ask for it is to start QEMU.
    private static readonly ConcurrentDictionary<int, byte[]> machines = new();

    private static readonly bool isVirtualized = RuntimeInformation.OSArchitecture == Architecture.Arm64 && File.Exists("/dev/kvm");

    /// <summary>QEMU's machine, with the host's own processor where that can be had.</summary>
    internal static string Machine => isVirtualized ? "virt,accel=kvm,gic-version=host" : "virt,accel=tcg";

    /// <summary>The kind of its processors.</summary>
    internal static string Processor => isVirtualized ? "host" : "cortex-a53";

    /// <summary>Writes the tree.</summary>
    /// <param name="overlay">A file in the guest's folder to lay over it in addition, or null.</param>
    /// <returns>The file.</returns>
    internal string Make(string? overlay)
    {
        string machine = Path.Combine(folder, "virt.dtb");
        string tree = Path.Combine(folder, "emusoc.dtb");
        File.WriteAllBytes(machine, machines.GetOrAdd(processors, _ => Dump(machine)));
        string[] more = overlay is null ? [] : [Path.Combine(guestFolder, overlay)];
        Run(Path.Combine(guestFolder, "fdtoverlay"), ["-i", machine, "-o", tree, Path.Combine(guestFolder, "emusoc.dtbo"), .. more]);
        return tree;
    }

    private byte[] Dump(string file)
    {
        Run(Emulator, "-machine", $"{Machine},dumpdtb={file}", "-cpu", Processor, "-smp", $"{processors}", "-nodefaults", "-display", "none");
        return File.ReadAllBytes(file);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {said}");
        }
    }
}
