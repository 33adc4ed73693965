// number_tests: numbers in shared memory, and the fences between them.
//
// Spec:    hal/VirtioGpio.Hal.Native/SharedMemory.cs: Poll and Store.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "fake_ring.h"

static void count_up(void)
{
    fake_reset();
    for (int i = 0; i < FAKE_SIZE; i++) {
        fake_memory[i] = (uint8_t)(i * 7 + 1);
    }
}

static bool is_untouched(void)
{
    for (size_t i = 0; i < sizeof fake_surroundings; i++) {
        if (fake_surroundings[i] != 0xA5) {
            return false;
        }
    }

    return true;
}

TEST(Poll_NumbersOfEverySize_AreReadAndCompared)
{
    uint32_t addresses[] = {FAKE_ADDRESS, FAKE_ADDRESS + 2, FAKE_ADDRESS + 4, FAKE_ADDRESS + 9};
    int32_t sizes[] = {1, 2, 4, 1};
    int32_t numbers[4] = {0};
    int32_t changed = -1;
    fake_reset();
    memset(fake_memory, 0, FAKE_SIZE);
    fake_memory[0] = 0xFF;
    fake_memory[2] = 0x34;
    fake_memory[3] = 0x92;
    fake_memory[7] = 0x80;
    CHECK_EQUAL(VGPIO_OK, vgpio_poll(addresses, sizes, 4, numbers, &changed));
    CHECK_EQUAL(7, changed);
    CHECK_EQUAL(0xFF, numbers[0]);
    CHECK_EQUAL(VGPIO_SWAPS_BYTES ? 0x3492 : 0x9234, numbers[1]);
    CHECK_EQUAL(VGPIO_SWAPS_BYTES ? 0x80 : INT32_MIN, numbers[2]);
    CHECK_EQUAL(VGPIO_OK, vgpio_poll(addresses, sizes, 4, numbers, &changed));
    CHECK_EQUAL(0, changed);
    fake_memory[9] = 1;
    CHECK_EQUAL(VGPIO_OK, vgpio_poll(addresses, sizes, 4, numbers, &changed));
    CHECK_EQUAL(8, changed);
}

TEST(Poll_31Numbers_AreTheMost)
{
    uint32_t addresses[32];
    int32_t sizes[32], numbers[32] = {0}, changed = 0;
    count_up();
    for (int i = 0; i < 32; i++) {
        addresses[i] = FAKE_ADDRESS + (uint32_t)i;
        sizes[i] = 1;
    }

    CHECK_EQUAL(VGPIO_OK, vgpio_poll(addresses, sizes, 31, numbers, &changed));
    CHECK_EQUAL(0x7FFFFFFF, changed);
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_poll(addresses, sizes, 32, numbers, &changed));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_poll(addresses, sizes, -1, numbers, &changed));
    CHECK_EQUAL(VGPIO_OK, vgpio_poll(addresses, sizes, 0, numbers, &changed));
    CHECK_EQUAL(0, changed);
}

TEST(Poll_OneOfThemBad_AccessesNone)
{
    static const struct {
        uint32_t address;
        int32_t size;
    } bad[] = {{FAKE_ADDRESS + 1, 2},
               {FAKE_ADDRESS + 2, 4},
               {FAKE_ADDRESS, 3},
               {FAKE_ADDRESS, 0},
               {FAKE_ADDRESS, 8},
               {FAKE_ADDRESS, -4},
               {0, 4}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint32_t addresses[] = {FAKE_ADDRESS, bad[i].address};
        int32_t sizes[] = {4, bad[i].size};
        int32_t numbers[] = {11, 12}, changed = 13;
        fake_reset();
        CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_poll(addresses, sizes, 2, numbers, &changed));
        CHECK(numbers[0] == 11 && numbers[1] == 12 && changed == 13);
    }
}

TEST(Store_EverySizeAndAlignment_WritesExactlyTheLowBytes)
{
    static const int32_t sizes[] = {1, 2, 4};
    for (int which = 0; which < 3; which++) {
        for (int offset = 0; offset < 8; offset++) {
            int32_t size = sizes[which];
            bool is_swapped = VGPIO_SWAPS_BYTES && offset % size == 0;
            fake_reset();
            CHECK_EQUAL(VGPIO_OK, vgpio_store(FAKE_ADDRESS + (uint32_t)offset, (int32_t)0x89ABCDEF, size));
            for (int i = 0; i < size; i++) {
                int place = is_swapped ? size - 1 - i : i;
                CHECK_EQUAL((0x89ABCDEFu >> (8 * i)) & 0xFF, fake_memory[offset + place]);
            }

            memset(fake_memory + offset, 0xA5, (size_t)size);
            CHECK(is_untouched());
        }
    }
}

TEST(Store_SizeOrPlaceBad_IsRefused)
{
    static const int32_t sizes[] = {0, 3, 5, 8, -1, INT32_MIN};
    fake_reset();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_store(FAKE_ADDRESS, 1, sizes[i]));
    }

    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_store(FAKE_ADDRESS + FAKE_SIZE - 3, 1, 4));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_store(UINT32_MAX, 1, 2));
    CHECK(is_untouched());
}

TEST(Poll_Fences_StandBetweenTheNumbers)
{
    uint32_t addresses[] = {FAKE_ADDRESS, FAKE_ADDRESS + 4};
    int32_t sizes[] = {2, 4}, numbers[2] = {0}, changed;
    fake_reset();
    fake_on_watch = fake_note_order;
    CHECK_EQUAL(VGPIO_OK, vgpio_poll(addresses, sizes, 2, numbers, &changed));
    CHECK(strcmp(fake_order, "r2 R0 r4 R0 R0 ") == 0);
}

TEST(ReadAndWrite_Fences_StandOnBothSides)
{
    uint8_t bytes[8];
    fake_reset();
    fake_on_watch = fake_note_order;
    CHECK_EQUAL(VGPIO_OK, vgpio_read(FAKE_ADDRESS + 64, bytes, 8));
    memset(bytes, 0, sizeof bytes);
    CHECK_EQUAL(VGPIO_OK, vgpio_write(NULL, FAKE_ADDRESS + 16, bytes, 8));
    CHECK_EQUAL(VGPIO_OK, vgpio_store(FAKE_ADDRESS + 2, 7, 2));
    CHECK(strcmp(fake_order, "r8 R0 R0 W0 w8E F0E W0E w2EI F0EI ") == 0);
}
