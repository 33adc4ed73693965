// vgpio_edges: two bits a slot, in which a pin's interrupt latches what it saw.
//
// Spec:    VIRTIO "GPIO Device / eventq Operation": an edge is latched until it is taken.
// Trusts:  the port for the slot; one that does not exist is ignored.
// Thread:  vgpio_pin_changed any context; all else the service thread.
// Memory:  static; no allocation, not for an edge either.

#include "vgpio_core.h"

enum { SLOTS_A_WORD = 32, WORDS = VGPIO_SLOTS / SLOTS_A_WORD };

static uint32_t rose[WORDS];
static uint32_t fell[WORDS];
static uint32_t next_slot;

/*@ predicate latched_bit_is_watched =
        (watched == &rose[watched_slot / 32] || watched == &fell[watched_slot / 32]) && watched_slot < VGPIO_SLOTS &&
        watched_bit == watched_slot % 32;

    predicate is_kept = owed ==> has(*watched);

    predicate is_delivered(integer result) = result / 4 == watched_slot &&
        (watched == &rose[watched_slot / 32] ? result % 2 == 1 : result % 4 >= 2);
*/

/*@ requires latched_bit_is_watched && is_kept;
    assigns rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed;
    ensures is_kept;
    ensures slot == watched_slot && (edges & VGPIO_ROSE) != 0 ==> has(rose[slot / 32]);
    ensures slot == watched_slot && (edges & VGPIO_FELL) != 0 ==> has(fell[slot / 32]);
*/
void vgpio_pin_changed(uint32_t slot, uint32_t edges)
{
    bool has_risen = (edges & VGPIO_ROSE) != 0, has_fallen = (edges & VGPIO_FELL) != 0;
    if (slot >= VGPIO_SLOTS || (!has_risen && !has_fallen)) {
        return;
    }

    uint32_t bit = UINT32_C(1) << (slot % SLOTS_A_WORD);
    if (has_risen) {
        VGPIO_FETCH_OR(&rose[slot / SLOTS_A_WORD], bit);
    }

    if (has_fallen) {
        VGPIO_FETCH_OR(&fell[slot / SLOTS_A_WORD], bit);
    }

    vgpio_ring(VGPIO_PINS_CHANGED);
}

/*@ requires latched_bit_is_watched && slot < VGPIO_SLOTS;
    assigns rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed;
    ensures \old(is_kept) ==> is_kept || (slot == watched_slot && is_delivered(\result));
*/
static int32_t take(uint32_t slot)
{
    uint32_t bit = UINT32_C(1) << (slot % SLOTS_A_WORD);
    uint32_t edges = (VGPIO_FETCH_AND(&rose[slot / SLOTS_A_WORD], ~bit) & bit) != 0 ? VGPIO_ROSE : 0;
    edges += (VGPIO_FETCH_AND(&fell[slot / SLOTS_A_WORD], ~bit) & bit) != 0 ? VGPIO_FELL : 0;
    return (int32_t)(slot * 4 + edges);
}

// Slots of a word from a bit on, that have edges.
/*@ requires latched_bit_is_watched && is_kept && word < WORDS && from < 32;
    assigns rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed;
    ensures is_kept;
*/
static uint32_t latched(uint32_t word, uint32_t from)
{
    return (VGPIO_LOAD(&rose[word]) | VGPIO_LOAD(&fell[word])) & UINT32_MAX << from;
}

/*@ requires latched_bit_is_watched && is_kept && next_slot < VGPIO_SLOTS;
    assigns rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed, next_slot;
    ensures next_slot < VGPIO_SLOTS;
    ensures is_kept || is_delivered(\result);
*/
int32_t vgpio_edges_take(void)
{
    // The word of the next slot comes twice: its upper part first, its lower part last.
    /*@ loop invariant is_kept && visited <= WORDS + 1 && word < WORDS && next_slot < VGPIO_SLOTS;
        loop assigns visited, word, rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed;
        loop variant WORDS + 1 - visited;
    */
    for (uint32_t visited = 0, word = next_slot / SLOTS_A_WORD; visited <= WORDS; visited++, word = (word + 1) % WORDS) {
        uint32_t bits = latched(word, visited == 0 ? next_slot % SLOTS_A_WORD : 0);
        if (bits != 0) {
            uint32_t slot = word * SLOTS_A_WORD + (uint32_t)__builtin_ctz(bits);
            next_slot = (slot + 1) % VGPIO_SLOTS;
            return take(slot);
        }
    }

    return VGPIO_NO_EDGES;
}

/*@ requires latched_bit_is_watched && is_kept && slot < VGPIO_SLOTS;
    assigns rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed;
    ensures slot != watched_slot ==> is_kept;
*/
void vgpio_edges_forget(uint32_t slot)
{
    take(slot);
}

/*@ requires latched_bit_is_watched;
    assigns rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed, next_slot;
    ensures next_slot < VGPIO_SLOTS;
*/
void vgpio_edges_forget_all(void)
{
    /*@ loop invariant slot <= VGPIO_SLOTS;
        loop assigns slot, rose[0 .. WORDS - 1], fell[0 .. WORDS - 1], owed;
        loop variant VGPIO_SLOTS - slot;
    */
    for (uint32_t slot = 0; slot < VGPIO_SLOTS; slot++) {
        take(slot);
    }

    next_slot = 0;
}
