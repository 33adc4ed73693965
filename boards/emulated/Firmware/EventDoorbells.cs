// EventDoorbells: the mailbox of a process: one eventfd a doorbell in each direction, one more to wake the sleeper.

using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.Firmware;

internal sealed class EventDoorbells : IDoorbells
{
    private readonly SafeFileHandle[] incoming;
    private readonly SafeFileHandle[] outgoing;
    private readonly int wakeBit;
    private int woken;

    internal EventDoorbells(CoreLink link)
    {
        incoming = [.. link.FromLinux, Posix.CreateEvent()];
        outgoing = link.ToLinux;
        wakeBit = 1 << outgoing.Length;
    }

    public int Wait(int timeoutMs)
    {
        int ready = Posix.Wait(incoming, timeoutMs);
        for (int i = 0; i < incoming.Length; i++)
        {
            if ((ready & (1 << i)) != 0)
            {
                Posix.Take(incoming[i]);
            }
        }

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
        Posix.Signal(incoming[^1]);
    }

    public int Now() => Environment.TickCount;
}
