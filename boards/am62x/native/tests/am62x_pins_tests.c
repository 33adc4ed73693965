// am62x_pins_tests: the pins of the AM62x's port against a register file that behaves like the GPIO block.
//
// Spec:    hal/native/port/vgpio_port.h; boards/am62x/native/am62x_registers.h.
// Trusts:  the fake's idea of the hardware.
// Thread:  one; interrupts are calls of the handlers.
// Memory:  static.

#include "../am62x_registers.h"
#include "../am62x_target.h"
#include "check.h"
#include "fake_am62x.h"
#include "vgpio_port.h"

enum { BOTH = VGPIO_ROSE | VGPIO_FELL };
enum { INPUT = 0, INPUT_PULL_UP = 2, OUTPUT = 3, OUTPUT_OPEN_DRAIN = 4, SLOT = 7 };

static void start(void)
{
    const struct vgpio_range *ranges = NULL;
    uint32_t count = 0;
    am62x_map();
    CHECK(vgpio_port_start(&ranges, &count));
    CHECK_EQUAL(2, count);
}

static void watch(uint32_t pin, uint32_t slot)
{
    CHECK(vgpio_port_pin_open(pin));
    CHECK(vgpio_port_pin_input(pin, INPUT));
    CHECK(vgpio_port_pin_watch(pin, INPUT, slot, BOTH));
}

TEST(Pin_OpenedTwiceOrNotThere_IsRefused)
{
    start();
    CHECK(vgpio_port_pin_open(AM62X_PINS - 1));
    CHECK(!vgpio_port_pin_open(AM62X_PINS - 1));
    CHECK(!vgpio_port_pin_open(AM62X_PINS));
    CHECK(!vgpio_port_pin_open(UINT32_MAX));
    vgpio_port_pin_close(AM62X_PINS - 1);
    CHECK(vgpio_port_pin_open(AM62X_PINS - 1));
}

TEST(Output_OfAnInput_HasItsValueFromTheFirstMoment)
{
    start();
    CHECK(vgpio_port_pin_open(4));
    CHECK(vgpio_port_pin_output(4, OUTPUT, true));
    CHECK_EQUAL(1 << 4, fake_driven());
    CHECK_EQUAL(1 << 4, fake_output_at_turn());
    CHECK(vgpio_port_pin_input(4, INPUT));
    CHECK_EQUAL(0, fake_driven());
    CHECK(vgpio_port_pin_output(4, OUTPUT, false));
    CHECK_EQUAL(0, fake_output_at_turn());
}

TEST(Write_OfAnOutput_ChangesNoOther)
{
    start();
    CHECK(vgpio_port_pin_open(0) && vgpio_port_pin_open(23));
    CHECK(vgpio_port_pin_output(0, OUTPUT, true) && vgpio_port_pin_output(23, OUTPUT, false));
    vgpio_port_pin_write(23, true);
    CHECK_EQUAL(1 | 1 << 23, fake_outputs());
    vgpio_port_pin_write(0, false);
    CHECK_EQUAL(1 << 23, fake_outputs());
    CHECK_EQUAL(0, vgpio_port_pin_read(0));
    CHECK_EQUAL(1, vgpio_port_pin_read(23));
}

TEST(Mode_ThatTheBlockDoesNotHave_IsRefused)
{
    start();
    CHECK(vgpio_port_pin_open(1));
    CHECK(!vgpio_port_pin_input(1, INPUT_PULL_UP));
    CHECK(!vgpio_port_pin_output(1, OUTPUT_OPEN_DRAIN, true));
    CHECK(!vgpio_port_pin_watch(1, OUTPUT, SLOT, BOTH));
    CHECK_EQUAL(0, fake_driven());
}

TEST(Edge_OfAWatchedPin_IsToldByDirection)
{
    start();
    watch(5, SLOT);
    fake_drive(5, true);
    CHECK_EQUAL(VGPIO_ROSE, fake_edges[SLOT]);
    fake_edges[SLOT] = 0;
    vgpio_port_pin_rearm(5);
    fake_drive(5, false);
    CHECK_EQUAL(VGPIO_FELL, fake_edges[SLOT]);
    CHECK_EQUAL(2, fake_edge_calls);
}

TEST(Pulse_WithinTheLatency_IsBothEdges)
{
    start();
    watch(5, SLOT);
    fake_hold_interrupts();
    fake_drive(5, true);
    fake_drive(5, false);
    fake_release_interrupts();
    CHECK_EQUAL(VGPIO_ROSE | VGPIO_FELL, fake_edges[SLOT]);
    CHECK_EQUAL(1, fake_edge_calls);
}

TEST(Pulse_OneKindOfEdgeIsWatched_IsThatEdge)
{
    start();
    CHECK(vgpio_port_pin_open(5) && vgpio_port_pin_input(5, INPUT));
    CHECK(vgpio_port_pin_watch(5, INPUT, SLOT, VGPIO_FELL));
    fake_drive(5, true);
    CHECK_EQUAL(0, fake_edge_calls);
    fake_hold_interrupts();
    fake_drive(5, false);
    fake_drive(5, true);
    fake_release_interrupts();
    CHECK_EQUAL(VGPIO_FELL, fake_edges[SLOT]);
    CHECK_EQUAL(1, fake_edge_calls);
}

TEST(Pin_ThatNeverRests_InterruptsOnceEachTimeItIsArmed)
{
    start();
    watch(5, SLOT);
    watch(6, SLOT + 1);
    for (int armed = 1; armed <= 3; armed++) {
        for (int i = 0; i < 100; i++) {
            fake_drive(5, i % 2 == 0);
        }

        CHECK_EQUAL(armed, fake_edge_calls);
        vgpio_port_pin_rearm(5);
    }

    fake_drive(6, true);
    CHECK_EQUAL(VGPIO_ROSE, fake_edges[SLOT + 1]);
    fake_drive(5, true);
    CHECK_EQUAL(5, fake_edge_calls);
}

TEST(Edges_OfPinsInBothBanks_ReachTheirSlots)
{
    start();
    watch(15, 1);
    watch(16, 2);
    fake_drive(16, true);
    CHECK_EQUAL(0, fake_edges[1]);
    CHECK_EQUAL(VGPIO_ROSE, fake_edges[2]);
    fake_drive(15, true);
    CHECK_EQUAL(VGPIO_ROSE, fake_edges[1]);
    CHECK_EQUAL(2, fake_edge_calls);
}

TEST(Watch_OfAHighPin_ToldOfTheFallOnly)
{
    start();
    fake_drive(2, true);
    watch(2, SLOT);
    CHECK_EQUAL(0, fake_edge_calls);
    fake_drive(2, false);
    CHECK_EQUAL(VGPIO_FELL, fake_edges[SLOT]);
}

TEST(Watch_Anew_ForgetsTheEdgesOfBefore)
{
    start();
    watch(2, SLOT);
    fake_hold_interrupts();
    fake_drive(2, true);
    CHECK(vgpio_port_pin_watch(2, INPUT, SLOT, 0));
    CHECK(vgpio_port_pin_watch(2, INPUT, SLOT + 1, BOTH));
    fake_release_interrupts();
    CHECK_EQUAL(0, fake_edge_calls);
    fake_drive(2, false);
    CHECK_EQUAL(VGPIO_FELL, fake_edges[SLOT + 1]);
    CHECK_EQUAL(0, fake_edges[SLOT]);
}

TEST(Watch_ThatHasEnded_TellsNothingOfPendingEdges)
{
    start();
    watch(2, SLOT);
    fake_hold_interrupts();
    fake_drive(2, true);
    CHECK(vgpio_port_pin_watch(2, INPUT, SLOT, 0));
    fake_release_interrupts();
    fake_drive(2, false);
    fake_drive(2, true);
    CHECK_EQUAL(0, fake_edge_calls);
}
