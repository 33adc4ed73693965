// Mailbox, managed: doorbells without sleep: every wait ends at once. The flashed declaration says what each method promises.

namespace VirtioGpio.Hal;

/// <summary>Doorbells as a mask of bits.</summary>
public sealed class Mailbox
{
    /// <summary>The bit that says: a pin changed.</summary>
    public const int PinsChanged = 1 << 30;

    private readonly Machine machine;

    /// <summary>Opens the mailbox of a machine that nobody rings.</summary>
    public Mailbox() => machine = new Machine();

    internal Mailbox(Machine machine) => this.machine = machine;

    /// <summary>Takes the bits.</summary>
    public int Wait(int timeoutMs)
    {
        machine.NativeCalls++;
        machine.LastTimeout = timeoutMs;
        int taken = machine.Pending;
        machine.Pending = 0;
        return taken;
    }

    /// <summary>Rings Linux's doorbell.</summary>
    public void Notify(int notifyId)
    {
        machine.NativeCalls++;
        machine.Notifications[notifyId]++;
        machine.Order += notifyId.ToString();
    }

    /// <summary>Adds bits to the mask.</summary>
    public void Wake(int bits)
    {
        machine.NativeCalls++;
        machine.Pending |= bits;
    }

    /// <summary>The time in milliseconds; it wraps.</summary>
    public int Now()
    {
        machine.NativeCalls++;
        return machine.Time;
    }

    /// <summary>Whether a wait blocks all managed threads.</summary>
    public bool IsBlocking()
    {
        machine.NativeCalls++;
        return false;
    }
}
