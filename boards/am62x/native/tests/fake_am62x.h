// fake_am62x: a register file that behaves like the AM62x's mailbox, GPIO block, RAT and NVIC, and the target's part.
//
// Spec:    boards/am62x/native/am62x_registers.h.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#ifndef FAKE_AM62X_H
#define FAKE_AM62X_H

#include <stdbool.h>
#include <stdint.h>

// What Linux has read from its FIFO so far, and room for more; how many it holds unread.
enum { FAKE_FIFO_DEPTH = 4, FAKE_MOST_READ = 16 };
extern uint32_t fake_linux_read[FAKE_MOST_READ];
extern uint32_t fake_linux_read_count;

// Linux reads all that is in its FIFO; sends a message. The mailbox's interrupt is handled if it is on.
void fake_linux_reads(void);
void fake_linux_sends(uint32_t message);

// Something drives a pin from outside; its interrupt is handled if it is on. Held, the interrupt waits for fake_release_interrupts.
void fake_drive(uint32_t pin, bool high);
void fake_hold_interrupts(void);
void fake_release_interrupts(void);

// Which pins the block drives, and to what: bit by pin. What a pin would drive at the moment it became an output is in *_at_turn.
uint32_t fake_driven(void);
uint32_t fake_outputs(void);
uint32_t fake_output_at_turn(void);

// What the port told the core: doorbells, and edges by slot.
extern uint32_t fake_rung;
extern uint32_t fake_edges[256];
extern uint32_t fake_edge_calls;

// What the target does: whether the route is granted, how often the semaphore was given.
extern bool fake_grants_route;
extern uint32_t fake_given;

// The region that the RAT maps an address of the M4F with, as the SoC's address; 0: none.
uint64_t fake_soc_address(uint32_t local);

#endif
