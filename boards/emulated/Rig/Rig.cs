// Rig: board, firmware and Linux as three processes, started in the order in which they need each other.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using VirtioGpio.Boards.Emulated;

namespace VirtioGpio.Emulated.Rig;

/// <summary>A running emulated board with Linux on it. Dispose ends every process and removes every file.</summary>
public sealed partial class Rig : IDisposable
{
    /// <summary>How the folders are called in which rigs keep their sockets.</summary>
    public const string FolderPrefix = "virtio-gpio-firmware-";

    private static readonly TimeSpan firmwarePatience = TimeSpan.FromSeconds(30);

    private readonly Process board;
    private readonly RigOptions options;
    private Process? firmware;
    private Process? qemu;
    private Guest? guest;
    private bool isDisposed;

    private Rig(RigOptions options)
    {
        this.options = options;
        Folder = Directory.CreateTempSubdirectory(FolderPrefix).FullName;
        Straps = options.Straps | (options.NanoClr is null ? 0 : EmulatedBoard.StrapLatchedPins);
        string[] recording = options.Vcd is { } file ? ["--vcd", file] : [];
        board = StartProgram(
            Program("VirtioGpio.Emulated.Board", [.. recording, Folder, $"{options.Mebibytes}", $"{Straps}", $"{options.PoolAddress}", "--", .. Core]));
        string ready = board.StandardOutput.ReadLine() ?? "";
        if (!ready.StartsWith("ready ", StringComparison.Ordinal))
        {
            Directory.Delete(Folder, recursive: true);
            throw new InvalidOperationException($"the board process did not start: {ready}{board.StandardError.ReadToEnd()}");
        }

        DdrPath = ready["ready ".Length..];
        Board = new BoardClient(Folder);
    }

    /// <summary>Where the sockets are.</summary>
    public string Folder { get; }

    /// <summary>The board's switches: those of the options, and latched pins for an interpreter that has no others.</summary>
    public int Straps { get; }

    /// <summary>The board's pins.</summary>
    public BoardClient Board { get; }

    /// <summary>The guest's shell.</summary>
    public Guest Guest => guest ?? throw new InvalidOperationException("Linux was not started");

    /// <summary>The firmware process.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Process Firmware => options.IsLoaded ? Process.GetProcessById(int.Parse(Board.Ask("firmware")[0], CultureInfo.InvariantCulture))
        : firmware ?? throw new InvalidOperationException("the firmware was not started");

    /// <summary>The board process.</summary>
    public int BoardId => board.Id;

    /// <summary>The emulator's process.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int EmulatorId => qemu?.Id ?? throw new InvalidOperationException("Linux was not started");

    /// <summary>The path under which another process opens the board's DDR.</summary>
    public string DdrPath { get; }

    /// <summary>How often the emulated machine hung while Linux booted, and was started anew.</summary>
    public int HungBoots { get; private set; }

    /// <summary>What the guest's console showed so far; empty if the console is this terminal.</summary>
    public string Console => File.Exists(ConsolePath) ? File.ReadAllText(ConsolePath) : "";

    // What plays the co-processor.
    private string[] Core => options.Core?.ToArray() ?? options.NanoClr?.Command ?? Program("VirtioGpio.Emulated.Firmware", [Folder]);

    private string MonitorPath => Path.Combine(Folder, "monitor.sock");

    private string ConsolePath => Path.Combine(Folder, "console.log");

    /// <summary>Powers the board on; nothing runs on it yet.</summary>
    public static Rig Create(RigOptions options) => new(options);

    /// <summary>Starts firmware and Linux, or Linux alone if that starts the firmware; returns when Linux has come up.</summary>
    public void Boot()
    {
        if (!options.IsLoaded)
        {
            StartFirmware();
        }

        StartLinux();
    }

    /// <summary>
    /// Starts the firmware process; returns when its resource table stands. If it is Linux that switches the co-processor on, resets the
    /// co-processor as a watchdog would.
    /// </summary>
    public void StartFirmware()
    {
        if (options.IsLoaded)
        {
            Board.Ask("reset release");
            return;
        }

        firmware = StartProgram(Core, Folder);
        Task<string?> talk = Task.Run(() => ReadUntilReady(firmware.StandardOutput));
        if (!talk.Wait(firmwarePatience) || talk.Result is not null)
        {
            firmware.Kill();
            throw new InvalidOperationException($"the firmware process did not start: {firmware.StandardError.ReadToEnd()}{talk.Result}");
        }

        // An interpreter goes on talking.
        _ = firmware.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = firmware.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>Ends the firmware process as a crash would.</summary>
    public void KillFirmware()
    {
        Process process = Firmware;
        process.Kill();
        process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Held to the end: whoever comes second returns when everything is gone, and may exit.
        lock (board)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            guest?.Dispose();
            Board?.Dispose();

            // A firmware that the board has started ends with the board.
            foreach (Process? process in new[] { qemu, firmware, board })
            {
                if (process is { HasExited: false })
                {
                    process.Kill();
                    process.WaitForExit();
                }
            }

            Directory.Delete(Folder, recursive: true);
        }
    }

    // Null when it is ready, else its last words.
    private static string? ReadUntilReady(StreamReader output)
    {
        Queue<string> words = new();
        while (output.ReadLine() is string line)
        {
            if (line == "ready")
            {
                return null;
            }

            words.Enqueue(line);
            if (words.Count > 20)
            {
                words.Dequeue();
            }
        }

        return string.Join('\n', words);
    }

    private static string[] Program(string name, string[] arguments) =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments];

    private Process StartProgram(string[] command, string? boardFolder = null)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VGPIO_BOARD"] = boardFolder;
        if (options.SpinUs != 0)
        {
            start.Environment["VGPIO_SPIN_US"] = $"{options.SpinUs}";
        }

        return Process.Start(start)!;
    }
}
