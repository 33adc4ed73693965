// EventRing: how an interrupt reaches managed code, as the interpreter does it.
//
// The ring keeps 128 records and drops the oldest without a word when it is full. One dispatcher takes them out and runs
// them one at a time: the next event starts when the handler of the last has returned or died. A handler that throws ends
// alone, later events still come.
//
// Harsher than the device in one point: there the interpreter empties the ring into a list of its own at every scheduling
// point, here the records stay in the ring until they are dispatched.

using System;
using System.Threading;

namespace nanoFramework.Runtime.Events;

/// <summary>The ring between whatever plays the hardware and the <see cref="EventSink"/>.</summary>
internal static class EventRing
{
    /// <summary>Records that the ring holds.</summary>
    internal const int Capacity = 128;

    private static readonly Record[] records = new Record[Capacity];
    private static readonly object dispatch = new();
    private static int oldest;
    private static int count;
    private static bool isDispatching;
    private static Thread? dispatcher;

    /// <summary>Records that were overwritten before anyone took them, since <see cref="Clear"/>.</summary>
    internal static int Dropped { get; private set; }

    /// <summary>Handlers that died of an exception, since <see cref="Clear"/>.</summary>
    internal static int Faults { get; private set; }

    /// <summary>What the last handler died of, or null.</summary>
    internal static Exception? LastFault { get; private set; }

    /// <summary>Records that wait in the ring.</summary>
    internal static int Pending
    {
        get
        {
            lock (records)
            {
                return count;
            }
        }
    }

    /// <summary>Puts an event into the ring; from any thread, never waits for a handler, does not allocate.</summary>
    /// <param name="category">An <see cref="EventCategory"/>, or any other byte.</param>
    /// <param name="sub">Subcategory.</param>
    /// <param name="data1">First payload: the pin, for GPIO.</param>
    /// <param name="data2">Second payload: the level, for GPIO.</param>
    internal static void Post(byte category, byte sub, ushort data1, uint data2)
    {
        lock (records)
        {
            if (count == Capacity)
            {
                oldest = (oldest + 1) % Capacity;
                count--;
                Dropped++;
            }

            records[(oldest + count) % Capacity] = new Record(EventSink.Pack(category, sub, data1), data2, DateTime.UtcNow);
            count++;
            Monitor.Pulse(records);
        }
    }

    /// <summary>
    /// Delivers all that is pending on the calling thread, what its handlers post included. Does nothing when a handler
    /// calls it: that handler's event is not over yet.
    /// </summary>
    internal static void Pump()
    {
        lock (dispatch)
        {
            if (isDispatching)
            {
                return;
            }

            isDispatching = true;
            while (TryTake(out Record record))
            {
                Deliver(record);
            }

            isDispatching = false;
        }
    }

    /// <summary>Starts the dispatcher thread, once in a process: what <see cref="Pump"/> does, whenever there is something.</summary>
    internal static void StartThread()
    {
        lock (dispatch)
        {
            if (dispatcher is null)
            {
                dispatcher = new Thread(DispatchForever) { IsBackground = true, Name = "event dispatcher" };
                dispatcher.Start();
            }
        }
    }

    /// <summary>Forgets pending events and what was counted.</summary>
    internal static void Clear()
    {
        lock (records)
        {
            count = 0;
            Dropped = 0;
            Faults = 0;
            LastFault = null;
        }
    }

    private static void DispatchForever()
    {
        while (true)
        {
            lock (records)
            {
                while (count == 0)
                {
                    Monitor.Wait(records);
                }
            }

            Pump();
        }
    }

    private static bool TryTake(out Record record)
    {
        lock (records)
        {
            if (count == 0)
            {
                record = default;
                return false;
            }

            record = records[oldest];
            oldest = (oldest + 1) % Capacity;
            count--;
            return true;
        }
    }

    private static void Deliver(in Record record)
    {
        try
        {
            EventSink.Interrupt(record.Data1, record.Data2, record.Time);
        }
        catch (Exception fault)
        {
            lock (records)
            {
                Faults++;
                LastFault = fault;
            }
        }
    }

    private readonly struct Record
    {
        internal readonly uint Data1;
        internal readonly uint Data2;
        internal readonly DateTime Time;

        internal Record(uint data1, uint data2, DateTime time)
        {
            Data1 = data1;
            Data2 = data2;
            Time = time;
        }
    }
}
