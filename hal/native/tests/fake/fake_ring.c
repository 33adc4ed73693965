// fake_ring: a ring in the memory of the fake port, and what happens around an access.
//
// Spec:    hal/VirtioGpio.Hal.Native/SharedMemory.cs: the words of a ring.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "fake_ring.h"

#include <stdio.h>
#include <string.h>

const uint32_t fake_ring[VGPIO_RING_WORDS] = {
    [VGPIO_RING_STATUS_ADDRESS] = FAKE_ADDRESS + STATUS,
    [VGPIO_RING_STATUS] = 7,
    [VGPIO_RING_CANARY_ADDRESS] = FAKE_ADDRESS + CANARY,
    [VGPIO_RING_CANARY] = 0xC5,
    [VGPIO_RING_AVAILABLE] = FAKE_ADDRESS + AVAILABLE,
    [VGPIO_RING_USED] = FAKE_ADDRESS + USED,
    [VGPIO_RING_SIZE] = RING,
};

const struct vgpio_publication fake_publication = {
    .ring = fake_ring,
    .index = 5,
    .head = 0x01020304,
    .written = 0x05060708,
    .reply_address = FAKE_ADDRESS + REPLY,
    .reply = 0x33221B1A,
    .reply_size = 2,
};

char fake_order[128];
int fake_accesses;

static uint8_t before[sizeof fake_surroundings];

void fake_prepare_ring(void)
{
    static const uint8_t available[] = {0xEF, 0xBE, 0xAD, 0xDE};
    fake_reset();
    fake_memory[STATUS] = 7;
    fake_memory[CANARY] = 0xC5;
    memcpy(fake_memory + AVAILABLE, available, sizeof available);
    fake_note_memory();
}

void fake_note_memory(void)
{
    memcpy(before, fake_surroundings, sizeof before);
}

bool fake_is_as_before(void)
{
    return memcmp(before, fake_surroundings, sizeof before) == 0;
}

void fake_note_order(char what, const volatile void *memory, unsigned length)
{
    char word[8];
    (void)memory;
    snprintf(word, sizeof word, "%c%u%s%s%s ", what, length, fake_memory[REPLY + 1] != 0xA5 ? "P" : "",
             fake_memory[16] != 0xA5 ? "E" : "", fake_memory[2] != 0xA5 ? "I" : "");
    strncat(fake_order, word, sizeof fake_order - strlen(fake_order) - 1);
}

void fake_count_accesses(char what, const volatile void *memory, unsigned length)
{
    (void)what;
    (void)memory;
    (void)length;
    fake_accesses++;
}
