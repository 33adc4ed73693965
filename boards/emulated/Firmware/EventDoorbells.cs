// EventDoorbells: the mailbox of a process: one eventfd a doorbell in each direction, one more to wake the sleeper.

using System;
using System.Diagnostics;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using VirtioGpio.Hal;

namespace VirtioGpio.Emulated.Firmware;

internal sealed class EventDoorbells : IDoorbells
{
    // Looks at memory for each poll of the doorbells, which is a system call.
    private const int LooksPerPoll = 32;

    // Whichever doorbell rings, the device polls all its rings.
    private const int AnyKick = 1;

    private readonly SafeFileHandle incoming = Posix.CreateWaitSet();
    private readonly SafeFileHandle wake = Posix.CreateEvent();
    private readonly SafeFileHandle[] outgoing;
    private readonly int wakeBit;
    private readonly long spin;
    private readonly Func<bool>? hasChanged;
    private long spinsUntil;
    private int looks;
    private int woken;

    /// <summary>Opens the mailbox.</summary>
    /// <param name="link">The board's files.</param>
    /// <param name="spinUs">For how many microseconds after a doorbell a wait polls before it sleeps.</param>
    /// <param name="hasChanged">Whether what the device polls has changed: it need not wait for the doorbell that follows.</param>
    internal EventDoorbells(CoreLink link, int spinUs = 0, Func<bool>? hasChanged = null)
    {
        this.hasChanged = hasChanged;
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
        ready = ready == 0 ? Take(timeoutMs) : ready;
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

    public int Now() => Environment.TickCount;

    private int Take(int timeoutMs)
    {
        int ready = Posix.WaitSet(incoming, timeoutMs);
        if (ready != 0 && spin != 0)
        {
            spinsUntil = Stopwatch.GetTimestamp() + spin;
        }

        return ready;
    }

    private int Spin()
    {
        int ready = 0;
        while (ready == 0 && Stopwatch.GetTimestamp() < spinsUntil)
        {
            if (hasChanged?.Invoke() == true)
            {
                return AnyKick;
            }

            ready = ++looks % LooksPerPoll == 0 ? Take(0) : 0;
        }

        return ready;
    }
}
