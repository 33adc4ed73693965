// fake_port: a port of plain arrays, that remembers what it was asked.
//
// Spec:    port/vgpio_port.h.
// Trusts:  -
// Thread:  as vgpio_port.h says.
// Memory:  static.

#include "fake_port.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint8_t fake_surroundings[16 + FAKE_SIZE + 16] __attribute__((aligned(16)));
uint8_t fake_high_surroundings[16 + FAKE_HIGH_SIZE + 16] __attribute__((aligned(16)));
bool fake_starts = true;
uint32_t fake_range_count = 2;
int fake_port_starts;
uint32_t fake_seen;
int32_t fake_last_sleep;
int fake_sleeps;
int fake_notified = -1;
int fake_pin_interrupts;
char fake_log[256];
char fake_refuses;
void (*fake_on_sleep)(void);
void (*fake_on_watch)(char what, const volatile void *memory, unsigned length);

static bool is_interrupting;
static struct {
    uint32_t edges;
    bool is_masked;
    uint8_t slot;
} pins[FAKE_PINS];

static const struct vgpio_range ranges[] = {
    {FAKE_ADDRESS, FAKE_SIZE, fake_memory},
    {FAKE_HIGH_ADDRESS, FAKE_HIGH_SIZE, fake_high_memory},
};

void fake_reset(void)
{
    memset(fake_surroundings, 0xA5, sizeof fake_surroundings);
    memset(fake_high_surroundings, 0xA5, sizeof fake_high_surroundings);
    if (!vgpio_start()) {
        abort();
    }
}

void fake_watch(char what, const volatile void *memory, unsigned length)
{
    if (fake_on_watch) {
        fake_on_watch(what, memory, length);
    }
}

__attribute__((format(printf, 1, 2))) static bool asked(const char *format, ...)
{
    char *word = fake_log + strlen(fake_log);
    va_list values;
    va_start(values, format);
    vsnprintf(word, sizeof fake_log - strlen(fake_log), format, values);
    va_end(values);
    return *word != fake_refuses;
}

bool vgpio_port_start(const struct vgpio_range **found, uint32_t *count)
{
    *found = ranges;
    *count = fake_range_count;
    fake_port_starts++;
    is_interrupting = fake_starts;
    return fake_starts;
}

void vgpio_port_stop(void)
{
    asked("stop ");
    is_interrupting = false;
}

void fake_mailbox_interrupt(uint32_t bits)
{
    if (is_interrupting) {
        vgpio_ring(bits);
    }
}

void fake_pin_interrupt(uint32_t pin, uint32_t edges)
{
    uint32_t wanted = pins[pin].is_masked ? 0 : edges & pins[pin].edges;
    if (wanted != 0) {
        pins[pin].is_masked = true;
        fake_pin_interrupts++;
        vgpio_pin_changed(pins[pin].slot, wanted);
    }
}

bool vgpio_port_sleep(int32_t milliseconds, uint32_t *doorbells)
{
    fake_sleeps++;
    fake_last_sleep = milliseconds;
    if (fake_on_sleep) {
        fake_on_sleep();
    }

    *doorbells = fake_seen;
    fake_seen = 0;
    return fake_semaphore_take(milliseconds);
}

void vgpio_port_notify(uint32_t notify_id)
{
    fake_notified = (int)notify_id;
}

bool vgpio_port_pin_open(uint32_t pin)
{
    return pin < FAKE_PINS && asked("open%u ", pin);
}

void vgpio_port_pin_close(uint32_t pin)
{
    asked("close%u ", pin);
}

bool vgpio_port_pin_input(uint32_t pin, uint32_t mode)
{
    return asked("input%u=%u ", pin, mode);
}

bool vgpio_port_pin_output(uint32_t pin, uint32_t mode, bool high)
{
    return asked("drive%u=%u,%d ", pin, mode, high);
}

void vgpio_port_pin_write(uint32_t pin, bool high)
{
    asked("value%u=%d ", pin, high);
}

int32_t vgpio_port_pin_read(uint32_t pin)
{
    return asked("read%u ", pin) ? (int32_t)(pin & 1) : -1;
}

bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, uint32_t edges)
{
    bool is_done =
        edges != 0 ? mode < 3 && asked("watch%u,%u,%u,%u ", pin, mode, slot, edges) : asked("unwatch%u,%u ", pin, slot);
    pins[pin].edges = is_done ? edges : 0;
    pins[pin].slot = (uint8_t)slot;
    pins[pin].is_masked = false;
    return is_done;
}

void vgpio_port_pin_rearm(uint32_t pin)
{
    asked("rearm%u ", pin);
    pins[pin].is_masked = false;
}
