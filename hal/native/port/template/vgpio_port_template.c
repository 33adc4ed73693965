// vgpio_port_template: a port to copy. It compiles, and its SoC has memory, but no doorbell ever rings and no pin is available.
//
// Spec:    port/vgpio_port.h says what each function must keep.
// Trusts:  -
// Thread:  as vgpio_port.h says.
// Memory:  static.

#include "vgpio_port.h"

#include <stddef.h>

// The SRAM with table and rings, and the DDR where Linux has its buffers, as the co-processor sees them.
static const struct vgpio_range memory[] = {
    {.address = 0x20000000, .length = 0x10000, .memory = (void *)(uintptr_t)0x20000000},
    {.address = 0x40000000, .length = 0x20000000, .memory = (void *)(uintptr_t)0x40000000},
};

bool vgpio_port_start(const struct vgpio_range **ranges, uint32_t *count)
{
    // Clock and interrupt of the mailbox go on here; its handler calls vgpio_ring(1 << notify id).
    *ranges = memory;
    *count = sizeof memory / sizeof memory[0];
    return true;
}

void vgpio_port_stop(void)
{
    // Interrupt and clock of the mailbox go off here.
}

bool vgpio_port_sleep(int32_t milliseconds, uint32_t *doorbells)
{
    // Take a binary semaphore of the RTOS, for so long.
    (void)milliseconds;
    *doorbells = 0;
    return false;
}

void vgpio_port_wake(void)
{
    // Give that semaphore, by the call that interrupts may use.
}

void vgpio_port_notify(uint32_t notify_id)
{
    // Write the mailbox's register.
    (void)notify_id;
}

#ifndef VGPIO_PINS_OF_CPU_GPIO // port/cpu_gpio has these

bool vgpio_port_pin_open(uint32_t pin)
{
    (void)pin;
    return false;
}

void vgpio_port_pin_close(uint32_t pin)
{
    (void)pin;
}

bool vgpio_port_pin_input(uint32_t pin, uint32_t mode)
{
    (void)pin;
    (void)mode;
    return false;
}

bool vgpio_port_pin_output(uint32_t pin, uint32_t mode, bool high)
{
    // The output register first, then the pad's driver.
    (void)pin;
    (void)mode;
    (void)high;
    return false;
}

void vgpio_port_pin_write(uint32_t pin, bool high)
{
    (void)pin;
    (void)high;
}

int32_t vgpio_port_pin_read(uint32_t pin)
{
    (void)pin;
    return -1;
}

bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, uint32_t edges)
{
    // The handler of the pin's interrupt masks that interrupt and calls vgpio_pin_changed(slot, VGPIO_ROSE or VGPIO_FELL), from the
    // edge flags if the SoC keeps them apart, else from the level it finds, and both if that is the level it was told last.
    (void)pin;
    (void)mode;
    (void)slot;
    (void)edges;
    return false;
}

void vgpio_port_pin_rearm(uint32_t pin)
{
    // Unmask the pin's interrupt.
    (void)pin;
}

#endif
