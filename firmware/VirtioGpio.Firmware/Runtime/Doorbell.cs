// Doorbell: one notification to Linux, repeated while nothing shows that it has come.
//
// Spec:    VIRTIO "Used Buffer Notifications". A notification may be lost as a kick may: a mailbox is full, a Linux sleeps.
// Trusts:  nothing: a doorbell that was rung may never be heard.
// Thread:  the service thread only.
// Memory:  nothing after construction.

using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Runtime;

/// <summary>Rings at once, then at growing distances: after 1, 2, 4 ... ticks, 64 at most.</summary>
internal sealed class Doorbell
{
    /// <summary>Repeats until <see cref="Silence"/>.</summary>
    internal const int Endless = int.MaxValue;

    private const int LongestDistance = 64;

    /// <summary>How often it will be rung again.</summary>
    internal int Left;

    /// <summary>The notify id to ring.</summary>
    internal int NotifyId;

    private readonly Mailbox mailbox;
    private readonly int repeats;
    private int distance;
    private int ticksLeft;

    /// <summary>Makes a doorbell.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="repeats">How often it is rung again.</param>
    internal Doorbell(Mailbox mailbox, int repeats)
    {
        this.mailbox = mailbox;
        this.repeats = repeats;
    }

    /// <summary>Rings Linux.</summary>
    internal void Ring()
    {
        Left = repeats;
        distance = 1;
        ticksLeft = 1;
        mailbox.Notify(NotifyId);
    }

    /// <summary>Notes that Linux has heard it.</summary>
    internal void Silence() => Left = 0;

    /// <summary>Notes that a tick has passed.</summary>
    internal void Tick()
    {
        if (Left == 0 || --ticksLeft != 0)
        {
            return;
        }

        Left -= Left == Endless ? 0 : 1;
        distance = distance < LongestDistance ? 2 * distance : distance;
        ticksLeft = distance;
        mailbox.Notify(NotifyId);
    }
}
