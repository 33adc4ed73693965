// The firmware process. Usage: VirtioGpio.Emulated.Firmware FOLDER
//
// Connects to the board in FOLDER, becomes its co-processor, and runs the program that would be flashed into it. VGPIO_SPIN_US in the
// environment: for how many microseconds after a doorbell it polls its rings and doorbells before it sleeps (default: 0).

using System;
using System.Device.Gpio;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using nanoFramework.Runtime.Events;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated;
using VirtioGpio.Emulated.Firmware;
using VirtioGpio.Hal;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: VirtioGpio.Emulated.Firmware FOLDER");
    return 2;
}

CoreLink link = CoreLink.Connect(Path.Combine(args[0], "core.sock"), out Socket board);
Hardware.Connect(link);
new Thread(() => LeaveWith(board)) { IsBackground = true }.Start();

// Ctrl-C reaches the whole foreground group; the firmware ends when its board does.
Console.CancelKeyPress += (_, e) => e.Cancel = true;
new Thread(AnnounceTable) { IsBackground = true }.Start();
EmulatedBoard.Main();
return 0;

// Whoever started this process may want to know when Linux can find the resource table: its version is written last.
static void AnnounceTable()
{
    while (!Hardware.HasTable)
    {
        Thread.Sleep(1);
    }

    Console.WriteLine("ready");
}

// A co-processor without its board is nothing: power is gone.
static void LeaveWith(Socket board)
{
    board.Receive(new byte[1]);
    Environment.Exit(0);
}

internal static unsafe class Hardware
{
    private static Mapping? sram;

    private static int SpinUs => int.TryParse(Environment.GetEnvironmentVariable("VGPIO_SPIN_US"), out int microseconds) ? microseconds : 0;

    internal static bool HasTable => Volatile.Read(ref sram!.Memory[EmulatedBoard.TableOffset]) != 0;

    internal static void Connect(CoreLink link)
    {
        sram = new Mapping(link.Sram);
        Mapping pool = new(link.Ddr, link.PoolOffset, link.PoolSize);
        Machine.Bus.Map(EmulatedBoard.SramAddress, sram.Memory, (ulong)sram.Size);
        Machine.Bus.Map(EmulatedBoard.PoolLocalAddress, pool.Memory, link.PoolSize);
        EventDoorbells doorbells = new(link, SpinUs, () => !IsAway && Machine.Memory!.HasChanged());
        Machine.Doorbells = doorbells;

        // Stock driver and pads stand side by side, as on a chip; the flashed program chooses.
        PinPage page = new(new Mapping(link.Pins).Memory, link.PinCount);
        Machine.Bus.OnError = page.CountBusError;
        Machine.Bus.OnAccess = (address, _, _) =>
        {
            if (IsAway && IsLinuxs(address))
            {
                page.CountBusError();
            }
        };
        PinWrites writes = new(page, link.PinsWritten);
        PageHardware pins = new(page, writes.Tell);
        PagePads pads = new(page, writes.Tell, () => doorbells.Wake(Mailbox.PinsChanged));
        PinHardware.Current = pins;
        Machine.Pads = pads;
        EventRing.StartThread();
        new Thread(() => ServeInterrupts(link.EdgesLatched, pins, pads)) { IsBackground = true, Name = "gpio interrupt" }.Start();
    }

    // The firmware has said that it leaves Linux's memory alone: table, rings and pool, as if that were in self-refresh.
    private static bool IsAway => Volatile.Read(ref *(int*)(sram!.Memory + EmulatedBoard.LinuxStateOffset + sizeof(int))) != 0;

    private static bool IsLinuxs(uint address) =>
        address - EmulatedBoard.PoolLocalAddress < EmulatedBoard.PoolSize
        || address - EmulatedBoard.SramAddress is >= EmulatedBoard.TableOffset and < EmulatedBoard.StateOffset;

    private static void ServeInterrupts(SafeFileHandle latched, PageHardware pins, PagePads pads)
    {
        SafeFileHandle[] files = [latched];
        for (; ; )
        {
            Posix.Wait(files, -1);
            Posix.Take(latched);
            pins.HandleInterrupt();
            pads.HandleInterrupt();
        }
    }
}
