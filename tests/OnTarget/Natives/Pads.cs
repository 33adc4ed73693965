// Pads, managed: the natives over a bank of pins in plain arrays. The flashed declaration says what each method promises.

namespace VirtioGpio.Hal;

/// <summary>The co-processor's own pins, with edges that are latched.</summary>
public sealed class Pads
{
    private readonly Machine machine;

    /// <summary>Opens the pins of a machine that has none.</summary>
    public Pads() => machine = new Machine();

    internal Pads(Machine machine) => this.machine = machine;

    /// <summary>Takes the pin for this firmware.</summary>
    public bool Open(int pin)
    {
        machine.NativeCalls++;
        return machine.Pins.Open(pin);
    }

    /// <summary>Makes the pin an input.</summary>
    public bool MakeInput(int pin, int mode)
    {
        machine.NativeCalls++;
        return mode >= 0 && mode < PinBank.FirstOutputMode && machine.Pins.SetMode(pin, mode, 0);
    }

    /// <summary>Makes the pin an output that drives the value from its first moment on.</summary>
    public bool Drive(int pin, int mode, int value)
    {
        machine.NativeCalls++;
        return mode >= PinBank.FirstOutputMode && machine.Pins.SetMode(pin, mode, value);
    }

    /// <summary>Senses the pin's level.</summary>
    public int Sense(int pin)
    {
        machine.NativeCalls++;
        return machine.Pins.IsOpen(pin) ? machine.Pins.LevelAt(pin) : -1;
    }

    /// <summary>Latches the pin's edges in a slot, or stops that.</summary>
    public bool Watch(int pin, int slot, int edges)
    {
        machine.NativeCalls++;
        return machine.Pins.Watch(pin, slot, edges);
    }

    /// <summary>Arms a watch that is spent.</summary>
    public bool Rearm(int pin)
    {
        machine.NativeCalls++;
        return machine.Pins.Rearm(pin);
    }

    /// <summary>Takes the edges of the next slot that has any.</summary>
    public int TakeEdges()
    {
        machine.NativeCalls++;
        return machine.Pins.TakeEdges();
    }
}
