// Makes a board's resource table for its firmware image. Usage:
//
//   VirtioGpio.Emulated.ResourceTable [--machine arm|aarch64|riscv32] ASSEMBLY FOLDER [NUMBER...]
//
// ASSEMBLY is the board's, as the build has left it; the numbers are the arguments of its Describe. Into FOLDER go
//
//   resource_table.bin   the bytes
//   resource_table.c     the same as a C array, in the section .resource_table
//   resource_table.o     the same as an ELF object for the machine (default: arm)
//
// A board that the firmware would refuse is refused here, in one sentence and with exit code 2.

using System;
using System.IO;
using VirtioGpio.Emulated.ResourceTable;
using VirtioGpio.Firmware;

string name = "arm";
if (args is ["--machine", string chosen, ..])
{
    name = chosen;
    args = args[2..];
}

if (args.Length < 2 || !TableMachine.All.TryGetValue(name, out TableMachine? machine))
{
    Console.Error.WriteLine("usage: VirtioGpio.Emulated.ResourceTable [--machine arm|aarch64|riscv32] ASSEMBLY FOLDER [NUMBER...]");
    return 2;
}

try
{
    GpioBoard board = BoardAssembly.Describe(args[0], args[2..]);
    byte[] table = PublishedTable.Of(board);
    Directory.CreateDirectory(args[1]);
    File.WriteAllBytes(Path.Combine(args[1], "resource_table.bin"), table);
    File.WriteAllText(Path.Combine(args[1], "resource_table.c"), TableSource.Of(table));
    File.WriteAllBytes(Path.Combine(args[1], "resource_table.o"), TableElf.Object(table, machine));
    Console.WriteLine($"{table.Length} bytes, to be at 0x{board.TableAddress:X8}, where {board.TableSize} are kept free");
    return 0;
}
catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
