// VirtualPins: lines without a pin, whose level the board's program sets.
//
// Spec:    none: IPins without hardware.
// Trusts:  the board's program: one thread sets a line.
// Thread:  Set on any thread, each line on one; IPins on the service thread.
// Memory:  13 bytes a line of the source at construction, and 4 for each line of the device; nothing after.

using System;

namespace VirtioGpio.Hal;

/// <summary>
/// A source of lines that Linux reads, and by whose edges it is told: that a self-test has passed, that a supply is low. Linux cannot drive one. The
/// rows number their pins from 0.
/// </summary>
public sealed class VirtualPins : IPins
{
    private readonly Mailbox mailbox;

    // By line; negative: a reserved line, or one of another source.
    private readonly int[] numbers;
    private readonly int[] lineOf;
    private readonly byte[] watched;

    // Each has one writer: the program's thread counts changes, the service thread keeps how far it has come. A line that has changed an even
    // number of times is low.
    private readonly int[] changes;
    private readonly int[] changesTaken;
    private int next;

    /// <summary>Makes the lines of this source; all are low.</summary>
    /// <param name="mailbox">Told of each change by <see cref="Mailbox.PinsChanged"/>.</param>
    /// <param name="lines">The board's line table.</param>
    /// <param name="source">Which of the board's sources this is.</param>
    /// <exception cref="ArgumentException">A pin is not below the number of the source's lines.</exception>
    public VirtualPins(Mailbox mailbox, LineConfig[] lines, int source)
    {
        this.mailbox = mailbox;
        numbers = new int[lines.Length];
        int count = 0;
        for (int line = 0; line < lines.Length; line++)
        {
            bool isOwn = lines[line].Source == source && lines[line].Uses != LineUses.None;
            numbers[line] = isOwn ? lines[line].Pin : -1;
            count += isOwn ? 1 : 0;
        }

        lineOf = new int[count];
        watched = new byte[count];
        changes = new int[count];
        changesTaken = new int[count];
        for (int line = 0; line < lines.Length; line++)
        {
            if (numbers[line] >= count)
            {
                throw new ArgumentException(lines[line].Describe(line) + "Pin: the source has pins 0 to " + (count - 1).ToString());
            }

            if (numbers[line] >= 0)
            {
                lineOf[numbers[line]] = line;
            }
        }
    }

    /// <summary>Sets a pin's level.</summary>
    /// <param name="pin">The pin, as its row numbers it.</param>
    /// <param name="level">0 = low, 1 = high.</param>
    public void Set(int pin, int level)
    {
        if ((changes[pin] & 1) != level)
        {
            changes[pin]++;
            mailbox.Wake(Mailbox.PinsChanged);
        }
    }

    /// <inheritdoc/>
    public bool Open(int line, int opening) => numbers[line] >= 0 && (opening == Opening.Idle || opening == Opening.AsItIs);

    /// <inheritdoc/>
    public bool MakeInput(int line) => numbers[line] >= 0;

    /// <inheritdoc/>
    public bool Drive(int line, int value) => false;

    /// <inheritdoc/>
    public bool Release(int line) => Watch(line, 0);

    /// <inheritdoc/>
    public int Sense(int line) => numbers[line] < 0 ? -1 : changes[numbers[line]] & 1;

    /// <inheritdoc/>
    public bool Watch(int line, int edges)
    {
        int pin = numbers[line];
        if (pin < 0)
        {
            return false;
        }

        watched[pin] = (byte)edges;
        changesTaken[pin] = changes[pin];
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>A change of a line of the program's interrupts nobody: no watch is ever spent.</remarks>
    public bool Rearm(int line) => true;

    /// <inheritdoc/>
    public bool IsOpenDrain(int line) => false;

    /// <inheritdoc/>
    public int TakeEdges()
    {
        for (int left = lineOf.Length; left != 0; left--)
        {
            int pin = next;
            next = pin + 1 == lineOf.Length ? 0 : pin + 1;
            int edges = TakeEdgesOf(pin) & watched[pin];
            if (edges != 0)
            {
                return lineOf[pin] << 2 | edges;
            }
        }

        return -1;
    }

    private int TakeEdgesOf(int pin)
    {
        int count = changes[pin];
        int came = count - changesTaken[pin];
        changesTaken[pin] = count;
        return came == 0 ? 0 : came > 1 ? Edge.Rising | Edge.Falling : (count & 1) != 0 ? Edge.Rising : Edge.Falling;
    }
}
