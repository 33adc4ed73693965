// EventDoorbells: the mailbox of a process: one eventfd a doorbell in each direction, one more to wake the sleeper.

using System;
using System.Diagnostics;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.Firmware;

internal sealed class EventDoorbells : IDoorbells
{
    private readonly SafeFileHandle incoming = Posix.CreateWaitSet();
    private readonly SafeFileHandle wake = Posix.CreateEvent();
    private readonly SafeFileHandle[] outgoing;
    private readonly int wakeBit;
    private readonly long spin;
    private int woken;

    /// <summary>Opens the mailbox.</summary>
    /// <param name="link">The board's files.</param>
    /// <param name="spinUs">For how many microseconds a wait polls before it sleeps.</param>
    internal EventDoorbells(CoreLink link, int spinUs = 0)
    {
        outgoing = link.ToLinux;
        wakeBit = 1 << outgoing.Length;
        spin = spinUs * Stopwatch.Frequency / 1_000_000;
        Posix.AddTo(incoming, wake, wakeBit);
        for (int i = 0; i < outgoing.Length; i++)
        {
            Posix.AddTo(incoming, link.FromLinux[i], 1 << i);
        }
    }

    public int Wait(int timeoutMs)
    {
        int ready = spin == 0 || timeoutMs == 0 ? 0 : Spin();
        ready = ready == 0 ? Posix.WaitSet(incoming, timeoutMs) : ready;
        return (ready & ~wakeBit) | Interlocked.Exchange(ref woken, 0);
    }

    public void Notify(int notifyId)
    {
        // A doorbell that the mailbox does not have rings nowhere, as on a SoC.
        if (notifyId < outgoing.Length)
        {
            Posix.Signal(outgoing[notifyId]);
        }
    }

    public void Wake(int bits)
    {
        Interlocked.Or(ref woken, bits);
        Posix.Signal(wake);
    }

    private int Spin()
    {
        int ready = 0;
        for (long began = Stopwatch.GetTimestamp(); ready == 0 && Stopwatch.GetTimestamp() - began < spin;)
        {
            ready = Posix.WaitSet(incoming, 0);
        }

        return ready;
    }

    public int Now() => Environment.TickCount;
}
