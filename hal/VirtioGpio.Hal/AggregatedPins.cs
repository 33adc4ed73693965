// AggregatedPins: the lines of one device from several sources: the MCU's ports, an expander, lines of the firmware itself.
//
// Spec:    none: IPins by means of others. Two virtio-gpio devices with interrupts crash Linux 6.12, so one has to have all lines.
// Trusts:  the sources: each speaks the device's line numbers, and reports edges of its own lines only.
// Thread:  the service thread only; edges are the sources'.
// Memory:  one byte a line at construction, nothing after.

using System;

namespace VirtioGpio.Hal;

/// <summary><see cref="IPins"/> that are other <see cref="IPins"/>: a line's row says whose it is. A board with one source needs none of this.</summary>
public sealed class AggregatedPins : IPins
{
    private readonly IPins[] sources;
    private readonly byte[] sourceOf;
    private int next;

    /// <summary>Puts the sources together.</summary>
    /// <param name="lines">The board's line table.</param>
    /// <param name="sources">The sources, in the order of <see cref="LineConfig.Source"/>.</param>
    /// <exception cref="ArgumentException">A row names a source that there is not.</exception>
    public AggregatedPins(LineConfig[] lines, params IPins[] sources)
    {
        this.sources = sources;
        sourceOf = new byte[lines.Length];
        for (int line = 0; line < lines.Length; line++)
        {
            int source = lines[line].Source;
            if (source >= sources.Length)
            {
                throw new ArgumentException(lines[line].Describe(line) + "Source: there is no source " + source.ToString());
            }

            sourceOf[line] = (byte)source;
        }
    }

    /// <inheritdoc/>
    public bool Open(int line, int opening) => sources[sourceOf[line]].Open(line, opening);

    /// <inheritdoc/>
    public bool MakeInput(int line) => sources[sourceOf[line]].MakeInput(line);

    /// <inheritdoc/>
    public bool Drive(int line, int value) => sources[sourceOf[line]].Drive(line, value);

    /// <inheritdoc/>
    public bool Release(int line) => sources[sourceOf[line]].Release(line);

    /// <inheritdoc/>
    public int Sense(int line) => sources[sourceOf[line]].Sense(line);

    /// <inheritdoc/>
    public bool Watch(int line, int edges) => sources[sourceOf[line]].Watch(line, edges);

    /// <inheritdoc/>
    public bool Rearm(int line) => sources[sourceOf[line]].Rearm(line);

    /// <inheritdoc/>
    public bool IsOpenDrain(int line) => sources[sourceOf[line]].IsOpenDrain(line);

    /// <inheritdoc/>
    /// <remarks>The sources have their turns: one whose lines never rest does not keep the edges of another from being taken.</remarks>
    public int TakeEdges()
    {
        for (int left = sources.Length; left != 0; left--)
        {
            IPins source = sources[next];
            next = next + 1 == sources.Length ? 0 : next + 1;
            int taken = source.TakeEdges();
            if (taken >= 0)
            {
                return taken;
            }
        }

        return -1;
    }
}
