// CoreServer: lets a process become the co-processor, one at a time.

using System.Net.Sockets;
using System.Threading;

namespace VirtioGpio.Emulated.Board;

internal static class CoreServer
{
    internal static void Start(string path, Hardware hardware)
    {
        Lock core = new();
        SocketServer.Start(path, connection =>
        {
            lock (core)
            {
                Serve(connection, hardware);
            }
        });
    }

    private static void Serve(Socket connection, Hardware hardware)
    {
        hardware.Link.SendTo(connection);
        hardware.Core = CoreState.Connected;
        try
        {
            connection.Receive(new byte[1]);
        }
        finally
        {
            // The board may be starting the next one already.
            if (hardware.Core == CoreState.Connected)
            {
                hardware.Core = CoreState.Off;
            }

            hardware.ResetCore();
        }
    }
}
