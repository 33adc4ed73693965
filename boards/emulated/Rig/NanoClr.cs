// NanoClr: a real interpreter in the firmware process's place: a nanoCLR for this machine, built with the natives of hal/native and
// the port of boards/emulated/native, and the assemblies that it runs.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace VirtioGpio.Emulated.Rig;

/// <summary>A nanoCLR that is there, with everything it needs.</summary>
public sealed class NanoClr
{
    private const string Guide = "hal/native/README.md says how both are made";

    private const string CoreLibrary = "mscorlib";

    // In the order in which they need each other; the last has the program.
    private static readonly string[] assemblies =
    [
        CoreLibrary,
        "nanoFramework.Runtime.Events",
        "System.Device.Gpio",
        "VirtioGpio.Hal.Native",
        "VirtioGpio.Hal",
        "VirtioGpio.Firmware",
        "VirtioGpio.Boards.Emulated",
    ];

    private readonly string program;
    private readonly string[] files;

    private NanoClr(string program, string[] files)
    {
        this.program = program;
        this.files = files;
    }

    /// <summary>The .pe files that it runs, in the order in which they need each other.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>The command that runs it.</summary>
    internal string[] Command => [program, .. files];

    /// <summary>Looks whether all is there.</summary>
    /// <param name="program">The interpreter. It takes .pe files as its arguments.</param>
    /// <param name="folder">
    /// Where the .pe files are; null or empty for the program's own folder. Without one of the core library the package's is taken.
    /// </param>
    /// <exception cref="InvalidOperationException">Something is missing; the message says what.</exception>
    public static NanoClr Find(string program, string? folder)
    {
        program = Path.GetFullPath(program);
        if (!File.Exists(program) || !IsExecutable(program))
        {
            throw new InvalidOperationException(
                $"{program} is no program: --nanoclr needs a nanoCLR for this machine, built with the natives of hal/native; {Guide}.");
        }

        folder = string.IsNullOrEmpty(folder) ? Path.GetDirectoryName(program)! : Path.GetFullPath(folder);
        string[] files = assemblies.Select(name => FileOf(name, folder)).ToArray();
        string[] missing = files.Where(file => !File.Exists(file)).Select(file => Path.GetFileName(file)).ToArray();
        return missing.Length == 0 ? new NanoClr(program, files) : throw new InvalidOperationException(
            $"{folder} lacks {string.Join(", ", missing)}: --nanoclr needs the assemblies for nanoCLR, there or where --pe says; {Guide}.");
    }

    // The build has put the core library's beside this assembly.
    private static string FileOf(string name, string folder)
    {
        string file = Path.Combine(folder, name + ".pe");
        return name != CoreLibrary || File.Exists(file) ? file : Path.Combine(AppContext.BaseDirectory, name + ".pe");
    }

    private static bool IsExecutable(string file)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Execute) != 0;
    }
}
