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

void vgpio_pin_changed(uint32_t slot, uint32_t edges)
{
    if (slot >= VGPIO_SLOTS || (edges & (VGPIO_ROSE | VGPIO_FELL)) == 0) {
        return;
    }

    uint32_t bit = UINT32_C(1) << (slot % SLOTS_A_WORD);
    if ((edges & VGPIO_ROSE) != 0) {
        VGPIO_FETCH_OR(&rose[slot / SLOTS_A_WORD], bit);
    }

    if ((edges & VGPIO_FELL) != 0) {
        VGPIO_FETCH_OR(&fell[slot / SLOTS_A_WORD], bit);
    }

    vgpio_ring(VGPIO_PINS_CHANGED);
}

static int32_t take(uint32_t slot)
{
    uint32_t bit = UINT32_C(1) << (slot % SLOTS_A_WORD);
    uint32_t edges = (VGPIO_FETCH_AND(&rose[slot / SLOTS_A_WORD], ~bit) & bit) != 0 ? VGPIO_ROSE : 0;
    edges |= (VGPIO_FETCH_AND(&fell[slot / SLOTS_A_WORD], ~bit) & bit) != 0 ? VGPIO_FELL : 0;
    return (int32_t)(slot << 2 | edges);
}

// Slots of a word from a bit on, that have edges.
static uint32_t latched(uint32_t word, uint32_t from)
{
    return (VGPIO_LOAD(&rose[word]) | VGPIO_LOAD(&fell[word])) & UINT32_MAX << from;
}

int32_t vgpio_edges_take(void)
{
    // The word of the next slot comes twice: its upper part first, its lower part last.
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

void vgpio_edges_forget(uint32_t slot)
{
    take(slot);
}

void vgpio_edges_forget_all(void)
{
    for (uint32_t slot = 0; slot < VGPIO_SLOTS; slot++) {
        take(slot);
    }

    next_slot = 0;
}
