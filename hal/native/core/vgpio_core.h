// vgpio_core: what the natives do, without a CLR: shared memory, doorbells, edges and pads, on top of a port.
//
// Spec:    VIRTIO "Split Virtqueues", "GPIO Device"; each function keeps what its namesake in hal/VirtioGpio.Hal.Native promises.
// Trusts:  the port; every address, count and number from the caller is checked.
// Thread:  the service thread only, except vgpio_ring and vgpio_pin_changed (vgpio_port.h).
// Memory:  static; no allocation.

#ifndef VGPIO_CORE_H
#define VGPIO_CORE_H

#include "vgpio_contracts.h"

#ifdef __cplusplus
extern "C" {
#endif

enum vgpio_result {
    VGPIO_OK,
    VGPIO_OUT_OF_RANGE, // an address, a count or a size; nothing was accessed
    VGPIO_STALE,        // the ring is not what it was; nothing was written
};

enum {
    VGPIO_MOST_NUMBERS = 31,
    VGPIO_SLOTS = 256,
    VGPIO_DOORBELLS = 30,
    VGPIO_NO_EDGES = -1,
};

// Words of a ring's description: SharedMemory.RingStatusAddress and its neighbours.
enum {
    VGPIO_RING_STATUS_ADDRESS,
    VGPIO_RING_STATUS,
    VGPIO_RING_CANARY_ADDRESS,
    VGPIO_RING_CANARY,
    VGPIO_RING_GUARD_WORDS, // of these vgpio_write makes do
    VGPIO_RING_AVAILABLE = VGPIO_RING_GUARD_WORDS,
    VGPIO_RING_USED,
    VGPIO_RING_SIZE,
    VGPIO_RING_WORDS,
};

#define VGPIO_PINS_CHANGED UINT32_C(0x40000000)

// --- vgpio_start.c ---

// Starts the port and opens its memory, unless that is done. Returns whether it is.
bool vgpio_start(void);

// For a CLR that starts again without a reset of the chip: closes every pad, stops the port if it is started, forgets every edge
// and doorbell. The next vgpio_start starts the port anew.
void vgpio_stop(void);

// --- vgpio_memory.c ---

// Takes the ranges for all that follows. False if there is none, one is empty or NULL, or one reaches beyond 4 GiB.
/*@ requires \valid_read(ranges + (0 .. count - 1));
    requires \forall integer i; 0 <= i < count && ranges[i].memory != \null ==> \valid(ranges[i].memory + (0 .. ranges[i].length - 1));
    requires \separated(ranges + (0 .. count - 1), &vgpio_ranges, &vgpio_range_count);
    assigns vgpio_ranges, vgpio_range_count;
    ensures ranges_are_memory;
*/
bool vgpio_memory_open(const struct vgpio_range *ranges, uint32_t count);

// `numbers` and `sizes` (1, 2, 4) hold `count` elements, at most 31; an address is aligned to its size.
// *changed: bit n if number n changed.
/*@ requires ranges_are_memory;
    requires 0 <= count <= VGPIO_MOST_NUMBERS ==> \valid_read(addresses + (0 .. count - 1)) && \valid_read(sizes + (0 .. count - 1)) &&
        \valid(numbers + (0 .. count - 1)) && \separated(numbers + (0 .. count - 1), addresses + (0 .. count - 1), sizes + (0 .. count - 1));
    requires \valid(changed);
    assigns numbers[0 .. count - 1], *changed;
*/
enum vgpio_result vgpio_poll(const uint32_t *addresses, const int32_t *sizes, int32_t count, int32_t *numbers, int32_t *changed);

// `into` holds `count` words or more.
/*@ requires ranges_are_memory;
    requires count >= 0 ==> \valid(into + (0 .. count - 1));
*/
enum vgpio_result vgpio_read_words(uint32_t address, int32_t *into, int32_t count);

/*@ requires ranges_are_memory;
    requires count >= 0 ==> \valid(into + (0 .. count - 1));
    assigns into[0 .. count - 1];
*/
enum vgpio_result vgpio_read(uint32_t address, uint8_t *into, int32_t count);

/*@ requires ranges_are_memory;
    assigns { *byte | uint8_t *byte; is_shared(byte, 1) };
*/
enum vgpio_result vgpio_store(uint32_t address, int32_t number, int32_t size);

// --- vgpio_publish.c ---

// `ring` holds VGPIO_RING_GUARD_WORDS words or more, or is NULL: the bytes are written whatever the state of any ring.
/*@ requires ranges_are_memory;
    requires ring == \null || \valid_read(ring + (0 .. VGPIO_RING_GUARD_WORDS - 1));
    requires count >= 0 ==> \valid_read(from + (0 .. count - 1));
    assigns { *byte | uint8_t *byte; is_shared(byte, 1) };
*/
enum vgpio_result vgpio_write(const uint32_t *ring, uint32_t address, const uint8_t *from, int32_t count);

// SharedMemory.Publish's arguments. `ring` holds VGPIO_RING_WORDS words or more.
struct vgpio_publication {
    const uint32_t *ring;
    int32_t index;
    int32_t head;
    int32_t written;
    uint32_t reply_address;
    int32_t reply;
    int32_t reply_size;
};

// The used ring from its start to the element is in one of the port's ranges.
/*@ requires ranges_are_memory;
    requires \valid_read(what) && \valid_read(what->ring + (0 .. VGPIO_RING_WORDS - 1)) && \valid(available);
    assigns *available, { *byte | uint8_t *byte; is_shared(byte, 1) };
*/
enum vgpio_result vgpio_publish(const struct vgpio_publication *what, int32_t *available);

// Whether `count` elements from `offset` on lie in an array of `length`.
/*@ assigns \nothing;
    ensures \result <==> 0 <= offset && 0 <= count && offset + count <= length;
*/
static inline bool vgpio_slice_fits(uint32_t length, int32_t offset, int32_t count)
{
    return offset >= 0 && count >= 0 && (uint32_t)offset <= length && (uint32_t)count <= length - (uint32_t)offset;
}

// --- vgpio_doorbell.c ---

// Mailbox.Wait; any negative time is without end.
uint32_t vgpio_wait(int32_t milliseconds);

// Takes the doorbells that rang, without asking the port. The next vgpio_ring calls vgpio_port_wake again.
uint32_t vgpio_doorbells_take(void);

// A notify id that is none rings nowhere.
void vgpio_notify(int32_t notify_id);

// --- vgpio_edges.c ---

// Pads.TakeEdges: slot << 2 | edges, or VGPIO_NO_EDGES.
int32_t vgpio_edges_take(void);

void vgpio_edges_forget(uint32_t slot);

void vgpio_edges_forget_all(void);

// --- vgpio_pads.c: Pads, with false for all that cannot be ---

bool vgpio_pad_open(int32_t pin);
bool vgpio_pad_input(int32_t pin, int32_t mode);
bool vgpio_pad_drive(int32_t pin, int32_t mode, int32_t value);
int32_t vgpio_pad_sense(int32_t pin);
bool vgpio_pad_watch(int32_t pin, int32_t slot, int32_t edges);
bool vgpio_pad_rearm(int32_t pin);
void vgpio_pads_close_all(void);

#ifdef __cplusplus
}
#endif

#endif
