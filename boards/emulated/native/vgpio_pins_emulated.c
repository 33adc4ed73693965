// vgpio_pins_emulated: the pins of the emulated board, on the page that it shares with its co-processor.
//
// Spec:    hal/native/port/vgpio_port.h; boards/emulated/Machine/PinPage.cs has the page, and says who writes what.
// Trusts:  the board.
// Thread:  the service thread; vgpio_pins_emulated_handle_interrupt a thread of its own.
// Memory:  static.

#include "vgpio_pins_emulated.h"
#include "vgpio_port.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

// Bytes of a pin's record.
enum { RECORD = 8, MODE = 0, OUTPUT = 1, WATCHED = 2, DRIVER = 3, OUTSIDE = 4, NET = 5, SOLDERED = 7 };

// Bits of what is soldered to a pin.
enum { PULLED_UP = 1, PULLED_LOW = 2, FOLLOWED = 4 };

// Words behind the latches.
enum { WRITES = 1, SETTLED = 2 };

enum { DRIVER_PADS = 2 };
enum { OUTSIDE_LOW = 1, OUTSIDE_HIGH = 2 };
enum { DRIVE_LOW = 1, DRIVE_HIGH = 2, PULL_UP = 4 };

static volatile uint8_t *page;
static uint32_t pin_count;
static int pins_written = -1;

// Watching ends when no interrupt is under way.
static pthread_mutex_t interrupt = PTHREAD_MUTEX_INITIALIZER;
static uint8_t slots[VGPIO_EMULATED_MOST_PINS];
static uint8_t watched[VGPIO_EMULATED_MOST_PINS];

void vgpio_pins_emulated_open(volatile uint8_t *memory, uint32_t pins, int written)
{
    page = memory;
    pin_count = pins;
    pins_written = written;
}

static volatile uint8_t *byte_of(uint32_t pin, uint32_t which)
{
    return page + RECORD * pin + which;
}

static volatile uint32_t *count_of(uint32_t which)
{
    return (volatile uint32_t *)(page + RECORD * pin_count + 2 * (pin_count / 8)) + which;
}

// A chip on the board that follows the pin has seen the write, and answered it, when this returns.
static void tell_board(uint32_t pin)
{
    uint64_t one = 1;
    bool is_followed = (*byte_of(pin, SOLDERED) & FOLLOWED) != 0;
    uint32_t number = 0;
    if (is_followed) {
        // Only the service thread writes.
        number = *count_of(WRITES) + 1;
        VGPIO_FULL_FENCE();
        *count_of(WRITES) = number;
    }

    ssize_t count = write(pins_written, &one, sizeof one);
    (void)count;
    while (is_followed && (int32_t)(number - VGPIO_LOAD(count_of(SETTLED))) > 0) {
        sched_yield();
    }
}

static uint32_t take_latch(uint32_t pin, uint32_t latch, uint32_t edge)
{
    uint32_t bit = UINT32_C(1) << (pin & 31);
    volatile uint32_t *word = (volatile uint32_t *)(page + RECORD * pin_count + latch) + pin / 32;
    bool is_latched = (VGPIO_LOAD(word) & bit) != 0 && (VGPIO_FETCH_AND(word, ~bit) & bit) != 0;
    return is_latched ? edge : 0;
}

static uint32_t take_edges(uint32_t pin)
{
    return take_latch(pin, 0, VGPIO_ROSE) | take_latch(pin, pin_count / 8, VGPIO_FELL);
}

void vgpio_pins_emulated_handle_interrupt(void)
{
    pthread_mutex_lock(&interrupt);
    for (uint32_t pin = 0; pin < pin_count; pin++) {
        uint32_t edges = watched[pin] != 0 ? take_edges(pin) : 0;
        if (edges != 0) {
            *byte_of(pin, WATCHED) = 0;
            vgpio_pin_changed(slots[pin], edges);
        }
    }

    pthread_mutex_unlock(&interrupt);
}

bool vgpio_port_pin_open(uint32_t pin)
{
    if (pin >= pin_count) {
        return false;
    }

    *byte_of(pin, DRIVER) = DRIVER_PADS;
    return true;
}

void vgpio_port_pin_close(uint32_t pin)
{
    vgpio_port_pin_input(pin, 0);
}

static void set_mode(uint32_t pin, uint32_t mode)
{
    VGPIO_FULL_FENCE();
    *byte_of(pin, MODE) = (uint8_t)mode;
    tell_board(pin);
}

bool vgpio_port_pin_input(uint32_t pin, uint32_t mode)
{
    set_mode(pin, mode);
    return true;
}

bool vgpio_port_pin_output(uint32_t pin, uint32_t mode, bool high)
{
    *byte_of(pin, OUTPUT) = high;
    set_mode(pin, mode);
    return true;
}

void vgpio_port_pin_write(uint32_t pin, bool high)
{
    *byte_of(pin, OUTPUT) = high;
    tell_board(pin);
}

static uint32_t force_of_mode(uint32_t mode, bool high)
{
    switch (mode) {
    case 2: // input with pull-up
        return PULL_UP;
    case 3: // output
        return high ? DRIVE_HIGH : DRIVE_LOW;
    case 4: // open drain
        return high ? 0 : DRIVE_LOW;
    case 5: // open drain with pull-up
        return high ? PULL_UP : DRIVE_LOW;
    case 6: // open source
    case 7: // open source with pull-down
        return high ? DRIVE_HIGH : 0;
    default:
        return 0;
    }
}

static uint32_t force_at(uint32_t pin)
{
    uint32_t outside = *byte_of(pin, OUTSIDE);
    uint32_t force = outside == OUTSIDE_LOW ? DRIVE_LOW : outside == OUTSIDE_HIGH ? DRIVE_HIGH : 0;
    uint32_t soldered = *byte_of(pin, SOLDERED);
    force |= (soldered & PULLED_UP) != 0 ? PULL_UP : 0;
    force |= (soldered & PULLED_LOW) != 0 ? DRIVE_LOW : 0;
    return force | force_of_mode(*byte_of(pin, MODE), *byte_of(pin, OUTPUT) != 0);
}

int32_t vgpio_port_pin_read(uint32_t pin)
{
    uint8_t net = *byte_of(pin, NET);
    uint32_t force = net == 0 ? force_at(pin) : 0;
    for (uint32_t other = 0; net != 0 && other < pin_count; other++) {
        force |= *byte_of(other, NET) == net ? force_at(other) : 0;
    }

    return (force & DRIVE_LOW) == 0 && (force & (DRIVE_HIGH | PULL_UP)) != 0;
}

bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, uint32_t edges)
{
    (void)mode;
    pthread_mutex_lock(&interrupt);
    slots[pin] = (uint8_t)slot;
    watched[pin] = (uint8_t)edges;
    *byte_of(pin, WATCHED) = watched[pin];
    VGPIO_FULL_FENCE();
    take_edges(pin);
    pthread_mutex_unlock(&interrupt);
    return true;
}

void vgpio_port_pin_rearm(uint32_t pin)
{
    pthread_mutex_lock(&interrupt);
    *byte_of(pin, WATCHED) = watched[pin];
    VGPIO_FULL_FENCE();
    pthread_mutex_unlock(&interrupt);
}
