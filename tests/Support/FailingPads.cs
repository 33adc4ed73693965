// FailingPads: natives of pins that fail for one pin, each in the way that its declaration allows.

using System;
using VirtioGpio.Emulated.Firmware;
using VirtioGpio.Hal;

namespace VirtioGpio.Tests.Support;

internal sealed class FailingPads : IPadBank
{
    private readonly PagePads inner;
    private readonly Func<int, bool> fails;

    internal FailingPads(PagePads inner, Func<int, bool> fails)
    {
        this.inner = inner;
        this.fails = fails;
    }

    public bool Open(int pin) => !fails(pin) && inner.Open(pin);

    public bool MakeInput(int pin, int mode) => !fails(pin) && inner.MakeInput(pin, mode);

    public bool Drive(int pin, int mode, int value) => !fails(pin) && inner.Drive(pin, mode, value);

    public int Sense(int pin) => fails(pin) ? -1 : inner.Sense(pin);

    public bool Watch(int pin, int slot, int edges) => !fails(pin) && inner.Watch(pin, slot, edges);

    public bool Rearm(int pin) => !fails(pin) && inner.Rearm(pin);

    public int TakeEdges() => inner.TakeEdges();

    internal void HandleInterrupt() => inner.HandleInterrupt();
}
