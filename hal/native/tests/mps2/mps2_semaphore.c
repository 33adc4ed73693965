// mps2_semaphore: the binary semaphore of the fake port, between interrupts and the main program.
//
// Spec:    port/vgpio_port.h: vgpio_port_sleep and vgpio_port_wake; Cortex-M System Design Kit, "APB timer".
// Trusts:  -
// Thread:  the main program takes, any interrupt gives.
// Memory:  static.

#include "check.h"
#include "fake_port.h"
#include "mps2.h"

int fake_wakes;
int fake_wakes_dropped;

static volatile uint32_t is_given;

#define TIMER_CONTROL MPS2_REGISTER(0x40000000)
#define TIMER_VALUE MPS2_REGISTER(0x40000004)
enum { TICKS_A_MILLISECOND = 25000 };

// The core wakes for an interrupt that is pending, masked or not, so one between the check and the wfi is not lost. A sleep that no
// timer is left to end is a wake-up that was lost.
static void sleep_until_given(void)
{
    while (is_given == 0) {
        __asm volatile("cpsid i" ::: "memory");
        if (is_given == 0) {
            CHECK((MPS2_SYSTICK_CONTROL & 1) != 0);
            __asm volatile("wfi");
        }

        __asm volatile("cpsie i\n\tisb" ::: "memory");
    }
}

bool fake_semaphore_take(int32_t milliseconds)
{
    if (milliseconds < 0) {
        sleep_until_given();
    } else if (milliseconds > 0) {
        TIMER_VALUE = (uint32_t)milliseconds * TICKS_A_MILLISECOND;
        TIMER_CONTROL = 1;
        while (is_given == 0 && TIMER_VALUE != 0) {
        }
    }

    return __atomic_exchange_n(&is_given, 0, __ATOMIC_SEQ_CST) != 0;
}

void vgpio_port_wake(void)
{
    fake_wakes++;
    fake_wakes_dropped += __atomic_exchange_n(&is_given, 1, __ATOMIC_SEQ_CST) != 0;
}
