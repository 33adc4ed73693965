// DeviceLoop: the service loop. Everything that enters from outside is a flag; a turn looks at all of it.
//
// Spec:    VIRTIO "Available Buffer Notifications", "Used Buffer Notifications"; the order of a turn is the project's (DESIGN.md).
// Trusts:  nothing: a doorbell may be lost, so every turn looks at both rings, and a turn comes at least once a second.
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
public sealed class DeviceLoop
{
    /// <summary>Milliseconds until the next look when nothing rings.</summary>
    public const int StatusTickMs = 1000;

    // Nets under a port that lost a wake-up or an edge: cast when nothing rang for a tick, and every so many turns all the same.
    private const int TurnsBetweenNets = 64;

    private const int RequestRing = 0;
    private const int EventRing = 1;

    private readonly Mailbox mailbox;
    private readonly Vdev vdev;
    private readonly Virtqueue requestRing;
    private readonly Virtqueue eventRing;
    private readonly RequestQueue requests;
    private readonly EventQueue events;
    private readonly LineTable lines;
    private readonly TraceRing trace;
    private readonly int mostLooks;
    private bool isUnfinished;

    // A wake-up by a pin, or a net, holds until the pins have been looked at, whatever happens to the turn.
    private bool mayHaveEdges;
    private bool mayHaveLevels;
    private int turnsToNet = TurnsBetweenNets;

    internal DeviceLoop(
        Mailbox mailbox,
        Vdev vdev,
        Virtqueue requestRing,
        Virtqueue eventRing,
        RequestQueue requests,
        EventQueue events,
        LineTable lines,
        TraceRing trace,
        int ringSize)
    {
        this.mailbox = mailbox;
        this.vdev = vdev;
        this.requestRing = requestRing;
        this.eventRing = eventRing;
        this.requests = requests;
        this.events = events;
        this.lines = lines;
        this.trace = trace;
        mostLooks = ringSize;
    }

    /// <summary>
    /// Goes on where an earlier run of the firmware was cut off: what it owes is answered, and Linux is asked to recover, because
    /// lines and interrupts are in their state at power-on while the driver believes otherwise.
    /// </summary>
    /// <param name="restartNotifyId">The doorbell by which Linux learns of it; negative: there is none.</param>
    public void Resume(int restartNotifyId)
    {
        lines.Reset(vdev.NegotiatedFeatures);
        if (restartNotifyId >= 0)
        {
            mailbox.Notify(restartNotifyId);
        }
    }

    /// <summary>Serves without end.</summary>
    public void Run()
    {
        for (; ; )
        {
            Step();
        }
    }

    /// <summary>
    /// Waits for one wake-up, then turns once. No exception leaves: one that reaches this place is traced, and a request that
    /// it left open goes back empty.
    /// </summary>
    public void Step()
    {
        try
        {
            int bits = mailbox.Wait(isUnfinished ? 0 : StatusTickMs);
            if ((bits & Mailbox.PinsChanged) != 0)
            {
                mayHaveEdges = true;
            }

            if (--turnsToNet == 0 || (bits == 0 && !isUnfinished))
            {
                turnsToNet = TurnsBetweenNets;
                mayHaveEdges = true;
                mayHaveLevels = true;
            }

            isUnfinished = false;
            Turn();
        }
        catch (Exception)
        {
            trace.Record(Fault.Unexpected, 0);
            CompleteAfterFault();
        }
    }

    private void CompleteAfterFault()
    {
        try
        {
            requests.Complete();
        }
        catch (Exception)
        {
            trace.Record(Fault.Unexpected, 1);
        }
    }

    private void Turn()
    {
        // One request and one event buffer a look; as many looks as the ring has places, then the pins get their turn.
        for (int look = 0; look < mostLooks; look++)
        {
            int state = vdev.Look();
            if (state != Vdev.Live)
            {
                if (state == Vdev.Idle)
                {
                    return;
                }

                // Started or Stopped: what the rings hold, if there are any, the next look shows.
                ForgetDriver();
                continue;
            }

            if (requestRing.HasAvailable)
            {
                AnswerNext();
            }

            if (eventRing.HasAvailable)
            {
                events.ParkNext();
            }

            if (!requestRing.NeedsLook && !eventRing.NeedsLook)
            {
                FinishTurn();
                return;
            }
        }

        isUnfinished = true;
        FinishTurn();
    }

    private void ForgetDriver()
    {
        requests.Forget();
        lines.Reset(vdev.NegotiatedFeatures);
    }

    private void AnswerNext()
    {
        if (requests.AnswerNext())
        {
            NotifyIfWanted(eventRing, EventRing);
            requests.Complete();
        }
    }

    private void FinishTurn()
    {
        if (mayHaveEdges)
        {
            mayHaveEdges = !events.TakeEdges();
            isUnfinished |= mayHaveEdges;
        }

        if (mayHaveLevels)
        {
            mayHaveLevels = false;
            events.SenseLevels();
        }

        NotifyIfWanted(requestRing, RequestRing);
        NotifyIfWanted(eventRing, EventRing);
    }

    private void NotifyIfWanted(Virtqueue ring, int number)
    {
        if (ring.TakeWish())
        {
            mailbox.Notify(vdev.NotifyId(number));
        }
    }
}
