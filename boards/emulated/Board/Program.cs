// The board process. Usage: VirtioGpio.Emulated.Board [--vcd FILE] FOLDER MEBIBYTES [STRAPS [POOL]] [-- FIRMWARE...]
//
// STRAPS are the board's switches, which the firmware reads at its start: see EmulatedBoard. POOL is the address, decimal, of the piece
// of RAM that the co-processor's bus reaches (default: EmulatedBoard.PoolAddress). FIRMWARE is the command that runs the firmware, for a
// Linux that switches the co-processor on; it finds FOLDER in VGPIO_BOARD as well. --vcd records all that happens at pins and doorbells.
// Opens three sockets in FOLDER: ivshmem.sock for QEMU, core.sock for the firmware process, board.sock for people and scripts.
// Prints one line when it is ready: the path under which QEMU finds the guest's RAM. Ends when its standard input closes.

using System;
using System.Globalization;
using System.IO;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Board;

int end = Array.IndexOf(args, "--") is int separator and >= 0 ? separator : args.Length;
string[] firmware = args[Math.Min(end + 1, args.Length)..];
args = args[..end];
string? waveforms = args is ["--vcd", string path, ..] ? path : null;
args = waveforms is null ? args : args[2..];
if (args.Length is < 2 or > 4
    || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out int mebibytes)
    || !int.TryParse(args.Length > 2 ? args[2] : "0", NumberStyles.None, CultureInfo.InvariantCulture, out int straps)
    || !uint.TryParse(args.Length > 3 ? args[3] : $"{EmulatedBoard.PoolAddress}", NumberStyles.None, CultureInfo.InvariantCulture, out uint pool))
{
    Console.Error.WriteLine("usage: VirtioGpio.Emulated.Board [--vcd FILE] FOLDER MEBIBYTES [STRAPS [POOL]] [-- FIRMWARE...]");
    return 2;
}

Recorder? recorder;
try
{
    recorder = waveforms is null ? null : new Recorder(waveforms);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

string folder = args[0];
Hardware hardware = new(mebibytes, straps, pool, recorder);
IvshmemServer.Start(Path.Combine(folder, "ivshmem.sock"), hardware);
CoreServer.Start(Path.Combine(folder, "core.sock"), hardware);
PowerController power = PowerController.Start(hardware, folder, firmware);
ControlServer.Start(Path.Combine(folder, "board.sock"), hardware, power);
Console.WriteLine($"ready {hardware.DdrPath}");

// Ctrl-C reaches the whole foreground group; whoever started the board closes its standard input when it wants it gone.
Console.CancelKeyPress += (_, e) => e.Cancel = true;
Console.In.ReadToEnd();
return 0;
