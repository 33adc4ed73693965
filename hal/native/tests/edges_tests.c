// edges_tests: the latch of two bits a slot.
//
// Spec:    hal/VirtioGpio.Hal.Native/Pads.cs, TakeEdges.
// Trusts:  -
// Thread:  one; stress_tests has the others.
// Memory:  static.

#include "check.h"
#include "fake_port.h"

TEST(Edge_OfEverySlot_IsTakenOnce)
{
    fake_reset();
    for (uint32_t edges = 1; edges <= 3; edges++) {
        for (uint32_t slot = 0; slot < VGPIO_SLOTS; slot++) {
            vgpio_pin_changed(slot, edges);
            CHECK_EQUAL(slot << 2 | edges, vgpio_edges_take());
            CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
        }
    }
}

TEST(Edge_OfEachKind_AddsUp)
{
    fake_reset();
    vgpio_pin_changed(9, VGPIO_ROSE);
    vgpio_pin_changed(9, VGPIO_FELL);
    vgpio_pin_changed(9, VGPIO_ROSE);
    CHECK_EQUAL(9 << 2 | 3, vgpio_edges_take());
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
}

TEST(Edge_Latched_RingsPinsChanged)
{
    fake_reset();
    vgpio_pin_changed(1, VGPIO_ROSE);
    CHECK_EQUAL(1 << 30, vgpio_wait(0));
}

TEST(Edge_OfNoSlotOrNoKind_IsPassedOver)
{
    fake_reset();
    vgpio_pin_changed(256, VGPIO_ROSE);
    vgpio_pin_changed(UINT32_MAX, VGPIO_FELL);
    vgpio_pin_changed(3, 0);
    vgpio_pin_changed(3, 4);
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    CHECK_EQUAL(0, fake_wakes);
}

TEST(Take_AllSlotsLatched_GivesEachItsTurn)
{
    fake_reset();
    for (uint32_t slot = 0; slot < VGPIO_SLOTS; slot++) {
        vgpio_pin_changed(slot, VGPIO_FELL);
    }

    for (int32_t slot = 0; slot < VGPIO_SLOTS; slot++) {
        CHECK_EQUAL(slot << 2 | 2, vgpio_edges_take());
    }
}

// Slot 5 changes again before every take: whoever else waits comes all the same.
TEST(Take_OneSlotNeverStill_StarvesNoOther)
{
    static const uint32_t others[] = {0, 4, 6, 31, 32, 64, 250, 255};
    fake_reset();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        int taken = 0;
        vgpio_pin_changed(5, VGPIO_ROSE);
        CHECK_EQUAL(5 << 2 | 1, vgpio_edges_take());
        vgpio_pin_changed(others[i], VGPIO_FELL);
        do {
            vgpio_pin_changed(5, VGPIO_ROSE);
            taken++;
        } while (vgpio_edges_take() != (int32_t)(others[i] << 2 | 2) && taken < 3);
        CHECK(taken <= 2);
        while (vgpio_edges_take() >= 0) {
        }
    }
}

TEST(Forget_Slot_LeavesTheOthers)
{
    fake_reset();
    vgpio_pin_changed(40, 3);
    vgpio_pin_changed(41, 3);
    vgpio_edges_forget(40);
    CHECK_EQUAL(41 << 2 | 3, vgpio_edges_take());
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
}
