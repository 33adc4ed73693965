// ProcessPort: the port of the firmware process, in the test's own process: real memory files, real eventfds, a real board.

using System;
using System.Device.Gpio;
using System.Net.Sockets;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using nanoFramework.Runtime.Events;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated;
using VirtioGpio.Emulated.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

/// <summary>Becomes the co-processor of a running board.</summary>
public sealed unsafe class ProcessPort : IDisposable
{
    private readonly Bus bus = new();
    private readonly Socket board;
    private readonly CoreLink link;
    private readonly PageHardware hardware;
    private readonly PagePads pads;
    private readonly PinWrites writes;
    private readonly Thread interrupts;
    private volatile bool isDisposed;

    /// <summary>Connects to the board whose sockets are in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isLatched">Whether the lines are on the natives of <see cref="Pads"/>, not on System.Device.Gpio.</param>
    /// <param name="spinUs">For how many microseconds after a doorbell a wait polls before it sleeps.</param>
    public ProcessPort(string folder, bool isLatched, int spinUs = 0)
    {
        link = CoreLink.Connect(System.IO.Path.Combine(folder, "core.sock"), out board);
        bus.Map(EmulatedBoard.SramAddress, new Mapping(link.Sram).Memory, EmulatedBoard.SramSize);
        EventDoorbells doorbells = new(link, spinUs, () => Memory!.HasChanged());
        PinPage page = new(new Mapping(link.Pins).Memory, link.PinCount);
        writes = new PinWrites(page, link.PinsWritten);
        hardware = new PageHardware(page, writes.Tell);
        pads = new PagePads(page, writes.Tell, () => doorbells.Wake(Mailbox.PinsChanged));
        PinHardware.Current = hardware;
        Memory = new SharedMemory(bus);
        Mailbox = new Mailbox(bus, doorbells);
        Pads = new Pads(bus, pads);
        Pins = isLatched
            ? new LatchedPins(Pads, EmulatedBoard.DescribeLines())
            : new GpioControllerPins(new GpioController(), Mailbox, EmulatedBoard.DescribeLines());
        interrupts = new Thread(ServeInterrupts) { IsBackground = true };
        interrupts.Start();
    }

    /// <summary>The port's shared memory.</summary>
    public SharedMemory Memory { get; }

    /// <summary>The port's mailbox.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>The port's pins.</summary>
    public IPins Pins { get; }

    /// <summary>The port's natives of pins.</summary>
    public Pads Pads { get; }

    /// <summary>Rings the co-processor, as Linux would.</summary>
    public void RingCore(int notifyId) => Posix.Signal(link.FromLinux[notifyId]);

    /// <summary>Whether Linux was rung since the last call.</summary>
    public bool TakeRingToLinux(int notifyId) => Posix.Take(link.ToLinux[notifyId]);

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        writes.Leave();
        Posix.Signal(link.EdgesLatched);
        interrupts.Join();
        board.Dispose();
    }

    private void ServeInterrupts()
    {
        SafeFileHandle[] latched = [link.EdgesLatched];
        while (!isDisposed)
        {
            Posix.Wait(latched, -1);
            Posix.Take(link.EdgesLatched);
            hardware.HandleInterrupt();
            pads.HandleInterrupt();
            EventRing.Pump();
        }
    }
}
