// BoardClient: the board's pins from another process, by the board's text protocol (Board/ControlServer.cs).

using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;

namespace VirtioGpio.Emulated.Rig;

/// <summary>A connection to a running board.</summary>
public sealed class BoardClient : IDisposable
{
    private readonly NetworkStream stream;
    private readonly StreamReader input;
    private readonly StreamWriter output;

    /// <summary>Connects to the board whose sockets are in a folder.</summary>
    public BoardClient(string folder)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(folder, "board.sock")));
        stream = new NetworkStream(socket, ownsSocket: true);
        input = new StreamReader(stream);
        output = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>Sends a command and gives its answer line by line as it comes, to be read to its end; the last is "ok" or begins with "error".</summary>
    public IEnumerable<string> Send(string command)
    {
        output.WriteLine(command);
        while (input.ReadLine() is string line)
        {
            yield return line;
            if (line == "ok" || line.StartsWith("error", StringComparison.Ordinal))
            {
                yield break;
            }
        }
    }

    /// <summary>The level at a line's pin: 0 or 1.</summary>
    public int Get(string line) => int.Parse(Ask($"get {line}")[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Drives a line from outside: low, high, or float to let it go.</summary>
    public void Set(string line, string drive) => Ask($"set {line} {drive}");

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Sends a command that must succeed.</summary>
    /// <returns>Its whole answer.</returns>
    public IReadOnlyList<string> Ask(string command)
    {
        List<string> answer = [.. Send(command)];
        return answer is [.., "ok"] ? answer : throw new InvalidOperationException($"board: {command}: {string.Join(' ', answer)}");
    }
}
