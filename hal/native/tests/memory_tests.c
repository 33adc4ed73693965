// memory_tests: bounds, alignment and byte order of shared memory.
//
// Spec:    hal/VirtioGpio.Hal.Native/SharedMemory.cs.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "fake_port.h"

static void count_up(void)
{
    fake_reset();
    for (int i = 0; i < FAKE_SIZE; i++) {
        fake_memory[i] = (uint8_t)(i * 7 + 1);
    }
}

static uint32_t word_at(int offset)
{
    uint32_t word = (uint32_t)(fake_memory[offset] | fake_memory[offset + 1] << 8 | fake_memory[offset + 2] << 16) |
                    (uint32_t)fake_memory[offset + 3] << 24;
    return word;
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

TEST(Open_WithoutRange_IsRefused)
{
    CHECK(!vgpio_memory_open(NULL, 0));
}

TEST(Open_RangeThatIsEmptyOrNowhere_IsRefused)
{
    struct vgpio_range empty = {0x1000, 0, fake_memory};
    struct vgpio_range nowhere = {0x1000, 16, NULL};
    CHECK(!vgpio_memory_open(&empty, 1));
    CHECK(!vgpio_memory_open(&nowhere, 1));
}

TEST(Open_RangeBeyond4GiB_IsRefused)
{
    struct vgpio_range to_the_end = {0xFFFFFF00, 0x100, fake_memory};
    struct vgpio_range beyond = {0xFFFFFF00, 0x101, fake_memory};
    CHECK(vgpio_memory_open(&to_the_end, 1));
    CHECK(!vgpio_memory_open(&beyond, 1));
}

TEST(Open_SecondRangeBad_LeavesNone)
{
    uint8_t byte = 0;
    struct vgpio_range ranges[] = {{0x1000, 16, fake_memory}, {0x2000, 0, fake_memory}};
    CHECK(!vgpio_memory_open(ranges, 2));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_read(0x1000, &byte, 1));
}

TEST(Start_PortFails_IsFalseUntilItSucceeds)
{
    fake_starts = false;
    CHECK(!vgpio_start());
    fake_starts = true;
    CHECK(vgpio_start());
    fake_starts = false;
    CHECK(vgpio_start());
}

TEST(Start_MemoryIsBad_StopsThePortAgain)
{
    fake_range_count = 0;
    CHECK(!vgpio_start());
    CHECK(strcmp(fake_log, "stop ") == 0);
    fake_range_count = 2;
    CHECK(vgpio_start());
    CHECK_EQUAL(2, fake_port_starts);
    CHECK(strcmp(fake_log, "stop ") == 0);
}

TEST(Read_EveryOffsetAndCount_CopiesExactlyThese)
{
    count_up();
    for (int offset = 0; offset < 9; offset++) {
        for (int count = 0; count < 24; count++) {
            for (int shift = 0; shift < 4; shift++) {
                uint8_t into[40];
                memset(into, 0xEE, sizeof into);
                CHECK_EQUAL(VGPIO_OK, vgpio_read(FAKE_ADDRESS + (uint32_t)offset, into + 4 + shift, count));
                CHECK(memcmp(into + 4 + shift, fake_memory + offset, (size_t)count) == 0);
                CHECK_EQUAL(0xEE, into[3 + shift]);
                CHECK_EQUAL(0xEE, into[4 + shift + count]);
            }
        }
    }
}

TEST(Write_EveryOffsetAndCount_WritesExactlyThese)
{
    uint8_t from[32];
    for (int i = 0; i < 32; i++) {
        from[i] = (uint8_t)(i + 1);
    }

    for (int offset = 0; offset < 9; offset++) {
        for (int count = 0; count < 24; count++) {
            for (int shift = 0; shift < 4; shift++) {
                fake_reset();
                CHECK_EQUAL(VGPIO_OK, vgpio_write(NULL, FAKE_ADDRESS + (uint32_t)offset, from + shift, count));
                CHECK(memcmp(fake_memory + offset, from + shift, (size_t)count) == 0);
                memset(fake_memory + offset, 0xA5, (size_t)count);
                CHECK(is_untouched());
            }
        }
    }
}

TEST(Range_AtItsEdges_IsReached)
{
    uint8_t bytes[FAKE_SIZE];
    count_up();
    CHECK_EQUAL(VGPIO_OK, vgpio_read(FAKE_ADDRESS, bytes, FAKE_SIZE));
    CHECK_EQUAL(VGPIO_OK, vgpio_read(FAKE_ADDRESS + FAKE_SIZE - 1, bytes, 1));
    CHECK_EQUAL(VGPIO_OK, vgpio_read(FAKE_HIGH_ADDRESS, bytes, FAKE_HIGH_SIZE));
    CHECK_EQUAL(VGPIO_OK, vgpio_read(UINT32_MAX, bytes, 1));
}

TEST(Range_HostileAddress_IsRefusedAndNothingAccessed)
{
    static const struct {
        uint32_t address;
        int32_t count;
    } hostile[] = {
        {0, 1},
        {FAKE_ADDRESS - 1, 1},
        {FAKE_ADDRESS - 1, 2},
        {FAKE_ADDRESS, FAKE_SIZE + 1},
        {FAKE_ADDRESS, INT32_MAX},
        {FAKE_ADDRESS, -1},
        {FAKE_ADDRESS, INT32_MIN},
        {FAKE_ADDRESS + FAKE_SIZE, 0},
        {FAKE_ADDRESS + FAKE_SIZE, 1},
        {FAKE_ADDRESS + FAKE_SIZE - 1, 2},
        {FAKE_HIGH_ADDRESS - 1, 1},
        {FAKE_HIGH_ADDRESS, FAKE_HIGH_SIZE + 1},
        {UINT32_MAX, 2},
        {UINT32_MAX - 3, 8},
        {UINT32_MAX, INT32_MAX},
    };
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        uint8_t byte = 0x77;
        fake_reset();
        CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_read(hostile[i].address, &byte, hostile[i].count));
        CHECK_EQUAL(0x77, byte);
        CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_write(NULL, hostile[i].address, &byte, hostile[i].count));
        CHECK(is_untouched());
    }
}

TEST(ReadWords_EveryAlignment_AreLittleEndian)
{
    count_up();
    for (int offset = 0; offset < 8; offset++) {
        int32_t words[4] = {0, 0, 0, 0x5A5A5A5A};
        CHECK_EQUAL(VGPIO_OK, vgpio_read_words(FAKE_ADDRESS + (uint32_t)offset, words, 3));
        for (int i = 0; i < 3; i++) {
            uint32_t expected = word_at(offset + 4 * i);
            CHECK_EQUAL(VGPIO_SWAPS_BYTES ? __builtin_bswap32(expected) : expected, (uint32_t)words[i]);
        }

        CHECK_EQUAL(0x5A5A5A5A, words[3]);
    }
}

TEST(ReadWords_CountThatWraps_IsRefused)
{
    int32_t word = 1;
    fake_reset();
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_read_words(FAKE_ADDRESS, &word, -1));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_read_words(FAKE_ADDRESS, &word, INT32_MAX));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_read_words(FAKE_ADDRESS, &word, 0x40000000));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_read_words(FAKE_ADDRESS, &word, FAKE_SIZE / 4 + 1));
    CHECK_EQUAL(1, word);
}

TEST(Slice_OfAnArray_FitsOrNot)
{
    CHECK(vgpio_slice_fits(8, 0, 8) && vgpio_slice_fits(8, 8, 0) && vgpio_slice_fits(0, 0, 0) && vgpio_slice_fits(8, 3, 5));
    CHECK(!vgpio_slice_fits(8, 0, 9) && !vgpio_slice_fits(8, 9, 0) && !vgpio_slice_fits(8, 4, 5) && !vgpio_slice_fits(8, -1, 1));
    CHECK(!vgpio_slice_fits(8, 1, -1) && !vgpio_slice_fits(8, INT32_MAX, INT32_MAX) && !vgpio_slice_fits(8, INT32_MIN, INT32_MIN));
}
