// PortExpander: eight lines of a port beside the MCU's own, as an expander or an FPGA has it.
//
// Spec:    none: IPins over two words of memory.
// Trusts:  the memory: a native that cannot access it throws, and the request is answered ERR.
// Thread:  the service thread only.
// Memory:  about 100 bytes, and 4 a line of the device, at construction; nothing after.

using VirtioGpio.Hal;

namespace VirtioGpio.Boards.EmulatedB;

/// <summary>
/// Each bit is a quasi-bidirectional pin: 0 in the latch drives it low, 1 leaves it to its pull-up.
/// <code>
///   0  latch, written by the co-processor    4  levels, written by the port
/// </code>
/// </summary>
public sealed class PortExpander : IPins
{
    /// <summary>How many pins it has.</summary>
    public const int PinCount = 8;

    private const int AllHigh = 0xFF;

    private readonly SharedMemory memory;
    private readonly uint address;
    private readonly int[] numbers;
    private readonly int[] lineOf = new int[PinCount];
    private readonly int[] words = new int[2];
    private int watchedForRise;
    private int watchedForFall;
    private int seen;
    private int rose;
    private int fell;
    private int next;

    /// <summary>Takes the port as it is.</summary>
    /// <param name="memory">The memory in which it appears.</param>
    /// <param name="address">Its first word.</param>
    /// <param name="lines">The board's line table.</param>
    /// <param name="source">Which of the board's sources this is.</param>
    public PortExpander(SharedMemory memory, uint address, LineConfig[] lines, int source)
    {
        this.memory = memory;
        this.address = address;
        numbers = new int[lines.Length];
        for (int line = 0; line < lines.Length; line++)
        {
            LineConfig row = lines[line];
            bool isOwn = row.Source == source && row.Uses != LineUses.None && row.Pin < PinCount;
            numbers[line] = isOwn ? row.Pin : -1;
            if (isOwn)
            {
                lineOf[row.Pin] = line;
            }
        }
    }

    /// <inheritdoc/>
    public bool Open(int line, int opening) =>
        opening == Opening.AsItIs ? numbers[line] >= 0 : Drive(line, opening == Opening.Low ? 0 : 1);

    /// <inheritdoc/>
    public bool MakeInput(int line) => Drive(line, 1);

    /// <inheritdoc/>
    public bool Drive(int line, int value)
    {
        if (numbers[line] < 0)
        {
            return false;
        }

        int bit = 1 << numbers[line];
        memory.ReadWords(address, words, 1);
        memory.Store(address, value != 0 ? words[0] | bit : words[0] & ~bit, 4);
        return true;
    }

    /// <inheritdoc/>
    public bool Release(int line) => Watch(line, 0) & MakeInput(line);

    /// <inheritdoc/>
    public int Sense(int line) => numbers[line] < 0 ? -1 : ReadLevels() >> numbers[line] & 1;

    /// <inheritdoc/>
    public bool Watch(int line, int edges)
    {
        if (numbers[line] < 0)
        {
            return false;
        }

        int bit = 1 << numbers[line];
        NoteChanges();
        watchedForRise = (edges & Edge.Rising) != 0 ? watchedForRise | bit : watchedForRise & ~bit;
        watchedForFall = (edges & Edge.Falling) != 0 ? watchedForFall | bit : watchedForFall & ~bit;
        rose &= ~bit;
        fell &= ~bit;
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>It interrupts nobody: no watch is ever spent.</remarks>
    public bool Rearm(int line) => true;

    /// <inheritdoc/>
    public bool IsOpenDrain(int line) => true;

    /// <inheritdoc/>
    public int TakeEdges()
    {
        if ((watchedForRise | watchedForFall) != 0)
        {
            NoteChanges();
        }

        for (int left = (rose | fell) == 0 ? 0 : PinCount; left != 0; left--)
        {
            int pin = next;
            next = pin + 1 == PinCount ? 0 : pin + 1;
            int edges = (rose >> pin & 1) * Edge.Rising | (fell >> pin & 1) * Edge.Falling;
            if (edges != 0)
            {
                rose &= ~(1 << pin);
                fell &= ~(1 << pin);
                return lineOf[pin] << 2 | edges;
            }
        }

        return -1;
    }

    private int ReadLevels()
    {
        memory.ReadWords(address, words, 2);
        return words[1] & AllHigh;
    }

    private void NoteChanges()
    {
        int levels = ReadLevels();
        rose |= levels & ~seen & watchedForRise;
        fell |= ~levels & seen & watchedForFall;
        seen = levels;
    }
}
