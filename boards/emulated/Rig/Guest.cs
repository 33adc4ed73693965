// Guest: the Linux of the emulated board, as a shell that runs one command after another (the agent of linux/init on ttyS0).

using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace VirtioGpio.Emulated.Rig;

/// <summary>What a command printed, standard output and error together, and its exit code.</summary>
public sealed record CommandResult(int ExitCode, string Output);

/// <summary>A command shell in the guest.</summary>
public sealed class Guest : IDisposable
{
    private const string Ready = "@@ready";
    private const string Exit = "@@exit ";
    private readonly Socket socket;
    private readonly Func<string> describe;
    private readonly byte[] buffer = new byte[4096];
    private readonly StringBuilder received = new();

    private Guest(Socket socket, Func<string> describe)
    {
        this.socket = socket;
        this.describe = describe;
    }

    /// <summary>How long a command may take before the guest counts as hung.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Connects to the agent's socket as soon as it is there, and waits for the guest to come up.</summary>
    /// <param name="path">The socket that QEMU makes.</param>
    /// <param name="patience">How long that may take.</param>
    /// <param name="describe">What the guest printed last, for messages.</param>
    /// <exception cref="TimeoutException">It did not come up.</exception>
    public static Guest Connect(string path, TimeSpan patience, Func<string> describe)
    {
        Stopwatch clock = Stopwatch.StartNew();
        for (; ; )
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                Guest guest = new(socket, describe);
                guest.AwaitBoot(patience);
                return guest;
            }
            catch (SocketException) when (clock.Elapsed < patience)
            {
                socket.Dispose();
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Runs a shell command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="onLine">Gets each line of output when it comes.</param>
    /// <exception cref="TimeoutException">It did not end within <see cref="Patience"/>; the guest's last words are in the message.</exception>
    public CommandResult Run(string command, Action<string>? onLine = null)
    {
        received.Clear();
        socket.Send(Encoding.UTF8.GetBytes(command + "\n"));
        ReadUntil(Exit, Patience, onLine);
        string text = received.ToString().ReplaceLineEndings("\n");
        int mark = text.LastIndexOf(Exit, StringComparison.Ordinal);
        int exitCode = int.Parse(text.AsSpan(mark + Exit.Length), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        return new CommandResult(exitCode, text[..mark]);
    }

    /// <summary>Runs a shell command that must succeed.</summary>
    /// <returns>Its output without the last line end.</returns>
    public string Must(string command)
    {
        CommandResult result = Run(command);
        return result.ExitCode == 0
            ? result.Output.TrimEnd('\n')
            : throw new InvalidOperationException($"guest: {command}: exit code {result.ExitCode}: {result.Output}");
    }

    /// <summary>Restarts the guest as "reboot -f" does, and waits until it is up again.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="patience"/>.</exception>
    public void Reboot(TimeSpan patience)
    {
        received.Clear();
        socket.Send("reboot -f\n"u8);
        AwaitBoot(patience);
    }

    /// <summary>Waits until the guest has come up.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="patience"/>.</exception>
    public void AwaitBoot(TimeSpan patience)
    {
        ReadUntil(Ready, patience);
        received.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // The agent ends its answer with a line that holds the mark; the line is complete when its end has come.
    private void ReadUntil(string mark, TimeSpan patience, Action<string>? onLine = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        for (int told = 0; ;)
        {
            int at = received.ToString().LastIndexOf(mark, StringComparison.Ordinal);
            if (at >= 0 && received.ToString().IndexOf('\n', at) >= 0)
            {
                return;
            }

            TimeSpan left = patience - clock.Elapsed;
            if (left <= TimeSpan.Zero || !socket.Poll(left, SelectMode.SelectRead))
            {
                throw new TimeoutException($"the guest did not answer within {patience.TotalSeconds} s; its last words:\n{describe()}{received}");
            }

            int count = socket.Receive(buffer);
            if (count == 0)
            {
                throw new IOException($"the guest has gone; its last words:\n{describe()}{received}");
            }

            received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            for (int end; onLine is not null && (end = received.ToString().IndexOf('\n', told)) >= 0; told = end + 1)
            {
                onLine(received.ToString(told, end - told));
            }
        }
    }
}
