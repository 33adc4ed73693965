// fake_ring: a ring in the memory of the fake port, and what happens around an access.
//
// Spec:    hal/VirtioGpio.Hal.Native/SharedMemory.cs: the words of a ring.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#ifndef VGPIO_FAKE_RING_H
#define VGPIO_FAKE_RING_H

#include "fake_port.h"

// Offsets in the port's memory, and descriptors.
enum { STATUS = 40, CANARY = 41, AVAILABLE = 44, USED = 0, REPLY = 57, RING = 4 };

extern const uint32_t fake_ring[VGPIO_RING_WORDS];
extern const struct vgpio_publication fake_publication; // index 5, so the element is the second of four

// Status and canary as the ring says, and an available ring.
void fake_prepare_ring(void);

// Keeps the memory and its surroundings as they are, to be compared.
void fake_note_memory(void);
bool fake_is_as_before(void);

// For fake_on_watch. What was done, with what was in memory then: P for the reply, E for the element, I for the index.
extern char fake_order[128];
void fake_note_order(char what, const volatile void *memory, unsigned length);

// For fake_on_watch: counts fences and accesses.
extern int fake_accesses;
void fake_count_accesses(char what, const volatile void *memory, unsigned length);

#endif
