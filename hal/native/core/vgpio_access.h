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
/*@ requires ranges_are_memory;
    assigns \nothing;
    ensures shared: \result != \null ==> is_shared((uint8_t *)\result, length);
    ensures reachable: \result != \null ==> \valid(\result + (0 .. length - 1));
*/
volatile uint8_t *vgpio_locate(uint32_t address, uint32_t length);

/*@ requires is_number_size(size);
    assigns \nothing;
    ensures \result <==> address_of((uint8_t *)memory) % size == 0;
*/
static inline bool is_aligned(const volatile uint8_t *memory, uint32_t size)
{
    return ((uintptr_t)memory & (size - 1)) == 0;
}

/*@ assigns \nothing; */
static inline uint32_t order32(uint32_t number)
{
    return VGPIO_SWAPS_BYTES ? __builtin_bswap32(number) : number;
}

/*@ assigns \nothing; */
static inline uint16_t order16(uint16_t number)
{
    return VGPIO_SWAPS_BYTES ? __builtin_bswap16(number) : number;
}

// The accesses to shared memory that are wider than a byte, and words at any place of this program's own memory. WP's memory model
// has no casts between pointers to different types, so the bodies of these, and is_aligned's, are what the proofs assume.
/*@ requires \valid_read(from + (0 .. 3)) && address_of((uint8_t *)from) % 4 == 0;
    assigns \nothing;
*/
static inline uint32_t load_word(const volatile uint8_t *from)
{
    return *(const volatile uint32_t *)from;
}

/*@ requires \valid_read(from + (0 .. 1)) && address_of((uint8_t *)from) % 2 == 0;
    assigns \nothing;
*/
static inline uint16_t load_half(const volatile uint8_t *from)
{
    return *(const volatile uint16_t *)from;
}

/*@ requires \valid(to + (0 .. 3)) && address_of((uint8_t *)to) % 4 == 0;
    assigns to[0 .. 3];
*/
static inline void store_word(volatile uint8_t *to, uint32_t word)
{
    *(volatile uint32_t *)to = word;
}

/*@ requires \valid(to + (0 .. 1)) && address_of((uint8_t *)to) % 2 == 0;
    assigns to[0 .. 1];
*/
static inline void store_half(volatile uint8_t *to, uint16_t half)
{
    *(volatile uint16_t *)to = half;
}

/*@ assigns \nothing;
    ensures \forall integer count; \valid(words + (0 .. count - 1)) ==> \valid(\result + (0 .. count * 4 - 1));
*/
static inline uint8_t *bytes_of(int32_t *words)
{
    return (uint8_t *)words;
}

/*@ requires \valid_read(from + (0 .. 3));
    assigns \nothing;
*/
static inline uint32_t get_word(const uint8_t *from)
{
    uint32_t word;
    __builtin_memcpy(&word, from, 4);
    return word;
}

/*@ requires \valid(into + (0 .. 3));
    assigns into[0 .. 3];
*/
static inline void put_word(uint8_t *into, uint32_t word)
{
    __builtin_memcpy(into, &word, 4);
}

/*@ requires is_number_size(size) && \valid_read(from + (0 .. size - 1)) && address_of((uint8_t *)from) % size == 0;
    assigns \nothing;
*/
static inline uint32_t load(const volatile uint8_t *from, uint32_t size)
{
    switch (size) {
    case 4:
        return order32(load_word(from));
    case 2:
        return order16(load_half(from));
    default:
        return *from;
    }
}

/*@ requires is_number_size(size) && \valid(to + (0 .. size - 1)) && address_of((uint8_t *)to) % size == 0;
    assigns to[0 .. size - 1];
*/
static inline void store(volatile uint8_t *to, uint32_t number, uint32_t size)
{
    switch (size) {
    case 4:
        store_word(to, order32(number));
        break;
    case 2:
        store_half(to, order16((uint16_t)number));
        break;
    default:
        *to = (uint8_t)number;
        break;
    }
}

#endif
