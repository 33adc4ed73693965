// kept.pml: the parked buffers of two lines, kept in memory that outlives the device, in a ring that forgets.
//
// Spec:    none: the policy is firmware/SPEC.md's (KEPT-5). VIRTIO "The Virtqueue Used Ring".
// Trusts:  what requests.pml shows: a native call that stores is one step, a driver that goes is noticed by its rings.
//
// One driver, that offers a buffer of a line again after it has come back. A line fires at any time. The device may die between any two accesses
// to shared memory. Its ring has as many places as there are lines, the least that a board may have. Indexes wrap at INDEXES, as early as the
// refresh allows.

#ifndef ROUNDS
#define ROUNDS 7    // buffers offered
#endif
#ifndef DEATHS
#define DEATHS 2
#endif

// One of the properties, or all of them: the assertions of the others are left out.
#ifndef ONLY
#define ONLY 0
#endif
#if ONLY == 0 || ONLY == 9
#define P9(condition) assert(condition)
#else
#define P9(condition) skip
#endif
#if ONLY == 0 || ONLY == 10
#define P10(condition) assert(condition)
#else
#define P10(condition) skip
#endif

#define LINES   2
#define SIZE    2
#define INDEXES 8
#define FAR     4   // a used index this old is stored anew
#define NEXT(index) ((index + 1) % INDEXES)
#define NONE    9

// ------------------------------------------------------------------------------------------------------- the shared words

byte avail, used;
byte entry[SIZE], element[SIZE];
byte keptHead[LINES], keptUsed[LINES];     // one word each
bit edge[LINES];                            // the port's latch

// ------------------------------------------------------------------------------------------------- what is only counted

byte rounds, deaths, lastUsed;
bit outstanding[LINES];                     // the driver's view: offered and not come back. A line's buffer is its head.
bit dies;

proctype Driver() {
    byte line;
    do
    :: atomic { rounds < ROUNDS && !(outstanding[0] && outstanding[1]) ->
            if
            :: !outstanding[0] -> line = 0
            :: !outstanding[1] -> line = 1
            fi;
            rounds++;
            outstanding[line] = 1;
            entry[avail % SIZE] = line; avail = NEXT(avail);
            line = 0
        }
    :: atomic { used != lastUsed ->
            line = element[lastUsed % SIZE];
            P9(outstanding[line]);
            outstanding[line] = 0;
            lastUsed = NEXT(lastUsed);
            line = 0
        }
    :: atomic { !edge[0] -> edge[0] = 1 }
    :: atomic { !edge[1] -> edge[1] = 1 }
    od
}

#define DISTANCE(from, to) ((to + INDEXES - from) % INDEXES)

// Whether the used ring has the kept head of a line among its last elements, behind the used index of its parking.
inline judge(line) {
    isParked = (keptHead[line] != NONE);
    age = 1;
    do
    :: isParked && age <= SIZE ->
        if
        :: age <= DISTANCE(keptUsed[line], used) && element[(used + INDEXES - age) % SIZE] == keptHead[line] -> isParked = 0
        :: else
        fi;
        age++
    :: else -> break
    od;
    age = 0
}

proctype Device() {
    byte next, visited, line, parked[LINES], age, n;
    bit isParked;

Boot:
    atomic {
        parked[0] = NONE; parked[1] = NONE; visited = 0; line = 0; age = 0; n = 0; isParked = 0; next = 0; edge[0] = 0; edge[1] = 0
    }
    {
        // EventQueue.ResumeBuffers, Virtqueue.AdoptParked: reads alone, in one step; the driver may only offer meanwhile.
        atomic {
            judge(0);
            if
            :: isParked -> parked[0] = keptHead[0]; n++
            :: else
            fi;
            judge(1);
            if
            :: isParked -> parked[1] = keptHead[1]; n++
            :: else
            fi;
            // An edge may have been missed.
            edge[0] = 1; edge[1] = 1;
            next = (used + n) % INDEXES; n = 0; isParked = 0
        }
#ifndef BUG_NOT_UPDATED
        atomic {
            if
            :: parked[0] == NONE -> keptHead[0] = NONE; keptUsed[0] = 0
            :: else
            fi
        }
        atomic {
            if
            :: parked[1] == NONE -> keptHead[1] = NONE; keptUsed[1] = 0
            :: else
            fi
        }
#endif
Turn:
        // Mailbox.Wait: something is offered, or a parked line has an edge.
        if
        :: atomic { avail != next -> line = entry[next % SIZE]; next = NEXT(next) }
            // EventQueue.ParkNext: the buffer is kept before it is used.
#ifdef BUG_NOT_KEPT
            atomic { parked[line] = line; line = 0; goto Turn }
#else
            atomic { parked[line] = line; keptHead[line] = line; keptUsed[line] = used; line = 0; goto Turn }
#endif
        :: atomic { edge[0] && parked[0] != NONE -> edge[0] = 0; line = 0 }
        :: atomic { edge[1] && parked[1] != NONE -> edge[1] = 0; line = 1 }
        fi;
#ifndef BUG_NO_VISIT
        // LineState.UpdateBuffer for one line, before each buffer that is returned.
        atomic {
            if
            :: parked[visited] == NONE -> keptHead[visited] = NONE; keptUsed[visited] = 0
#ifndef BUG_NO_REFRESH
            :: parked[visited] != NONE && DISTANCE(keptUsed[visited], used) >= FAR -> keptUsed[visited] = used
#endif
            :: else
            fi;
            visited = (visited + 1) % LINES
        }
#endif
        // SharedMemory.Publish.
        atomic { element[used % SIZE] = parked[line]; used = NEXT(used); parked[line] = NONE; line = 0; goto Turn }
    } unless { dies };
    atomic { dies = 0; goto Boot }
}

proctype Fate() {
    do
    :: atomic { deaths < DEATHS && !dies -> deaths++; dies = 1 }
    od
}

// P9   No buffer is returned that is not outstanding (above).
// P10  None is lost: whatever is offered is delivered, for each line has edges without end.
proctype Rest() {
    atomic {
        timeout;
        P10(!outstanding[0] && !outstanding[1])
    }
}

init {
    atomic {
        keptHead[0] = NONE; keptHead[1] = NONE;
        element[0] = NONE; element[1] = NONE;
        run Driver(); run Device(); run Fate(); run Rest()
    }
}
