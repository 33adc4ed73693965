// interrupt_tests: a timer's interrupt at every single instruction of a native: no bit and no wake-up is lost.
//
// Spec:    port/vgpio_port.h: vgpio_ring and vgpio_pin_changed come from any context.
// Trusts:  -
// Thread:  the main program, and SysTick's and PendSV's handlers.
// Memory:  static.

#include "check.h"
#include "fake_port.h"
#include "mps2.h"
#include "sweep.h"

// --- Doorbells ---

static uint32_t heard;

static void ring_one(void)
{
    heard = 0;
    vgpio_ring(1);
}

static void ring_two(void)
{
    vgpio_ring(2);
}

// Woken by the first bit: a bit that is left by the taking has to wake again.
static void ring_one_and_wake(void)
{
    ring_one();
    CHECK(fake_semaphore_take(0));
}

static void take_doorbells(void)
{
    heard = vgpio_doorbells_take();
}

static void check_taken(void)
{
    CHECK((heard & 1) != 0);
    CHECK(heard == 3 || fake_semaphore_take(0));
    CHECK_EQUAL(3, heard | vgpio_wait(0));
    CHECK_EQUAL(0, vgpio_wait(0));
}

static void wait_for_doorbells(void)
{
    heard = vgpio_wait(-1);
}

static void check_waited(void)
{
    CHECK((heard & 1) != 0);
    heard |= heard == 3 ? 0 : vgpio_wait(-1);
    CHECK_EQUAL(3, heard);
    CHECK_EQUAL(0, vgpio_wait(0));
}

TEST(DoorbellsTake_InterruptedAnywhere_LosesNoBitAndNoWakeup)
{
    fake_reset();
    sweep(ring_one_and_wake, take_doorbells, ring_two, check_taken);
}

TEST(Wait_InterruptedAnywhere_LosesNoBitAndNoWakeup)
{
    fake_reset();
    sweep(ring_one, wait_for_doorbells, ring_two, check_waited);
}

static void nothing(void)
{
    heard = 0;
}

static void ring_first(void)
{
    vgpio_ring(1);
}

static void check_both(void)
{
    CHECK_EQUAL(3, vgpio_wait(-1));
    CHECK_EQUAL(0, vgpio_wait(0));
}

TEST(Ring_InterruptedAnywhereByAnother_LosesNoBitAndNoWakeup)
{
    fake_reset();
    sweep(nothing, ring_first, ring_two, check_both);
}

static void check_woken(void)
{
    CHECK_EQUAL(2, heard);
    CHECK_EQUAL(0, vgpio_wait(0));
}

// Here the interrupt always comes within the wait: from its first instruction to deep in the sleep.
TEST(Wait_EmptyAndInterruptedAnywhere_Wakes)
{
    fake_reset();
    for (uint32_t ticks = 1; ticks < 1000; ticks++) {
        interrupt_in(ticks, ring_two);
        wait_for_doorbells();
        check_woken();
    }
}

// --- Edges ---

enum { SLOT = 37, OTHER = 5, NEIGHBOUR = 38 };

static uint32_t rises[VGPIO_SLOTS], falls[VGPIO_SLOTS];

static void take_all_edges(void)
{
    int32_t found;
    while ((found = vgpio_edges_take()) >= 0) {
        rises[found >> 2] += found & 1;
        falls[found >> 2] += found >> 1 & 1;
    }
}

static void latch_rise(void)
{
    memset(rises, 0, sizeof rises);
    memset(falls, 0, sizeof falls);
    vgpio_doorbells_take();
    vgpio_pin_changed(SLOT, VGPIO_ROSE);
}

static void latch_more(void)
{
    vgpio_pin_changed(SLOT, VGPIO_FELL);
    vgpio_pin_changed(NEIGHBOUR, VGPIO_ROSE | VGPIO_FELL);
    vgpio_pin_changed(OTHER, VGPIO_ROSE);
}

static void check_edges(void)
{
    CHECK_EQUAL(VGPIO_PINS_CHANGED, vgpio_wait(-1));
    take_all_edges();
    CHECK_EQUAL(1, rises[SLOT]);
    CHECK_EQUAL(1, falls[SLOT]);
    CHECK_EQUAL(1, rises[NEIGHBOUR]);
    CHECK_EQUAL(1, falls[NEIGHBOUR]);
    CHECK_EQUAL(1, rises[OTHER]);
    CHECK_EQUAL(0, falls[OTHER]);
}

TEST(EdgesTake_InterruptedAnywhere_LosesNoEdgeAndGivesNoneTwice)
{
    fake_reset();
    sweep(latch_rise, take_all_edges, latch_more, check_edges);
}

static void start_clean(void)
{
    memset(rises, 0, sizeof rises);
    memset(falls, 0, sizeof falls);
}

static void latch_the_rise(void)
{
    vgpio_pin_changed(SLOT, VGPIO_ROSE);
}

TEST(PinChanged_InterruptedAnywhereByAnother_LosesNoEdge)
{
    fake_reset();
    sweep(start_clean, latch_the_rise, latch_more, check_edges);
}

static void on_pendsv(const uint32_t *frame)
{
    (void)frame;
    latch_the_rise();
}

static void pend_the_rise(void)
{
    MPS2_INTERRUPT_CONTROL = MPS2_PEND_PENDSV;
    __asm volatile("dsb\n\tisb" ::: "memory");
}

TEST(PinChanged_InHandlerInterruptedByAHigherOne_LosesNoEdge)
{
    fake_reset();
    mps2_on_pendsv = on_pendsv;
    MPS2_PRIORITIES = UINT32_C(0x00FF0000);
    sweep(start_clean, pend_the_rise, latch_more, check_edges);
}

static void forget_neighbour(void)
{
    vgpio_edges_forget(SLOT + 1);
}

static void latch_beside(void)
{
    vgpio_pin_changed(SLOT, VGPIO_FELL);
    vgpio_pin_changed(OTHER, VGPIO_ROSE);
}

static void check_beside(void)
{
    take_all_edges();
    CHECK(rises[SLOT] == 1 && falls[SLOT] == 1 && rises[OTHER] == 1);
}

TEST(EdgesForget_InterruptedAnywhere_LosesNoEdgeOfAnotherSlot)
{
    fake_reset();
    sweep(latch_rise, forget_neighbour, latch_beside, check_beside);
}
