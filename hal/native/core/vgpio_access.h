// vgpio_access: single accesses to shared memory, for the files of the core.
//
// Spec:    VIRTIO "Split Virtqueues": numbers are little-endian.
// Trusts:  the caller, that the place is located and aligned.
// Thread:  the service thread only.
// Memory:  -

#ifndef VGPIO_ACCESS_H
#define VGPIO_ACCESS_H

#include "vgpio_core.h"

#include <stddef.h>

// vgpio_memory.c: where this program reaches a range of the port's memory; NULL if it is not all in one of the port's ranges.
volatile uint8_t *vgpio_locate(uint32_t address, uint32_t length);

static inline bool is_aligned(const volatile void *memory, uint32_t size)
{
    return ((uintptr_t)memory & (size - 1)) == 0;
}

static inline uint32_t order32(uint32_t number)
{
    return VGPIO_SWAPS_BYTES ? __builtin_bswap32(number) : number;
}

static inline uint16_t order16(uint16_t number)
{
    return VGPIO_SWAPS_BYTES ? __builtin_bswap16(number) : number;
}

static inline uint32_t load(const volatile uint8_t *from, uint32_t size)
{
    switch (size) {
    case 4:
        return order32(*(const volatile uint32_t *)from);
    case 2:
        return order16(*(const volatile uint16_t *)from);
    default:
        return *from;
    }
}

static inline void store(volatile uint8_t *to, uint32_t number, uint32_t size)
{
    switch (size) {
    case 4:
        *(volatile uint32_t *)to = order32(number);
        break;
    case 2:
        *(volatile uint16_t *)to = order16((uint16_t)number);
        break;
    default:
        *to = (uint8_t)number;
        break;
    }
}

#endif
