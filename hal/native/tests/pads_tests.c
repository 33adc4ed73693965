// pads_tests: pads, and what the port is asked for them.
//
// Spec:    hal/VirtioGpio.Hal.Native/Pads.cs.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "fake_port.h"

static const char *asked(void)
{
    static char log[sizeof fake_log];
    memcpy(log, fake_log, sizeof log);
    fake_log[0] = 0;
    return log;
}

#define CHECK_ASKED(words)                                                                                                         \
    do {                                                                                                                           \
        const char *asked_ = asked();                                                                                              \
        if (strcmp(words, asked_) != 0) {                                                                                          \
            fprintf(stderr, "%s:%d: expected \"%s\", came \"%s\"\n", __FILE__, __LINE__, words, asked_);                           \
            exit(1);                                                                                                               \
        }                                                                                                                          \
    } while (0)

enum { BOTH = VGPIO_ROSE | VGPIO_FELL };

static void open_input(int32_t pin)
{
    fake_reset();
    CHECK(vgpio_pad_open(pin) && vgpio_pad_input(pin, 0));
    asked();
}

TEST(Open_Twice_IsRefused)
{
    fake_reset();
    CHECK(vgpio_pad_open(3));
    CHECK(!vgpio_pad_open(3));
    CHECK_ASKED("open3 ");
}

TEST(Open_PinThatThePortRefuses_IsRefused)
{
    fake_reset();
    fake_refuses = 'o';
    CHECK(!vgpio_pad_open(3));
    fake_refuses = 0;
    CHECK(!vgpio_pad_open(FAKE_PINS));
    CHECK(vgpio_pad_open(3));
}

TEST(Pin_HostileNumber_IsRefusedByAll)
{
    static const int32_t hostile[] = {-1, INT32_MIN, VGPIO_PINS, INT32_MAX, 7 /* not open */};
    fake_reset();
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        CHECK(hostile[i] == 7 || !vgpio_pad_open(hostile[i]));
        CHECK(!vgpio_pad_input(hostile[i], 0));
        CHECK(!vgpio_pad_drive(hostile[i], 3, 0));
        CHECK(vgpio_pad_sense(hostile[i]) < 0);
        CHECK(!vgpio_pad_watch(hostile[i], 0, BOTH));
        CHECK(!vgpio_pad_watch(hostile[i], 0, 0));
        CHECK(!vgpio_pad_rearm(hostile[i]));
    }

    CHECK_ASKED("");
}

TEST(Mode_OfTheOtherDirection_IsRefused)
{
    open_input(1);
    for (int32_t mode = -2; mode < 10; mode++) {
        CHECK_EQUAL(mode >= 0 && mode <= 2, vgpio_pad_input(1, mode));
    }

    for (int32_t mode = -2; mode < 10; mode++) {
        CHECK_EQUAL(mode >= 3 && mode <= 7, vgpio_pad_drive(1, mode, 1));
    }

    CHECK(!vgpio_pad_drive(1, 3, 2));
    CHECK(!vgpio_pad_drive(1, 3, -1));
}

TEST(Input_ThatItIsAlready_IsLeftAlone)
{
    open_input(1);
    CHECK(vgpio_pad_input(1, 0));
    CHECK_ASKED("");
    CHECK(vgpio_pad_input(1, 2));
    CHECK_ASKED("input1=2 ");
}

TEST(Drive_OutputThatItIsAlready_OnlyChangesTheValue)
{
    open_input(1);
    CHECK(vgpio_pad_drive(1, 3, 1));
    CHECK(vgpio_pad_drive(1, 3, 0));
    CHECK(vgpio_pad_drive(1, 3, 0));
    CHECK(vgpio_pad_drive(1, 4, 1));
    CHECK_ASKED("drive1=3,1 value1=0 value1=0 drive1=4,1 ");
}

TEST(Sense_InputOrOutput_IsThePortsAnswer)
{
    open_input(1);
    CHECK_EQUAL(1, vgpio_pad_sense(1));
    CHECK(vgpio_pad_drive(1, 3, 0));
    CHECK_EQUAL(1, vgpio_pad_sense(1));
    fake_refuses = 'r';
    CHECK_EQUAL(-1, vgpio_pad_sense(1));
}

TEST(Mode_ThatThePortRefuses_IsTriedAnew)
{
    open_input(1);
    fake_refuses = 'd';
    CHECK(!vgpio_pad_drive(1, 3, 1));
    fake_refuses = 0;
    CHECK(vgpio_pad_drive(1, 3, 1));
    fake_refuses = 'i';
    CHECK(!vgpio_pad_input(1, 0));
    fake_refuses = 0;
    CHECK(vgpio_pad_input(1, 0));
    CHECK_ASKED("drive1=3,1 drive1=3,1 input1=0 input1=0 ");
}

TEST(Watch_OnAndOff_ForgetsWhatTheSlotHeld)
{
    open_input(1);
    vgpio_pin_changed(9, 3);
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    vgpio_pin_changed(9, 1);
    CHECK_EQUAL(9 << 2 | 1, vgpio_edges_take());
    vgpio_pin_changed(9, 1);
    CHECK(vgpio_pad_watch(1, 9, 0));
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    CHECK(vgpio_pad_watch(1, 9, 0));
    CHECK_ASKED("watch1,0,9,3 unwatch1,9 ");
}

TEST(Watch_InAnotherSlot_LeavesTheFirst)
{
    open_input(1);
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    vgpio_pin_changed(9, 1);
    CHECK(vgpio_pad_watch(1, 255, BOTH));
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    CHECK(vgpio_pad_watch(1, 0, 0));
    CHECK_ASKED("watch1,0,9,3 unwatch1,9 watch1,0,255,3 unwatch1,255 ");
}

TEST(Watch_SlotThatIsNone_IsRefused)
{
    open_input(1);
    CHECK(!vgpio_pad_watch(1, 256, BOTH));
    CHECK(!vgpio_pad_watch(1, -1, BOTH));
    CHECK(!vgpio_pad_watch(1, INT32_MIN, 0));
    CHECK_ASKED("");
}

TEST(Watch_EdgesOfNoKind_AreRefused)
{
    open_input(1);
    CHECK(!vgpio_pad_watch(1, 9, 4) && !vgpio_pad_watch(1, 9, INT32_MIN));
    CHECK_ASKED("");
}

TEST(Watch_OneKindOfEdge_IsAskedOfThePortAndGoesOnWhenTheModeChanges)
{
    open_input(1);
    CHECK(vgpio_pad_watch(1, 9, VGPIO_FELL));
    CHECK(vgpio_pad_input(1, 2));
    CHECK_ASKED("watch1,0,9,2 unwatch1,9 input1=2 watch1,2,9,2 ");
}

TEST(Rearm_PinThatIsNotWatched_IsNotAskedOfThePort)
{
    open_input(1);
    CHECK(vgpio_pad_rearm(1));
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    CHECK(vgpio_pad_drive(1, 3, 1));
    CHECK(vgpio_pad_rearm(1));
    CHECK_ASKED("watch1,0,9,3 unwatch1,9 drive1=3,1 ");
}

// A pin that toggles at will costs an interrupt for each time that it is armed, and what the slot holds stays.
TEST(Rearm_PinThatNeverRests_InterruptsOnceEachTime)
{
    open_input(1);
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    int before = fake_pin_interrupts;
    for (int armed = 1; armed <= 3; armed++) {
        for (int i = 0; i < 1000; i++) {
            fake_pin_interrupt(1, i % 2 == 0 ? VGPIO_ROSE : VGPIO_FELL);
        }
        CHECK_EQUAL(before + armed, fake_pin_interrupts);
        CHECK(vgpio_pad_rearm(1));
    }

    CHECK_EQUAL(9 << 2 | VGPIO_ROSE, vgpio_edges_take());
    CHECK_ASKED("watch1,0,9,3 rearm1 rearm1 rearm1 ");
}

TEST(Watch_ThatThePortRefuses_IsNotTriedWhenTheModeChanges)
{
    open_input(1);
    fake_refuses = 'w';
    CHECK(!vgpio_pad_watch(1, 9, BOTH));
    fake_refuses = 0;
    CHECK(vgpio_pad_input(1, 2));
    CHECK_ASKED("watch1,0,9,3 input1=2 ");
}

TEST(Watch_ModeChanges_GoesOn)
{
    open_input(1);
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    CHECK(vgpio_pad_input(1, 2));
    CHECK_ASKED("watch1,0,9,3 unwatch1,9 input1=2 watch1,2,9,3 ");
}

TEST(Watch_OutputBetween_GoesOnWhenItIsAnInputAgain)
{
    open_input(1);
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    CHECK(vgpio_pad_drive(1, 3, 1));
    CHECK(vgpio_pad_input(1, 0));
    CHECK(vgpio_pad_watch(1, 9, 0));
    CHECK_ASKED("watch1,0,9,3 unwatch1,9 drive1=3,1 input1=0 watch1,0,9,3 unwatch1,9 ");
}

TEST(Watch_Output_IsThePortsAnswer)
{
    open_input(1);
    CHECK(vgpio_pad_drive(1, 3, 1));
    CHECK(!vgpio_pad_watch(1, 9, BOTH));
    CHECK_ASKED("drive1=3,1 ");
}

TEST(Stop_PadsEdgesAndDoorbells_AreGone)
{
    open_input(1);
    CHECK(vgpio_pad_open(2));
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    vgpio_pin_changed(9, 1);
    vgpio_stop();
    CHECK_ASKED("open2 watch1,0,9,3 unwatch1,9 close1 close2 stop ");
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    CHECK_EQUAL(0, vgpio_doorbells_take());
    CHECK(vgpio_pad_sense(1) < 0);
    CHECK(vgpio_start());
    CHECK(vgpio_pad_open(1));
}

TEST(Stop_Output_IsClosedWithoutAnotherValue)
{
    open_input(1);
    CHECK(vgpio_pad_drive(1, 3, 1));
    vgpio_stop();
    CHECK_ASKED("drive1=3,1 close1 stop ");
}

TEST(Stop_InterruptsOfThePort_ReachNobodyUntilItIsStartedAnew)
{
    open_input(1);
    CHECK(vgpio_pad_watch(1, 9, BOTH));
    fake_mailbox_interrupt(1);
    fake_pin_interrupt(1, VGPIO_ROSE);
    CHECK_EQUAL(VGPIO_PINS_CHANGED | 1, vgpio_doorbells_take());
    CHECK_EQUAL(9 << 2 | 1, vgpio_edges_take());

    vgpio_stop();
    int wakes = fake_wakes;
    fake_mailbox_interrupt(1);
    fake_pin_interrupt(1, VGPIO_ROSE);
    CHECK_EQUAL(0, vgpio_doorbells_take());
    CHECK_EQUAL(VGPIO_NO_EDGES, vgpio_edges_take());
    CHECK_EQUAL(wakes, fake_wakes);

    int starts = fake_port_starts;
    CHECK(vgpio_start());
    CHECK_EQUAL(starts + 1, fake_port_starts);
    fake_mailbox_interrupt(2);
    CHECK_EQUAL(2, vgpio_doorbells_take());
}

TEST(Stop_PortThatIsNotStarted_IsNotStopped)
{
    vgpio_stop();
    CHECK_ASKED("");
    fake_reset();
    vgpio_stop();
    vgpio_stop();
    CHECK_ASKED("stop ");
}
