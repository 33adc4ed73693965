// DriverRing: the driver's half of one split virtqueue in the legacy layout, on a plain array.
//
// Spec:    VIRTIO "Split Virtqueues", "Legacy Interfaces: A Note on Virtqueue Layout". Written from the specification, not from
//          the firmware: it shares no constant with it.
// Trusts:  the test; every method also does what a good driver never would, if it is told to.
// Thread:  the test's.
// Memory:  none of its own.

namespace VirtioGpio.Tests.Support;

/// <summary>Descriptors, available ring and used ring as the driver sees them.</summary>
public sealed class DriverRing
{
    /// <summary>VIRTQ_DESC_F_NEXT.</summary>
    public const int Next = 1;

    /// <summary>VIRTQ_DESC_F_WRITE.</summary>
    public const int Write = 2;

    /// <summary>VIRTQ_DESC_F_INDIRECT.</summary>
    public const int Indirect = 4;

    private readonly byte[] memory;
    private readonly int align;
    private int start;
    private int lastUsed;

    /// <summary>Lays a ring over memory.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="start">Index of the ring's first byte.</param>
    /// <param name="size">Descriptors.</param>
    /// <param name="align">Alignment of the used ring.</param>
    public DriverRing(byte[] memory, int start, int size, int align)
    {
        this.memory = memory;
        this.start = start;
        Before = start;
        Size = size;
        this.align = align;
    }

    /// <summary>Descriptors.</summary>
    public int Size { get; }

    /// <summary>Index of the ring's first byte.</summary>
    public int Start => start;

    /// <summary>Index of its first byte before it was moved.</summary>
    public int Before { get; private set; }

    /// <summary>Bytes of the whole ring.</summary>
    public int Bytes => UsedStart - start + 6 + 8 * Size;

    /// <summary>Index of the available ring's first byte.</summary>
    public int AvailableStart => start + 16 * Size;

    /// <summary>Index of the used ring's first byte.</summary>
    public int UsedStart => start + (((18 * Size) + 6 + align - 1) & ~(align - 1));

    /// <summary>The available index, as the device sees it.</summary>
    public int AvailableIndex
    {
        get => Get16(AvailableStart + 2);
        set => Put16(AvailableStart + 2, value);
    }

    /// <summary>The used index.</summary>
    public int UsedIndex => Get16(UsedStart + 2);

    /// <summary>The available ring's flags: 1 = no notification wanted.</summary>
    public int AvailableFlags
    {
        set => Put16(AvailableStart, value);
    }

    /// <summary>used_event, behind the available ring: the driver wants to be told when the element of this index is used.</summary>
    public int UsedEvent
    {
        set => Put16(AvailableStart + 4 + 2 * Size, value);
    }

    /// <summary>avail_event, behind the used ring: the device wants to be told when the entry of this index is available.</summary>
    public int AvailableEvent => Get16(UsedStart + 4 + 8 * Size);

    /// <summary>Moves the ring, as a driver does whose memory for rings comes from elsewhere at each attach; <see cref="Clear"/> follows.</summary>
    /// <param name="index">Index of the ring's new first byte. What was there stays, and so does the old ring.</param>
    public void MoveTo(int index)
    {
        Before = start;
        start = index;
    }

    /// <summary>Makes the ring anew, as a driver does at each probe.</summary>
    public void Clear()
    {
        for (int i = 0; i < Bytes; i++)
        {
            memory[start + i] = 0;
        }

        lastUsed = 0;
    }

    /// <summary>Fills a descriptor.</summary>
    public void Describe(int index, ulong address, uint length, int flags, int next)
    {
        DescribeAt(memory, start + 16 * index, address, length, flags, next);
    }

    /// <summary>Offers a chain.</summary>
    public void Offer(int head)
    {
        Put16(AvailableStart + 4 + 2 * (AvailableIndex & (Size - 1)), head);
        AvailableIndex = (AvailableIndex + 1) & 0xFFFF;
    }

    /// <summary>Whether there is a used element to take.</summary>
    public bool HasUsed => UsedIndex != lastUsed;

    /// <summary>Takes the next used element.</summary>
    /// <param name="head">Its id.</param>
    /// <param name="length">Its len.</param>
    /// <returns>Whether there is one.</returns>
    public bool TakeUsed(out int head, out int length)
    {
        head = -1;
        length = -1;
        if (UsedIndex == lastUsed)
        {
            return false;
        }

        int at = UsedStart + 4 + 8 * (lastUsed & (Size - 1));
        head = (int)Get32(at);
        length = (int)Get32(at + 4);
        lastUsed = (lastUsed + 1) & 0xFFFF;
        return true;
    }

    /// <summary>Fills a descriptor that lies elsewhere: in an indirect table.</summary>
    /// <param name="table">The memory that holds the table.</param>
    /// <param name="at">Index of the descriptor's first byte.</param>
    /// <param name="address">Its addr.</param>
    /// <param name="length">Its len.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="next">Its next.</param>
    public static void DescribeAt(byte[] table, int at, ulong address, uint length, int flags, int next)
    {
        for (int i = 0; i < 8; i++)
        {
            table[at + i] = (byte)(address >> (8 * i));
        }

        for (int i = 0; i < 4; i++)
        {
            table[at + 8 + i] = (byte)(length >> (8 * i));
        }

        table[at + 12] = (byte)flags;
        table[at + 13] = (byte)(flags >> 8);
        table[at + 14] = (byte)next;
        table[at + 15] = (byte)(next >> 8);
    }

    /// <summary>Whether bytes lie in a buffer of the ring's descriptors, or of the indirect tables that they refer to.</summary>
    /// <param name="address">The first byte, as the application CPU sees it.</param>
    /// <param name="count">How many.</param>
    /// <param name="isWrite">Whether the buffer must be device-writable; else it must be device-readable.</param>
    /// <param name="board">The board in whose DRAM the tables lie.</param>
    public bool Describes(ulong address, int count, bool isWrite, TestBoard board)
    {
        for (int i = 0; i < Size; i++)
        {
            int at = start + 16 * i;
            if (DescribesAt(memory, at, address, count, isWrite))
            {
                return true;
            }

            if ((Get16At(memory, at + 12) & Indirect) == 0)
            {
                continue;
            }

            int table = (int)(Get64At(memory, at) - board.CpuAddress(0));
            for (int entry = 0; entry < (int)Get32At(memory, at + 8); entry += 16)
            {
                if (DescribesAt(board.Dram, table + entry, address, count, isWrite))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // An indirect table is the driver's, whatever its write flag.
    private static bool DescribesAt(byte[] table, int at, ulong address, int count, bool isWrite)
    {
        int flags = Get16At(table, at + 12);
        ulong offset = address - Get64At(table, at);
        uint length = Get32At(table, at + 8);
        bool isWritable = (flags & (Write | Indirect)) == Write;
        return isWritable == isWrite && offset < length && (uint)count <= length - offset;
    }

    private static int Get16At(byte[] bytes, int at) => bytes[at] | bytes[at + 1] << 8;

    private static uint Get32At(byte[] bytes, int at) => (uint)(Get16At(bytes, at) | Get16At(bytes, at + 2) << 16);

    private static ulong Get64At(byte[] bytes, int at) => Get32At(bytes, at) | (ulong)Get32At(bytes, at + 4) << 32;

    private int Get16(int at) => Get16At(memory, at);

    private uint Get32(int at) => Get32At(memory, at);

    private void Put16(int at, int value)
    {
        memory[at] = (byte)value;
        memory[at + 1] = (byte)(value >> 8);
    }
}
