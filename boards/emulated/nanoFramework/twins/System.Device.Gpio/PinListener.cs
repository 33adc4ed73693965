// PinListener: takes the GPIO events from the sink to the pin that they are of.

using System.Collections.Generic;
using nanoFramework.Runtime.Events;

namespace System.Device.Gpio;

/// <summary>The one listener for all pins. It knows every pin that is reserved, in the order of their opening.</summary>
internal sealed class PinListener : IEventProcessor, IEventListener
{
    private static readonly List<GpioPin> pins = [];

    static PinListener()
    {
        PinListener listener = new();
        EventSink.AddEventProcessor(EventCategory.Gpio, listener);
        EventSink.AddEventListener(EventCategory.Gpio, listener);
    }

    public void InitializeForEventSource()
    {
    }

    public BaseEvent ProcessEvent(uint data1, uint data2, DateTime time)
    {
        return new PinEvent((int)(data1 >> 16), data2 == 0 ? PinEventTypes.Falling : PinEventTypes.Rising);
    }

    public bool OnEvent(BaseEvent ev)
    {
        PinEvent change = (PinEvent)ev;
        Find(change.Pin)?.OnChanged(change.Edge);
        return true;
    }

    internal static void Add(GpioPin pin)
    {
        lock (pins)
        {
            pins.Add(pin);
        }
    }

    internal static void Remove(GpioPin pin)
    {
        lock (pins)
        {
            pins.Remove(pin);
        }
    }

    internal static void DisposeAll()
    {
        GpioPin[] open;
        lock (pins)
        {
            open = pins.ToArray();
        }

        foreach (GpioPin pin in open)
        {
            pin.Dispose();
        }
    }

    private static GpioPin? Find(int number)
    {
        lock (pins)
        {
            return pins.Find(pin => pin.PinNumber == number);
        }
    }

    private sealed class PinEvent : BaseEvent
    {
        internal readonly int Pin;
        internal readonly PinEventTypes Edge;

        internal PinEvent(int pin, PinEventTypes edge)
        {
            Pin = pin;
            Edge = edge;
        }
    }
}
