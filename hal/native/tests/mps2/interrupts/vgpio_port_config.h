// vgpio_port_config: for the interrupt tests. Fences, masking and atomics are those that a port for this core gets by default.
//
// Spec:    none.
// Trusts:  -
// Thread:  the service thread.
// Memory:  -

#ifndef VGPIO_PORT_CONFIG_H
#define VGPIO_PORT_CONFIG_H

#include <stdint.h>

// Called before a load of the guard and after each store, with interrupts masked.
extern void (*volatile interrupt_watch)(void);

// The other suites' configuration has it; nothing calls it here.
void fake_watch(char what, const volatile void *memory, unsigned length);

#define VGPIO_BEFORE_READ(memory, length) interrupt_watch()
#define VGPIO_AFTER_WRITE(memory, length) interrupt_watch()

// A changed copy in which the tests of masking fail.
#ifdef MPS2_MASKS_NOTHING
#define VGPIO_MASK_INTERRUPTS() UINT32_C(0)
#define VGPIO_UNMASK_INTERRUPTS(state) ((void)(state))
#endif

// A changed copy in which the latch tests fail: a load and a store, between which an interrupt is overwritten.
#ifdef MPS2_ATOMICS_IN_TWO
#define VGPIO_FETCH_OR(word, bits) in_two((word), *(volatile uint32_t *)(word) | (bits))
#define VGPIO_FETCH_AND(word, bits) in_two((word), *(volatile uint32_t *)(word) & (bits))
#define VGPIO_EXCHANGE(word, value) in_two((word), (value))

static inline uint32_t in_two(volatile uint32_t *word, uint32_t value)
{
    uint32_t old = *word;
    *word = value;
    return old;
}
#endif

#endif
