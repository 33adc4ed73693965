// vgpio_pins_am62x: the pins of MCU_GPIO0, which Linux leaves to the Cortex-M4F.
//
// Spec:    hal/native/port/vgpio_port.h; Linux, drivers/gpio/gpio-davinci.c.
// Trusts:  Linux's pin controller to have set the pads up: mode 7, receiver on, pulls as wired (linux/k3-am625-sk-vgpio.dtso).
// Thread:  the service thread; the handler runs as interrupts 0 and 1.
// Memory:  static.

#include "am62x_port.h"
#include "am62x_registers.h"
#include "am62x_target.h"
#include "vgpio_port.h"

// Modes of vgpio_port.h. Pulls are the pad's, and there is no open drain in the block.
enum { MODE_INPUT = 0, MODE_OUTPUT = 3 };

static uint32_t open_pins;
static uint32_t last_levels;
static uint8_t slots[AM62X_PINS];
static uint8_t watched[AM62X_PINS];

static uint32_t bit_of(uint32_t pin)
{
    return UINT32_C(1) << pin;
}

// The block has no mask for a pin: an edge that is not asked for leaves no flag.
static void mask(uint32_t bits)
{
    am62x_write(AM62X_GPIO_RISING_OFF, bits);
    am62x_write(AM62X_GPIO_FALLING_OFF, bits);
    am62x_write(AM62X_GPIO_STATUS, bits);
}

static void unwatch(uint32_t bits)
{
    uint32_t state = VGPIO_MASK_INTERRUPTS();
    mask(bits);
    VGPIO_UNMASK_INTERRUPTS(state);
}

void am62x_pins_start(void)
{
    unwatch((UINT32_C(1) << AM62X_PINS) - 1);
    am62x_write(AM62X_GPIO_BANKS, 3);
}

bool vgpio_port_pin_open(uint32_t pin)
{
    if (pin >= AM62X_PINS || (open_pins & bit_of(pin)) != 0) {
        return false;
    }

    open_pins |= bit_of(pin);
    return true;
}

void vgpio_port_pin_close(uint32_t pin)
{
    unwatch(bit_of(pin));
    vgpio_port_pin_input(pin, MODE_INPUT);
    open_pins &= ~bit_of(pin);
}

bool vgpio_port_pin_input(uint32_t pin, uint32_t mode)
{
    if (mode != MODE_INPUT) {
        return false;
    }

    am62x_write(AM62X_GPIO_DIRECTION, am62x_read(AM62X_GPIO_DIRECTION) | bit_of(pin));
    return true;
}

bool vgpio_port_pin_output(uint32_t pin, uint32_t mode, bool high)
{
    if (mode != MODE_OUTPUT) {
        return false;
    }

    vgpio_port_pin_write(pin, high);
    am62x_write(AM62X_GPIO_DIRECTION, am62x_read(AM62X_GPIO_DIRECTION) & ~bit_of(pin));
    return true;
}

void vgpio_port_pin_write(uint32_t pin, bool high)
{
    am62x_write(high ? AM62X_GPIO_SET : AM62X_GPIO_CLEAR, bit_of(pin));
}

int32_t vgpio_port_pin_read(uint32_t pin)
{
    return (am62x_read(AM62X_GPIO_LEVEL) & bit_of(pin)) != 0;
}

bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, uint32_t edges)
{
    if (edges != 0 && mode != MODE_INPUT) {
        return false;
    }

    unwatch(bit_of(pin));
    slots[pin] = (uint8_t)slot;
    watched[pin] = (uint8_t)edges;
    if (edges != 0) {
        vgpio_port_pin_rearm(pin);
    }

    return true;
}

void vgpio_port_pin_rearm(uint32_t pin)
{
    uint32_t state = VGPIO_MASK_INTERRUPTS();
    if ((watched[pin] & VGPIO_ROSE) != 0) {
        am62x_write(AM62X_GPIO_RISING_ON, bit_of(pin));
    }

    if ((watched[pin] & VGPIO_FELL) != 0) {
        am62x_write(AM62X_GPIO_FALLING_ON, bit_of(pin));
    }

    last_levels = (last_levels & ~bit_of(pin)) | (am62x_read(AM62X_GPIO_LEVEL) & bit_of(pin));
    VGPIO_UNMASK_INTERRUPTS(state);
}

static uint32_t edges_of(uint32_t pin, uint32_t levels)
{
    bool has_changed = ((levels ^ last_levels) & bit_of(pin)) != 0;
    return !has_changed ? VGPIO_ROSE | VGPIO_FELL : (levels & bit_of(pin)) != 0 ? VGPIO_ROSE : VGPIO_FELL;
}

// The block keeps one flag for both edges. If both are asked for, the level tells which it was, unless it is the same as before: then it
// was both.
void am62x_gpio_handler(void)
{
    uint32_t status;
    while ((status = am62x_read(AM62X_GPIO_STATUS)) != 0) {
        mask(status);
        uint32_t levels = am62x_read(AM62X_GPIO_LEVEL);
        for (; status != 0; status &= status - 1) {
            uint32_t pin = (uint32_t)__builtin_ctz(status);
            bool has_both = watched[pin] == (VGPIO_ROSE | VGPIO_FELL);
            vgpio_pin_changed(slots[pin], has_both ? edges_of(pin, levels) : watched[pin]);
        }
    }
}
