// CoreLink: what the board gives the co-processor's process: memory, doorbells and pins, as open files over a unix socket.
//
// A process that plays the co-processor connects to the board's socket and receives one message:
//   24 bytes, little endian: magic "GSOC" (4), version 3 (4), number of pins (4), number of doorbells n (4),
//                            the part of the DDR that the co-processor's bus reaches: offset in the file (4), bytes (4)
//   with it 5 + 2 n files:  SRAM, DDR, pin page,
//                           eventfd "pins written" (co-processor to board), eventfd "edges latched" (board to co-processor),
//                           n eventfds, doorbells that Linux rings, n eventfds, doorbells that ring Linux
// The connection stays open for as long as the process lives; the board resets the pads when it closes.

using System;
using System.Buffers.Binary;
using System.IO;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated;

/// <summary>The files that make a process the co-processor.</summary>
public sealed class CoreLink
{
    /// <summary>Doorbells in each direction: two rings, control, one spare.</summary>
    public const int Doorbells = 4;

    private const uint Magic = 0x434F5347;
    private const uint Version = 4;
    private const int MessageSize = 24;
    private const int FixedFiles = 5;

    /// <summary>Bundles the files.</summary>
    public CoreLink(int pinCount, uint poolOffset, uint poolSize, SafeFileHandle[] files)
    {
        PinCount = pinCount;
        PoolOffset = poolOffset;
        PoolSize = poolSize;
        Files = files;
    }

    /// <summary>Pins on the page.</summary>
    public int PinCount { get; }

    /// <summary>Where in the DDR the co-processor's bus begins.</summary>
    public uint PoolOffset { get; }

    /// <summary>Bytes of DDR that it reaches.</summary>
    public uint PoolSize { get; }

    /// <summary>The SRAM.</summary>
    public SafeFileHandle Sram => Files[0];

    /// <summary>Linux's RAM.</summary>
    public SafeFileHandle Ddr => Files[1];

    /// <summary>The page of <see cref="PinPage"/>.</summary>
    public SafeFileHandle Pins => Files[2];

    /// <summary>Rung by the co-processor after it wrote to the pin page.</summary>
    public SafeFileHandle PinsWritten => Files[3];

    /// <summary>Rung by the board after it latched edges.</summary>
    public SafeFileHandle EdgesLatched => Files[4];

    /// <summary>Rung by Linux, by notify id.</summary>
    public SafeFileHandle[] FromLinux => Files[FixedFiles..(FixedFiles + Doorbells)];

    /// <summary>Ring Linux, by notify id.</summary>
    public SafeFileHandle[] ToLinux => Files[(FixedFiles + Doorbells)..];

    private SafeFileHandle[] Files { get; }

    /// <summary>The co-processor's side: connects to the board.</summary>
    /// <exception cref="InvalidDataException">What answers is not such a board.</exception>
    public static CoreLink Connect(string path, out Socket connection)
    {
        connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(path));
        byte[] message = new byte[MessageSize];
        (int count, SafeFileHandle[] files) = Posix.Receive(connection, message, FixedFiles + 2 * Doorbells);
        if (count != MessageSize || WordAt(message, 0) != Magic || WordAt(message, 4) != Version || WordAt(message, 12) != Doorbells
            || files.Length != FixedFiles + 2 * Doorbells)
        {
            throw new InvalidDataException($"{path}: not a board of this version");
        }

        return new CoreLink((int)WordAt(message, 8), WordAt(message, 16), WordAt(message, 20), files);
    }

    /// <summary>The board's side: gives the files away.</summary>
    public void SendTo(Socket connection)
    {
        byte[] message = new byte[MessageSize];
        BinaryPrimitives.WriteUInt32LittleEndian(message, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), (uint)PinCount);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), Doorbells);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(16), PoolOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(20), PoolSize);
        Posix.Send(connection, message, Files);
    }

    private static uint WordAt(byte[] message, int at) => BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at));
}
