// Mailbox: the doorbells between the two CPUs, and the only place where the service thread sleeps, and learns the time.
//
// Spec:    VIRTIO "Available Buffer Notifications", "Used Buffer Notifications"; carried by the SoC's mailbox.
// Trusts:  nothing. A doorbell may come twice, late, for nothing, or not at all; it says no more than "look".
// Thread:  Wait and Notify the service thread only; Wake any thread.
// Memory:  no allocation.

using System.Runtime.CompilerServices;

namespace VirtioGpio.Hal;

/// <summary>Doorbells as a mask of bits. A bit set twice before it is taken counts once, so nothing can overflow.</summary>
public sealed class Mailbox
{
    /// <summary>The bit that says: a pin changed (see <see cref="Wake"/>).</summary>
    public const int PinsChanged = 1 << 30;

    /// <summary>Sleeps until a doorbell rings, <see cref="Wake"/> is called, or the time is over; takes the bits.</summary>
    /// <param name="timeoutMs">Milliseconds; 0 only polls, -1 waits without end.</param>
    /// <returns>The bits that came: bit n (0 to 29) for the doorbell of notify id n. 0 when the time is over.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Wait(int timeoutMs);

    /// <summary>Rings Linux's doorbell. What was written to shared memory before is visible to Linux when it looks.</summary>
    /// <param name="notifyId">The notify id that Linux wrote into the resource table, 0 to 29.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Notify(int notifyId);

    /// <summary>Adds bits to the mask and ends a <see cref="Wait"/>, so that a pin's callback joins the one wait.</summary>
    /// <param name="bits">The bits to add.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern void Wake(int bits);

    /// <summary>The time since some moment in the past, in milliseconds; it wraps.</summary>
    /// <returns>Milliseconds.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Now();

    /// <summary>Whether <see cref="Wait"/> blocks all managed threads, and not only the one that calls it: what another one would add to the mask comes at its end.</summary>
    /// <returns>Whether it does.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool IsBlocking();
}
