// SocketServer: a unix socket on which each connection is served by a thread of its own.

using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;

namespace VirtioGpio.Emulated.Board;

internal static class SocketServer
{
    /// <summary>Listens at a path. A connection that breaks ends its own thread only.</summary>
    internal static void Start(string path, Action<Socket> serve)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Accept(listener, serve)) { IsBackground = true, Name = Path.GetFileName(path) }.Start();
    }

    private static void Accept(Socket listener, Action<Socket> serve)
    {
        for (; ; )
        {
            Socket connection = listener.Accept();
            new Thread(() => Serve(connection, serve)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket connection, Action<Socket> serve)
    {
        using (connection)
        {
            try
            {
                serve(connection);
            }
            catch (Exception e) when (e is IOException or SocketException or System.ComponentModel.Win32Exception)
            {
                // The other side has gone.
            }
        }
    }
}
