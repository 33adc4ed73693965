// LineState: what the driver has made of the lines, in memory that outlives a restart of the co-processor.
//
// Spec:    none: VIRTIO knows no device that is restarted under its driver. The policy is SPEC.md's.
// Trusts:  nothing that it finds in memory; the caller's lines and heads.
// Thread:  the service thread only.
// Memory:  12 bytes per line at construction, nothing after.

using VirtioGpio.Firmware.Wire;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.State;

/// <summary>
/// A word of each line for what requests have set, and one for its event buffer. Each is written by one store, before the pin is touched or the
/// buffer used: a request in whose middle the firmware dies is carried out again, and changes nothing the second time.
/// </summary>
internal sealed class LineState
{
    /// <summary>In place of a head: no buffer is parked.</summary>
    internal const short NotParked = -1;

    /// <summary>In place of a head: the buffer was returned VALID and has not come back.</summary>
    internal const short Delivered = -2;

    // Used indexes have 16 bits. A buffer that is parked for longer gets a new one, so that the distance never comes round.
    private const int FarthestUsed = 0x4000;

    /// <summary>Whether the memory holds the state of these lines, and is kept in step with them.</summary>
    internal bool IsValid;

    /// <summary>The lines of whose edges one may have been missed while the co-processor was restarted; null once they are latched.</summary>
    internal bool[] Missed;

    private readonly SharedMemory memory;
    private readonly uint address;
    private readonly int identity;
    private readonly int[] words;
    private readonly int[] settings;
    private int nextLine;

    /// <summary>Makes the state; nothing is read or written yet.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">Its place, 4-byte aligned.</param>
    /// <param name="identity">What another build would have another of.</param>
    /// <param name="lines">How many lines there are.</param>
    internal LineState(SharedMemory memory, uint address, int identity, int lines)
    {
        this.memory = memory;
        this.address = address;
        this.identity = identity;
        words = new int[StateLayout.WordsOf(lines)];
        settings = new int[lines];
    }

    /// <summary>Whether no request of the driver has set anything, and no buffer was ever parked.</summary>
    internal bool IsClean
    {
        get
        {
            int found = 0;
            for (int line = 0; line < settings.Length; line++)
            {
                found |= settings[line] & ~StateLayout.RestBits | words[StateLayout.BufferOf(line)];
            }

            return found == 0;
        }
    }

    /// <summary>Reads the memory in one piece and judges it. What is not the state of these lines is marked as none.</summary>
    internal void Read()
    {
        memory.ReadWords(address, words, words.Length);
        IsValid = words[StateLayout.MagicWord] == StateLayout.Magic && words[StateLayout.IdentityWord] == identity
            && words[StateLayout.LineCountWord] == settings.Length;
        for (int line = 0; line < settings.Length; line++)
        {
            int word = words[StateLayout.SettingOf(line)];
            settings[line] = word & 0xFFFF;
            IsValid &= word == WordOf(settings[line]) && IsSound(settings[line]);
        }

        if (!IsValid && words[StateLayout.MagicWord] != 0)
        {
            Invalidate();
        }
    }

    /// <summary>Notes that the memory no longer says what the driver has made of the lines, until <see cref="Clear"/>.</summary>
    internal void Invalidate()
    {
        IsValid = false;
        Missed = null;
        memory.Store(address, 0, 4);
    }

    /// <summary>No line has a direction; what its pin does without one is as noted.</summary>
    internal void Clear()
    {
        bool isNew = !IsValid;
        Missed = null;
        if (isNew)
        {
            memory.Store(address, 0, 4);
            Put(StateLayout.IdentityWord, identity, true);
            Put(StateLayout.LineCountWord, settings.Length, true);
        }

        for (int line = 0; line < settings.Length; line++)
        {
            settings[line] &= StateLayout.RestBits;
            Put(StateLayout.SettingOf(line), WordOf(settings[line]), isNew);
            Put(StateLayout.BufferOf(line), StateLayout.NotParked, isNew);
        }

        if (isNew)
        {
            Put(StateLayout.MagicWord, StateLayout.Magic, true);
            IsValid = true;
        }
    }

    /// <summary>The line's direction.</summary>
    internal int DirectionOf(int line) => settings[line] & StateLayout.DirectionBits;

    /// <summary>The value that the line drives as an output.</summary>
    internal int ValueOf(int line) => settings[line] >> StateLayout.ValueShift & 1;

    /// <summary>What the line's pin does without a direction.</summary>
    internal int RestOf(int line) => settings[line] & StateLayout.RestBits;

    /// <summary>The line's trigger.</summary>
    internal int TriggerOf(int line) => settings[line] >> StateLayout.TriggerShift;

    /// <summary>Notes what a request sets; <see cref="Store"/> follows.</summary>
    /// <param name="line">The line.</param>
    /// <param name="direction">Its direction; if it has none, what its pin does without one.</param>
    /// <param name="value">The value that was set.</param>
    internal void SetLine(int line, int direction, int value) =>
        settings[line] = settings[line] & ~StateLayout.LineBits | direction | value << StateLayout.ValueShift;

    /// <summary>Notes the line's trigger; <see cref="Store"/> follows, at once or with what is noted next.</summary>
    internal void SetTrigger(int line, int trigger) =>
        settings[line] = settings[line] & StateLayout.LineBits | trigger << StateLayout.TriggerShift;

    /// <summary>Stores what was noted of the line, if it is anything new.</summary>
    internal void Store(int line)
    {
        if (IsValid)
        {
            Put(StateLayout.SettingOf(line), WordOf(settings[line]), false);
        }
    }

    /// <summary>The head of the line's parked buffer as far as it was stored; or one of the two constants.</summary>
    internal int HeadOf(int line)
    {
        int word = words[StateLayout.BufferOf(line)];
        return (word & StateLayout.Parked) != 0 ? word & StateLayout.HeadBits : word == StateLayout.NotParked ? NotParked : Delivered;
    }

    /// <summary>The used index when that buffer was parked, or at a later time at which it still was.</summary>
    internal int UsedIndexOf(int line) => (words[StateLayout.BufferOf(line)] >> 16) & 0xFFFF;

    /// <summary>Stores the line's event buffer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="head">Its chain's head, or one of the two constants.</param>
    /// <param name="usedIndex">The used index now.</param>
    internal void StoreBuffer(int line, int head, int usedIndex)
    {
        if (IsValid)
        {
            int word = head >= 0 ? usedIndex << 16 | StateLayout.Parked | head : head == Delivered ? StateLayout.Delivered : StateLayout.NotParked;
            Put(StateLayout.BufferOf(line), word, false);
        }
    }

    /// <summary>The line whose event buffer is to be looked at next, round and round.</summary>
    internal int TakeNextLine()
    {
        int line = nextLine;
        nextLine = line + 1 == settings.Length ? 0 : line + 1;
        return line;
    }

    /// <summary>
    /// Stores what has become of the line's event buffer, if that is due: it was returned, or it has been parked for long. To be called for each
    /// line before as many buffers are returned as the used ring shows.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="head">The head of its parked buffer, or one of the two constants.</param>
    /// <param name="usedIndex">The used index now.</param>
    internal void UpdateBuffer(int line, int head, int usedIndex)
    {
        int word = words[StateLayout.BufferOf(line)];
        if (head < 0 || ((usedIndex - (word >> 16)) & 0xFFFF) >= FarthestUsed)
        {
            StoreBuffer(line, head, usedIndex);
        }
    }

    private static int WordOf(int setting) => setting | ~setting << 16;

    private static bool IsSound(int setting)
    {
        int direction = setting & StateLayout.DirectionBits;
        int trigger = setting >> StateLayout.TriggerShift;
        int type = trigger & ~StateLayout.TriggerRejected;
        bool isType = type <= GpioMessages.IrqTypeLevelHigh || type == GpioMessages.IrqTypeLevelLow;
        bool isEnabled = trigger == type && type != GpioMessages.IrqTypeNone;
        return (setting & ~StateLayout.SettingBits) == 0 && direction <= GpioMessages.DirectionIn && isType
            && !(isEnabled && direction == GpioMessages.DirectionNone)
            && ((setting & StateLayout.RestBits) == 0 || direction == GpioMessages.DirectionNone);
    }

    private void Put(int at, int word, bool isForced)
    {
        if (isForced || words[at] != word)
        {
            memory.Store(address + (uint)(4 * at), word, 4);
            words[at] = word;
        }
    }
}
