// fake_port: a port of plain arrays, that remembers what it was asked.
//
// Spec:    port/vgpio_port.h.
// Trusts:  -
// Thread:  as vgpio_port.h says.
// Memory:  static.

#ifndef VGPIO_FAKE_PORT_H
#define VGPIO_FAKE_PORT_H

#include "vgpio_core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FAKE_PINS = 40, FAKE_SIZE = 256, FAKE_HIGH_SIZE = 64 };

// Two ranges, each with 16 bytes of something else on both sides.
#define FAKE_ADDRESS UINT32_C(0x20000000)
#define FAKE_HIGH_ADDRESS (UINT32_C(0) - FAKE_HIGH_SIZE)
extern uint8_t fake_surroundings[16 + FAKE_SIZE + 16];
extern uint8_t fake_high_surroundings[16 + FAKE_HIGH_SIZE + 16];
#define fake_memory (&fake_surroundings[16])
#define fake_high_memory (&fake_high_surroundings[16])

extern bool fake_starts;          // what vgpio_port_start answers
extern uint32_t fake_range_count; // ranges that it has
extern int fake_port_starts;      // calls of vgpio_port_start
extern int fake_wakes;            // calls of vgpio_port_wake
extern int fake_wakes_dropped;    // those that found the semaphore given
extern uint32_t fake_seen;        // doorbells that only the next sleep sees
extern int32_t fake_last_sleep;   // milliseconds of the last sleep
extern int fake_sleeps;
extern int fake_notified;  // the last notify id, -1 for none
extern int fake_pin_interrupts;
extern char fake_log[256]; // what was asked of the pins and of vgpio_port_stop, a word each
extern char fake_refuses;  // the first letter of a word that is refused
extern void (*fake_on_sleep)(void);
extern void (*fake_on_watch)(char what, const volatile void *memory, unsigned length);

void fake_reset(void);

// fake_semaphore.c, and mps2/mps2_semaphore.c. It is vgpio_port_wake that gives it, and counts.
bool fake_semaphore_take(int32_t milliseconds);

// The hardware interrupts: a mailbox that is started, and a pin that is watched.
void fake_mailbox_interrupt(uint32_t bits);
void fake_pin_interrupt(uint32_t pin, uint32_t edges);

#ifdef __cplusplus
}
#endif

#endif
