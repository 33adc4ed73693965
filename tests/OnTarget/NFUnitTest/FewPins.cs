// FewPins: a board with more lines than pins. Those beyond can be opened, and fail at whatever else is asked of them.

using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

internal sealed class FewPins : IPins
{
    private readonly IPins inner;
    private readonly int count;

    internal FewPins(IPins inner, int count)
    {
        this.inner = inner;
        this.count = count;
    }

    public bool Open(int line, int value) => line >= count || inner.Open(line, value);

    public bool MakeInput(int line) => line < count && inner.MakeInput(line);

    public bool Drive(int line, int value) => line < count && inner.Drive(line, value);

    public bool Release(int line) => line < count && inner.Release(line);

    public int Sense(int line) => line < count ? inner.Sense(line) : -1;

    public bool Watch(int line, int edges) => line < count && inner.Watch(line, edges);

    public bool Rearm(int line) => line < count && inner.Rearm(line);

    public bool IsOpenDrain(int line) => line < count && inner.IsOpenDrain(line);

    public int TakeEdges() => inner.TakeEdges();
}
