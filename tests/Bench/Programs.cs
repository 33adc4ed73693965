// Programs: what is written in C: the yardstick, Linux's stand-in, the maker of edges, and the program for the guest.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.ResourceTable;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Bench;

/// <summary>The programs, compiled into a folder.</summary>
internal sealed partial class Programs
{
    private static readonly string sources = Path.Combine(Project.Root, "tests", "Bench");

    private readonly string folder;

    /// <summary>Compiles what runs on the host.</summary>
    /// <param name="folder">Where the programs go.</param>
    internal Programs(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        string port = Path.Combine(Project.Root, "boards", "emulated", "native");
        Compile("front", []);
        Compile("edges", []);
        Compile("yardstick",
            [Path.Combine(port, "vgpio_port_emulated.c"), Path.Combine(port, "vgpio_pins_emulated.c"), "-I" + port,
            "-I" + Path.Combine(Project.Root, "hal", "native", "port"), "-pthread"]);

        // The yardstick has no trace.
        GpioBoard board = EmulatedBoard.Describe(0);
        board.TraceAddress = 0;
        board.TraceRequestId = -1;
        File.WriteAllBytes(InFolder("table"), PublishedTable.Of(board));
    }

    /// <summary>Plays Linux without a guest.</summary>
    internal string Front => InFolder("front");

    /// <summary>Makes edges for a guest.</summary>
    internal string Edges => InFolder("edges");

    /// <summary>The command that runs the yardstick.</summary>
    internal string[] Yardstick(string mode) =>
        [InFolder("yardstick"), InFolder("table"), mode, .. EmulatedBoard.LinePins.Select(pin => $"{pin}")];

    /// <summary>A file of this run's own.</summary>
    internal string InFolder(string name) => Path.Combine(folder, name);

    /// <summary>Compiles the program for the guest, with the kernel's nolibc and the compiler that the guest was built with.</summary>
    /// <returns>The program.</returns>
    internal byte[] CompileForGuest(string guest)
    {
        string source = Path.Combine(guest, "source");
        string build = Path.Combine(guest, "build");

        // What the kernel strips from its headers before it gives them to programs.
        string stubs = InFolder("stubs");
        Directory.CreateDirectory(Path.Combine(stubs, "linux"));
        File.WriteAllText(Path.Combine(stubs, "linux", "compiler.h"), "");
        File.WriteAllText(Path.Combine(stubs, "linux", "compiler_types.h"), "");
        Dictionary<string, string> tools = ToolsOf(guest);
        string[] headers =
        [
            stubs, Path.Combine(source, "include", "uapi"), Path.Combine(source, "arch", "arm64", "include", "uapi"),
            Path.Combine(build, "arch", "arm64", "include", "generated", "uapi"), Path.Combine(build, "include", "generated", "uapi"),
        ];
        Command.Run(
            [
                "sh", "-c", "exec ${CROSS_COMPILE}gcc \"$@\"", "gcc", "-O2", "-Wall", "-Wno-cpp", "-static", "-nostdlib", "-fno-stack-protector",
                "-D__user=", "-include", Path.Combine(source, "tools", "include", "nolibc", "nolibc.h"), .. headers.Select(header => "-I" + header),
                "-o", InFolder("gpio_bench"), Path.Combine(sources, "linux", "gpio_bench.c"),
            ],
            tools);
        return File.ReadAllBytes(InFolder("gpio_bench"));
    }

    private void Compile(string name, string[] more) =>
        Command.Run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", InFolder(name), Path.Combine(sources, "native", name + ".c"), .. more]);

    // The guest was built by compilers that need not be installed: its own "make" says where they are.
    private static Dictionary<string, string> ToolsOf(string guest)
    {
        Dictionary<string, string> tools = [];
        foreach (Match variable in Exports().Matches(File.ReadAllText(Path.Combine(guest, "make"))))
        {
            string name = variable.Groups[1].Value;
            string before = name == "CROSS_COMPILE" ? "" : Environment.GetEnvironmentVariable(name) ?? "";
            tools[name] = $"{variable.Groups[2].Value}:{before}".TrimEnd(':');
        }

        return tools;
    }

    [GeneratedRegex(@"(PATH|LD_LIBRARY_PATH|CROSS_COMPILE)='?([^'\s]*)'?")]
    private static partial Regex Exports();
}
