// Rig.Linux: QEMU, the guest in it, and its monitor.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using VirtioGpio.Emulated.ResourceTable;

namespace VirtioGpio.Emulated.Rig;

/// <content>The application CPU.</content>
public sealed partial class Rig
{
    private static readonly TimeSpan bootPatience = TimeSpan.FromSeconds(60);

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

        AwaitFirmware();
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

        AwaitFirmware();
    }

    /// <summary>Stops the guest's processors until <see cref="Thaw"/>; board and firmware go on.</summary>
    public void Freeze()
    {
        Ask("stop");
        while (!Ask("info status").Contains("paused", StringComparison.Ordinal))
        {
        }
    }

    /// <summary>Has Linux suspend to idle; what is said to it next is answered when an interrupt has woken it.</summary>
    /// <exception cref="InvalidOperationException">This Linux cannot suspend.</exception>
    public void Suspend()
    {
        if (Guest.Run("grep -qw freeze /sys/power/state 2>/dev/null").ExitCode != 0)
        {
            throw new InvalidOperationException("this Linux cannot suspend: /sys/power/state has no freeze");
        }

        Guest.Must("(sleep 0.1; echo freeze >/sys/power/state) >/dev/null 2>&1 &");
    }

    /// <summary>Lets the guest's processors go on.</summary>
    public void Thaw() => Ask("cont");

    /// <summary>Ends Linux without a word, as a loss of power would; <see cref="StartLinux"/> starts the next one.</summary>
    public void CrashLinux()
    {
        guest!.Dispose();
        qemu!.Kill();
        qemu.WaitForExit();
    }

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
            "-object", $"memory-backend-file,id=ram,size={memory},mem-path={DdrPath},share=on",
            "-chardev", $"socket,path={Path.Combine(Folder, "ivshmem.sock")},id=ivshmem",
            "-device", "ivshmem-doorbell,vectors=4,chardev=ivshmem,addr=01.0",
            "-chardev", $"socket,path={agentPath},server=on,wait=on,id=agent",
            "-device", "pci-serial,chardev=agent,addr=02.0",
            "-kernel", Path.Combine(options.GuestFolder, "Image"),
            "-initrd", MakeInitramfs(),
            "-dtb", tree.Make(options.Overlay),
            "-append", $"console=ttyAMA0 panic=-1 norandmaps {(options.HasShell ? "quiet board.shell" : "")}{(options.IsLoaded ? " emusoc_rproc.boot=load" : "")} {options.KernelArguments}",
            .. console,
            "-monitor", $"unix:{MonitorPath},server=on,wait=off",
        ];
        ProcessStartInfo start = new(DeviceTree.Emulator, arguments) { RedirectStandardInput = !options.HasShell, RedirectStandardError = true };
        qemu = Process.Start(start)!;
        guest = Guest.Connect(agentPath, bootPatience, DescribeConsole);
    }

    // The guest's own, with the firmware's image in it if Linux shall load one.
    private string MakeInitramfs()
    {
        string packed = Path.Combine(options.GuestFolder, "initramfs.cpio");
        if (!options.IsLoaded)
        {
            return packed;
        }

        string own = Path.Combine(Folder, "initramfs.cpio");
        File.WriteAllBytes(own, Initramfs.With(File.ReadAllBytes(packed), "lib/firmware", EmulatedImage.Name, EmulatedImage.Make(Straps)));
        return own;
    }

    // A Linux that attaches has found its firmware running; one that starts it may have come up before.
    private void AwaitFirmware()
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (options.IsLoaded && Guest.Run("grep -q running /sys/class/remoteproc/remoteproc0/state").ExitCode != 0)
        {
            if (clock.Elapsed > firmwarePatience)
            {
                throw new InvalidOperationException($"Linux has not started the firmware:\n{Guest.Run("cat /tmp/start.log; dmesg | tail -n 20").Output}");
            }

            Thread.Sleep(20);
        }
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
