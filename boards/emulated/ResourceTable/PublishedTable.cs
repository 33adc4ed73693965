// PublishedTable: the resource table of a board, as the firmware itself writes it into shared memory.

using System;
using Microsoft.Win32.SafeHandles;
using VirtioGpio.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.ResourceTable;

/// <summary>Runs the firmware's start on a machine that has nothing but memory, and takes the table out of it.</summary>
public static unsafe class PublishedTable
{
    // All that a co-processor's 32-bit addresses reach. The file has no pages but those that the firmware touches.
    private const long AddressSpace = 1L << 32;

    /// <summary>The bytes that the firmware publishes on a board before any Linux has written into them.</summary>
    /// <exception cref="ArgumentException">The board is mis-built; the message names the line, ring or window.</exception>
    public static byte[] Of(GpioBoard board)
    {
        using SafeFileHandle file = Posix.CreateMemory("address-space", AddressSpace);
        using Mapping memory = new(file);
        Bus bus = new();
        bus.Map(0, memory.Memory, AddressSpace);
        uint end = board.TableAddress;
        bus.OnAccess = (address, count, isWrite) =>
        {
            if (isWrite && address - board.TableAddress < board.TableSize)
            {
                end = Math.Max(end, address + (uint)count);
            }
        };
        GpioFirmware.Start(board, new SharedMemory(bus), new Mailbox(bus, new NoDoorbells()), new NoPins());
        return new ReadOnlySpan<byte>(memory.Memory + board.TableAddress, (int)(end - board.TableAddress)).ToArray();
    }

    private sealed class NoDoorbells : IDoorbells
    {
        public int Wait(int timeoutMs) => 0;

        public void Notify(int notifyId)
        {
        }

        public void Wake(int bits)
        {
        }

        public int Now() => 0;
    }

    private sealed class NoPins : IPins
    {
        public bool Open(int line, int value) => true;

        public bool MakeInput(int line) => true;

        public bool Drive(int line, int value) => true;

        public bool Release(int line) => true;

        public int Sense(int line) => 0;

        public bool Watch(int line, int edges) => true;

        public bool Rearm(int line) => true;

        public bool IsOpenDrain(int line) => false;

        public int TakeEdges() => -1;
    }
}
