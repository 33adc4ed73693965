// am62x_tests: the mailbox of the AM62x's port against a register file that behaves like the mailbox.
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

enum { INPUT = 0, SLOT = 7 };

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
    CHECK(vgpio_port_pin_watch(pin, INPUT, slot, VGPIO_ROSE | VGPIO_FELL));
}

TEST(Map_Addresses_ReachTheSocsOwn)
{
    am62x_map();
    CHECK_EQUAL(0x9CB00000, fake_soc_address(AM62X_POOL));
    CHECK_EQUAL(0x9CC00000, fake_soc_address(AM62X_TABLE));
    CHECK_EQUAL(0x29000000, fake_soc_address(AM62X_MAILBOX));
    CHECK_EQUAL(0x04201000, fake_soc_address(AM62X_GPIO));
}

TEST(Start_WithoutMap_IsRefused)
{
    const struct vgpio_range *ranges;
    uint32_t count;
    CHECK(!vgpio_port_start(&ranges, &count));
}

TEST(Start_WithoutARouteForThePins_IsRefused)
{
    const struct vgpio_range *ranges;
    uint32_t count;
    am62x_map();
    fake_grants_route = false;
    CHECK(!vgpio_port_start(&ranges, &count));
    fake_grants_route = true;
    CHECK(vgpio_port_start(&ranges, &count));
}

TEST(Kick_BeforeStart_RingsAtStart)
{
    fake_linux_sends(1);
    CHECK_EQUAL(0, fake_rung);
    start();
    CHECK_EQUAL(1 << 1, fake_rung);
}

TEST(Kick_OfEitherRing_RingsItsBit)
{
    start();
    fake_linux_sends(0);
    CHECK_EQUAL(1, fake_rung);
    fake_linux_sends(1);
    CHECK_EQUAL(3, fake_rung);
}

TEST(Kicks_WhileMasked_AreAllTakenByOneInterrupt)
{
    start();
    fake_hold_interrupts();
    fake_linux_sends(0);
    fake_linux_sends(5);
    fake_linux_sends(28);
    fake_release_interrupts();
    CHECK_EQUAL(1 | 1 << 5 | 1 << 28, fake_rung);
}

TEST(Message_ThatIsNoNotifyId_IsDropped)
{
    start();
    fake_linux_sends(30);
    fake_linux_sends(0xFFFFFF10);
    fake_linux_sends(UINT32_MAX);
    fake_linux_reads();
    CHECK_EQUAL(0, fake_rung);
    CHECK_EQUAL(0, fake_linux_read_count);
}

TEST(EchoRequest_OfTheDriver_IsAnswered)
{
    start();
    fake_linux_sends(AM62X_MESSAGE_ECHO_REQUEST);
    fake_linux_reads();
    CHECK_EQUAL(1, fake_linux_read_count);
    CHECK_EQUAL(AM62X_MESSAGE_ECHO_REPLY, fake_linux_read[0]);
    CHECK_EQUAL(0, fake_rung);
}

TEST(Notify_OfARing_SendsItsId)
{
    start();
    vgpio_port_notify(1);
    vgpio_port_notify(0);
    fake_linux_reads();
    CHECK_EQUAL(2, fake_linux_read_count);
    CHECK_EQUAL(1, fake_linux_read[0]);
    CHECK_EQUAL(0, fake_linux_read[1]);
}

TEST(Notify_OfTheCrashId_SendsTheCrash)
{
    start();
    vgpio_port_notify(AM62X_CRASH_ID);
    fake_linux_reads();
    CHECK_EQUAL(1, fake_linux_read_count);
    CHECK_EQUAL(AM62X_MESSAGE_CRASH, fake_linux_read[0]);
}

TEST(Notify_OfAnIdThatIsNone_SendsNothing)
{
    start();
    vgpio_port_notify(30);
    vgpio_port_notify(UINT32_MAX);
    fake_linux_reads();
    CHECK_EQUAL(0, fake_linux_read_count);
}

// The fake ends the test at a message that is written into a full FIFO.
TEST(Notify_IntoAFullFifo_IsSentOnceWhenLinuxReads)
{
    start();
    for (int i = 0; i < 20; i++) {
        vgpio_port_notify(0);
    }

    vgpio_port_notify(1);
    vgpio_port_notify(1);
    fake_linux_reads();
    CHECK_EQUAL(FAKE_FIFO_DEPTH, fake_linux_read_count);
    fake_linux_reads();
    CHECK_EQUAL(FAKE_FIFO_DEPTH + 2, fake_linux_read_count);
    CHECK_EQUAL(0, fake_linux_read[FAKE_FIFO_DEPTH]);
    CHECK_EQUAL(1, fake_linux_read[FAKE_FIFO_DEPTH + 1]);
    fake_linux_reads();
    CHECK_EQUAL(FAKE_FIFO_DEPTH + 2, fake_linux_read_count);
}

TEST(Stop_ThenKickAndEdge_ReachNobody)
{
    start();
    watch(3, SLOT);
    vgpio_port_stop();
    fake_linux_sends(0);
    fake_drive(3, true);
    CHECK_EQUAL(0, fake_rung);
    CHECK_EQUAL(0, fake_edge_calls);
    start();
    CHECK_EQUAL(1, fake_rung);
}

TEST(Stop_WithUnsentNotifications_ForgetsThem)
{
    start();
    for (uint32_t id = 0; id <= FAKE_FIFO_DEPTH; id++) {
        vgpio_port_notify(id);
    }

    vgpio_port_stop();
    fake_linux_reads();
    start();
    fake_linux_reads();
    CHECK_EQUAL(FAKE_FIFO_DEPTH, fake_linux_read_count);
}

TEST(Wake_BeforeSleep_EndsIt)
{
    uint32_t doorbells = 1;
    start();
    vgpio_port_wake();
    vgpio_port_wake();
    CHECK(vgpio_port_sleep(-1, &doorbells));
    CHECK_EQUAL(0, doorbells);
    CHECK(!vgpio_port_sleep(0, &doorbells));
}
