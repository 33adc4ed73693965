// doorbell_tests: bits that ring, the wake-up, the sleep.
//
// Spec:    hal/VirtioGpio.Hal.Native/Mailbox.cs.
// Trusts:  -
// Thread:  one; stress_tests has the others.
// Memory:  static.

#include "check.h"
#include "fake_port.h"

TEST(Ring_ManyTimes_WakesOnceAndIsTakenOnce)
{
    fake_reset();
    vgpio_ring(1);
    vgpio_ring(2);
    vgpio_ring(1);
    CHECK_EQUAL(1, fake_wakes);
    CHECK_EQUAL(3, vgpio_wait(-1));
    CHECK_EQUAL(0, vgpio_wait(0));
    vgpio_ring(4);
    CHECK_EQUAL(2, fake_wakes);
    CHECK_EQUAL(4, vgpio_wait(0));
}

TEST(Wait_NothingRings_IsZeroWhenTheTimeIsOver)
{
    fake_reset();
    CHECK_EQUAL(0, vgpio_wait(0));
    CHECK_EQUAL(0, vgpio_wait(5));
    CHECK_EQUAL(5, fake_last_sleep);
    CHECK_EQUAL(2, fake_sleeps);
}

static void ring_in_sleep(void)
{
    fake_on_sleep = NULL;
    vgpio_ring(8);
}

TEST(Wait_RungInSleep_TakesIt)
{
    fake_reset();
    fake_on_sleep = ring_in_sleep;
    CHECK_EQUAL(8, vgpio_wait(-1));
}

TEST(Wait_NegativeTime_IsWithoutEnd)
{
    fake_reset();
    fake_on_sleep = ring_in_sleep;
    CHECK_EQUAL(8, vgpio_wait(-77));
    CHECK_EQUAL(-1, fake_last_sleep);
}

TEST(Wait_WakeupWithoutBits_SleepsOn)
{
    fake_reset();
    vgpio_ring(1);
    CHECK_EQUAL(1, vgpio_doorbells_take());
    CHECK_EQUAL(0, vgpio_wait(5));
    CHECK_EQUAL(2, fake_sleeps);
}

TEST(Wait_DoorbellThatOnlyThePortSees_JoinsTheMask)
{
    fake_reset();
    fake_seen = 2;
    vgpio_ring(1);
    CHECK_EQUAL(3, vgpio_wait(-1));
    CHECK_EQUAL(0, fake_last_sleep);
    fake_seen = 4;
    CHECK_EQUAL(4, vgpio_wait(0));
}

static void ring_behind_the_taking(void)
{
    fake_on_sleep = NULL;
    vgpio_ring(2);
}

// The second wake-up comes when the bits of the first are taken, and the first is still in the semaphore.
TEST(Wake_BetweenTheTakingAndTheSleep_IsCalledAgainAndNoBitIsLost)
{
    fake_reset();
    vgpio_ring(1);
    fake_on_sleep = ring_behind_the_taking;
    CHECK_EQUAL(3, vgpio_wait(-1));
    CHECK_EQUAL(2, fake_wakes);
    CHECK_EQUAL(1, fake_wakes_dropped);
    CHECK_EQUAL(0, vgpio_wait(0));
    vgpio_ring(4);
    CHECK_EQUAL(4, vgpio_wait(-1));
}

TEST(Wait_AllBits_ComeAsTheyAre)
{
    fake_reset();
    vgpio_ring(UINT32_MAX);
    CHECK_EQUAL(UINT32_MAX, vgpio_wait(0));
}

static char fences[8];

static void note_fence(char what, const volatile void *memory, unsigned length)
{
    (void)memory;
    (void)length;
    fences[strlen(fences)] = fake_notified < 0 ? what : '!';
}

TEST(Notify_Id_RingsAfterTheFence)
{
    fake_reset();
    fake_on_watch = note_fence;
    vgpio_notify(29);
    CHECK_EQUAL(29, fake_notified);
    CHECK(strcmp(fences, "D") == 0);
}

TEST(Notify_IdThatIsNone_RingsNowhere)
{
    fake_reset();
    vgpio_notify(-1);
    vgpio_notify(30);
    vgpio_notify(INT32_MAX);
    vgpio_notify(INT32_MIN);
    CHECK_EQUAL(-1, fake_notified);
}
