// LinuxState: what Linux does, as the SoC says: it runs, it sleeps, it is down.
//
// Spec:    none: VIRTIO knows no driver that sleeps. The policy is SPEC.md's.
// Trusts:  nothing: a word that says nothing known says that Linux runs, and it may change at any time.
// Thread:  the service thread only.
// Memory:  about 50 bytes at construction, nothing after.

using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Remoteproc;

/// <summary>
/// Two words that stay accessible: the SoC stores what Linux does in the first and rings; the firmware stores in the second what it has seen.
/// Each has one writer. Linux, which stores and then looks at the second, and the firmware, which stores and then looks at the first again,
/// cannot miss each other: where the second word says anything but 0, the firmware accesses nothing of Linux's.
/// </summary>
internal sealed class LinuxState
{
    /// <summary>Linux runs.</summary>
    internal const int Running = 0;

    /// <summary>Linux sleeps, or is about to.</summary>
    internal const int Sleeping = 1;

    /// <summary>There is no Linux: it has crashed, or is being restarted.</summary>
    internal const int Down = 2;

    private const uint SeenAt = 4;

    private readonly SharedMemory memory;
    private readonly uint address;
    private readonly int[] word = new int[1];

    // None of the states: the word of an earlier run is not this one's.
    private int seen = -1;

    /// <summary>Makes it; nothing is read yet.</summary>
    /// <param name="memory">The shared memory.</param>
    /// <param name="address">Of the two words.</param>
    internal LinuxState(SharedMemory memory, uint address)
    {
        this.memory = memory;
        this.address = address;
    }

    /// <summary>Whether Linux was found down when last looked at.</summary>
    internal bool IsDown => seen == Down;

    /// <summary>Whether what Linux does has changed while it was noted. The doorbell behind that may be lost.</summary>
    internal bool HasChanged => Judge() != seen;

    /// <summary>Looks what Linux does, and says in the second word what was seen.</summary>
    /// <returns>Whether it runs. If not, nothing of Linux's may be accessed before the next look.</returns>
    internal bool Runs()
    {
        memory.ReadWords(address, word, 1);
        return word[0] == seen ? seen == Running : Note();
    }

    // What Linux does may have changed back meanwhile.
    private bool Note()
    {
        int state = Judge();
        if (state != seen)
        {
            memory.Store(address + SeenAt, state, 4);
            seen = state;
            memory.ReadWords(address, word, 1);
        }

        return state == Running && Judge() == Running;
    }

    private int Judge() => word[0] == Sleeping || word[0] == Down ? word[0] : Running;
}
