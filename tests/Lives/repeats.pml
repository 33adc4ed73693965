// repeats.pml: when the repeats of the eventq's notification may end, with two lines.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation", "Used Buffer Notifications"; Linux, drivers/gpio/gpio-virtio.c: virtio_gpio_event_vq.
// Trusts:  what events.pml shows of one line. Here nothing dies, and both lines are armed from the beginning.
//
// One notification serves all lines, and can be lost. A buffer that comes back shows that Linux has looked at the used ring, but
// not that it has looked since another line's buffer was put there. So the repeats end when the buffer of every line that was
// delivered has come back, and not before.

#ifndef EDGES
#define EDGES 3     // edges, of either line
#endif
#ifndef LOSSES
#define LOSSES 1    // notifications that are lost
#endif
#ifndef REPEATS
#define REPEATS 1   // repeats of a notification, a tick apart
#endif

#define LINES 2

// ------------------------------------------------------------------------------------------------------- the shared words

bit offered[LINES]; // the line's buffer stands in the available ring, not taken by the device
bit used[LINES];    // the line's buffer stands in the used ring, not taken by Linux
bit notify;
bit edge[LINES];    // the port's latch

// ------------------------------------------------------------------------------------------------- what is only counted

byte edges, losses;

// ------------------------------------------------------------------------------------------------------------------ Linux

bit thread[LINES];  // a line's handler runs in a thread, and unmasks when it is done

proctype Linux() {
    byte line;
    do
    :: atomic { notify ->
            // virtio_gpio_event_vq takes all that is there. A thread that still runs has no buffer there.
            notify = 0;
            for (line : 0 .. LINES - 1) {
                if
                :: used[line] -> used[line] = 0; thread[line] = 1
                :: else
                fi
            }
            line = 0
        }
    :: atomic { thread[0] -> thread[0] = 0; offered[0] = 1 }
    :: atomic { thread[1] -> thread[1] = 0; offered[1] = 1 }
    od
}

proctype Pin() {
    do
    :: atomic { edges < EDGES -> edges++; edge[0] = 1 }
    :: atomic { edges < EDGES -> edges++; edge[1] = 1 }
    od
}

// ----------------------------------------------------------------------------------------------------------------- device

proctype Device() {
    bit parked[LINES], latched[LINES], away[LINES];
    byte repeats, line;

    parked[0] = 1;
    parked[1] = 1;
    do
    // EventQueue.ParkNext.
    :: atomic {
            if
            :: offered[0] -> line = 0
            :: offered[1] -> line = 1
            fi;
            offered[line] = 0; parked[line] = 1; away[line] = 0;
            if
#ifdef BUG_ANY_RETURN
            :: true -> repeats = 0
#else
            :: !away[0] && !away[1] -> repeats = 0
#endif
            :: away[0] || away[1]
            fi
        }
    // EventQueue.TakeEdges.
    :: atomic {
            if
            :: edge[0] -> line = 0
            :: edge[1] -> line = 1
            fi;
            edge[line] = 0; latched[line] = 1
        }
    // EventQueue.Return, then Doorbell: two native calls.
    :: atomic {
            if
            :: latched[0] && parked[0] -> line = 0
            :: latched[1] && parked[1] -> line = 1
            fi;
            latched[line] = 0; parked[line] = 0; away[line] = 1; used[line] = 1; repeats = REPEATS
        }
        atomic {
            if
            :: notify = 1
            :: losses < LOSSES -> losses++
            fi
        }
    // Doorbell.Tick.
    :: atomic { repeats > 0 && (away[0] || away[1]) ->
            repeats--;
            if
            :: notify = 1
            :: losses < LOSSES -> losses++
            fi
        }
    od
}

proctype Rest() {
    atomic {
        timeout;
        assert(!used[0] && !used[1])    // P3
    }
}

init {
    atomic { run Linux(); run Pin(); run Device(); run Rest() }
}
