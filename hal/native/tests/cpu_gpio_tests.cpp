// cpu_gpio_tests: the pins of a port over nanoCLR's GPIO PAL.
//
// Spec:    port/vgpio_port.h.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "check.h"
#include "vgpio_core.h"

#include <nanoHAL.h>
#include <string>

namespace
{
std::string log;
bool reserved[64];
GPIO_INTERRUPT_SERVICE_ROUTINE isr;
void *isr_argument;

std::string taken_log()
{
    std::string taken = log;
    log.clear();
    return taken;
}
} // namespace

int32_t CPU_GPIO_GetPinCount()
{
    return 64;
}

bool CPU_GPIO_ReservePin(GPIO_PIN pin, bool reserve)
{
    bool was = reserved[pin];
    reserved[pin] = reserve;
    return !reserve || !was;
}

bool CPU_GPIO_DriveModeSupported(GPIO_PIN, PinMode mode)
{
    return mode <= 4;
}

bool CPU_GPIO_EnableInputPin(GPIO_PIN, uint32_t, GPIO_INTERRUPT_SERVICE_ROUTINE routine, void *argument, GPIO_INT_EDGE,
                             PinMode mode)
{
    log += "input" + std::to_string(mode) + (routine ? "! " : " ");
    isr = routine;
    isr_argument = argument;
    return true;
}

bool CPU_GPIO_EnableOutputPin(GPIO_PIN, GpioPinValue value, PinMode mode)
{
    log += "output" + std::to_string(mode) + "=" + std::to_string(value) + " ";
    return true;
}

void CPU_GPIO_SetPinState(GPIO_PIN, GpioPinValue value)
{
    log += "value=" + std::to_string(value) + " ";
}

GpioPinValue CPU_GPIO_GetPinState(GPIO_PIN pin)
{
    return pin & 1 ? GpioPinValue_High : GpioPinValue_Low;
}

// The mailbox half, and who is told of edges.
extern "C" bool vgpio_port_start(const struct vgpio_range **, uint32_t *)
{
    return false;
}

extern "C" void vgpio_port_stop(void)
{
}

extern "C" bool vgpio_port_sleep(int32_t, uint32_t *doorbells)
{
    *doorbells = 0;
    return false;
}

extern "C" void vgpio_port_wake(void)
{
}

extern "C" void vgpio_port_notify(uint32_t)
{
}

TEST(Open_PinThatSomebodyHas_IsRefused)
{
    CPU_GPIO_ReservePin(3, true);
    CHECK(!vgpio_pad_open(3));
    CHECK(!vgpio_pad_open(64));
    CHECK(vgpio_pad_open(4));
    CHECK(reserved[4]);
    vgpio_pads_close_all();
    CHECK(!reserved[4]);
}

TEST(Drive_Output_HasItsValueBeforeItDrives)
{
    CHECK(vgpio_pad_open(4) && vgpio_pad_input(4, 0));
    taken_log();
    CHECK(vgpio_pad_drive(4, 3, 1));
    CHECK(taken_log() == "value=1 output3=1 ");
    CHECK(vgpio_pad_drive(4, 3, 0));
    CHECK(taken_log() == "value=0 ");
    CHECK(!vgpio_pad_drive(4, 7, 1));
    CHECK(taken_log().empty());
}

TEST(Interrupt_Levels_BecomeEdges)
{
    CHECK(vgpio_pad_open(4) && vgpio_pad_input(4, 2) && vgpio_pad_watch(4, 200, VGPIO_ROSE | VGPIO_FELL));
    CHECK(taken_log() == "input2 input2! ");
    isr(4, true, isr_argument);
    CHECK_EQUAL(200 << 2 | VGPIO_ROSE, vgpio_edges_take());
    CHECK(vgpio_pad_rearm(4));
    isr(4, false, isr_argument);
    CHECK_EQUAL(200 << 2 | VGPIO_FELL, vgpio_edges_take());
    CHECK(vgpio_pad_rearm(4));
    isr(4, false, isr_argument);
    CHECK_EQUAL(200 << 2 | VGPIO_ROSE | VGPIO_FELL, vgpio_edges_take());
    CHECK(vgpio_pad_watch(4, 200, 0));
    CHECK(isr == NULL);
    CHECK(vgpio_pad_watch(4, 200, VGPIO_ROSE | VGPIO_FELL));
    isr(4, false, isr_argument);
    CHECK_EQUAL(200 << 2 | VGPIO_FELL, vgpio_edges_take());
}

TEST(Interrupt_WatchSpentOrEdgeNotWanted_EndsInTheHandler)
{
    CHECK(vgpio_pad_open(4) && vgpio_pad_input(4, 2) && vgpio_pad_watch(4, 200, VGPIO_ROSE));
    vgpio_doorbells_take();
    isr(4, false, isr_argument);
    CHECK_EQUAL(0, vgpio_doorbells_take());
    for (int i = 0; i < 100; i++) {
        isr(4, true, isr_argument);
        isr(4, false, isr_argument);
    }

    CHECK_EQUAL(VGPIO_PINS_CHANGED, vgpio_doorbells_take());
    CHECK_EQUAL(200 << 2 | VGPIO_ROSE, vgpio_edges_take());
    isr(4, true, isr_argument);
    isr(4, false, isr_argument);
    CHECK_EQUAL(0, vgpio_doorbells_take());
    CHECK(vgpio_pad_rearm(4));
    isr(4, true, isr_argument);
    CHECK_EQUAL(200 << 2 | VGPIO_ROSE, vgpio_edges_take());
}

TEST(Stop_WatchedPinAndOutput_AreInputsWithoutInterruptThatNobodyHas)
{
    CHECK(vgpio_pad_open(4) && vgpio_pad_input(4, 2) && vgpio_pad_watch(4, 200, VGPIO_ROSE | VGPIO_FELL));
    CHECK(vgpio_pad_open(5) && vgpio_pad_drive(5, 3, 1));
    taken_log();
    vgpio_stop();
    CHECK(taken_log() == "input2 input0 input0 ");
    CHECK(isr == NULL);
    CHECK(!reserved[4] && !reserved[5]);
}

TEST(Watch_Output_IsRefused)
{
    CHECK(vgpio_pad_open(4) && vgpio_pad_drive(4, 3, 1));
    CHECK(!vgpio_pad_watch(4, 1, VGPIO_ROSE | VGPIO_FELL));
}

TEST(Sense_Pin_IsItsLevel)
{
    CHECK(vgpio_pad_open(4) && vgpio_pad_open(5));
    CHECK_EQUAL(0, vgpio_pad_sense(4));
    CHECK_EQUAL(1, vgpio_pad_sense(5));
}
