// DeviceLoop: the service loop. Everything that enters from outside is a bit; a turn serves all of them.
//
// Spec:    VIRTIO "Available Buffer Notifications", "Used Buffer Notifications"; the order of a turn is the project's (DESIGN.md).
// Trusts:  nothing: a doorbell may be lost, so every turn polls both rings, and a turn comes at least once per tick.
// Thread:  the service thread.
// Memory:  nothing after construction.

using System;
using VirtioGpio.Firmware.Gpio;
using VirtioGpio.Firmware.Queue;
using VirtioGpio.Firmware.Remoteproc;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Hal;

namespace VirtioGpio.Firmware.Runtime;

/// <summary>Waits, then turns: status, requests, parked buffers, edges, notify.</summary>
internal sealed partial class DeviceLoop
{
    // Work, a bit each. The rings are polled in every turn; their bit says that a turn has left something in them.
    private const int Rings = 1;
    private const int Edges = 2;
    private const int Scan = 4;

    // A tick has passed: notifications that may have been lost are due.
    private const int Notifications = 8;

    // The time of a line runs: the wait ends with it. That is no tick.
    private const int Times = 16;

    // What a tick brings: fallbacks under a port that lost a wake-up or an edge, and under a mailbox that lost a notification.
    private const int Tick = Edges | Scan | Notifications;

    // Under a driver that never lets the device rest, so many turns count as a tick.
    private const int MostTurnsPerTick = 64;

    // A driver that comes and goes under the polls must not keep the loop from its wait.
    private const int MostPolls = 8;

    private const int RequestRing = 0;
    private const int EventRing = 1;

    private readonly Mailbox mailbox;
    private readonly Vdev vdev;
    private readonly Virtqueue requestq;
    private readonly Virtqueue eventq;
    private readonly RequestQueue requests;
    private readonly EventQueue events;
    private readonly LineTable lines;
    private readonly TraceRing trace;
    private readonly Doorbell requestDoorbell;
    private readonly Doorbell eventDoorbell;
    private readonly Doorbell recoveryDoorbell;
    private readonly int pollBudget;
    private readonly int tickMs;

    // The wait when there is nothing to do: a tick, or what a Linux that does not run allows.
    private int restMs;
    private int pending = Rings;
    private int turnsToTick = MostTurnsPerTick;
    private bool hasFailed;

    /// <summary>Makes the loop.</summary>
    /// <param name="mailbox">The doorbells.</param>
    /// <param name="vdev">The virtio device.</param>
    /// <param name="queues">Its queues: requestq, eventq.</param>
    /// <param name="requests">What is served on the requestq.</param>
    /// <param name="events">What is served on the eventq.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="trace">Where faults go.</param>
    /// <param name="doorbells">The doorbells of Linux: of used buffers in the requestq and in the eventq, and the one that asks it to recover.</param>
    /// <param name="tickMs">Milliseconds of a tick.</param>
    internal DeviceLoop(
        Mailbox mailbox,
        Vdev vdev,
        Virtqueue[] queues,
        RequestQueue requests,
        EventQueue events,
        LineTable lines,
        TraceRing trace,
        Doorbell[] doorbells,
        int tickMs)
    {
        this.mailbox = mailbox;
        this.vdev = vdev;
        requestq = queues[RequestRing];
        eventq = queues[EventRing];
        this.requests = requests;
        this.events = events;
        this.lines = lines;
        this.trace = trace;
        pollBudget = requestq.Size;
        requestDoorbell = doorbells[RequestRing];
        eventDoorbell = doorbells[EventRing];
        recoveryDoorbell = doorbells[doorbells.Length - 1];
        this.tickMs = tickMs;
        restMs = tickMs;
    }

    /// <summary>Whether the driver that was to be taken down has gone, and this firmware's table is published.</summary>
    internal bool IsOver => vdev.IsOver;

    /// <summary>Whether the driver is bound to a table that is not this firmware's.</summary>
    internal bool IsForeign;

    /// <summary>
    /// Waits for one wake-up, then turns once. No exception leaves: one that reaches this place is traced, and the turn is tried again,
    /// at once if it is the first and at the next tick otherwise.
    /// </summary>
    internal void Step()
    {
        int work = pending;
        try
        {
            int bits = mailbox.Wait(work == 0 ? restMs : LeastWait(work));
            if ((bits & signals) != 0)
            {
                work |= bits == Mailbox.PinsChanged ? Edges : OnSignals(bits);
            }

            if (--turnsToTick == 0 || (bits | work) == 0)
            {
                if (text == null || isAside)
                {
                    turnsToTick = MostTurnsPerTick;
                    work |= Tick;
                }
                else
                {
                    work |= Tell();
                }
            }

            pending = linux == null ? Turn(work) : TurnIfLinuxRuns(work);
            hasFailed = false;
        }
        catch (Exception)
        {
            trace.Record(Fault.Unexpected, 0);
            pending = hasFailed ? 0 : work | Rings;
            restMs = tickMs;
            hasFailed = true;
        }
    }

    private int RunTimers()
    {
        bool areTaken = events.RunTimers();
        return (areTaken ? 0 : Edges) | (events.RunningTimes != 0 ? Times : 0);
    }

    private int LeastWait(int work) => work == Times ? events.TimeLeft(tickMs) : 0;

    // Returns the work that is left.
    private int Turn(int work)
    {
        int state = vdev.Poll();
        if ((work & Notifications) != 0 && state <= Vdev.Bound && (requestDoorbell.Left | eventDoorbell.Left | recoveryDoorbell.Left) != 0)
        {
            RepeatNotifications();
        }

        for (int polls = 1; state != Vdev.Bound; polls++)
        {
            bool isAgain = OnState(state);
            if (!isAgain || polls == MostPolls)
            {
                return isAgain ? Rings : 0;
            }

            state = vdev.Poll();
        }

        if ((work & Scan) != 0 && events.IsScanDue)
        {
            events.Scan();
        }

        int left = (ServeRings() ? 0 : Rings) | ((work & Edges) != 0 && !events.TakeEdges() ? Edges : 0);
        left |= events.RunningTimes != 0 ? RunTimers() : 0;
        if (eventq.IsBroken)
        {
            OnBrokenRing();
        }

        if (requestq.HasUsed && requestq.ShouldNotify())
        {
            requestDoorbell.Ring();
        }

        NotifyOfEvents();
        return events.IsUnfinished ? left | Rings | Scan : left;
    }

    // Requests first, then the buffers that unmask interrupts: one that was offered behind the request that enables its line must find it
    // enabled. As many chains of each as a ring has descriptors, then the pins get their turn. Returns whether nothing is left.
    private bool ServeRings()
    {
        if (requests.IsOpen && !Complete())
        {
            return false;
        }

        for (int left = pollBudget; left != 0 && requestq.HasAvailable; left--)
        {
            if (!AnswerNext())
            {
                return false;
            }
        }

        for (int left = pollBudget; left != 0 && eventq.HasAvailable; left--)
        {
            events.ParkNext();
        }

        return !requestq.HasAvailable && !eventq.HasAvailable;
    }

    private bool AnswerNext()
    {
        if (!requests.AnswerNext())
        {
            OnBrokenRing();
            return true;
        }

        return Complete();
    }

    // Linux expects a buffer that the request has returned before its answer.
    private bool Complete()
    {
        NotifyOfEvents();
        return requests.Complete();
    }

    private void NotifyOfEvents()
    {
        if (eventq.HasUsed && eventq.ShouldNotify())
        {
            eventDoorbell.Ring();
        }
    }
}
