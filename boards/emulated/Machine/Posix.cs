// Posix: the few system calls that .NET has no API for: eventfds, anonymous memory files, descriptors sent over a socket.

using System;
using System.ComponentModel;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated;

/// <summary>System calls. A failure raises <see cref="Win32Exception"/> with the system's own words.</summary>
public static unsafe partial class Posix
{
    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int ControlHeader = 16;
    private const short PollIn = 1;
    private const int EventFdNonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const uint MemFdCloseOnExec = 1;
    private const int Interrupted = 4;

    /// <summary>Makes a memory file that no folder lists: it is gone when the last process lets go of it.</summary>
    public static SafeFileHandle CreateMemory(string name, long size)
    {
        SafeFileHandle file = new(Check(memfd_create(name, MemFdCloseOnExec)), ownsHandle: true);
        RandomAccess.SetLength(file, size);
        return file;
    }

    /// <summary>Makes an eventfd: a counter on which a process can sleep.</summary>
    public static SafeFileHandle CreateEvent() => new(Check(eventfd(0, EventFdNonBlocking | CloseOnExec)), ownsHandle: true);

    /// <summary>Counts an eventfd up, which wakes whoever sleeps on it.</summary>
    public static void Signal(SafeFileHandle file)
    {
        ulong one = 1;
        _ = write(Fd(file), &one, sizeof(ulong));
    }

    /// <summary>Takes what an eventfd has counted.</summary>
    /// <returns>Whether it had counted anything.</returns>
    public static bool Take(SafeFileHandle file)
    {
        ulong count;
        return read(Fd(file), &count, sizeof(ulong)) == sizeof(ulong) && count != 0;
    }

    /// <summary>Sleeps until one of the files can be read, or the time is over.</summary>
    /// <param name="files">At most 16.</param>
    /// <param name="timeoutMs">Milliseconds, -1 without end.</param>
    /// <returns>A bit a file: which can be read.</returns>
    public static int Wait(SafeFileHandle[] files, int timeoutMs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(files.Length, 16);
        PollRecord* records = stackalloc PollRecord[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            records[i] = new PollRecord { Fd = Fd(files[i]), Events = PollIn };
        }

        int ready = poll(records, (nuint)files.Length, timeoutMs);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw new Win32Exception();
        }

        int bits = 0;
        for (int i = 0; ready > 0 && i < files.Length; i++)
        {
            bits |= (records[i].Returned & PollIn) != 0 ? 1 << i : 0;
        }

        return bits;
    }

    /// <summary>Sends bytes and, with them, open files.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> bytes, params SafeFileHandle[] files)
    {
        byte* control = stackalloc byte[ControlHeader + sizeof(int) * (files.Length + 1)];
        *(ulong*)control = (ulong)(ControlHeader + sizeof(int) * files.Length);
        *(int*)(control + 8) = SolSocket;
        *(int*)(control + 12) = ScmRights;
        for (int i = 0; i < files.Length; i++)
        {
            *(int*)(control + ControlHeader + sizeof(int) * i) = Fd(files[i]);
        }

        fixed (byte* data = bytes)
        {
            Vector vector = new() { Data = data, Length = (nuint)bytes.Length };
            Message message = new() { Vectors = &vector, VectorCount = 1 };
            if (files.Length > 0)
            {
                message.Control = control;
                message.ControlLength = (nuint)((ControlHeader + sizeof(int) * files.Length + 7) & ~7);
            }

            Check((int)sendmsg(socket.Handle, &message, 0));
        }
    }

    /// <summary>Receives bytes and, with them, open files.</summary>
    /// <param name="socket">A stream socket.</param>
    /// <param name="bytes">Where the bytes go.</param>
    /// <param name="mostFiles">How many files may come.</param>
    /// <returns>How many bytes came, 0 when the other side has closed; and the files.</returns>
    public static (int Count, SafeFileHandle[] Files) Receive(Socket socket, Span<byte> bytes, int mostFiles)
    {
        int controlLength = ControlHeader + sizeof(int) * (mostFiles + 1);
        byte* control = stackalloc byte[controlLength];
        fixed (byte* data = bytes)
        {
            Vector vector = new() { Data = data, Length = (nuint)bytes.Length };
            Message message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)controlLength };
            int count = Check((int)recvmsg(socket.Handle, &message, 0x40000000 /* MSG_CMSG_CLOEXEC */));
            int files = message.ControlLength < ControlHeader ? 0 : ((int)*(ulong*)control - ControlHeader) / sizeof(int);
            SafeFileHandle[] handles = new SafeFileHandle[files];
            for (int i = 0; i < files; i++)
            {
                handles[i] = new SafeFileHandle(*(int*)(control + ControlHeader + sizeof(int) * i), ownsHandle: true);
            }

            return (count, handles);
        }
    }

    private static int Fd(SafeFileHandle file) => (int)file.DangerousGetHandle();

    private static int Check(int result) => result < 0 ? throw new Win32Exception() : result;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, void* into, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, void* from, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollRecord* records, nuint count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(nint socket, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(nint socket, Message* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRecord
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        internal byte* Data;
        internal nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        internal void* Name;
        internal uint NameLength;
        internal Vector* Vectors;
        internal nuint VectorCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }
}
