// am62x_target: what the target's start-up code and RTOS give the port, and what they call.
//
// Spec:    none.
// Trusts:  -
// Thread:  each function says.
// Memory:  nothing here allocates.

#ifndef AM62X_TARGET_H
#define AM62X_TARGET_H

#include <stdbool.h>
#include <stdint.h>

// --- What the target provides. ---

// A binary semaphore of the RTOS. Taken by the service thread only, for at most `milliseconds` (0: as it is, -1: without end), in pieces
// short enough for the watchdog; returns false when the time is over. Given from any context.
bool am62x_semaphore_take(int32_t milliseconds);
void am62x_semaphore_give(void);

// Service thread. Asks the system firmware to lead MCU_GPIO0's two interrupts through the MCU domain's router: TISCI_MSG_RM_IRQ_SET with
// source and destination device 5, source index 30 to output 4 (pins 0 to 15) and 31 to output 5 (pins 16 to 23). The router is the
// system firmware's, so its registers are not written from here. Asked for again what was granted already it answers true.
bool am62x_route_gpio(void);

// --- What the target calls. ---

// The reset handler, first of all, from code in IRAM: maps DDR and the registers. Before it nothing is there but IRAM and DRAM.
void am62x_map(void);

// Entries of the vector table: interrupts 50, and 0 and 1.
void am62x_mailbox_handler(void);
void am62x_gpio_handler(void);

#endif
