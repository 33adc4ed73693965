// sweep: an interrupt of SysTick at every instruction of an operation, one run for each.
//
// Spec:    ARMv7-M Architecture Reference Manual, "SysTick".
// Trusts:  -
// Thread:  the main program.
// Memory:  static.

#ifndef MPS2_SWEEP_H
#define MPS2_SWEEP_H

#include <stdint.h>

extern volatile int interrupts; // since interrupt_in

// `interrupt` runs once as SysTick's handler, so many ticks of 40 ns from now: less than an instruction takes (mps2/run).
void interrupt_in(uint32_t ticks, void (*interrupt)(void));

// Runs `prepare`, `operation`, `check` again and again, each time with the interrupt a tick later: from before the first instruction of
// `operation` to the first run in which it comes after the last. `check` finds it done.
void sweep(void (*prepare)(void), void (*operation)(void), void (*interrupt)(void), void (*check)(void));

#endif
