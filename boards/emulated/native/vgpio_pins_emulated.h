// vgpio_pins_emulated: what the port of the emulated board asks of its pins.
//
// Spec:    boards/emulated/Machine/PinPage.cs.
// Trusts:  -
// Thread:  open the service thread, the interrupt the port's thread.
// Memory:  -

#ifndef VGPIO_PINS_EMULATED_H
#define VGPIO_PINS_EMULATED_H

#include <stdint.h>

enum { VGPIO_EMULATED_MOST_PINS = 256 };

// Lays the pins over the board's page. `written` is the eventfd that tells the board of every write.
void vgpio_pins_emulated_open(volatile uint8_t *page, uint32_t pins, int written);

// The board has latched edges: hands them on.
void vgpio_pins_emulated_handle_interrupt(void);

#endif
