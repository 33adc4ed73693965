// Pads: the co-processor's own pins, by natives that lose no edge and drive no glitch.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation": direction and value; "eventq Operation": a line's edges, latched.
// Trusts:  nothing: pin, slot and mode are checked in native code against what the port has.
// Thread:  the service thread only; edges are latched in the pin's interrupt.
// Memory:  no allocation, neither here nor for an edge.

using System.Runtime.CompilerServices;

namespace VirtioGpio.Hal;

/// <summary>
/// Pins by the platform's numbers, modes by the numbers of <c>System.Device.Gpio.PinMode</c>. A pin that is watched has a slot: two
/// bits, in which its interrupt latches what it saw, and for which it adds <see cref="Mailbox.PinsChanged"/> to the mailbox. That
/// interrupt spends the watch: it masks itself until <see cref="Rearm"/>.
/// </summary>
/// <remarks>No method throws: what the port cannot do answers <c>false</c> or a negative number.</remarks>
public sealed class Pads
{
    /// <summary>Takes the pin for this firmware, and leaves it as it is: it may have been an output since before a restart. One that is taken already, by whomever, is refused.</summary>
    /// <param name="pin">The platform's number of the pin.</param>
    /// <returns>Whether it is taken now.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool Open(int pin);

    /// <summary>Makes the pin an input.</summary>
    /// <param name="pin">The pin.</param>
    /// <param name="mode">An input mode: 0 plain, 1 pull-down, 2 pull-up.</param>
    /// <returns>Whether it is one now.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool MakeInput(int pin, int mode);

    /// <summary>Makes the pin an output that drives the value from its first moment on; one that is an output of this mode only changes.</summary>
    /// <param name="pin">The pin.</param>
    /// <param name="mode">An output mode, 3 to 7.</param>
    /// <param name="value">0 = low, 1 = high.</param>
    /// <returns>Whether it drives the value now.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool Drive(int pin, int mode, int value);

    /// <summary>Senses the pin's level.</summary>
    /// <param name="pin">The pin.</param>
    /// <returns>0 = low, 1 = high, negative = no such pin, or it failed.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int Sense(int pin);

    /// <summary>Latches the pin's edges in a slot, or stops that. What the slot held is forgotten.</summary>
    /// <param name="pin">The pin.</param>
    /// <param name="slot">The slot, 0 to 255; the firmware uses the line's number.</param>
    /// <param name="edges">The edges that interrupt: 1 = it rises, 2 = it falls, 3 = both; 0 = none, to stop.</param>
    /// <returns>Whether it is as asked.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool Watch(int pin, int slot, int edges);

    /// <summary>
    /// Arms a watch that is spent: an edge that comes after this call interrupts, one from before it need not be latched. What the slot holds stays. A
    /// pin that is not watched, or whose watch is not spent, stays as it is.
    /// </summary>
    /// <param name="pin">The pin.</param>
    /// <returns>Whether there is such a pin.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern bool Rearm(int pin);

    /// <summary>Takes the edges of the next slot that has any; they are cleared. Each slot gets its turn before one comes again.</summary>
    /// <returns><c>slot &lt;&lt; 2 | edges</c>: 1 = it rose, 2 = it fell, 3 = both, in an order that is not known. Negative: there is none.</returns>
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern int TakeEdges();
}
