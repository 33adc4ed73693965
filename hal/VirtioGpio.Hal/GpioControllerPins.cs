// GpioControllerPins: the lines on System.Device.Gpio.
//
// Spec:    none: IPins by means of GpioController.
// Trusts:  System.Device.Gpio, except that any of its calls may throw (a pin taken by another driver, a mode it lacks).
// Thread:  IPins on the service thread; OnPinChanged on the thread that dispatches nanoFramework's events.
// Memory:  a GpioPin and 36 bytes a line, and 2 bytes for each pin number up to the highest, at construction; Watch lets
//          System.Device.Gpio allocate its subscription, and it allocates two objects of its own an edge.

using System;
using System.Device.Gpio;

namespace VirtioGpio.Hal;

/// <summary>
/// <see cref="IPins"/> over <c>System.Device.Gpio</c>: runs on every nanoFramework target without native code of its own.
/// </summary>
/// <remarks>
/// Limits of System.Device.Gpio: it drives low for a moment when a pin becomes an output that shall be high, and also when it opens one that is high already
/// (an output that was high before a restart is low for a moment behind it); a pulse shorter
/// than its interrupt latency is lost; to watch an output, or to stop that, drives it low (the firmware watches inputs only); and every edge
/// interrupts, wanted or not: a noisy pin is never masked.
/// </remarks>
public sealed class GpioControllerPins : IPins
{
    private readonly Mailbox mailbox;
    private readonly GpioPin[] pins;
    private readonly byte[] inputModes;
    private readonly byte[] outputModes;
    private readonly short[] lineOfPin;
    private readonly PinValueChangedEventHandler handler;
    private readonly bool[] isOutput;
    private readonly byte[] watched;

    // Every variable below has one writer: the dispatcher's thread counts edges and fills the ring, the service thread keeps how
    // far it has come. So nothing is ever wiped that the other has just written, and neither a lock nor an interlocked operation
    // is needed: Mailbox.Wake after each edge and Mailbox.Wait before they are taken are the fences. A line is in the ring once
    // for each edge. When the ring is full, that is counted instead; then the fallback scan visits every line, in the ring's place
    // and from where the last scan stopped. So the edges of a busy line cannot keep those of another from being taken.
    private readonly int[] rises;
    private readonly int[] falls;
    private readonly int[] risesTaken;
    private readonly int[] fallsTaken;
    private readonly int[] ring;
    private int ringHead;
    private int ringTail;
    private int overflows;
    private int overflowsTaken;
    private int nextToScan;
    private int leftToScan;

    /// <summary>Takes the pin of every line of this source, as it is; of a reserved line none.</summary>
    /// <param name="controller">The stock controller.</param>
    /// <param name="mailbox">Told of each edge by <see cref="Mailbox.PinsChanged"/>.</param>
    /// <param name="lines">The board's line table.</param>
    /// <param name="source">Which of the board's sources this is.</param>
    /// <exception cref="ArgumentException">The mailbox blocks the thread that tells of edges, or a pin cannot be opened.</exception>
    public GpioControllerPins(GpioController controller, Mailbox mailbox, LineConfig[] lines, int source = 0)
    {
        if (mailbox.IsBlocking())
        {
            throw new ArgumentException(
                "GpioControllerPins: Mailbox.Wait blocks the thread that tells of edges, they would come a tick late: VGPIO_COOPERATIVE_WAIT 1, or LatchedPins");
        }

        int count = lines.Length;
        this.mailbox = mailbox;
        pins = new GpioPin[count];
        inputModes = new byte[count];
        outputModes = new byte[count];
        handler = OnValueChanged;
        isOutput = new bool[count];
        watched = new byte[count];
        rises = new int[count];
        falls = new int[count];
        risesTaken = new int[count];
        fallsTaken = new int[count];
        ring = new int[count + 1];
        for (int line = 0; line < count; line++)
        {
            LineConfig row = lines[line];
            inputModes[line] = (byte)row.InputMode;
            outputModes[line] = (byte)row.OutputMode;
            pins[line] = IsOwn(row, source) ? Take(controller, row, line) : null;
        }

        lineOfPin = Index(lines, source);
    }

    /// <inheritdoc/>
    public bool Open(int line, int opening) =>
        opening == Opening.AsItIs ? pins[line] != null : opening == Opening.Idle ? MakeInput(line) : Drive(line, opening);

    /// <inheritdoc/>
    public bool MakeInput(int line)
    {
        try
        {
            pins[line].SetPinMode((PinMode)inputModes[line]);
            isOutput[line] = false;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Drive(int line, int value)
    {
        try
        {
            if (!isOutput[line])
            {
                pins[line].SetPinMode((PinMode)outputModes[line]);
                isOutput[line] = true;
            }

            pins[line].Write(value);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Release(int line)
    {
        return Watch(line, 0) & MakeInput(line);
    }

    /// <inheritdoc/>
    public int Sense(int line)
    {
        try
        {
            return (int)pins[line].Read();
        }
        catch (Exception)
        {
            return -1;
        }
    }

    /// <inheritdoc/>
    public bool Watch(int line, int edges)
    {
        try
        {
            if (edges != 0 && watched[line] == 0)
            {
                pins[line].ValueChanged += handler;
            }
            else if (edges == 0 && watched[line] != 0)
            {
                pins[line].ValueChanged -= handler;
            }
        }
        catch (Exception)
        {
            return false;
        }

        watched[line] = (byte)edges;
        Collect(line);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>System.Device.Gpio cannot mask a pin's interrupt without allocating: no watch is ever spent.</remarks>
    public bool Rearm(int line) => true;

    /// <inheritdoc/>
    public bool IsOpenDrain(int line) => outputModes[line] != (int)PinMode.Output;

    /// <inheritdoc/>
    public int TakeEdges()
    {
        if (overflowsTaken != overflows)
        {
            overflowsTaken = overflows;
            ringTail = ringHead;
            leftToScan = pins.Length;
        }

        while (leftToScan != 0)
        {
            int line = nextToScan;
            nextToScan = line + 1 == pins.Length ? 0 : line + 1;
            leftToScan--;
            int edges = Collect(line);
            if (edges != 0)
            {
                return line << 2 | edges;
            }
        }

        while (ringTail != ringHead)
        {
            int line = ring[ringTail];
            ringTail = After(ringTail);
            int edges = Collect(line);
            if (edges != 0)
            {
                return line << 2 | edges;
            }
        }

        return -1;
    }

    private int Collect(int line)
    {
        int edges = 0;
        int count = rises[line];
        if (count != risesTaken[line])
        {
            risesTaken[line] = count;
            edges = Edge.Rising;
        }

        count = falls[line];
        if (count != fallsTaken[line])
        {
            fallsTaken[line] = count;
            edges |= Edge.Falling;
        }

        return edges;
    }

    // Without a mode: to set one would let go of an output.
    private static GpioPin Take(GpioController controller, LineConfig row, int line)
    {
        try
        {
            return controller.OpenPin(row.Pin);
        }
        catch (Exception e)
        {
            throw new ArgumentException(row.Describe(line) + "Pin: " + row.Pin.ToString() + ": " + e.Message);
        }
    }

    // A reserved row may have the pin of another.
    private static bool IsOwn(LineConfig row, int source) => row.Source == source && row.Uses != LineUses.None;

    private static short[] Index(LineConfig[] rows, int source)
    {
        int highest = 0;
        for (int line = 0; line < rows.Length; line++)
        {
            highest = IsOwn(rows[line], source) && rows[line].Pin > highest ? rows[line].Pin : highest;
        }

        short[] lines = new short[highest + 1];
        for (int line = 0; line < rows.Length; line++)
        {
            if (IsOwn(rows[line], source))
            {
                lines[rows[line].Pin] = (short)line;
            }
        }

        return lines;
    }

    // One handler for all pins: one each would take 84 bytes a line. System.Device.Gpio has searched its own list before, at many
    // times the price.
    private void OnValueChanged(object sender, PinValueChangedEventArgs e) => OnPinChanged(lineOfPin[e.PinNumber], e.ChangeType);

    private void OnPinChanged(int line, PinEventTypes change)
    {
        bool isRise = change == PinEventTypes.Rising;
        if ((watched[line] & (isRise ? Edge.Rising : Edge.Falling)) == 0)
        {
            return;
        }

        (isRise ? rises : falls)[line]++;

        int next = After(ringHead);
        if (next != ringTail)
        {
            ring[ringHead] = line;
            ringHead = next;
        }
        else
        {
            overflows++;
        }

        mailbox.Wake(Mailbox.PinsChanged);
    }

    private int After(int place) => place + 1 == ring.Length ? 0 : place + 1;
}
