// events.pml: the eventq and one line's interrupt in every life of Linux and of the device.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation", "GPIO Device / requestq Operation / Set IRQ Type"; Linux, drivers/gpio/gpio-virtio.c:
//          virtio_gpio_irq_bus_sync_unlock, virtio_gpio_irq_prepare, ignore_irq, and handle_level_irq.
// Trusts:  what requests.pml shows: a table is taken whole, a native call that stores is one step, replies are announced.
//
// Linux is two processes here, because its interrupt handler runs between any two steps of its tasks. There is one line, with an
// edge trigger, and one request at a time.

#ifndef LIVES
#define LIVES 2     // probes by Linux
#endif
#ifndef ACTS
#define ACTS 3      // what users of the line do, over all lives
#endif
#ifndef EDGES
#define EDGES 2     // edges of the pin
#endif
#ifndef DEATHS
#define DEATHS 1    // deaths of the device
#endif
#ifndef LOSSES
#define LOSSES 1    // notifications of the eventq, and restart doorbells, that are lost
#endif
#ifndef REPEATS
#define REPEATS 1   // repeats of a notification, a tick apart
#endif
#ifdef BUG_NO_REPEAT
#undef REPEATS
#define REPEATS 0
#endif
#ifdef NO_RESTART_DOORBELL
#define ASKS 0
#else
#define ASKS 1
#endif

// One of the properties, or all of them: the assertions of the others are left out.
#ifndef ONLY
#define ONLY 0
#endif
#if ONLY == 0 || ONLY == 1
#define P1(condition) assert(condition)
#else
#define P1(condition) skip
#endif
#if ONLY == 0 || ONLY == 3
#define P3(condition) assert(condition)
#else
#define P3(condition) skip
#endif
#if ONLY == 8
#define P8(condition) assert(condition)
#define IN_ORDER (!notifyE && !handling)    // a mailbox that does not turn round the order of its doorbells
#else
#define P8(condition) skip
#define IN_ORDER true
#endif

#define NEXT(index) ((index + 1) % 4)

// The driver's messages, and an event's status.
#define ENABLE    1 // SET_IRQ_TYPE, an edge
#define DISABLE   2 // SET_IRQ_TYPE NONE
#define RELEASE   3 // SET_DIRECTION NONE: another user of the line has gone
#define INVALID   0
#define VALID     1

// ------------------------------------------------------------------------------------------------------- the shared words

bit driverOk;
bit canary;         // of both rings
byte availR, usedR; // requestq
byte message;
byte availE, usedE; // eventq
bit status;         // the event buffer's

// The doorbells to Linux, and the pin. A doorbell to the device is left out: the tick may come at any time, and does as much.
bit notifyR, notifyE, restart;
bit edge;           // the port's latch

// ------------------------------------------------------------------------------------------------- what is only counted

byte probes, acts, edges, deaths, losses;
bit asked;          // Linux has been asked to recover
bit dies;

// The edge of an armed line: at the pin, in the device, under way to Linux.
bit armed, due, held, sent;
bit forgotten;      // the device has armed the line, answered, and died

inline ring(bell) {
    if
    :: bell = 1
    :: losses < LOSSES -> losses++
    fi
}

inline disarm() {
    armed = 0; due = 0; held = 0; sent = 0
}

// ------------------------------------------------------------------------------------------------------------------ Linux

byte lastE;
bit disabled, masked, queued, pending;
bit handling;       // the interrupt handler is between two steps

// virtio_gpio_irq_prepare, under eventq_lock.
inline prepare() {
    if
    :: queued || masked || disabled ->
        // P8: "WARN_ON(irq_line->queued || irq_line->masked || irq_line->disabled)"
        P8(false)
    :: else -> queued = 1; availE = NEXT(availE)
    fi
}

proctype Users() {
Probe:
    // Zeroed rings, DRIVER_OK; requests.pml has the steps.
    atomic {
        probes++;
        availR = 0; usedR = 0; message = 0; availE = 0; usedE = 0; status = 0; canary = 0;
        lastE = 0; disabled = 1; masked = 1; queued = 0
    }
    driverOk = 1;
    do
    :: atomic { acts < ACTS && disabled ->
            acts++;
            disabled = 0; masked = 0; pending = 1;
            message = ENABLE; availR = NEXT(availR)
        }
        goto Wait
    :: atomic { acts < ACTS && !disabled ->
            acts++;
            disabled = 1; masked = 1; pending = 0; disarm();
            message = DISABLE; availR = NEXT(availR)
        }
        goto Wait
    :: atomic { acts < ACTS ->
            acts++;
            disarm();
            message = RELEASE; availR = NEXT(availR)
        }
Wait:
        do
        :: atomic { notifyR && IN_ORDER -> notifyR = 0;
                if
                :: usedR == availR -> break
                :: else
                fi
            }
        :: atomic { probes < LIVES -> goto Reset }     // Linux dies
        od;
        atomic {
            if
            :: message == ENABLE && !forgotten -> armed = 1
            :: else
            fi;
            message = 0; forgotten = 0;
            if
            :: pending -> pending = 0; prepare()
            :: else
            fi
        }
    :: atomic { restart -> restart = 0; asked = 1 }
    :: atomic { probes < LIVES -> goto Reset }         // recovery, or anything else
    od;
Reset:
    // free_irq and del_vqs wait for a handler that runs.
    atomic { !handling -> driverOk = 0; asked = 0; disarm(); disabled = 1; masked = 1; pending = 0; message = 0; forgotten = 0; goto Probe }
}

// virtio_gpio_event_vq, handle_level_irq.
proctype Handler() {
Next:
    do
    :: atomic { driverOk && notifyE && !handling -> notifyE = 0; handling = 1 }
    :: atomic { handling && usedE != lastE ->
            lastE = NEXT(lastE);
            queued = 0;
            if
            :: masked || disabled
            :: !masked && !disabled && status == INVALID -> prepare()
            :: !masked && !disabled && status == VALID -> sent = 0; masked = 1; goto Unmask
            fi
        }
    :: atomic { handling && usedE == lastE -> handling = 0 }
    od;
Unmask:
    atomic {
        if
        :: disabled
        :: else -> masked = 0; prepare()
        fi
    }
    goto Next
}

proctype Pin() {
    do
    :: atomic { edges < EDGES -> edges++; edge = 1; due = (armed -> 1 : due) }
    od
}

// ----------------------------------------------------------------------------------------------------------------- device

#define NONE      0
#define EDGE      1
#define KEPT      2 // enabled by nobody, and told so once: a further buffer is parked

#define PARK      0 // where a returned buffer leads to
#define REPLY     1

inline forget() {
    bound = 0; nextR = 0; nextE = 0; trigger = NONE; latched = 0; parked = 0; repeats = 0; asks = 0
}

proctype Device() {
    bit bound, latched, parked, asks, value, ok, reply;
    byte nextR, nextE, seenR, seenE, trigger, repeats, op;

Boot:
    atomic {
        forget();
        value = 0; ok = 0; reply = 0; seenR = 0; seenE = 0; op = 0; edge = 0
    }
    {
        goto Poll;

Wait:
        // Mailbox.Wait.
        if
        :: atomic { bound && edge }
        :: atomic { driverOk != bound }
        :: atomic { bound && driverOk && (!canary || availR != nextR || availE != nextE) }
        :: atomic { repeats > 0 -> repeats--; ring(notifyE); goto Wait }
        :: atomic { asks && driverOk && !restart && !asked -> ring(restart); goto Wait }
        fi;

Poll:
        // Vdev.Poll: the requestq before the eventq.
        atomic {
            seenR = availR;
            if
            :: !driverOk -> forget(); seenR = 0; goto Wait
            :: driverOk && !bound -> seenR = 0; goto Take
            :: else
            fi
        }
        atomic {
            seenE = availE;
            if
            :: !canary -> forget(); seenR = 0; seenE = 0; goto Take
            :: canary && seenR != nextR -> seenR = 0; goto Request
            :: canary && seenR == nextR && seenE != nextE -> seenR = 0; reply = 0; goto Park
            :: else -> seenR = 0; seenE = 0
            fi
        }

        // EventQueue.TakeEdges.
        atomic {
            if
            :: edge ->
                edge = 0; held = (due -> 1 : held); due = 0;
                if
                :: trigger == EDGE && parked -> value = VALID; reply = 0; goto Return
#ifndef BUG_NOT_LATCHED
                :: trigger == EDGE && !parked -> latched = 1; goto Poll
#else
                :: trigger == EDGE && !parked -> goto Poll
#endif
                :: trigger != EDGE -> goto Poll
                fi
            :: else -> goto Wait
            fi
        }

Take:
        atomic {
            if
            :: !driverOk -> goto Wait
            :: driverOk && !canary -> canary = 1; bound = 1; goto Poll
            :: driverOk && canary -> goto Adopt
            fi
        }
Adopt:
        // Virtqueue.Adopt: what is available and not used was parked.
        atomic {
            bound = 1; asks = ASKS; nextR = usedR;
#ifdef BUG_PARKED_LOST
            nextE = availE;
#else
            nextE = availE; parked = (availE != usedE); trigger = KEPT;
#endif
            repeats = REPEATS
        }
        atomic { ring(notifyE) }
        atomic { notifyR = 1; goto Poll }

Request:
        // RequestQueue.AnswerNext.
        atomic {
            op = message;
            if
            :: op == ENABLE -> seenE = 0; op = 0; trigger = EDGE; latched = 0; goto Reply
#ifndef BUG_NO_DRAIN
            :: op != ENABLE && seenE != nextE -> reply = 1; goto Park
#endif
            :: else -> goto Disable
            fi
        }
Disable:
        atomic {
            seenE = 0; op = 0; trigger = NONE; latched = 0;
            if
#ifndef BUG_NOT_RETURNED
            :: parked -> value = INVALID; reply = 1; goto Return
#endif
            :: else -> goto Reply
            fi
        }
Reply:
        // SharedMemory.Publish.
        atomic {
            reply = 0;
            if
            :: driverOk && canary -> nextR = NEXT(nextR); usedR = nextR
            :: else -> goto Poll
            fi
        }
        atomic { notifyR = 1; goto Poll }

Park:
        // EventQueue.ParkNext.
        atomic {
            seenE = 0;
            nextE = NEXT(nextE); parked = 1; repeats = 0;
            if
#ifdef BUG_INVALID_ALWAYS
            :: trigger == NONE -> value = INVALID
#else
            :: trigger == NONE -> value = INVALID; trigger = KEPT
#endif
            :: trigger == EDGE && latched -> value = VALID
            :: else ->
                if
                :: reply -> goto Disable
                :: else -> goto Poll
                fi
            fi
        }
Return:
        // EventQueue.Return, SharedMemory.Publish.
        atomic {
            if
            :: driverOk && canary ->
                status = value; usedE = NEXT(usedE); repeats = REPEATS; parked = 0;
                if
                :: value == VALID -> latched = 0; sent = (held -> 1 : sent); held = 0
                :: else
                fi;
                value = 0
            :: else ->
                if
                :: value == VALID -> latched = 1
                :: else
                fi;
                value = 0; reply = 0; op = 0; goto Poll
            fi
        }
        // Doorbell: before the reply.
        atomic {
            ring(notifyE);
            if
            :: reply && op != 0 -> goto Disable
            :: reply && op == 0 -> goto Reply
            :: else -> goto Poll
            fi
        }
    } unless { dies };
    atomic { dies = 0; goto Boot }
}

proctype Fate() {
    // One at its very start is none at all, so the bound is an exact number.
    do
    :: atomic { deaths < DEATHS && !dies ->
            deaths++;
            dies = 1;
#if ASKS == 0
            // Without a doorbell to tell of it, what was armed is gone until it is armed again.
            disarm();
            forgotten = (message == ENABLE && usedR == availR)
#endif
        }
    od
}

// Nothing can happen any more, but ticks that change nothing.
//
// P1  A request is answered.
// P3  An edge of a line that is armed runs Linux's handler, at once or when the line is unmasked; or Linux has been asked to recover.
// P4  INVALID goes round no circle, and P5, the device comes to rest: the search for cycles finds none. Indexes wrap, so that a
//     circle would lead back to where it was.
// P8  Linux's WARN_ON in virtio_gpio_irq_prepare stays silent, where no doorbell is lost or overtakes another.
proctype Rest() {
    atomic {
        timeout;
        P1(message == 0);
        P3(!armed || asked || (!due && !held && !sent))
    }
}

init {
    atomic { run Users(); run Handler(); run Pin(); run Device(); run Fate(); run Rest() }
}
