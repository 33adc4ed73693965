// sleep.pml: Linux falls asleep, sleeps and resumes, and the device keeps away from its memory meanwhile.
//
// Spec:    none: VIRTIO knows no driver that sleeps. SPEC.md, "A Linux that sleeps, or is down".
// Trusts:  what events.pml shows of the eventq; that a firmware which does not say within a second that it has seen Linux fall asleep is
//          dead; that a firmware which starts under a running Linux asks it to recover.
//
// There is one line, which wakes Linux, with an edge trigger. Each of the two words has one writer. An access to Linux's memory is a
// step of its own: Linux may have stored a word between the look at it and that access.

#ifndef SLEEPS
#define SLEEPS 2    // sleeps of Linux
#endif
#ifndef OTHERS
#define OTHERS 1    // times that something else wakes it
#endif
#ifndef EDGES
#define EDGES 2     // edges of the pin
#endif
#ifndef DEATHS
#define DEATHS 1    // deaths of the device
#endif
#ifndef LOSSES
#define LOSSES 1    // wake doorbells that are lost
#endif
#ifndef KICKS
#define KICKS 0     // doorbells of falling asleep and of resume that are lost
#endif

// One of the properties, or all of them: the assertions of the others are left out.
#ifndef ONLY
#define ONLY 0
#endif
#if ONLY == 0 || ONLY == 12
#define P12(condition) assert(condition)
#else
#define P12(condition) skip
#endif
#if ONLY == 0 || ONLY == 13
#define P13(condition) assert(condition)
#else
#define P13(condition) skip
#endif
#if ONLY == 0 || ONLY == 14
#define P14(condition) assert(condition)
#else
#define P14(condition) skip
#endif

#define RUNS    0
#define ASLEEP  1
#define UNKNOWN 2

// ------------------------------------------------------------------------------------------------------- the shared words

bit state;          // what Linux does; the SoC's driver writes it
bit noted;          // what the firmware has seen of that; the firmware writes it, and one that dies leaves it as it is
bit used;           // the line's buffer is used, and Linux has not taken it; otherwise the device has it

// The doorbells, and the port's latch.
bit kick, wake;
bit edge;

// ------------------------------------------------------------------------------------------------- what is only counted

byte sleeps, others, edges, deaths, losses, kicks;
bit off;            // Linux's memory
bit falls;          // Linux waits for the firmware before it sleeps
bit dead, dies;

// The edge: at the pin, in the device, under way to Linux. One that a death has taken wakes Linux all the same.
bit due, held, sent, taken;

inline ring(bell, lost, MOST) {
    if
    :: bell = 1
    :: lost < MOST -> lost++
    fi
}

// ------------------------------------------------------------------------------------------------------------------ Linux

proctype Linux() {
Run:
    do
    :: atomic { used -> used = 0; sent = 0; kick = 1 }
    :: atomic { sleeps < SLEEPS -> sleeps++; goto Fall }    // from here on nobody looks at the eventq
    od;
Fall:
    atomic { state = ASLEEP; falls = 1 }
    atomic { ring(kick, kicks, KICKS) }
    atomic { noted == ASLEEP || dead -> falls = 0; off = 1 }
    if
    :: atomic { wake -> wake = 0 }
    :: atomic { others < OTHERS -> others++ }
    fi;
    atomic { off = 0; state = RUNS; taken = 0 }
    atomic { ring(kick, kicks, KICKS); goto Run }
}

proctype Pin() {
    do
    :: atomic { edges < EDGES -> edges++; edge = 1; due = 1 }
    od
}

// ----------------------------------------------------------------------------------------------------------------- device

proctype Device() {
    byte seen, word;
    bit isAside, isLatched, isReturned, rings, ticks, starts;

Boot:
    atomic {
        dead = 0; edge = 0; taken = (due || held -> 1 : taken); due = 0; held = 0;
        seen = UNKNOWN; word = 0; isAside = 0; isLatched = 0; isReturned = 0; rings = 0; ticks = 0; starts = 1
    }
    {
#ifdef BUG_ACCESS_AT_START
        atomic { P12(!off) }
#endif
        goto Look;

Wait:
        // Mailbox.Wait. While Linux runs, and while the device is not sure of it, a tick makes up for a kick that is lost; otherwise it does
        // only if the board says so.
        if
        :: atomic { kick -> kick = 0 }
        :: atomic { edge }
#ifndef BUG_NO_REPEAT
        :: atomic { rings && !wake -> ticks = 1 }
#endif
        :: atomic { !isAside && state != seen }
#ifndef BUG_RESTS_UNSURE
        :: atomic { isAside && word != seen }
#endif
#ifdef SLEEP_TICK
        :: atomic { isAside && (state != seen || state == RUNS) }
#endif
        fi;

Look:
        // LinuxState.Runs.
        atomic {
            word = state;
            if
            :: word == seen && word == RUNS -> goto Turn
            :: word == seen && word == ASLEEP -> goto Aside
            :: else
            fi
        }
        atomic { seen = word; noted = word }
#ifndef BUG_LOOKS_ONCE
        atomic { word = state }
#endif
        atomic {
            if
            :: seen == RUNS && word == RUNS -> goto Turn
            :: else -> goto Aside
            fi
        }

Aside:
        // DeviceLoop.TurnAside, and StartAside for a firmware that starts. Once Linux has been asked, it is asked again at ticks only.
        atomic {
            isAside = 1;
            held = (due -> 1 : held); due = 0; isLatched = (edge -> 1 : isLatched); edge = 0;
            if
            :: rings && ticks -> skip
#ifdef BUG_RETURNED_SLEEPS
            :: !rings && (isLatched || starts) -> rings = 1
#elif defined(BUG_START_SLEEPS)
            :: !rings && (isLatched || isReturned) -> rings = 1
#else
            :: !rings && (isLatched || isReturned || starts) -> rings = 1
#endif
            :: else -> ticks = 0; starts = 0; goto Wait
            fi;
            ticks = 0; starts = 0
        }
        atomic { ring(wake, losses, LOSSES); goto Wait }

Turn:
        // DeviceLoop.TakeUp, then what is latched is delivered. Under a running Linux a firmware that starts asks it to recover.
        atomic {
            taken = (starts -> 0 : taken); starts = 0;
#ifdef BUG_LATCH_FORGOTTEN
            isLatched = (isAside -> 0 : isLatched);
#endif
            isAside = 0; rings = 0; ticks = 0;
            held = (due -> 1 : held); due = 0; isLatched = (edge -> 1 : isLatched); edge = 0
        }
        atomic { P12(!off); isReturned = used }
        atomic {
            if
            :: isLatched && !isReturned -> P12(!off); used = 1; isReturned = 1; isLatched = 0; sent = (held -> 1 : sent); held = 0
            :: else
            fi;
            goto Wait
        }
    } unless { dies };
    atomic { dies = 0; dead = 1 }
    goto Boot
}

proctype Fate() {
    do
    :: atomic { deaths < DEATHS && !dies && !dead -> deaths++; dies = 1 }
    od
}

// Nothing can happen any more.
//
// P12 Nothing of Linux's is accessed while its memory is off.
// P13 An edge of a line that wakes reaches Linux, which may have to be woken for it. If a death has taken it, Linux is woken or asked to recover.
// P14 Linux is not kept from its sleep.
// P5  The device comes to rest: the search for cycles finds none.
proctype Rest() {
    atomic {
        timeout;
        P13(!due && !held && !sent && !taken);
        P14(!falls)
    }
}

init {
    atomic { run Linux(); run Pin(); run Device(); run Fate(); run Rest() }
}
