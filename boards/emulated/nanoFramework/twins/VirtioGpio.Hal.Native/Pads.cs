// Pads, desktop twin: the natives over whatever pins the process has. The flashed declaration says what each promises.

using System;

namespace VirtioGpio.Hal;

/// <summary>The co-processor's own pins, with edges that are latched.</summary>
public sealed class Pads
{
    private readonly Bus bus;
    private readonly IPadBank bank;

    /// <summary>Opens the pins of the machine that this process is.</summary>
    public Pads() : this(Machine.Bus, Machine.Pads ?? throw new InvalidOperationException("this process has no pins"))
    {
    }

    internal Pads(Bus bus, IPadBank bank)
    {
        this.bus = bus;
        this.bank = bank;
    }

    /// <summary>Takes the pin for this firmware.</summary>
    public bool Open(int pin)
    {
        bus.NativeCalls++;
        return bank.Open(pin);
    }

    /// <summary>Makes the pin an input.</summary>
    public bool MakeInput(int pin, int mode)
    {
        bus.NativeCalls++;
        return bank.MakeInput(pin, mode);
    }

    /// <summary>Makes the pin an output that drives the value from its first moment on.</summary>
    public bool Drive(int pin, int mode, int value)
    {
        bus.NativeCalls++;
        return bank.Drive(pin, mode, value);
    }

    /// <summary>Senses the pin's level.</summary>
    public int Sense(int pin)
    {
        bus.NativeCalls++;
        return bank.Sense(pin);
    }

    /// <summary>Latches the pin's edges in a slot, or stops that.</summary>
    public bool Watch(int pin, int slot, int edges)
    {
        bus.NativeCalls++;
        return bank.Watch(pin, slot, edges);
    }

    /// <summary>Arms a watch that is spent.</summary>
    public bool Rearm(int pin)
    {
        bus.NativeCalls++;
        return bank.Rearm(pin);
    }

    /// <summary>Takes the edges of the next slot that has any.</summary>
    public int TakeEdges()
    {
        bus.NativeCalls++;
        return bank.TakeEdges();
    }
}
