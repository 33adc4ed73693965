// board_tests: the port of the emulated board, against a board process.
//
// Spec:    hal/native/port/vgpio_port.h.
// Trusts:  -
// Thread:  one, and the port's.
// Memory:  static.

#define _GNU_SOURCE

#include "check.h"
#include "vgpio_core.h"

#include <time.h>
#include <unistd.h>

static const uint32_t sram = 0x20000000, pool = 0x60000000;
enum { SRAM_SIZE = 0x10000, POOL_SIZE = 0x40000 };

// A sensor on the board is at the other end of both: an I2C bus. Its address is 0x48.
enum { SENSOR_SDA = 52, SENSOR_SCL = 53, SENSOR_WRITE = 0x48 << 1 };

// A wire goes from one to the other.
enum { LOOPBACK_OUT = 32, LOOPBACK_IN = 33, SLOT = 200 };

TEST(Start_WithoutBoard_IsFalse)
{
    setenv("VGPIO_BOARD", "/nowhere", 1);
    CHECK(!vgpio_start());
    unsetenv("VGPIO_BOARD");
    CHECK(!vgpio_start());
}

TEST(Memory_OfTheBoard_IsAllThere)
{
    int32_t header[2] = {0};
    CHECK(vgpio_start());
    CHECK_EQUAL(VGPIO_OK, vgpio_read_words(sram, header, 2));
    CHECK_EQUAL(0x434F5347, header[0]);
    CHECK_EQUAL(3, header[1]);
    CHECK_EQUAL(VGPIO_OK, vgpio_store(sram + SRAM_SIZE - 4, 0x01020304, 4));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_store(sram + SRAM_SIZE, 0, 1));
    CHECK_EQUAL(VGPIO_OK, vgpio_store(pool + POOL_SIZE - 4, 0x01020304, 4));
    CHECK_EQUAL(VGPIO_OUT_OF_RANGE, vgpio_store(pool + POOL_SIZE, 0, 1));
}

static int64_t milliseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

// A busy machine makes a sleep longer, never shorter, and hardly each of several.
TEST(Wait_NothingRings_SleepsAsLongAsAsked)
{
    int64_t shortest = INT64_MAX;
    CHECK(vgpio_start());
    for (int nap = 0; nap < 5; nap++) {
        int64_t begin = milliseconds_now();
        CHECK_EQUAL(0, vgpio_wait(20));
        int64_t slept = milliseconds_now() - begin;
        shortest = slept < shortest ? slept : shortest;
    }

    CHECK(shortest >= 15 && shortest <= 200);
}

TEST(Wait_Woken_EndsAtOnce)
{
    CHECK(vgpio_start());
    vgpio_ring(4);
    CHECK_EQUAL(4, vgpio_wait(-1));
    CHECK_EQUAL(0, vgpio_wait(0));
}

TEST(Wire_Driven_IsSensedAtTheOtherEnd)
{
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(LOOPBACK_OUT) && vgpio_pad_open(LOOPBACK_IN) && !vgpio_pad_open(64));
    CHECK(vgpio_pad_input(LOOPBACK_IN, 0));
    for (int32_t level = 0; level < 2; level++) {
        CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, level));
        CHECK_EQUAL(level, vgpio_pad_sense(LOOPBACK_IN));
        CHECK(vgpio_pad_drive(LOOPBACK_OUT, 6, level));
        CHECK_EQUAL(level, vgpio_pad_sense(LOOPBACK_IN));
        CHECK(vgpio_pad_input(LOOPBACK_OUT, level == 1 ? 2 : 1));
        CHECK_EQUAL(level, vgpio_pad_sense(LOOPBACK_IN));
    }
}

TEST(Wire_Watched_LatchesEachEdge)
{
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(LOOPBACK_OUT) && vgpio_pad_open(LOOPBACK_IN));
    CHECK(vgpio_pad_input(LOOPBACK_IN, 0) && vgpio_pad_drive(LOOPBACK_OUT, 3, 0) && vgpio_pad_watch(LOOPBACK_IN, SLOT, VGPIO_ROSE | VGPIO_FELL));
    for (int round = 0; round < 50; round++) {
        for (int32_t level = 1; level >= 0; level--) {
            CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, level));
            CHECK_EQUAL(VGPIO_PINS_CHANGED, vgpio_wait(5000));
            CHECK_EQUAL(SLOT << 2 | (level == 1 ? VGPIO_ROSE : VGPIO_FELL), vgpio_edges_take());
            CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
            CHECK(vgpio_pad_rearm(LOOPBACK_IN));
        }
    }

    CHECK(vgpio_pad_watch(LOOPBACK_IN, SLOT, 0));
    CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, 1));
    CHECK_EQUAL(0, vgpio_wait(50));
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
}

TEST(Wire_ThatNeverRests_InterruptsOnceUntilItIsArmedAgain)
{
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(LOOPBACK_OUT) && vgpio_pad_open(LOOPBACK_IN));
    CHECK(vgpio_pad_input(LOOPBACK_IN, 0) && vgpio_pad_drive(LOOPBACK_OUT, 3, 0) && vgpio_pad_watch(LOOPBACK_IN, SLOT, VGPIO_ROSE | VGPIO_FELL));
    for (int32_t armed = 0; armed < 4; armed++) {
        int32_t level = armed % 2 == 0;
        CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, level));
        CHECK_EQUAL(VGPIO_PINS_CHANGED, vgpio_wait(5000));
        CHECK_EQUAL(SLOT << 2 | (level == 1 ? VGPIO_ROSE : VGPIO_FELL), vgpio_edges_take());
        for (int i = 0; i < 100; i++) {
            CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, !level) && vgpio_pad_drive(LOOPBACK_OUT, 3, level));
        }

        CHECK_EQUAL(0, vgpio_wait(200)); // the board has seen the last of them
        CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
        CHECK(vgpio_pad_rearm(LOOPBACK_IN));
    }
}

// After vgpio_stop the pins are asked past the core: one that is still watched must not reach it either.
TEST(Stop_PinThatIsWatched_ReachesNobodyUntilThePortIsStartedAnew)
{
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(LOOPBACK_OUT) && vgpio_pad_drive(LOOPBACK_OUT, 3, 0));
    vgpio_stop();
    CHECK_EQUAL(0, vgpio_port_pin_read(LOOPBACK_OUT));
    CHECK(vgpio_port_pin_output(LOOPBACK_OUT, 3, false) && vgpio_port_pin_watch(LOOPBACK_IN, 0, SLOT, VGPIO_ROSE | VGPIO_FELL));
    vgpio_port_pin_write(LOOPBACK_OUT, true);
    CHECK_EQUAL(1, vgpio_port_pin_read(LOOPBACK_IN));
    usleep(200000);
    CHECK_EQUAL(0, vgpio_doorbells_take());
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    vgpio_port_pin_write(LOOPBACK_OUT, false);
    usleep(200000); // the board has seen the line low before it is high again

    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(LOOPBACK_OUT) && vgpio_pad_open(LOOPBACK_IN));
    CHECK(vgpio_pad_input(LOOPBACK_IN, 0) && vgpio_pad_drive(LOOPBACK_OUT, 3, 0) && vgpio_pad_watch(LOOPBACK_IN, SLOT, VGPIO_ROSE | VGPIO_FELL));
    CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, 1));
    CHECK_EQUAL(VGPIO_PINS_CHANGED, vgpio_wait(5000));
    CHECK_EQUAL(SLOT << 2 | VGPIO_ROSE, vgpio_edges_take());
}

TEST(Stop_OutputThatDrivesHigh_Floats)
{
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(LOOPBACK_OUT) && vgpio_pad_open(LOOPBACK_IN) && vgpio_pad_input(LOOPBACK_IN, 0));
    CHECK(vgpio_pad_drive(LOOPBACK_OUT, 3, 1));
    CHECK_EQUAL(1, vgpio_pad_sense(LOOPBACK_IN));
    vgpio_stop();
    CHECK_EQUAL(0, vgpio_port_pin_read(LOOPBACK_IN));
}

static bool set(int32_t pin, bool high)
{
    return vgpio_pad_drive(pin, 4, high);
}

// The chip must see each edge, however fast they come, and its answer is there at once.
static bool is_acknowledged(uint32_t byte)
{
    CHECK(set(SENSOR_SDA, true) && set(SENSOR_SCL, true) && set(SENSOR_SDA, false) && set(SENSOR_SCL, false));
    for (int bit = 7; bit >= 0; bit--) {
        CHECK(set(SENSOR_SDA, (byte >> bit & 1) != 0) && set(SENSOR_SCL, true) && set(SENSOR_SCL, false));
    }

    CHECK(set(SENSOR_SDA, true) && set(SENSOR_SCL, true));
    bool is_low = vgpio_pad_sense(SENSOR_SDA) == 0;
    CHECK(set(SENSOR_SCL, false) && set(SENSOR_SDA, false) && set(SENSOR_SCL, true) && set(SENSOR_SDA, true));
    return is_low;
}

TEST(Chip_OnTheBoard_SeesEveryEdgeOfItsPins)
{
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(SENSOR_SDA) && vgpio_pad_open(SENSOR_SCL));
    for (uint32_t round = 0; round < 100; round++) {
        CHECK(is_acknowledged(SENSOR_WRITE));
        CHECK(!is_acknowledged(SENSOR_WRITE ^ 2U << round % 7));
    }
}

TEST(Table_Written_IsAnnounced)
{
    int ends[2];
    char said[16] = {0};
    int32_t offset = 0;
    CHECK(pipe(ends) == 0 && dup2(ends[1], STDOUT_FILENO) >= 0);
    CHECK(vgpio_start());
    CHECK_EQUAL(VGPIO_OK, vgpio_read_words(sram + 12, &offset, 1));
    CHECK_EQUAL(VGPIO_OK, vgpio_store(sram + (uint32_t)offset, 1, 4));
    CHECK(read(ends[0], said, sizeof said - 1) > 0);
    CHECK(strcmp(said, "\nready\n") == 0);
}
