// IvshmemServer: the mailbox as QEMU knows it: the server of an ivshmem-doorbell device.
//
// Spec: QEMU, docs/specs/ivshmem-spec.txt, "ivshmem Client-Server protocol": messages of 8 bytes, little endian, some with a file.

using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace VirtioGpio.Emulated.Board;

internal static class IvshmemServer
{
    private const long ProtocolVersion = 0;
    private const long LinuxPeer = 0;
    private const long SharedMemoryFollows = -1;

    internal static void Start(string path, Hardware hardware) => SocketServer.Start(path, connection => Serve(connection, hardware));

    private static void Serve(Socket connection, Hardware hardware)
    {
        Send(connection, ProtocolVersion);
        Send(connection, LinuxPeer);
        Send(connection, SharedMemoryFollows, hardware.Link.Sram);
        foreach (SafeFileHandle doorbell in hardware.FromLinux)
        {
            Send(connection, Hardware.CorePeer, doorbell);
        }

        Send(connection, Hardware.PowerPeer, hardware.PowerDoorbell);

        // QEMU has all peers when its own doorbells come.
        foreach (SafeFileHandle doorbell in hardware.ToLinux)
        {
            Send(connection, LinuxPeer, doorbell);
        }

        // QEMU never sends; the connection ends with it, however it ends.
        try
        {
            connection.Receive(new byte[1]);
        }
        finally
        {
            hardware.ReportLinuxDown();
        }
    }

    private static void Send(Socket connection, long message, params SafeFileHandle[] file) =>
        Posix.Send(connection, System.BitConverter.GetBytes(message), file);
}
