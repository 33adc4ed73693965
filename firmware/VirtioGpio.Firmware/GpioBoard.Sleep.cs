// GpioBoard.Sleep: what the firmware is told of a Linux that sleeps.
//
// Spec:    none: VIRTIO knows no driver that sleeps. The policy is SPEC.md's.
// Trusts:  nothing: CheckAreas refuses a place that is not these words' alone.
// Thread:  while starting.
// Memory:  the board's.

using System;
using VirtioGpio.Firmware.Wire;

namespace VirtioGpio.Firmware;

/// <content>Sleep and wake of Linux.</content>
public sealed partial class GpioBoard
{
    private const int LongestTickMs = 60000;

    /// <summary>Bytes of the two words at <see cref="LinuxStateAddress"/>.</summary>
    internal const uint LinuxStateSize = 8;

    /// <summary>
    /// Two 32-bit words by which the SoC says what Linux does: 4-byte aligned, apart from all else, in memory that can be accessed while
    /// Linux sleeps. The first is the SoC's: 0 Linux runs, 1 it sleeps or is about to, 2 it is down; it rings any doorbell after each change.
    /// The second is the firmware's: what it has seen of that. Where it says 1 or 2, the firmware accesses neither table, rings, trace nor windows.
    /// 0, the default: there are none, and Linux always runs.
    /// </summary>
    public uint LinuxStateAddress { get; set; }

    /// <summary>
    /// The mailbox id, 0 to 29, that wakes a sleeping Linux, for an interrupt of a line whose row says so; negative, the default, if there is none.
    /// </summary>
    public int WakeNotifyId { get; set; } = -1;

    /// <summary>
    /// Milliseconds of a tick, 1 to 60,000: how long the firmware rests at most while Linux runs. What a port or a mailbox has lost is made
    /// up for at a tick.
    /// </summary>
    public int TickMs { get; set; } = 1000;

    /// <summary>
    /// The same while Linux sleeps; -1, the default: without limit. For a mailbox that may lose the doorbell which tells of the end of the sleep.
    /// </summary>
    public int SleepTickMs { get; set; } = -1;

    /// <summary>Which lines wake Linux, by line; null: none.</summary>
    internal bool[] FindWakingLines()
    {
        if (WakeNotifyId < 0)
        {
            return null;
        }

        bool[] wakes = new bool[Lines.Length];
        for (int line = 0; line < wakes.Length; line++)
        {
            wakes[line] = Lines[line].Wakes;
        }

        return wakes;
    }

    private void CheckSleep()
    {
        CheckTicks();
        if (WakeNotifyId > ResourceTableLayout.LargestNotifyId)
        {
            throw new ArgumentException("wake notify id " + WakeNotifyId.ToString() + ": at most 29");
        }

        CheckWakingLines();
    }

    private void CheckTicks()
    {
        if (TickMs < 1 || TickMs > LongestTickMs)
        {
            throw new ArgumentException("tick " + TickMs.ToString() + " ms: 1 to 60000");
        }

        if (SleepTickMs != -1 && (SleepTickMs < 1 || SleepTickMs > LongestTickMs))
        {
            throw new ArgumentException("sleep tick " + SleepTickMs.ToString() + " ms: -1, or 1 to 60000");
        }
    }

    private void CheckWakingLines()
    {
        for (int line = 0; line < Lines.Length; line++)
        {
            if (Lines[line].Wakes && (WakeNotifyId < 0 || LinuxStateAddress == 0))
            {
                throw new ArgumentException(Lines[line].Describe(line) + "Wakes: the board has no LinuxStateAddress or no WakeNotifyId");
            }
        }
    }
}
