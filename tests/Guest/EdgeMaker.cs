// EdgeMaker: edges that come all the time.

using System;
using System.Threading;
using VirtioGpio.Emulated.Rig;

namespace VirtioGpio.Tests.Guest;

/// <summary>Moves lines in no order.</summary>
internal sealed class EdgeMaker : IDisposable
{
    private readonly BoardClient client;
    private readonly Thread thread;
    private volatile bool isOver;
    private volatile int made;

    /// <summary>Begins.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="perMillisecond">About how many edges, at most.</param>
    internal EdgeMaker(Rig rig, string[] lines, int perMillisecond)
    {
        client = new BoardClient(rig.Folder);
        thread = new Thread(() => Make(lines, perMillisecond)) { Name = "edges" };
        thread.Start();
    }

    /// <summary>Waits until so many edges have been made.</summary>
    internal void Await(int edges)
    {
        while (made < edges)
        {
            Thread.Sleep(1);
        }
    }

    /// <summary>Makes no more edges, and tells how many there were.</summary>
    internal int Stop()
    {
        isOver = true;
        thread.Join();
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        client.Dispose();
    }

    private void Make(string[] lines, int perMillisecond)
    {
        Random random = new(1);
        bool[] isHigh = new bool[lines.Length];
        while (!isOver)
        {
            int i = random.Next(lines.Length);
            isHigh[i] = !isHigh[i];
            client.Set(lines[i], isHigh[i] ? "high" : "low");
            made++;
            if (made % perMillisecond == 0)
            {
                Thread.Sleep(1);
            }
        }
    }
}
