// requests.pml: the requestq in every life of Linux and of the device.
//
// Spec:    VIRTIO "Device Status Field", "Device Reset", "Split Virtqueues"; Linux, drivers/remoteproc/remoteproc_virtio.c,
//          drivers/virtio/virtio_ring.c, drivers/gpio/gpio-virtio.c.
// Trusts:  Linux's wmb() before it stores an available index; that its zeroes in the ring are visible before the DRIVER_OK that it
//          stores much later (LATE_ZERO takes this away); and that a native call that the device has begun ends before Linux, after
//          a reset, comes to zero the ring (TORN takes this away). Both are needed: each of the two switches breaks a queue.
//          MOVES: an attach after a detach puts the ring elsewhere, and leaves the old one as it was. P2 fails then: a native call
//          that stores finds status and canary as they were.
//
// Two processes share the words that stand first. Each atomic step makes one access to them, as the side that it belongs to
// really makes it; whatever else stands in such a step is private to that side, or only counted.
//
// What may happen, and how often, is bounded by these five. Every interleaving within the bounds is searched. A switch BUG_...
// changes the model in one place, so that a property fails: LivesTests shows for each that it does.
//
// Can the device tell, without EVENT_IDX's used_event, that a notification was lost? No: to take a used buffer, Linux stores
// nothing ("notify ->" below), so a driver that was told and rests looks like one that was not told. On the eventq the buffer's
// return tells; on the requestq nothing does. Is a bounded number of repeats enough? Yes, as long as one notification is not lost
// more often than it is repeated: LOSSES == REPEATS passes, LOSSES == REPEATS + 1 fails. USED_EVENT repeats until Linux has
// taken it, and survives any number of losses.

#ifndef LIVES
#define LIVES 2     // probes by Linux
#endif
#ifndef OFFERS
#define OFFERS 2    // requests, over all lives
#endif
#ifndef DEATHS
#define DEATHS 1    // deaths of the device
#endif
#ifndef LOSSES
#define LOSSES 1    // doorbells to Linux that are lost
#endif
#ifndef REPEATS
#define REPEATS 1   // repeats of a notification, a tick apart
#endif

#ifdef NO_RESTART_DOORBELL
#define ASKS 0
#else
#define ASKS 1
#endif
#ifdef BUG_NO_REPEAT
#undef REPEATS
#define REPEATS 0
#endif

// One of the properties (see the end of this file), or all of them: the assertions of the others are left out.
#ifndef ONLY
#define ONLY 0
#endif
#if ONLY == 0 || ONLY == 1
#define P1(condition) assert(condition)
#else
#define P1(condition) skip
#endif
#if ONLY == 0 || ONLY == 2
#define P2(condition) assert(condition)
#else
#define P2(condition) skip
#endif
#if ONLY == 0 || ONLY == 6
#define P6(condition) assert(condition)
#else
#define P6(condition) skip
#endif
#if ONLY == 0 || ONLY == 7
#define P7(condition) assert(condition)
#else
#define P7(condition) skip
#endif

#if ONLY == 11
#define P11(condition) assert(condition)
#else
#define P11(condition) skip
#endif

#define SIZE  2     // places of the ring
#define LOOKS 1     // further looks at a table that does not judge well, before Linux is asked to recover

// ------------------------------------------------------------------------------------------------------- the shared words

bit driverOk;       // the status byte, as far as the device looks at it
bit features;       // F_IRQ accepted
byte address;       // the ring's place, 1 or 2; 0: FW_RSC_ADDR_ANY

// The rings, by their place.
#ifdef MOVES
#define PLACES 2
#else
#define PLACES 1
#endif
#define AT(place) ((place) - 1)
typedef Ring {
    byte avail;     // available index
    byte entry[SIZE];
    bit canary;
    byte used;      // used index
    byte element[SIZE]
}
Ring rings[PLACES];
#ifdef USED_EVENT
byte usedEvent;     // VIRTIO_RING_F_EVENT_IDX: how far Linux has taken what was used
#endif

// The doorbells. One that rings twice before it is heard rings once.
bit kick;
bit notify;
bit restart;

// ------------------------------------------------------------------------------------------------- what is only counted

#define NEW      0
#define OFFERED  1
#define ANSWERED 2
#define GONE     3  // Linux has reset the device, and no longer waits
byte request[OFFERS + 1];
byte offers;
byte life;          // resets so far
byte probes;
byte losses;
byte deaths;
bit last;           // Linux does not reset the device again
bit offered;        // a request of the last life was offered
bit served;         // and one was answered
bit asked;          // Linux has been asked to recover
bit writing;        // the device is in a native call that stores
bit dies;
bit isTaken;        // the device serves a table
bit features2;      // and goes by these features
#ifdef KEPT
byte kept;          // the life whose requests have made the state that outlives the device; 0: none has
byte whose;         // the life in which the canary was stored
#endif

// A doorbell to Linux. One to the device may always be lost: the tick makes up for it.
inline ring(bell) {
    if
    :: bell = 1
    :: losses < LOSSES -> losses++
    fi
}

// ------------------------------------------------------------------------------------------------------------------ Linux

proctype Linux() {
    byte id, waiting, lastUsed;
    byte place = 1;

Probe:
    atomic {
        probes++;
        last = (probes == LIVES)
    }
#ifdef FEATURES
    if
    :: features = 1
    :: features = 0
    fi;
#endif
#ifdef LATE_ZERO
    if
    :: driverOk = 1
    :: skip
    fi;
#endif
    // memset of the whole ring, from its start to its end.
    atomic {
#ifndef TORN
        !writing;
#endif
        rings[AT(place)].avail = 0; rings[AT(place)].entry[0] = 0; rings[AT(place)].entry[1] = 0;
#ifdef USED_EVENT
        usedEvent = 0
#endif
    }
    rings[AT(place)].canary = 0;
    atomic { rings[AT(place)].used = 0; rings[AT(place)].element[0] = 0; rings[AT(place)].element[1] = 0; lastUsed = 0 }
    // Plain stores: DRIVER_OK may become visible before what was stored earlier.
    if
    :: address = place; driverOk = 1
    :: driverOk = 1; address = place
#ifdef FEATURES
    :: atomic { features = !features; address = place }; driverOk = 1; features = !features
#endif
    fi;

    // Linux waits for its doorbell. Nothing here looks at the ring without it.
    do
    :: atomic { offers < OFFERS && waiting < SIZE ->
            // The entry, wmb(), the index: nobody looks at an entry before its index.
            offers++;
            rings[AT(place)].entry[rings[AT(place)].avail % SIZE] = offers;
            rings[AT(place)].avail++;
            request[offers] = OFFERED;
            offered = last;
            waiting++
        }
        if
        :: kick = 1
        :: skip
        fi
    :: atomic { notify -> notify = 0 }
        do
        :: atomic { rings[AT(place)].used != lastUsed ->
                id = rings[AT(place)].element[lastUsed % SIZE];
                // Exactly once. Linux says otherwise "id is not a head", and serves the queue no more.
                P1(id != 0 && request[id] == OFFERED);
                request[id] = ANSWERED;
                lastUsed++;
                waiting--;
                served = last;
                id = 0
            }
#ifdef USED_EVENT
        :: atomic { rings[AT(place)].used == lastUsed -> usedEvent = lastUsed; break }
#else
        :: atomic { rings[AT(place)].used == lastUsed -> break }
#endif
        od
    :: atomic { restart && !asked -> restart = 0; asked = 1 }
    :: atomic { !last ->
            // Unbind, or Linux dies. Nobody is told.
            driverOk = 0;
            life++;
            asked = 0;
            waiting = 0;
            for (id : 1 .. OFFERS) {
                if
                :: request[id] == OFFERED -> request[id] = GONE
                :: else
                fi
            }
            break
        }
    od;
    if
    :: skip
    :: atomic {
        // Detach: the core copies its clean table over this one.
        address = 0; features = 0;
#ifdef MOVES
        place = 3 - place
#endif
    }
    fi;
    goto Probe
}

// ----------------------------------------------------------------------------------------------------------------- device

// Before each store to a ring or a buffer, P2. "lives" is the life at the last look at the status: after a reset only the native
// call that looked before it still stores, and no more than WIDTH times.
#ifndef WIDTH
#define WIDTH 3     // reply, element, index
#endif
inline stores() {
    if
    :: life == lives
    :: else -> P2(writing); late++; P2(late <= WIDTH)
    fi
}

inline forget() {
    bound = 0; settled = 0; open = 0; repeats = 0; asks = 0; gone = 0; lives = 0; isTaken = 0; features2 = 0
}

// A ring elsewhere leaves the canary of the old one.
#ifdef MOVES
#define CANARY ok
#ifdef BUG_NO_PLACE
#define MOVED false
#else
#define MOVED (address != mine)
#endif
#else
#define CANARY rings[AT(mine)].canary
#define MOVED false
#endif

proctype Device() {
    bit bound, settled, unjudged, asks, gone, ok;
    byte next, usedIndex, open, repeats, looks, lives, late, index, head, mine;

Boot:
    atomic {
        forget();
        unjudged = 0; ok = 0; next = 0; usedIndex = 0; looks = 0; late = 0; index = 0; head = 0; writing = 0; mine = 1
    }
    {
        goto Poll;

Wait:
        // Mailbox.Wait: a doorbell or a tick. A tick that finds nothing new and has nothing to repeat changes nothing: left out.
        if
        :: atomic { kick -> kick = 0 }
#ifdef BUG_JUDGE_ONCE
        :: atomic { driverOk != bound && !(driverOk && unjudged) }
#else
        :: atomic { driverOk != bound && !(driverOk && unjudged && !address) }
#endif
        :: atomic { bound && driverOk && (!rings[AT(mine)].canary || rings[AT(mine)].avail != next || MOVED) }
#ifdef USED_EVENT
        :: atomic { bound && driverOk && !notify && usedEvent != usedIndex -> goto Notify }
#else
        :: atomic { repeats > 0 -> repeats--; goto Notify }
#endif
        :: atomic { asks && driverOk && !restart && !asked -> ring(restart); goto Wait }
        fi;

Poll:
        // Vdev.Poll, one native call: status, available index, entry, canary, place.
        atomic {
            ok = driverOk;
            if
            :: !ok -> forget(); unjudged = 0; looks = 0; goto Wait
            :: ok && !bound -> ok = 0; looks = 0; goto Take
            :: else -> ok = 0
            fi
        }
        index = rings[AT(mine)].avail;
        head = rings[AT(mine)].entry[next % SIZE];
#ifdef MOVES
        ok = rings[AT(mine)].canary;
#endif
        atomic {
            if
            :: !CANARY || MOVED -> forget(); index = 0; head = 0; looks = 0; ok = 0; goto Take
            :: CANARY && !MOVED && open -> index = 0; head = 0; ok = 0; goto Publish
            :: CANARY && !MOVED && !open && index != next ->
                index = 0; ok = 0;
                if
#ifndef BUG_TABLE_ONCE
                :: !settled -> head = 0; goto Settle
#endif
                :: else -> open = head; head = 0; next++; goto Publish
                fi
            :: else -> index = 0; head = 0; ok = 0;
#ifdef BUG_FLAG_NOT_CLEARED
                goto Poll       // the mask of pending work still has the ring's bit: the wait's time-out is 0
#else
                goto Wait
#endif
            fi
        }

Take:
        // ResourceTable.Adopt: features, status, ring address, in the order in which they lie in the table.
        features2 = features;
        atomic {
            lives = life;
            if
            :: !driverOk -> forget(); goto Wait
            :: else
            fi
        }
        atomic {
            if
            :: address -> looks = 0; unjudged = 0; mine = address
            :: !address && looks < LOOKS -> lives = 0; looks++; goto Take
            :: !address && looks == LOOKS -> lives = 0; looks = 0; unjudged = 1; asks = ASKS; goto Wait
            fi
        }
        // Virtqueue.Adopt.
        atomic {
            if
            :: !rings[AT(mine)].canary
            :: rings[AT(mine)].canary ->
#ifdef KEPT
                P11(kept == 0 || kept == whose);
#endif
                goto Adopt
            fi
        }
#if defined(KEPT) && !defined(BUG_KEPT_LATE)
        // LineTable.Reset, before Vdev.TakeRings.
        atomic { kept = 0 }
#endif
#ifndef BUG_BARE_CANARY
        atomic {
            lives = life;
            if
            :: !driverOk -> forget(); goto Wait
            :: else -> writing = 1
            fi
        }
#endif
        atomic {
            stores();
            rings[AT(mine)].canary = 1; writing = 0;
#ifdef BUG_ADOPT_FRESH
            next = rings[AT(mine)].avail; usedIndex = next;
#else
            next = 0; usedIndex = 0;
#endif
            bound = 1; isTaken = 1;
#ifdef KEPT
            whose = lives + 1;
#endif
            lives = 0; late = 0;
#if defined(KEPT) && defined(BUG_KEPT_LATE)
        }
        atomic {
            kept = 0;
#endif
            goto Poll
        }
Adopt:
        atomic {
            usedIndex = rings[AT(mine)].used;
            next = usedIndex; bound = 1; isTaken = 1; lives = 0; asks = ASKS; repeats = REPEATS
        }
#ifdef BUG_ADOPT_STORES
        rings[AT(mine)].canary = 1;
#endif
#ifdef BUG_NO_ANNOUNCE
        atomic { repeats = 0; goto Poll }
#else
        goto Notify;
#endif

Settle:
        // The table once more, before the first request is served.
#ifdef MOVES
        atomic { ok = (features == features2 && address == mine) }
#else
        atomic { ok = (features == features2) }
#endif
        atomic {
            if
            :: !driverOk || !ok -> ok = 0; forget(); goto Poll
            :: else -> ok = 0; settled = 1; goto Poll
            fi
        }

Publish:
#ifdef BUG_REPLY_OUTSIDE
        atomic { stores() }
#endif
        // SharedMemory.Publish, one native call: status, canary; reply, element, used index; the available index is left to Poll.
        atomic {
            if
            :: !driverOk -> goto Poll
            :: else -> lives = life; gone = (request[open] == GONE); writing = 1
            fi
        }
#ifndef BUG_STATUS_ONLY
        atomic {
            if
            :: !rings[AT(mine)].canary -> gone = 0; lives = 0; writing = 0; goto Poll
            :: else
            fi
        }
#endif
        atomic {
            // The ring and the reply are those of the driver that the check found.
            P2(!gone);
            gone = 0;
#ifndef BUG_REPLY_OUTSIDE
            stores()            // the reply
#endif
        }
#ifdef KEPT
        atomic { stores(); rings[AT(mine)].element[usedIndex % SIZE] = open; kept = lives + 1 }
#else
        atomic { stores(); rings[AT(mine)].element[usedIndex % SIZE] = open }
#endif
        atomic {
            stores();
            rings[AT(mine)].used = usedIndex + 1;
            writing = 0; lives = 0; late = 0; usedIndex++; open = 0; repeats = REPEATS
        }
Notify:
        atomic { ring(notify); goto Poll }
    } unless { dies };
    atomic { dies = 0; goto Boot }
}

// The device dies at any step, or not.
proctype Fate() {
    // One at its very start is none at all, so a bound is an exact number.
    do
    :: atomic { deaths < DEATHS && !dies -> deaths++; dies = 1 }
    od
}

// Nothing can happen any more, but ticks that change nothing.
//
// P1  A request that was offered is answered exactly once. It holds without "or Linux has been asked to recover".
// P2  After a reset no store, but at most WIDTH of the native call that had looked before it.
// P5  The device comes to rest: the search for cycles finds none, because no step of the device leads back to where it was.
// P6  Whatever came before, a request of the last probe is served: no state needs more than a new probe.
// P7  A device that has served goes by the features that Linux has accepted.
// P11 The state that outlives the device (KEPT) is that of the driver whose canary is found, or no request has made it yet.
proctype Rest() {
    byte id;
    atomic {
        timeout;
        for (id : 1 .. OFFERS) {
            P1(request[id] != OFFERED)
        }
        P6(!offered || served);
        P7(!served || (isTaken && features2 == features))
    }
}

init {
    atomic { run Linux(); run Device(); run Fate(); run Rest() }
}
