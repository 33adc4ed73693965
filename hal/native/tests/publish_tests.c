// publish_tests: replies, used elements and the used index, and what is refused.
//
// Spec:    hal/VirtioGpio.Hal.Native/SharedMemory.cs: Publish.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "fake_ring.h"

// Takes back what a publication wrote, and checks it: all else is as before.
static void check_published(const struct vgpio_publication *what, int slot, int index)
{
    uint8_t *element = fake_memory + USED + 4 + 8 * slot;
    uint8_t *reply = fake_memory + what->reply_address - FAKE_ADDRESS;
    for (int i = 0; i < 4; i++) {
        int place = VGPIO_SWAPS_BYTES ? 3 - i : i;
        CHECK_EQUAL((uint32_t)what->head >> (8 * i) & 0xFF, element[place]);
        CHECK_EQUAL((uint32_t)what->written >> (8 * i) & 0xFF, element[4 + place]);
    }

    CHECK_EQUAL(index & 0xFF, fake_memory[USED + 2 + (VGPIO_SWAPS_BYTES ? 1 : 0)]);
    CHECK_EQUAL(index >> 8, fake_memory[USED + 2 + (VGPIO_SWAPS_BYTES ? 0 : 1)]);
    for (int i = 0; i < what->reply_size; i++) {
        CHECK_EQUAL((uint32_t)what->reply >> (8 * i) & 0xFF, reply[i]);
    }

    memset(element, 0xA5, 8);
    memset(fake_memory + USED + 2, 0xA5, 2);
    memset(reply, 0xA5, (size_t)what->reply_size);
    CHECK(fake_is_as_before());
}

TEST(Publish_RingAsItWas_WritesReplyElementAndIndexAndNothingElse)
{
    int32_t available = 0;
    fake_prepare_ring();
    CHECK_EQUAL(VGPIO_OK, vgpio_publish(&fake_publication, &available));
    CHECK_EQUAL((int32_t)(VGPIO_SWAPS_BYTES ? 0xEFBE0000 : 0xDEAD0001), available);
    check_published(&fake_publication, 1, 6);
}

TEST(Publish_ReplyOfEverySizeAtAnyAlignment_WritesExactlyTheseBytes)
{
    for (int32_t size = 0; size <= 2; size++) {
        for (uint32_t offset = 0; offset < 8; offset++) {
            struct vgpio_publication reply = fake_publication;
            int32_t available;
            fake_prepare_ring();
            reply.reply_address = FAKE_ADDRESS + 64 + offset;
            reply.reply_size = size;
            CHECK_EQUAL(VGPIO_OK, vgpio_publish(&reply, &available));
            check_published(&reply, 1, 6);
        }
    }
}

TEST(Publish_WithoutReply_NeedsNoAddress)
{
    struct vgpio_publication bare = fake_publication;
    int32_t available;
    fake_prepare_ring();
    bare.reply_size = 0;
    bare.reply_address = 0;
    CHECK_EQUAL(VGPIO_OK, vgpio_publish(&bare, &available));
    bare.reply_address = FAKE_ADDRESS;
    check_published(&bare, 1, 6);
}

TEST(Publish_EveryIndex_GoesToItsPlaceAndWrapsAt0xFFFF)
{
    static const int32_t indices[] = {0, 1, 3, 4, 0x7FFF, 0xFFFE, 0xFFFF};
    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        struct vgpio_publication what = fake_publication;
        int32_t available;
        fake_prepare_ring();
        what.index = indices[i];
        CHECK_EQUAL(VGPIO_OK, vgpio_publish(&what, &available));
        check_published(&what, indices[i] & (RING - 1), (indices[i] + 1) & 0xFFFF);
    }
}

TEST(Publish_RingOfOne_AlwaysUsesItsElement)
{
    uint32_t small[VGPIO_RING_WORDS];
    struct vgpio_publication what = fake_publication;
    int32_t available;
    fake_prepare_ring();
    memcpy(small, fake_ring, sizeof small);
    small[VGPIO_RING_SIZE] = 1;
    what.ring = small;
    CHECK_EQUAL(VGPIO_OK, vgpio_publish(&what, &available));
    check_published(&what, 0, 6);
}

static void check_refused(const struct vgpio_publication *what)
{
    int32_t available = 5;
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_publish(what, &available));
    CHECK_EQUAL(5, available);
    CHECK(fake_is_as_before());
    CHECK_EQUAL(0, fake_accesses);
}

TEST(Publish_HostileRing_IsRefusedAndNothingAccessed)
{
    static const struct {
        int word;
        uint32_t value;
    } hostile[] = {
        {VGPIO_RING_STATUS_ADDRESS, 0},
        {VGPIO_RING_STATUS_ADDRESS, FAKE_ADDRESS + FAKE_SIZE},
        {VGPIO_RING_CANARY_ADDRESS, FAKE_ADDRESS - 1},
        {VGPIO_RING_CANARY_ADDRESS, FAKE_ADDRESS + FAKE_SIZE},
        {VGPIO_RING_AVAILABLE, 0},
        {VGPIO_RING_AVAILABLE, FAKE_ADDRESS + FAKE_SIZE - 2},
        {VGPIO_RING_AVAILABLE, FAKE_ADDRESS + AVAILABLE + 2},
        {VGPIO_RING_AVAILABLE, UINT32_MAX - 1},
        {VGPIO_RING_USED, 0},
        {VGPIO_RING_USED, FAKE_ADDRESS - 4},
        {VGPIO_RING_USED, FAKE_ADDRESS + FAKE_SIZE - 16},
        {VGPIO_RING_USED, FAKE_ADDRESS + 1},
        {VGPIO_RING_USED, FAKE_ADDRESS + 2},
        {VGPIO_RING_USED, UINT32_MAX - 3},
        {VGPIO_RING_USED, UINT32_MAX - 11},
        {VGPIO_RING_SIZE, 0},
        {VGPIO_RING_SIZE, 3},
        {VGPIO_RING_SIZE, 12},
        {VGPIO_RING_SIZE, UINT32_MAX},
    };
    fake_prepare_ring();
    fake_on_watch = fake_count_accesses;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        uint32_t words[VGPIO_RING_WORDS];
        struct vgpio_publication what = fake_publication;
        memcpy(words, fake_ring, sizeof words);
        words[hostile[i].word] = hostile[i].value;
        what.ring = words;
        check_refused(&what);
    }
}

TEST(Publish_ElementBeyondTheMemory_IsRefused)
{
    uint32_t large[VGPIO_RING_WORDS];
    struct vgpio_publication what = fake_publication;
    int32_t available;
    fake_prepare_ring();
    memcpy(large, fake_ring, sizeof large);
    large[VGPIO_RING_SIZE] = UINT32_C(0x80000000);
    what.ring = large;
    what.index = (FAKE_SIZE - 4) / 8 - 1;
    CHECK_EQUAL(VGPIO_OK, vgpio_publish(&what, &available));
    fake_note_memory();
    fake_on_watch = fake_count_accesses;
    what.index++;
    check_refused(&what);
    what.index = 0xFFFF;
    check_refused(&what);
}

TEST(Publish_HostileArgument_IsRefusedAndNothingAccessed)
{
    static const int32_t indices[] = {-1, 0x10000, INT32_MAX, INT32_MIN};
    static const int32_t sizes[] = {-1, 3, 4, INT32_MAX, INT32_MIN};
    static const uint32_t addresses[] = {0, FAKE_ADDRESS - 1, FAKE_ADDRESS + FAKE_SIZE - 1, FAKE_ADDRESS + FAKE_SIZE, UINT32_MAX};
    struct vgpio_publication what = fake_publication;
    fake_prepare_ring();
    fake_on_watch = fake_count_accesses;
    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        what.index = indices[i];
        check_refused(&what);
    }

    what = fake_publication;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        what.reply_size = sizes[i];
        check_refused(&what);
    }

    what = fake_publication;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        what.reply_address = addresses[i];
        check_refused(&what);
    }
}

TEST(Publish_Fences_StandBetweenCheckReplyElementIndexAndTheLastLoad)
{
    int32_t available;
    fake_prepare_ring();
    fake_on_watch = fake_note_order;
    CHECK_EQUAL(VGPIO_OK, vgpio_publish(&fake_publication, &available));
    CHECK(strcmp(fake_order, "M0 r1 R0 r1 R0 R0 W0 w2P w8PE W0PE w2PEI U77PEI F0PEI r4PEI R0PEI ") == 0);
}
