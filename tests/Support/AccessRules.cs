// AccessRules: what a device may read and write while it serves a driver that keeps the rules.
//
// Spec:    VIRTIO "Split Virtqueues": the descriptor table and the available ring are the driver's to write, the used ring is the
//          device's; "a device MUST NOT write to a device-readable buffer, and SHOULD NOT read a device-writable buffer".
// Trusts:  the descriptors that stand in the rings at the moment of the access.
// Thread:  the test's.
// Memory:  a string for each access that breaks a rule.

namespace VirtioGpio.Tests.Support;

/// <summary>Judges each access of the firmware to a <see cref="TestBoard"/>, from the probe on.</summary>
public sealed class AccessRules
{
    private const int TableSize = 96;

    private readonly TestBoard board;

    /// <summary>Watches a board in place of whoever did before.</summary>
    public AccessRules(TestBoard board)
    {
        this.board = board;
        board.OnAccess = Judge;
    }

    /// <summary>The accesses that broke a rule, in words; empty if none did.</summary>
    public string Broken { get; private set; } = "";

    /// <summary>Accesses judged so far.</summary>
    public int Judged { get; private set; }

    private void Judge(uint address, int count, bool isWrite)
    {
        Judged++;
        uint sram = address - board.Wiring.SramAddress;
        int dram = (int)(address - board.Wiring.DramAddress);
        bool isSram = sram < (uint)board.Sram.Length;
        bool isPool = board.Wiring.RingPages >= 0;
        int at = isPool ? dram : (int)sram;
        bool isAllowed = (isSram && IsInTable((int)sram, count, isWrite))
            || (isPool != isSram && (IsInRing(board.Driver.Requests, at, count, isWrite) || IsInRing(board.Driver.Events, at, count, isWrite)))
            || (!isSram && IsInBuffer(board.CpuAddress(dram), count, isWrite));
        if (!isAllowed)
        {
            Broken += (isWrite ? "write of " : "read of ") + count.ToString() + " bytes at " + address.ToString("X8") + "; ";
        }
    }

    private static bool IsWithin(int start, int end, int at, int count) => at >= start && at + count <= end;

    private static bool IsInTable(int at, int count, bool isWrite)
    {
        int start = TestBoard.TableOffset;
        return !isWrite && IsWithin(start, start + TableSize, at, count);
    }

    // The used ring's flags are never written: kicks are always wanted. Between the rings lies padding, which is nobody's. The poll that finds
    // a ring elsewhere has read the one before.
    private static bool IsInRing(DriverRing ring, int at, int count, bool isWrite)
    {
        const int FlagsSize = 2;
        int padding = ring.AvailableStart + 6 + 2 * ring.Size;
        int end = ring.UsedStart + 6 + 8 * ring.Size;
        return isWrite
            ? IsWithin(padding, ring.UsedStart, at, count) || IsWithin(ring.UsedStart + FlagsSize, end, at, count)
            : IsWithin(ring.Start, end, at, count) || IsWithin(ring.Before, ring.Before + ring.Bytes, at, count);
    }

    private bool IsInBuffer(ulong address, int count, bool isWrite) =>
        board.Driver.Requests.Describes(address, count, isWrite, board) || board.Driver.Events.Describes(address, count, isWrite, board);
}
