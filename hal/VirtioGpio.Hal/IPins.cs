// IPins: the pins behind the lines, as the firmware needs them.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation": direction, value, and the edges that interrupts are made of.
// Trusts:  the caller: line is below the board's line count. The firmware checks it where Linux's number comes in.
// Thread:  the service thread only; edges may come from anywhere, they are flags until taken.
// Memory:  no allocation after construction, except where the platform's own GPIO driver allocates (see each port).

namespace VirtioGpio.Hal;

/// <summary>
/// Pin operations by line number (0 to lines - 1). No method throws: a pin that cannot do what is asked answers
/// <c>false</c> (or a negative number), and the request is answered with VIRTIO_GPIO_STATUS_ERR. So does a line that was never opened:
/// a reserved one.
/// </summary>
public interface IPins
{
    /// <summary>
    /// Opens the line, before any other operation on it. An output that has been driving the value since before the co-processor was restarted
    /// goes on without a pulse, as far as the port can.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="opening">One of <see cref="Opening"/>.</param>
    /// <returns>Whether it is so now.</returns>
    bool Open(int line, int opening);

    /// <summary>Makes the line an input with the bias that the board chose for it.</summary>
    /// <returns>Whether it is one now.</returns>
    bool MakeInput(int line);

    /// <summary>Makes the line an output that drives <paramref name="value"/>; a line that is one already only changes its value.</summary>
    /// <param name="line">The line.</param>
    /// <param name="value">0 = low, 1 = high.</param>
    /// <returns>Whether it drives the value now.</returns>
    bool Drive(int line, int value);

    /// <summary>Gives the line back: no direction, not watched, in the board's idle mode.</summary>
    /// <returns>Whether it is idle now.</returns>
    bool Release(int line);

    /// <summary>Senses the line, whatever its direction.</summary>
    /// <returns>0 = low, 1 = high, negative = the pin failed.</returns>
    int Sense(int line);

    /// <summary>
    /// Watches the line for edges, or stops that. Edges from before the call are forgotten. The first edge spends the watch: the pin's
    /// interrupt is masked until <see cref="Rearm"/>, as far as the port can.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="edges">Which edges, of <see cref="Edge"/>; 0 = none.</param>
    /// <returns>Whether it is as asked.</returns>
    bool Watch(int line, int edges);

    /// <summary>
    /// Arms a watch that is spent. An edge that comes after this call is latched; one that came while the watch was spent need not be. A line that
    /// is not watched, or whose watch is not spent, stays as it is.
    /// </summary>
    /// <returns>Whether it could be done.</returns>
    bool Rearm(int line);

    /// <summary>Whether the line's output mode is open drain (or open source): it can be an output and an interrupt at once.</summary>
    bool IsOpenDrain(int line);

    /// <summary>Takes the next line with edges since they were last taken; the edges of that line are cleared.</summary>
    /// <returns><c>line &lt;&lt; 2 | edges</c>, edges of <see cref="Edge"/>; negative when there is none.</returns>
    int TakeEdges();
}

/// <summary>How a line is opened.</summary>
public static class Opening
{
    /// <summary>In the board's idle mode: an input.</summary>
    public const int Idle = -1;

    /// <summary>An output that drives low.</summary>
    public const int Low = 0;

    /// <summary>An output that drives high.</summary>
    public const int High = 1;

    /// <summary>As its pin is, an input or an output.</summary>
    public const int AsItIs = 2;
}

/// <summary>The two edges, as bits: the same numbers as VIRTIO_GPIO_IRQ_TYPE_EDGE_RISING and _FALLING.</summary>
public static class Edge
{
    /// <summary>From low to high.</summary>
    public const int Rising = 1;

    /// <summary>From high to low.</summary>
    public const int Falling = 2;
}
