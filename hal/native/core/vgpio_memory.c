// vgpio_memory: shared memory by the co-processor's addresses: bounds, single accesses, byte order, fences.
//
// Spec:    VIRTIO "Split Virtqueues", the memory barriers that its rings ask for.
// Trusts:  the port's ranges. An address is untrusted: every range of a call is located before the first byte is accessed.
// Thread:  the service thread only.
// Memory:  static; no allocation.

#include "vgpio_access.h"

const struct vgpio_range *vgpio_ranges;
uint32_t vgpio_range_count;

bool vgpio_memory_open(const struct vgpio_range *ranges, uint32_t count)
{
    vgpio_range_count = 0;
    /*@ loop invariant 0 <= i <= count;
        loop invariant \forall integer j; 0 <= j < i ==> ranges[j].memory != \null && 0 < ranges[j].length && ranges[j].address + ranges[j].length <= 0x100000000;
        loop assigns i;
        loop variant count - i;
    */
    for (uint32_t i = 0; i < count; i++) {
        const struct vgpio_range *range = &ranges[i];
        if (range->memory == NULL || range->length == 0 || range->length - 1 > UINT32_MAX - range->address) {
            return false;
        }
    }

    vgpio_ranges = ranges;
    vgpio_range_count = count;
    return count > 0;
}

volatile uint8_t *vgpio_locate(uint32_t address, uint32_t length)
{
    /*@ loop invariant 0 <= i <= vgpio_range_count;
        loop assigns i;
        loop variant vgpio_range_count - i;
    */
    for (uint32_t i = 0; i < vgpio_range_count; i++) {
        const struct vgpio_range *range = &vgpio_ranges[i];
        uint32_t offset = address - range->address;
        if (offset < range->length && length <= range->length - offset) {
            return range->memory + offset;
        }
    }

    return NULL;
}

/*@ assigns \nothing;
    ensures \result <==> is_number_size(size);
*/
static bool is_size(int32_t size)
{
    return size == 1 || size == 2 || size == 4;
}

// Shared memory may be mapped as a device, where an access must be aligned: words where they lie, bytes at the ends.
/*@ requires \valid_read(from + (0 .. count - 1)) && \valid(into + (0 .. count - 1));
    assigns into[0 .. count - 1];
*/
static void copy_from(uint8_t *into, const volatile uint8_t *from, uint32_t count)
{
    VGPIO_BEFORE_READ(from, count);
    VGPIO_READ_FENCE();
    /*@ loop invariant 0 <= count <= \at(count, Pre);
        loop invariant from == \at(from, Pre) + (\at(count, Pre) - count) && into == \at(into, Pre) + (\at(count, Pre) - count);
        loop assigns count, from, into, \at(into, Pre)[0 .. \at(count, Pre) - 1];
        loop variant count;
    */
    while (count > 0 && !is_aligned(from, 4)) {
        *into++ = *from++;
        count--;
    }

    /*@ loop invariant 0 <= count <= \at(count, Pre);
        loop invariant from == \at(from, Pre) + (\at(count, Pre) - count) && into == \at(into, Pre) + (\at(count, Pre) - count);
        loop invariant count >= 4 ==> address_of((uint8_t *)from) % 4 == 0;
        loop assigns count, from, into, \at(into, Pre)[0 .. \at(count, Pre) - 1];
        loop variant count;
    */
    for (; count >= 4; count -= 4, from += 4, into += 4) {
        put_word(into, load_word(from));
    }

    /*@ loop invariant 0 <= count <= \at(count, Pre);
        loop invariant from == \at(from, Pre) + (\at(count, Pre) - count) && into == \at(into, Pre) + (\at(count, Pre) - count);
        loop assigns count, from, into, \at(into, Pre)[0 .. \at(count, Pre) - 1];
        loop variant count;
    */
    while (count-- > 0) {
        *into++ = *from++;
    }

    VGPIO_READ_FENCE();
}

enum vgpio_result vgpio_poll(const uint32_t *addresses, const int32_t *sizes, int32_t count, int32_t *numbers, int32_t *changed)
{
    const volatile uint8_t *places[VGPIO_MOST_NUMBERS];
    if (count < 0 || count > VGPIO_MOST_NUMBERS) {
        return VGPIO_OUT_OF_RANGE;
    }

    /*@ loop invariant 0 <= i <= count;
        loop invariant \forall integer j; 0 <= j < i ==> is_number_size(sizes[j]) && \valid(places[j] + (0 .. sizes[j] - 1)) &&
            address_of((uint8_t *)places[j]) % sizes[j] == 0;
        loop assigns i, places[0 .. count - 1];
        loop variant count - i;
    */
    for (int32_t i = 0; i < count; i++) {
        places[i] = is_size(sizes[i]) ? vgpio_locate(addresses[i], (uint32_t)sizes[i]) : NULL;
        if (places[i] == NULL || !is_aligned(places[i], (uint32_t)sizes[i])) {
            return VGPIO_OUT_OF_RANGE;
        }
    }

    uint32_t bits = 0;
    /*@ loop invariant 0 <= i <= count;
        loop assigns i, bits, numbers[0 .. count - 1];
        loop variant count - i;
    */
    for (int32_t i = 0; i < count; i++) {
        VGPIO_BEFORE_READ(places[i], (uint32_t)sizes[i]);
        VGPIO_READ_FENCE();
        int32_t number = (int32_t)load(places[i], (uint32_t)sizes[i]);
        bits |= number != numbers[i] ? UINT32_C(1) << i : 0;
        numbers[i] = number;
    }

    VGPIO_READ_FENCE();
    *changed = (int32_t)bits;
    return VGPIO_OK;
}

enum vgpio_result vgpio_read_words(uint32_t address, int32_t *into, int32_t count)
{
    if (count < 0 || count > INT32_MAX / 4) {
        return VGPIO_OUT_OF_RANGE;
    }

    enum vgpio_result result = vgpio_read(address, bytes_of(into), count * 4);
    /*@ loop invariant 0 <= i && (count > 0 ==> i <= count);
        loop assigns i, into[0 .. count - 1];
        loop variant count - i;
    */
    for (int32_t i = 0; result == VGPIO_OK && VGPIO_SWAPS_BYTES && i < count; i++) {
        into[i] = (int32_t)order32((uint32_t)into[i]);
    }

    return result;
}

enum vgpio_result vgpio_read(uint32_t address, uint8_t *into, int32_t count)
{
    const volatile uint8_t *from = count < 0 ? NULL : vgpio_locate(address, (uint32_t)count);
    if (from == NULL) {
        return VGPIO_OUT_OF_RANGE;
    }

    copy_from(into, from, (uint32_t)count);
    return VGPIO_OK;
}

enum vgpio_result vgpio_store(uint32_t address, int32_t number, int32_t size)
{
    volatile uint8_t *to = is_size(size) ? vgpio_locate(address, (uint32_t)size) : NULL;
    if (to == NULL) {
        return VGPIO_OUT_OF_RANGE;
    }

    VGPIO_WRITE_FENCE();
    if (is_aligned(to, (uint32_t)size)) {
        store(to, (uint32_t)number, (uint32_t)size);
    } else {
        /*@ loop invariant 0 <= i <= size;
            loop assigns i, to[0 .. size - 1];
            loop variant size - i;
        */
        for (int32_t i = 0; i < size; i++) {
            to[i] = (uint8_t)((uint32_t)number >> (8 * i));
        }
    }

    VGPIO_AFTER_WRITE(to, (uint32_t)size);
    VGPIO_FULL_FENCE();
    return VGPIO_OK;
}
