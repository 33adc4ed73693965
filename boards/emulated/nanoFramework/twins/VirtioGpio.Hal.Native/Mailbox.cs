// Mailbox, desktop twin: the natives over whatever doorbells the process has. The flashed declaration says what each promises.

using System;

namespace VirtioGpio.Hal;

/// <summary>Doorbells as a mask of bits.</summary>
public sealed class Mailbox
{
    /// <summary>The bit that says: a pin changed.</summary>
    public const int PinsChanged = 1 << 30;

    private readonly Bus bus;
    private readonly IDoorbells doorbells;

    /// <summary>Opens the mailbox of the machine that this process is.</summary>
    public Mailbox() : this(Machine.Bus, Machine.Doorbells ?? throw new InvalidOperationException("this process has no doorbells"))
    {
    }

    internal Mailbox(Bus bus, IDoorbells doorbells)
    {
        this.bus = bus;
        this.doorbells = doorbells;
    }

    /// <summary>What <see cref="IsBlocking"/> answers: no thread of the desktop is kept from running.</summary>
    internal bool Blocks { get; set; }

    /// <summary>Sleeps until a bit comes or the time is over, and takes the bits.</summary>
    public int Wait(int timeoutMs)
    {
        bus.NativeCalls++;
        return doorbells.Wait(timeoutMs);
    }

    /// <summary>Rings Linux's doorbell.</summary>
    public void Notify(int notifyId)
    {
        bus.NativeCalls++;
        doorbells.Notify(notifyId);
    }

    /// <summary>Adds bits to the mask and ends a <see cref="Wait"/>.</summary>
    public void Wake(int bits)
    {
        bus.NativeCalls++;
        doorbells.Wake(bits);
    }

    /// <summary>The time in milliseconds; it wraps.</summary>
    public int Now()
    {
        bus.NativeCalls++;
        return doorbells.Now();
    }

    /// <summary>Whether a wait blocks all managed threads.</summary>
    public bool IsBlocking()
    {
        bus.NativeCalls++;
        return Blocks;
    }
}
