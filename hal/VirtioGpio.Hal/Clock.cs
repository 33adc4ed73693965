// Clock: the time, for those who may not know the mailbox.
//
// Spec:    none.
// Trusts:  nothing: a clock that jumps ends a time early, and never makes it longer.
// Thread:  the service thread only.
// Memory:  nothing after construction.

namespace VirtioGpio.Hal;

/// <summary>Milliseconds by <see cref="Mailbox.Now"/>.</summary>
public sealed class Clock
{
    private readonly Mailbox mailbox;

    /// <summary>Makes the clock.</summary>
    /// <param name="mailbox">What has the time.</param>
    public Clock(Mailbox mailbox)
    {
        this.mailbox = mailbox;
    }

    /// <summary>The time since some moment in the past, in milliseconds; it wraps.</summary>
    public int Now() => mailbox.Now();
}
