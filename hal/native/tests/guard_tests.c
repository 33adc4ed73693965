// guard_tests: nothing is written under a ring that is not what it was.
//
// Spec:    hal/VirtioGpio.Hal.Native/SharedMemory.cs: Publish, and Write under a ring.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "fake_ring.h"

static void check_stale(void)
{
    static const uint8_t bytes[] = {1, 2, 3};
    int32_t available = 5;
    fake_note_memory();
    CHECK_EQUAL(VGPIO_STALE, vgpio_publish(&fake_publication, &available));
    CHECK_EQUAL(VGPIO_STALE, vgpio_write(fake_ring, FAKE_ADDRESS + 64, bytes, 3));
    CHECK_EQUAL(5, available);
    CHECK(fake_is_as_before());
}

TEST(PublishAndWrite_AnotherStatus_WriteNothing)
{
    fake_prepare_ring();
    for (int bit = 0; bit < 8; bit++) {
        fake_memory[STATUS] = (uint8_t)(7 ^ 1 << bit);
        check_stale();
    }
}

TEST(PublishAndWrite_NoCanary_WriteNothing)
{
    fake_prepare_ring();
    for (int bit = 0; bit < 8; bit++) {
        fake_memory[CANARY] = (uint8_t)(0xC5 ^ 1 << bit);
        check_stale();
    }
}

// A byte of shared memory that becomes another just before a load of the guard, or when interrupts have been masked.
static const volatile uint8_t *moment;
static uint8_t *changing;

static void change_then(char what, const volatile void *memory, unsigned length)
{
    (void)length;
    if (moment == NULL ? what == 'M' : what == 'r' && memory == moment) {
        *changing ^= 0xFF;
    }
}

static void change_at(int when, int which)
{
    fake_prepare_ring();
    moment = when < 0 ? NULL : fake_memory + when;
    changing = fake_memory + which;
    fake_on_watch = change_then;
}

TEST(PublishAndWrite_Status_IsReadBeforeTheCanary)
{
    static const uint8_t bytes[] = {1, 2, 3};
    int32_t available;
    change_at(STATUS, CANARY);
    CHECK_EQUAL(VGPIO_STALE, vgpio_publish(&fake_publication, &available));
    change_at(STATUS, CANARY);
    CHECK_EQUAL(VGPIO_STALE, vgpio_write(fake_ring, FAKE_ADDRESS + 64, bytes, 3));
    change_at(CANARY, STATUS);
    CHECK_EQUAL(VGPIO_OK, vgpio_publish(&fake_publication, &available));
    change_at(CANARY, STATUS);
    CHECK_EQUAL(VGPIO_OK, vgpio_write(fake_ring, FAKE_ADDRESS + 64, bytes, 3));
}

TEST(PublishAndWrite_RingGoneWhenInterruptsAreMasked_WriteNothing)
{
    static const uint8_t bytes[] = {1, 2, 3};
    int32_t available;
    for (int which = STATUS; which <= CANARY; which++) {
        change_at(-1, which);
        CHECK_EQUAL(VGPIO_STALE, vgpio_publish(&fake_publication, &available));
        fake_memory[which] ^= 0xFF;
        CHECK(fake_is_as_before());
        CHECK_EQUAL(VGPIO_STALE, vgpio_write(fake_ring, FAKE_ADDRESS + 64, bytes, 3));
        fake_memory[which] ^= 0xFF;
        CHECK(fake_is_as_before());
    }
}

TEST(Write_UnderARing_WritesExactlyTheseBytes)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7};
    fake_prepare_ring();
    CHECK_EQUAL(VGPIO_OK, vgpio_write(fake_ring, FAKE_ADDRESS + 65, bytes, 7));
    CHECK(memcmp(fake_memory + 65, bytes, 7) == 0);
    memset(fake_memory + 65, 0xA5, 7);
    CHECK(fake_is_as_before());
}

TEST(Write_WithoutRing_WritesWhateverTheStatus)
{
    static const uint8_t bytes[] = {1, 2, 3};
    fake_prepare_ring();
    fake_memory[STATUS] = 0;
    fake_memory[CANARY] = 0;
    CHECK_EQUAL(VGPIO_OK, vgpio_write(NULL, FAKE_ADDRESS + 65, bytes, 3));
    CHECK(memcmp(fake_memory + 65, bytes, 3) == 0);
}

TEST(Write_HostileRing_IsRefusedAndNothingAccessed)
{
    static const uint8_t bytes[] = {1, 2, 3};
    fake_prepare_ring();
    fake_on_watch = fake_count_accesses;
    for (int word = VGPIO_RING_STATUS_ADDRESS; word <= VGPIO_RING_CANARY_ADDRESS; word += 2) {
        uint32_t words[VGPIO_RING_GUARD_WORDS];
        memcpy(words, fake_ring, sizeof words);
        words[word] = FAKE_ADDRESS + FAKE_SIZE;
        CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_write(words, FAKE_ADDRESS + 64, bytes, 3));
    }

    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_write(fake_ring, FAKE_ADDRESS + FAKE_SIZE - 2, bytes, 3));
    CHECK(fake_is_as_before());
    CHECK_EQUAL(0, fake_accesses);
}

TEST(PublishAndWrite_Stale_EndWithTheInterruptsAsTheyWere)
{
    static const uint8_t bytes[] = {1, 2, 3};
    int32_t available;
    fake_prepare_ring();
    fake_memory[CANARY] = 0;
    fake_on_watch = fake_note_order;
    CHECK_EQUAL(VGPIO_STALE, vgpio_publish(&fake_publication, &available));
    CHECK(strcmp(fake_order, "M0 r1 R0 r1 R0 U77 ") == 0);
    fake_order[0] = 0;
    CHECK_EQUAL(VGPIO_STALE, vgpio_write(fake_ring, FAKE_ADDRESS + 64, bytes, 3));
    CHECK(strcmp(fake_order, "M0 r1 R0 r1 R0 U77 ") == 0);
}

TEST(Write_UnderARing_IsFencedAndMaskedFromTheCheckOn)
{
    static const uint8_t bytes[] = {1, 2, 3};
    fake_prepare_ring();
    fake_on_watch = fake_note_order;
    CHECK_EQUAL(VGPIO_OK, vgpio_write(fake_ring, FAKE_ADDRESS + REPLY, bytes, 3));
    CHECK(strcmp(fake_order, "M0 r1 R0 r1 R0 R0 W0 w3P U77P F0P ") == 0);
}
