// HostileDriver: a driver that does what its bytes say. Every byte string is a program, so whatever a generator, a corpus file
// or a mutation makes of it can be run and replayed.

using System;
using VirtioGpio.Firmware;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

/// <summary>Runs programs against a board, and watches every access that the firmware makes.</summary>
internal sealed class HostileDriver
{
    /// <summary>More accesses than any turn of an honest loop can make: beyond it the firmware hangs.</summary>
    internal const int MostAccessesATurn = 50_000;

    /// <summary>Turns after which a device that nobody disturbs must rest: the ring can hold as many chains as three turns take.</summary>
    private const int MostTurnsToRest = 8;

    private const int Indirect = 1 << 28;
    private const int Control = 2;
    private const int IndirectTableAt = 0x20000;
    private readonly TestBoard board;
    private readonly byte[] cleanTable = new byte[96];
    private readonly int features;
    private readonly bool isPool;
    private byte[] program = [];
    private int at;
    private int accesses;
    private int accessesUntilFlip = -1;
    private string? violation;
    private bool isStarting;
    private bool isTableChanged;
    private int polledStatus;

    /// <summary>Powers a board on and probes.</summary>
    /// <param name="indirect">Whether the board offers indirect descriptors.</param>
    /// <param name="isPool">Whether rings and buffers lie in one pool.</param>
    internal HostileDriver(bool indirect, bool isPool)
    {
        this.isPool = isPool;
        features = 1 | (indirect ? Indirect : 0);
        void Configure(GpioBoard b)
        {
            b.OffersIndirect = indirect;
            b.RestartNotifyId = Control;
        }

        board = isPool ? PoolBoard.Start(Configure) : new TestBoard(configure: Configure);
        Array.Copy(board.Sram, TestBoard.TableOffset, cleanTable, 0, cleanTable.Length);
        board.OnAccess = Watch;
        board.Driver.ProbeAndTurn(features);
    }

    /// <summary>Accesses to shared memory so far.</summary>
    internal long Accesses => board.MemoryAccesses;

    /// <summary>Faults that the firmware traced so far.</summary>
    internal int Faults => board.Firmware.Trace.Count;

    /// <summary>Runs a program, then probes as a good driver does.</summary>
    /// <returns>What the firmware did that it must not do; null if nothing.</returns>
    internal string? Run(byte[] bytes)
    {
        program = bytes;
        at = 0;
        accessesUntilFlip = -1;
        isTableChanged = false;
        violation = null;
        while (at < program.Length && violation is null)
        {
            Act(Next() % 16);
        }

        accessesUntilFlip = -1;
        violation ??= Rests();
        Array.Copy(cleanTable, 0, board.Sram, TestBoard.TableOffset, cleanTable.Length);
        return violation ?? Serves() ?? violation;
    }

    private void Act(int what)
    {
        DriverRing ring = (Next() & 1) == 0 ? board.Driver.Requests : board.Driver.Events;
        switch (what)
        {
            case 0:
            case 1:
                ring.Describe(Next() % ring.Size, Address(), Length(), Next() & 7, Next() % 40 == 39 ? Word() : Next() % ring.Size);
                break;
            case 2:
                ring.Offer(Next() % 8 == 7 ? Word() : Next() % ring.Size);
                break;
            case 3:
                ring.AvailableIndex = Next() % 4 == 3 ? Word() : ring.AvailableIndex + Next() % 5;
                break;
            case 4:
                ring.UsedEvent = Word();
                ring.AvailableFlags = Next();
                break;
            case 5:
                board.Driver.DeviceStatus = new[] { 0, 1, 3, 7, 7, 7, 7 | 64, 7 | 128 }[Next() % 8];
                break;
            case 6:
                board.Driver.Send(Next() % 9, Next() % 10, (uint)Next() % 9, Next() % 10, Next() % 4);
                break;
            case 7:
                board.Driver.OfferEvent(Next() % (ring.Size / 2), Next() % 10, Next() % 4, Next() % 3);
                break;
            case 8:
                board.Drive(Next() % 8, (Next() & 1) == 0);
                break;
            case 9:
                Array.Copy(cleanTable, 0, board.Sram, TestBoard.TableOffset, cleanTable.Length);
                board.Driver.Probe(features & (Next() | 1 | Next() << 28));
                break;
            case 10:
                Flip();
                break;
            case 11:
                accessesUntilFlip = Next();
                break;
            case 12:
                isTableChanged = true;
                board.Driver.PutTable(4 * (Next() % 24), (uint)Word() << 16 | (uint)Word());
                break;
            case 13:
                DriverRing.DescribeAt(board.Dram, IndirectTableAt + 16 * (Next() % 8), Address(), Length(), Next() & 7, Next() % 9);
                break;
            case 14 when Next() % 8 == 0:
                isStarting = true;
                board.StartFirmware();
                isStarting = false;
                break;
            default:
                Turn();
                break;
        }
    }

    private void Turn()
    {
        accesses = 0;
        int before = board.Firmware.Trace.Count;
        board.Turn();
        int ago = Traced.Ago(board.Firmware, VirtioGpio.Firmware.Trace.Fault.Unexpected);
        if (ago >= 0 && ago < board.Firmware.Trace.Count - before)
        {
            violation ??= "an exception reached the service loop";
        }
    }

    // "After a turn in which neither side did anything, the next wait is a full tick", whatever is in the rings.
    private string? Rests()
    {
        for (int turn = 0; turn < MostTurnsToRest; turn++)
        {
            Turn();
        }

        Turn();
        return board.LastTimeout == 1000 ? null : $"the device does not come to rest in {MostTurnsToRest} turns";
    }

    private string? Serves()
    {
        Turn();
        board.Driver.ProbeAndTurn(features);
        Turn();
        for (int line = 0; line < 8; line++)
        {
            if (board.Driver.Request(Gpio.GetDirection, line) != Gpio.None)
            {
                return $"after a reset line {line} is not idle, or its request was lost (used length {board.Driver.Length})";
            }
        }

        board.Drive(1, false);
        board.Driver.Request(Gpio.SetIrqType, 1, Gpio.Rising);
        board.Driver.Unmask(1);
        board.Drive(1, true);
        Turn();
        return board.Driver.TakeEvent() == (1 << 8 | Gpio.Valid) ? null : "after a reset an event was lost";
    }

    // In SRAM nothing but the table and the regions of the rings may be read, nothing but the status byte and those regions written.
    // Everything else on the bus is memory of the driver; the bus itself refuses what is no memory at all. Of a pool that holds the rings
    // the driver's part of them may not be written, unless the driver has said that its rings are elsewhere.
    private void Watch(uint address, int count, bool isWrite)
    {
        if (++accesses > MostAccessesATurn)
        {
            violation ??= $"more than {MostAccessesATurn} accesses in one turn";
            throw new InvalidOperationException("the firmware hangs: this ends its turn");
        }

        bool isAllowed = address < TestBoard.SramAddress + 0x1000000
            ? IsAllowed((int)(address - TestBoard.SramAddress), count, isWrite)
            : !isPool || IsAllowedInPool((int)(address - PoolBoard.LocalAddress), count, isWrite);
        if (!isAllowed)
        {
            violation ??= $"{(isWrite ? "write" : "read")} of {count} bytes at 0x{address:X8}";
        }

        if (accessesUntilFlip >= 0 && accessesUntilFlip-- == 0)
        {
            Flip();
        }
    }

    private bool IsAllowed(int offset, int count, bool isWrite)
    {
        if (offset >= TestBoard.TableOffset && offset + count <= TestBoard.TableOffset + 96)
        {
            // All of the table is written at the start, and when the driver of another firmware's table has gone; else it may be restored,
            // but for what is Linux's to write.
            bool isStatus = offset == TestBoard.TableOffset + 44 && count == 1;
            polledStatus = isStatus ? board.Driver.DeviceStatus : polledStatus;
            return !isWrite || isStarting || (polledStatus & ~1) == 0 || !IsDriverWritten(offset - TestBoard.TableOffset);
        }

        if (isStarting && !isWrite && offset == TestBoard.TableOffset + (int)board.Description.TableSize - 1)
        {
            return true;
        }

        return !isPool && IsInAnyRegion(offset, count);
    }

    private bool IsAllowedInPool(int offset, int count, bool isWrite) =>
        offset + count <= PoolBoard.Size
        && (!isWrite || isTableChanged || (IsBesideFront(board.Driver.Requests, offset, count) && IsBesideFront(board.Driver.Events, offset, count)));

    private static bool IsBesideFront(DriverRing ring, int offset, int count) =>
        offset + count <= ring.Start || offset >= ring.AvailableStart + 6 + 2 * ring.Size;

    private static bool IsInAnyRegion(int offset, int count)
    {
        return IsInRegion(TestBoard.RequestRingOffset, offset, count) || IsInRegion(TestBoard.EventRingOffset, offset, count);
    }

    private static bool IsDriverWritten(int at) =>
        at is >= 36 and < 40 or 44 or >= 48 and < 52 or >= 60 and < 72 or >= 80 and < 88;

    private static bool IsInRegion(int region, int offset, int count) => offset >= region && offset + count <= region + TestBoard.RingRegionSize;

    private void Flip()
    {
        DriverRing ring = (Next() & 1) == 0 ? board.Driver.Requests : board.Driver.Events;
        int place = Word();
        bool isTable = (place & 0x8000) != 0;
        byte[] memory = isPool && !isTable ? board.Dram : board.Sram;
        isTableChanged |= isTable;
        memory[isTable ? TestBoard.TableOffset + place % 96 : ring.Start + place % ring.Bytes] ^= (byte)(1 << (Next() & 7));
    }

    private ulong Address() => (Next() % 12) switch
    {
        0 => board.CpuAddress(0) - 1,
        1 => board.CpuAddress((isPool ? PoolBoard.Size : board.Dram.Length) - 1),
        2 => 0,
        3 when isPool => board.CpuAddress(((Next() & 1) == 0 ? board.Driver.Requests : board.Driver.Events).Start + Word() % 1024),
        3 => TestBoard.SramAddress + (ulong)Word(),
        4 => ulong.MaxValue - (ulong)Next(),
        5 => board.CpuAddress(0) & 0xFFFFFFFF,
        6 => 0x40000000 + (ulong)Word(),
        7 or 8 => board.CpuAddress(IndirectTableAt) + (ulong)(16 * (Next() % 8)),
        _ => board.Driver.SlotAddress(Next() % 64),
    };

    private uint Length() => (Next() % 10) switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 0xFFFFFFFF,
        4 => 0x80000000,
        5 => (uint)Word(),
        6 => 16u * (uint)(Next() % 8),
        _ => 8,
    };

    private int Word() => Next() | Next() << 8;

    private int Next() => at < program.Length ? program[at++] : 0;
}
