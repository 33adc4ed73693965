// vgpio_publish: what is written if a ring is still what it was: replies, used elements, the used index.
//
// Spec:    VIRTIO "Split Virtqueues / The Virtqueue Used Ring", and the memory barriers that it asks for.
// Trusts:  nothing: the words of a ring hold untrusted addresses; every range of a call is located before the first byte is accessed.
// Thread:  the service thread only.
// Memory:  no allocation.

#include "vgpio_access.h"

// Aligned words, and bytes at the ends: shared memory may be mapped as a device.
/*@ requires \valid(to + (0 .. count - 1)) && \valid_read(from + (0 .. count - 1));
    assigns to[0 .. count - 1];
*/
static void copy_to(volatile uint8_t *to, const uint8_t *from, uint32_t count)
{
    /*@ loop invariant 0 <= count <= \at(count, Pre);
        loop invariant from == \at(from, Pre) + (\at(count, Pre) - count) && to == \at(to, Pre) + (\at(count, Pre) - count);
        loop assigns count, from, to, \at(to, Pre)[0 .. \at(count, Pre) - 1];
        loop variant count;
    */
    while (count > 0 && !is_aligned(to, 4)) {
        *to++ = *from++;
        count--;
    }

    /*@ loop invariant 0 <= count <= \at(count, Pre);
        loop invariant from == \at(from, Pre) + (\at(count, Pre) - count) && to == \at(to, Pre) + (\at(count, Pre) - count);
        loop invariant count >= 4 ==> address_of((uint8_t *)to) % 4 == 0;
        loop assigns count, from, to, \at(to, Pre)[0 .. \at(count, Pre) - 1];
        loop variant count;
    */
    for (; count >= 4; count -= 4, from += 4, to += 4) {
        store_word(to, get_word(from));
    }

    /*@ loop invariant 0 <= count <= \at(count, Pre);
        loop invariant from == \at(from, Pre) + (\at(count, Pre) - count) && to == \at(to, Pre) + (\at(count, Pre) - count);
        loop assigns count, from, to, \at(to, Pre)[0 .. \at(count, Pre) - 1];
        loop variant count;
    */
    while (count-- > 0) {
        *to++ = *from++;
    }
}

// Where a ring's status byte and canary are.
struct guard {
    const volatile uint8_t *status;
    const volatile uint8_t *canary;
};

/*@ requires ranges_are_memory;
    requires \valid_read(ring + (0 .. VGPIO_RING_GUARD_WORDS - 1)) && \valid(guard) &&
        \separated(guard, vgpio_ranges + (0 .. vgpio_range_count - 1));
    assigns *guard;
    ensures \result ==> \valid_read(guard->status) && \valid_read(guard->canary);
*/
static bool locate_guard(const uint32_t *ring, struct guard *guard)
{
    guard->status = vgpio_locate(ring[VGPIO_RING_STATUS_ADDRESS], 1);
    guard->canary = vgpio_locate(ring[VGPIO_RING_CANARY_ADDRESS], 1);
    return guard->status != NULL && guard->canary != NULL;
}

// The status first: a driver that resets the device changes it before it makes a ring anew, without a canary. The last fence keeps
// every later store behind both loads.
/*@ requires \valid_read(ring + (0 .. VGPIO_RING_GUARD_WORDS - 1)) && \valid_read(guard);
    requires \valid_read(guard->status) && \valid_read(guard->canary);
    assigns \nothing;
*/
static bool is_current(const uint32_t *ring, const struct guard *guard)
{
    VGPIO_BEFORE_READ(guard->status, 1);
    VGPIO_READ_FENCE();
    if (load(guard->status, 1) != ring[VGPIO_RING_STATUS]) {
        return false;
    }

    VGPIO_BEFORE_READ(guard->canary, 1);
    VGPIO_READ_FENCE();
    if (load(guard->canary, 1) != ring[VGPIO_RING_CANARY]) {
        return false;
    }

    VGPIO_READ_FENCE();
    return true;
}

enum vgpio_result vgpio_write(const uint32_t *ring, uint32_t address, const uint8_t *from, int32_t count)
{
    struct guard guard;
    volatile uint8_t *to = count < 0 ? NULL : vgpio_locate(address, (uint32_t)count);
    if (to == NULL || (ring != NULL && !locate_guard(ring, &guard))) {
        return VGPIO_OUT_OF_RANGE;
    }

    // For interrupts see vgpio_publish.
    uint32_t interrupts = ring != NULL ? VGPIO_MASK_INTERRUPTS() : 0;
    bool is_written = ring == NULL || is_current(ring, &guard);
    if (is_written) {
        VGPIO_WRITE_FENCE();
        copy_to(to, from, (uint32_t)count);
        VGPIO_AFTER_WRITE(to, (uint32_t)count);
    }

    if (ring != NULL) {
        VGPIO_UNMASK_INTERRUPTS(interrupts);
    }

    if (!is_written) {
        return VGPIO_STALE;
    }

    VGPIO_FULL_FENCE();
    return VGPIO_OK;
}

enum vgpio_result vgpio_publish(const struct vgpio_publication *what, int32_t *available)
{
    const uint32_t *ring = what->ring;
    uint32_t size = ring[VGPIO_RING_SIZE];
    if (what->index < 0 || what->index > UINT16_MAX || what->reply_size < 0 || what->reply_size > 2 || size == 0 ||
        (size & (size - 1)) != 0) {
        return VGPIO_OUT_OF_RANGE;
    }

    // The used ring up to the element is one range, so an element's address cannot wrap round to another.
    uint16_t slot = (uint16_t)((uint32_t)what->index & (size - 1));
    uint32_t offset = 4 + 8 * (uint32_t)slot;
    struct guard guard;
    volatile uint8_t *used = vgpio_locate(ring[VGPIO_RING_USED], offset + 8);
    const volatile uint8_t *place = vgpio_locate(ring[VGPIO_RING_AVAILABLE], 4);
    volatile uint8_t *reply = what->reply_size == 0 ? NULL : vgpio_locate(what->reply_address, (uint32_t)what->reply_size);
    if (!locate_guard(ring, &guard) || used == NULL || place == NULL || (reply == NULL && what->reply_size != 0) ||
        !is_aligned(used, 4) || !is_aligned(place, 4)) {
        return VGPIO_OUT_OF_RANGE;
    }

    // The check holds for what is written soon after it. If an interrupt handler or another thread ran between, the application CPU
    // could reset the device and bind a driver anew meanwhile: the index of the ring that is gone would be stored into the new one.
    // Cache maintenance belongs to it: a line that is cleaned later is a store that comes later.
    uint32_t interrupts = VGPIO_MASK_INTERRUPTS();
    bool is_published = is_current(ring, &guard);
    if (is_published) {
        VGPIO_WRITE_FENCE();
        /*@ loop invariant 0 <= i <= what->reply_size;
            loop assigns i, reply[0 .. what->reply_size - 1];
            loop variant what->reply_size - i;
        */
        for (int32_t i = 0; i < what->reply_size; i++) {
            reply[i] = (uint8_t)((uint32_t)what->reply >> (8 * i));
        }

        if (reply != NULL) {
            VGPIO_AFTER_WRITE(reply, (uint32_t)what->reply_size);
        }

        store(used + offset, (uint32_t)what->head, 4);
        store(used + offset + 4, (uint32_t)what->written, 4);
        VGPIO_AFTER_WRITE(used + offset, 8);
        VGPIO_WRITE_FENCE();
        store(used + 2, (uint32_t)what->index + 1, 2);
        VGPIO_AFTER_WRITE(used + 2, 2);
    }

    VGPIO_UNMASK_INTERRUPTS(interrupts);
    if (!is_published) {
        return VGPIO_STALE;
    }

    VGPIO_FULL_FENCE();
    VGPIO_BEFORE_READ(place, 4);
    *available = (int32_t)(load(place, 4) & UINT32_C(0xFFFF0001));
    VGPIO_READ_FENCE();
    return VGPIO_OK;
}
