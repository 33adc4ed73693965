// EventSink: one processor, one filter and one listener a category; a later one takes the place of an earlier one.

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace nanoFramework.Runtime.Events;

public class EventSink : NativeEventDispatcher
{
    internal const string DriverName = "EventSink";

    private static readonly Dictionary<byte, Route> routes = new();
    private static readonly EventSink sink = new();

    static EventSink()
    {
        sink.OnInterrupt += Dispatch;

        // On the device all static constructors run before Main; here this one stands for those that register with the sink.
        RuntimeHelpers.RunClassConstructor(typeof(CustomEvent).TypeHandle);
    }

    private EventSink()
        : base(DriverName, 0)
    {
    }

    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void AddEventListener(EventCategory eventCategory, IEventListener eventListener)
    {
        RouteOf((byte)eventCategory).Listener = eventListener;
        eventListener.InitializeForEventSource();
    }

    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void AddEventFilter(EventCategory eventCategory, IEventListener eventFilter)
    {
        RouteOf((byte)eventCategory).Filter = eventFilter;
        eventFilter.InitializeForEventSource();
    }

    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void AddEventProcessor(EventCategory eventCategory, IEventProcessor eventProcessor)
    {
        RouteOf((byte)eventCategory).Processor = eventProcessor;
    }

    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void RemoveEventListener(EventCategory eventCategory, IEventListener eventListener)
    {
        Route route = RouteOf((byte)eventCategory);
        route.Listener = route.Listener == eventListener ? null : route.Listener;
    }

    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void RemoveEventFilter(EventCategory eventCategory, IEventListener eventFilter)
    {
        Route route = RouteOf((byte)eventCategory);
        route.Filter = route.Filter == eventFilter ? null : route.Filter;
    }

    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void RemoveEventProcessor(EventCategory eventCategory, IEventProcessor eventProcessor)
    {
        Route route = RouteOf((byte)eventCategory);
        route.Processor = route.Processor == eventProcessor ? null : route.Processor;
    }

    /// <summary>Runs processor, filter and listener of the category on the calling thread, past the ring, before it returns.</summary>
    [MethodImpl(MethodImplOptions.Synchronized)]
    public static void PostManagedEvent(byte category, byte subCategory, ushort data1, uint data2)
    {
        Dispatch(Pack(category, subCategory, data1), data2, DateTime.UtcNow);
    }

    /// <summary>An event comes out of the ring: the driver interrupts.</summary>
    internal static void Interrupt(uint data1, uint data2, DateTime time) => sink.Raise(data1, data2, time);

    internal static uint Pack(byte category, byte subCategory, ushort data1)
    {
        return (uint)data1 << 16 | (uint)category << 8 | subCategory;
    }

    private static void Dispatch(uint data1, uint data2, DateTime time)
    {
        byte category = (byte)(data1 >> 8);
        Route route = RouteOf(category);
        BaseEvent ev = route.Processor is null ? Generic(category, data1, time) : route.Processor.ProcessEvent(data1, data2, time);
        if (route.Filter is null || route.Filter.OnEvent(ev))
        {
            route.Listener?.OnEvent(ev);
        }
    }

    private static GenericEvent Generic(byte category, uint data1, DateTime time)
    {
        return new GenericEvent { Category = category, Message = (byte)data1, Data = data1 >> 16, Time = time };
    }

    private static Route RouteOf(byte category)
    {
        lock (routes)
        {
            if (!routes.TryGetValue(category, out Route? route))
            {
                route = new Route();
                routes.Add(category, route);
            }

            return route;
        }
    }

    private sealed class Route
    {
        internal IEventProcessor? Processor;
        internal IEventListener? Filter;
        internal IEventListener? Listener;
    }
}
