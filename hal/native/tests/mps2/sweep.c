// sweep: see sweep.h.
//
// Spec:    ARMv7-M Architecture Reference Manual, "SysTick".
// Trusts:  -
// Thread:  the main program, and SysTick's handler.
// Memory:  static.

#include "sweep.h"
#include "check.h"
#include "fake_port.h"
#include "mps2.h"

static void watch_nothing(void)
{
}

void (*volatile interrupt_watch)(void) = watch_nothing;

volatile int interrupts;
static uint32_t interrupted_at;
static void (*volatile in_interrupt)(void);

static void on_systick(const uint32_t *frame)
{
    MPS2_SYSTICK_CONTROL = 0;
    interrupted_at = frame[6];
    interrupts++;
    in_interrupt();
}

void interrupt_in(uint32_t ticks, void (*interrupt)(void))
{
    mps2_on_systick = on_systick;
    in_interrupt = interrupt;
    interrupts = 0;
    MPS2_SYSTICK_RELOAD = ticks;
    MPS2_SYSTICK_VALUE = 0;
    MPS2_SYSTICK_CONTROL = 7;
}

void sweep(void (*prepare)(void), void (*operation)(void), void (*interrupt)(void), void (*check)(void))
{
    uint32_t last = 0;
    int places = 0;
    for (uint32_t ticks = 1;; ticks++) {
        prepare();
        interrupt_in(ticks, interrupt);
        operation();
        bool is_over = interrupts == 0;
        while (interrupts == 0) {
        }

        check();
        places += interrupted_at != last;
        last = interrupted_at;
        if (is_over) {
            break;
        }
    }

    fprintf(stderr, "interrupted at %d places\n", places);
    CHECK(places >= 10);
}
