// TestDoorbells: a mailbox without sleep: every wait ends at once.

using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

internal sealed class TestDoorbells : IDoorbells
{
    private readonly char[] order = new char[256];
    private int rung;
    private int pending;

    internal int[] Notifications { get; } = new int[32];

    /// <summary>The first 256 notify ids, a digit each.</summary>
    internal string Order => new(order, 0, rung);

    internal int LastTimeout { get; private set; }

    /// <summary>The time, which only a test lets pass.</summary>
    internal int Time { get; set; }

    public int Wait(int timeoutMs)
    {
        int taken = pending;
        pending = 0;
        LastTimeout = timeoutMs;
        return taken;
    }

    public void Notify(int notifyId)
    {
        Notifications[notifyId]++;
        if (rung < order.Length)
        {
            order[rung++] = (char)('0' + notifyId);
        }
    }

    public void Wake(int bits) => pending |= bits;

    public int Now() => Time;
}
