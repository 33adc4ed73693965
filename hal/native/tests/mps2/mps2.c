// mps2: see mps2.h. QEMU loads .data where it is and clears .bss, so the start has only to call.
//
// Spec:    ARMv7-M Architecture Reference Manual, "Exception model"; Semihosting for AArch32 and AArch64.
// Trusts:  the command line: a program and the name of a test.
// Thread:  any.
// Memory:  static.

#include "mps2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYS_WRITE0 = 0x04, SYS_GET_CMDLINE = 0x15, SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

extern uint32_t stack_top[];
extern void (*const constructors[])(void);
extern void (*const constructors_end[])(void);
int main(int count, char **arguments);

void (*volatile mps2_on_fault)(void);
void (*mps2_on_systick)(const uint32_t *frame);
void (*mps2_on_pendsv)(const uint32_t *frame);

static int semihosting(int operation, const void *argument)
{
    register int r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void mps2_say(const char *text)
{
    semihosting(SYS_WRITE0, text);
}

void exit(int code)
{
    const uint32_t block[] = {APPLICATION_EXIT, (uint32_t)code};
    for (;;) {
        semihosting(SYS_EXIT_EXTENDED, block);
    }
}

void abort(void)
{
    mps2_say("abort\n");
    exit(3);
}

static void reset(void)
{
    static char line[256];
    static char *arguments[3] = {line};
    const struct {
        char *line;
        uint32_t size;
    } block = {line, sizeof line};
    int count = 1;
    MPS2_COPROCESSORS |= UINT32_C(0xF) << 20;
#ifdef MPS2_TRAPS_UNALIGNED
    MPS2_CONFIGURATION |= MPS2_UNALIGNED_TRAPS;
#endif
    __asm volatile("dsb\n\tisb" ::: "memory");
    if (semihosting(SYS_GET_CMDLINE, &block) != 0) {
        abort();
    }

    for (char *letter = line; *letter != 0; letter++) {
        if (*letter == ' ' && count < 2) {
            *letter = 0;
            arguments[count++] = letter + 1;
        }
    }

    for (void (*const *constructor)(void) = constructors; constructor < constructors_end; constructor++) {
        (*constructor)();
    }

    exit(main(count, arguments));
}

static __attribute__((used)) void fail(const uint32_t *frame)
{
    if (mps2_on_fault) {
        mps2_on_fault();
    }

    fprintf(stderr, "fault at %x: exception %u, fault status %x\n", (unsigned)frame[6], (unsigned)(MPS2_INTERRUPT_CONTROL & 0x1FF),
            (unsigned)MPS2_FAULT);
    exit(4);
}

static __attribute__((used)) void tick(const uint32_t *frame)
{
    mps2_on_systick(frame);
}

static __attribute__((used)) void pend(const uint32_t *frame)
{
    mps2_on_pendsv(frame);
}

static __attribute__((naked)) void fault_handler(void)
{
    __asm volatile("mov r0, sp\n\tb fail");
}

static __attribute__((naked)) void systick_handler(void)
{
    __asm volatile("mov r0, sp\n\tb tick");
}

static __attribute__((naked)) void pendsv_handler(void)
{
    __asm volatile("mov r0, sp\n\tb pend");
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))stack_top, reset,
    [2] = fault_handler,       [3] = fault_handler,
    [4] = fault_handler,       [5] = fault_handler,
    [6] = fault_handler,       [11] = fault_handler,
    [14] = pendsv_handler,     [15] = systick_handler,
};
