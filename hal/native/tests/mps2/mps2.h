// mps2: QEMU's board mps2-an386, a Cortex-M4: its start, its faults, its timer, and semihosting.
//
// Spec:    ARMv7-M Architecture Reference Manual, "System address map"; Semihosting for AArch32 and AArch64.
// Trusts:  -
// Thread:  any.
// Memory:  static.

#ifndef MPS2_H
#define MPS2_H

#include <stdint.h>

#define MPS2_REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define MPS2_SYSTICK_CONTROL MPS2_REGISTER(0xE000E010)
#define MPS2_SYSTICK_RELOAD MPS2_REGISTER(0xE000E014)
#define MPS2_SYSTICK_VALUE MPS2_REGISTER(0xE000E018)
#define MPS2_INTERRUPT_CONTROL MPS2_REGISTER(0xE000ED04)
#define MPS2_CONFIGURATION MPS2_REGISTER(0xE000ED14)
#define MPS2_PRIORITIES MPS2_REGISTER(0xE000ED20) // of PendSV and SysTick
#define MPS2_COPROCESSORS MPS2_REGISTER(0xE000ED88)
#define MPS2_FAULT MPS2_REGISTER(0xE000ED28)

enum {
    MPS2_UNALIGNED_TRAPS = 1 << 3, // of MPS2_CONFIGURATION
    MPS2_PEND_SYSTICK = 1 << 26,   // of MPS2_INTERRUPT_CONTROL
    MPS2_PEND_PENDSV = 1 << 28,
    MPS2_FAULT_UNALIGNED = 1 << 24, // of MPS2_FAULT
};

void mps2_say(const char *text);

// Called by a fault before the program ends with a message; NULL: nothing is.
extern void (*volatile mps2_on_fault)(void);

// The handlers of SysTick and PendSV: `frame` is what the exception stacked, the program counter its seventh word.
extern void (*mps2_on_systick)(const uint32_t *frame);
extern void (*mps2_on_pendsv)(const uint32_t *frame);

#endif
