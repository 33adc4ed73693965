// SleepingLinux: what the SoC does with the two words by which it says that Linux sleeps.

using System;
using VirtioGpio.Firmware;

namespace VirtioGpio.Tests.Support;

/// <summary>A <see cref="TestBoard"/> whose Linux may sleep.</summary>
public static class SleepingLinux
{
    /// <summary>What the SoC says: Linux runs.</summary>
    public const int Runs = 0;

    /// <summary>Linux sleeps.</summary>
    public const int Sleeps = 1;

    /// <summary>There is none.</summary>
    public const int Down = 2;

    /// <summary>The doorbell that tells of a change; the firmware asks by it to recover.</summary>
    public const int Control = 2;

    /// <summary>The doorbell that wakes Linux.</summary>
    public const int Wake = 5;

    /// <summary>The tick while Linux runs.</summary>
    public const int Tick = 700;

    /// <summary>The tick while it sleeps.</summary>
    public const int SleepTick = 5000;

    /// <summary>Offset in SRAM of the SoC's word; the firmware's is behind it.</summary>
    public const int StateAt = 0x100;

    private static uint stray;

    /// <summary>Tells the firmware of the words.</summary>
    public static void Describe(GpioBoard board)
    {
        board.LinuxStateAddress = TestBoard.SramAddress + StateAt;
        board.WakeNotifyId = Wake;
        board.RestartNotifyId = Control;
        board.TickMs = Tick;
        board.SleepTickMs = SleepTick;
    }

    /// <summary>As the SoC does: the word, then the doorbell.</summary>
    public static void Tell(TestBoard board, int state)
    {
        board.Sram[StateAt] = (byte)state;
        board.RingCore(Control);
    }

    /// <summary>A turn that a doorbell has called for: no tick.</summary>
    public static void Call(TestBoard board)
    {
        board.RingCore(Control);
        board.Turn();
    }

    /// <summary>Looks out for accesses to Linux's memory while the firmware says that Linux does not run; <see cref="Unwatch"/> fails if there were any.</summary>
    public static void Watch(TestBoard board)
    {
        stray = 0;
        board.OnAccess = (address, count, isWrite) => See(board, address);
    }

    /// <summary>Sees an access. It does not throw: the firmware would take that for memory that fails, and go on.</summary>
    public static void See(TestBoard board, uint address)
    {
        if (board.Sram[StateAt + 4] != Runs && IsLinuxs(address - TestBoard.SramAddress))
        {
            stray = address;
        }
    }

    /// <summary>Looks out no more.</summary>
    /// <exception cref="InvalidOperationException">There was such an access.</exception>
    public static void Unwatch(TestBoard board)
    {
        board.OnAccess = null;
        uint found = stray;
        stray = 0;
        if (found != 0)
        {
            throw new InvalidOperationException($"an access to {found:x} while Linux does not run");
        }
    }

    private static bool IsLinuxs(uint offset) =>
        offset is >= TestBoard.TableOffset and (< TestBoard.StateOffset or >= TestBoard.TraceOffset);

    /// <summary>Linux goes to sleep: the firmware sees it in a turn, and must not access Linux's memory from then on.</summary>
    public static void FallAsleep(TestBoard board)
    {
        Tell(board, Sleeps);
        board.Turn();
        Watch(board);
    }
}
