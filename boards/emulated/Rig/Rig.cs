// Rig: board, firmware and Linux as three processes, started in the order in which they need each other.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using VirtioGpio.Boards.Emulated;

namespace VirtioGpio.Emulated.Rig;

/// <summary>What kind of rig to start.</summary>
/// <param name="GuestFolder">The folder that linux/build printed.</param>
/// <param name="Mebibytes">RAM of the guest.</param>
/// <param name="HasShell">Whether the guest's console is this terminal, with a shell on it.</param>
/// <param name="Processors">Processors of the guest; with more than one the unmodified driver's virtqueues break sooner or later.</param>
/// <param name="KernelArguments">More words for the kernel's command line.</param>
/// <param name="Straps">The board's switches: 1 offers indirect descriptors, 2 puts the lines on the natives of Pads, 4 names memory for the lines' state, 8 lets the pads hold their level while the co-processor is reset.</param>
/// <param name="Reboots">Whether the guest may reboot; otherwise QEMU ends then.</param>
/// <param name="NanoClr">
/// The interpreter that runs the firmware; null: the desktop's runtime does. It has no System.Device.Gpio, so the lines are on the
/// natives of Pads then.
/// </param>
/// <param name="PoolAddress">Which piece of Linux's RAM the co-processor's bus reaches; another than the pool only where a test plays a cache.</param>
/// <param name="Overlay">A file in the guest's folder, laid over the board's device tree; null: none.</param>
public sealed record RigOptions(
    string GuestFolder,
    int Mebibytes = 128,
    bool HasShell = false,
    int Processors = 1,
    string KernelArguments = "",
    int Straps = 0,
    bool Reboots = false,
    NanoClr? NanoClr = null,
    uint PoolAddress = EmulatedBoard.PoolAddress,
    string? Overlay = null);

/// <summary>A running emulated board with Linux on it. Dispose ends every process and removes every file.</summary>
public sealed class Rig : IDisposable
{
    /// <summary>How the folders are called in which rigs keep their sockets.</summary>
    public const string FolderPrefix = "virtio-gpio-firmware-";

    private static readonly TimeSpan firmwarePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan bootPatience = TimeSpan.FromSeconds(60);

    private readonly Process board;
    private readonly string ddrPath;
    private readonly RigOptions options;
    private Process? firmware;
    private Process? qemu;
    private Guest? guest;
    private bool isDisposed;

    private Rig(RigOptions options)
    {
        this.options = options;
        Folder = Directory.CreateTempSubdirectory(FolderPrefix).FullName;
        int straps = options.Straps | (options.NanoClr is null ? 0 : EmulatedBoard.StrapLatchedPins);
        board = StartProgram("VirtioGpio.Emulated.Board", [Folder, $"{options.Mebibytes}", $"{straps}", $"{options.PoolAddress}"]);
        string ready = board.StandardOutput.ReadLine() ?? "";
        ddrPath = ready.StartsWith("ready ", StringComparison.Ordinal) ? ready["ready ".Length..]
            : throw new InvalidOperationException($"the board process did not start: {ready}{board.StandardError.ReadToEnd()}");
        Board = new BoardClient(Folder);
    }

    /// <summary>Where the sockets are.</summary>
    public string Folder { get; }

    /// <summary>The board's pins.</summary>
    public BoardClient Board { get; }

    /// <summary>The guest's shell.</summary>
    public Guest Guest => guest ?? throw new InvalidOperationException("Linux was not started");

    /// <summary>The firmware process.</summary>
    public Process Firmware => firmware ?? throw new InvalidOperationException("the firmware was not started");

    /// <summary>How often the emulated machine hung while Linux booted, and was started anew.</summary>
    public int HungBoots { get; private set; }

    /// <summary>What the guest's console showed so far; empty if the console is this terminal.</summary>
    public string Console => File.Exists(ConsolePath) ? File.ReadAllText(ConsolePath) : "";

    private string MonitorPath => Path.Combine(Folder, "monitor.sock");

    private string ConsolePath => Path.Combine(Folder, "console.log");

    /// <summary>Powers the board on; nothing runs on it yet.</summary>
    public static Rig Create(RigOptions options) => new(options);

    /// <summary>Starts firmware and Linux; returns when Linux has come up.</summary>
    public void Boot()
    {
        StartFirmware();
        StartLinux();
    }

    /// <summary>Starts the firmware process; returns when its resource table stands.</summary>
    public void StartFirmware()
    {
        firmware = options.NanoClr is { } nanoClr ? nanoClr.Start(Folder) : StartProgram("VirtioGpio.Emulated.Firmware", [Folder]);
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

    /// <summary>Starts Linux; returns when it has come up.</summary>
    public void StartLinux()
    {
        try
        {
            RunLinux();
        }
        catch (TimeoutException) when (IsHungAtBoot())
        {
            NoteHungBoot();
            qemu!.Kill();
            qemu.WaitForExit();
            RunLinux();
        }
    }

    /// <summary>Ends the firmware process as a crash would.</summary>
    public void KillFirmware()
    {
        Firmware.Kill();
        Firmware.WaitForExit();
    }

    /// <summary>Restarts the guest as "reboot -f" does, and waits until it is up again.</summary>
    /// <exception cref="TimeoutException">It did not come up.</exception>
    public void Reboot()
    {
        try
        {
            Guest.Reboot(bootPatience);
        }
        catch (TimeoutException) when (IsHungAtBoot())
        {
            NoteHungBoot();
            Ask("system_reset");
            Guest.AwaitBoot(bootPatience);
        }
    }

    /// <summary>Stops the guest's processors until <see cref="Thaw"/>; board and firmware go on.</summary>
    public void Freeze()
    {
        Ask("stop");
        while (!Ask("info status").Contains("paused", StringComparison.Ordinal))
        {
        }
    }

    /// <summary>Lets the guest's processors go on.</summary>
    public void Thaw() => Ask("cont");

    /// <summary>Waits until the guest has switched itself off.</summary>
    /// <returns>QEMU's exit code.</returns>
    public int WaitForLinux()
    {
        qemu!.WaitForExit();
        return qemu.ExitCode;
    }

    /// <summary>The same, for no longer than a time.</summary>
    /// <returns>QEMU's exit code, or null: Linux is still there.</returns>
    public int? WaitForLinux(TimeSpan patience) => qemu!.WaitForExit(patience) ? qemu.ExitCode : null;

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

    private static Process StartProgram(string name, string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private void RunLinux()
    {
        string agentPath = Path.Combine(Folder, "agent.sock");
        string memory = $"{options.Mebibytes}M";
        string[] console = options.HasShell
            ? ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
            : ["-serial", $"file:{ConsolePath}"];

        // "virt" has one serial port; the agent's is a PCI card. The SoC's place on the bus is that of emusoc.dtso.
        // norandmaps: QEMU translates a program anew for every address at which it is loaded, and keeps what it has translated. With
        // random addresses each program starts several times as slowly; and the pages of a library have hundreds of thousands of
        // translated pieces after some thousand programs, so that after a reboot each byte written to them costs milliseconds, and
        // Linux seems to hang while it unpacks its initramfs.
        DeviceTree tree = new(Folder, options.GuestFolder, options.Processors);
        string[] arguments =
        [
            "-machine", DeviceTree.Machine + ",memory-backend=ram", "-cpu", DeviceTree.Processor, "-smp", $"{options.Processors}", "-m", memory,
            "-nodefaults", "-no-user-config", "-display", "none", "-nic", "none", .. options.Reboots ? [] : new[] { "-no-reboot" },
            "-object", $"memory-backend-file,id=ram,size={memory},mem-path={ddrPath},share=on",
            "-chardev", $"socket,path={Path.Combine(Folder, "ivshmem.sock")},id=ivshmem",
            "-device", "ivshmem-doorbell,vectors=4,chardev=ivshmem,addr=01.0",
            "-chardev", $"socket,path={agentPath},server=on,wait=on,id=agent",
            "-device", "pci-serial,chardev=agent,addr=02.0",
            "-kernel", Path.Combine(options.GuestFolder, "Image"),
            "-initrd", Path.Combine(options.GuestFolder, "initramfs.cpio.gz"),
            "-dtb", tree.Make(options.Overlay),
            "-append", $"console=ttyAMA0 panic=-1 norandmaps {(options.HasShell ? "quiet board.shell" : "")} {options.KernelArguments}",
            .. console,
            "-monitor", $"unix:{MonitorPath},server=on,wait=off",
        ];
        ProcessStartInfo start = new(DeviceTree.Emulator, arguments) { RedirectStandardInput = !options.HasShell, RedirectStandardError = true };
        qemu = Process.Start(start)!;
        guest = Guest.Connect(agentPath, bootPatience, DescribeConsole);
    }

    // In rare boots the emulated machine stands still before the kernel has loaded any driver of this board. That is QEMU's or the
    // kernel's affair; it is said and counted, and Linux is started anew, as a watchdog would do.
    private bool IsHungAtBoot()
    {
        string said = Console;
        int boot = said.LastIndexOf("Linux version", StringComparison.Ordinal);
        return boot >= 0 && said.IndexOf("emusoc_rproc: loading", boot, StringComparison.Ordinal) < 0;
    }

    private void NoteHungBoot()
    {
        HungBoots++;
        System.Console.Error.WriteLine($"The emulated machine hung while Linux booted, before it had a driver of the board, and is reset. {DescribeConsole()}");
    }

    private string DescribeConsole()
    {
        string said = qemu is { HasExited: true } ? qemu.StandardError.ReadToEnd() : "processor: " + AskProcessor() + "\n";
        return said + string.Join('\n', Console.Split('\n').TakeLast(30)) + "\n";
    }

    // At which addresses the guest's processor is.
    private string AskProcessor()
    {
        IEnumerable<string> looks = Enumerable.Range(0, 5).Select(_ => Ask("info registers"));
        return string.Join(", ", looks.Select(text => Regex.Match(text, "PC=[0-9a-f]+").Value));
    }

    // Says something to QEMU's monitor.
    private string Ask(string command)
    {
        try
        {
            using Socket monitor = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            monitor.Connect(new UnixDomainSocketEndPoint(MonitorPath));
            monitor.Send(Encoding.ASCII.GetBytes(command + "\n"));
            Thread.Sleep(100);
            byte[] answer = new byte[65536];
            return Encoding.ASCII.GetString(answer, 0, monitor.Receive(answer));
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }
}
