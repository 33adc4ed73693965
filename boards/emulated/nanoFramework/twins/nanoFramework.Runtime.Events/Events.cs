// The events, and who may take part in their way from the sink to a listener.

using System;

namespace nanoFramework.Runtime.Events;

public enum EventCategory
{
    Unknown = 0,
    Custom = 10,
    Gpio = 20,
    SerialDevice = 30,
    Network = 40,
    WiFi = 50,
    Can = 60,
    Storage = 70,
    Radio = 80,
    HighResolutionTimer = 90,
    Bluetooth = 100,
    Usb = 110,
    Touch = 120,
    Gesture = 130,
    OpenThread = 140,
    EspNow = 150,
}

public class BaseEvent
{
    public ushort Source;
    public byte Message;
}

/// <summary>What an event becomes when its category has no processor; the second payload is lost.</summary>
public class GenericEvent : BaseEvent
{
    public byte Category;
    public uint Data;
    public DateTime Time;
}

public interface IEventListener
{
    void InitializeForEventSource();

    /// <returns>For a filter: whether the listener shall see the event.</returns>
    bool OnEvent(BaseEvent ev);
}

public interface IEventProcessor
{
    /// <summary>Makes an event of the two words.</summary>
    /// <param name="data1">First payload (16 bit) shifted left by 16, category shifted left by 8, subcategory.</param>
    /// <param name="data2">Second payload.</param>
    /// <param name="time">When it was posted, UTC.</param>
    BaseEvent ProcessEvent(uint data1, uint data2, DateTime time);
}

public static class WeakDelegate
{
    /// <summary>Combines as <see cref="Delegate"/> does; the twin keeps the targets alive, the device does not.</summary>
    public static Delegate Combine(Delegate a, Delegate b) => Delegate.Combine(a, b)!;

    public static Delegate Remove(Delegate a, Delegate b) => Delegate.Remove(a, b)!;
}
