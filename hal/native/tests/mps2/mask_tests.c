// mask_tests: between the check of a ring and the last store under it no interrupt comes.
//
// Spec:    port/vgpio_port.h: VGPIO_MASK_INTERRUPTS.
// Trusts:  -
// Thread:  the main program, and SysTick's handler.
// Memory:  static.

#include "check.h"
#include "fake_ring.h"
#include "mps2.h"
#include "sweep.h"

static enum vgpio_result result;

static void publish(void)
{
    int32_t available;
    result = vgpio_publish(&fake_publication, &available);
}

static void write_bytes(void)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8};
    result = vgpio_write(fake_ring, FAKE_ADDRESS + REPLY, bytes, sizeof bytes);
}

// As if the interrupt had lasted for long: the driver has reset the device, and has made another ring in its place.
static void make_another_ring(void)
{
    fake_memory[STATUS] = 0;
    fake_memory[CANARY] = 0;
    memset(fake_memory + USED, 0, 4 + 8 * RING);
    memset(fake_memory + REPLY, 0, 8);
    fake_note_memory();
}

static void check_the_new_ring(void)
{
    CHECK(result == VGPIO_OK || result == VGPIO_STALE);
    CHECK(fake_is_as_before());
}

TEST(Publish_InterruptedAnywhere_WritesNothingIntoTheNextRing)
{
    sweep(fake_prepare_ring, publish, make_another_ring, check_the_new_ring);
}

TEST(Write_InterruptedAnywhere_WritesNothingIntoTheNextRing)
{
    sweep(fake_prepare_ring, write_bytes, make_another_ring, check_the_new_ring);
}

// Status, canary, reply, element, index; the available ring is read without the mask.
enum { MASKED = 5 };

static volatile int watched, came_early;
static volatile uint8_t index_in_interrupt;

static void pend(void)
{
    came_early += ++watched <= MASKED ? interrupts : 0;
    MPS2_INTERRUPT_CONTROL = MPS2_PEND_SYSTICK;
    __asm volatile("dsb\n\tisb" ::: "memory");
}

static void note_index(void)
{
    index_in_interrupt = fake_memory[USED + 2];
}

static void with_one_pending(void)
{
    fake_prepare_ring();
    interrupt_in(UINT32_C(0xFFFFFF), note_index);
    interrupt_watch = pend;
}

TEST(Publish_InterruptPendsFromTheCheckOn_ComesAfterTheLastStore)
{
    with_one_pending();
    publish();
    CHECK_EQUAL(VGPIO_OK, result);
    CHECK_EQUAL(MASKED + 1, watched);
    CHECK_EQUAL(0, came_early);
    CHECK_EQUAL(6, index_in_interrupt);
}

static uint32_t primask(void)
{
    uint32_t state;
    __asm volatile("mrs %0, primask" : "=r"(state));
    return state;
}

TEST(PublishAndWrite_MaskedBefore_StayMasked)
{
    with_one_pending();
    __asm volatile("cpsid i" ::: "memory");
    publish();
    CHECK_EQUAL(1, primask());
    write_bytes();
    CHECK_EQUAL(1, primask());
    CHECK_EQUAL(0, interrupts);
    __asm volatile("cpsie i\n\tisb" ::: "memory");
    CHECK_EQUAL(1, interrupts);
}

TEST(PublishAndWrite_NotMaskedBefore_AreNotAfter)
{
    fake_prepare_ring();
    publish();
    CHECK_EQUAL(0, primask());
    write_bytes();
    CHECK_EQUAL(0, primask());
    fake_memory[CANARY] = 0;
    publish();
    CHECK_EQUAL(VGPIO_STALE, result);
    CHECK_EQUAL(0, primask());
    write_bytes();
    CHECK_EQUAL(VGPIO_STALE, result);
    CHECK_EQUAL(0, primask());
}
