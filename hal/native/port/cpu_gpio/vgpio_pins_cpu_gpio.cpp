// vgpio_pins_cpu_gpio: the half of the pins of a port, for any target of nanoCLR that has CPU_GPIO (System.Device.Gpio's own PAL).
//
// Spec:    port/vgpio_port.h; nanoFramework's CPU_GPIO_decl.h.
// Trusts:  CPU_GPIO to know which pins and modes there are.
// Thread:  the service thread; pin_isr is called from the pin's interrupt.
// Memory:  static, three bytes a slot and one a pin; CPU_GPIO of most targets allocates when a pin first becomes an input.
//
// How good it is depends on the target: most handlers of CPU_GPIO read the pin and ignore an interrupt that finds the level of
// the last one, so a pulse shorter than the interrupt's latency is lost before it comes here. A port that reads the edge flags of
// its GPIO block itself loses none. CPU_GPIO has no call by which a handler masks its pin: edges of a watch that is spent interrupt,
// and end in the handler.

#include <nanoHAL.h>

#include "vgpio_port.h"

static const uint8_t LEVEL_UNKNOWN = 2;
static volatile uint8_t last_level[256];
static volatile uint8_t watched[256];
static volatile bool is_spent[256];
static uint8_t slots[VGPIO_PINS];

static void pin_isr(GPIO_PIN, bool is_high, void *slot)
{
    // An interrupt that finds the level of the last one was two edges.
    uint32_t index = (uint32_t)(uintptr_t)slot;
    uint32_t edges = last_level[index] == is_high ? VGPIO_ROSE | VGPIO_FELL : is_high ? VGPIO_ROSE : VGPIO_FELL;
    last_level[index] = is_high;
    edges &= watched[index];
    if (edges != 0 && !is_spent[index]) {
        is_spent[index] = true;
        vgpio_pin_changed(index, edges);
    }
}

extern "C" bool vgpio_port_pin_open(uint32_t pin)
{
    return pin < (uint32_t)CPU_GPIO_GetPinCount() && CPU_GPIO_ReservePin((GPIO_PIN)pin, true);
}

extern "C" void vgpio_port_pin_close(uint32_t pin)
{
    CPU_GPIO_EnableInputPin((GPIO_PIN)pin, 0, NULL, NULL, GPIO_INT_NONE, PinMode_Input);
    CPU_GPIO_ReservePin((GPIO_PIN)pin, false);
}

extern "C" bool vgpio_port_pin_input(uint32_t pin, uint32_t mode)
{
    return CPU_GPIO_DriveModeSupported((GPIO_PIN)pin, (PinMode)mode) &&
           CPU_GPIO_EnableInputPin((GPIO_PIN)pin, 0, NULL, NULL, GPIO_INT_NONE, (PinMode)mode);
}

extern "C" bool vgpio_port_pin_output(uint32_t pin, uint32_t mode, bool high)
{
    if (!CPU_GPIO_DriveModeSupported((GPIO_PIN)pin, (PinMode)mode)) {
        return false;
    }

    // CPU_GPIO_EnableOutputPin of most targets switches the driver on and only then sets the level: it is there by then.
    GpioPinValue value = high ? GpioPinValue_High : GpioPinValue_Low;
    CPU_GPIO_SetPinState((GPIO_PIN)pin, value);
    return CPU_GPIO_EnableOutputPin((GPIO_PIN)pin, value, (PinMode)mode);
}

extern "C" void vgpio_port_pin_write(uint32_t pin, bool high)
{
    CPU_GPIO_SetPinState((GPIO_PIN)pin, high ? GpioPinValue_High : GpioPinValue_Low);
}

extern "C" int32_t vgpio_port_pin_read(uint32_t pin)
{
    return CPU_GPIO_GetPinState((GPIO_PIN)pin) == GpioPinValue_High ? 1 : 0;
}

extern "C" bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, uint32_t edges)
{
    if (mode >= PinMode_Output) {
        return false;
    }

    bool on = edges != 0;
    last_level[slot] = LEVEL_UNKNOWN;
    watched[slot] = (uint8_t)edges;
    is_spent[slot] = false;
    slots[pin] = (uint8_t)slot;
    return CPU_GPIO_EnableInputPin((GPIO_PIN)pin, 0, on ? pin_isr : NULL, on ? (void *)(uintptr_t)slot : NULL,
                                   on ? GPIO_INT_EDGE_BOTH : GPIO_INT_NONE, (PinMode)mode);
}

extern "C" void vgpio_port_pin_rearm(uint32_t pin)
{
    is_spent[slots[pin]] = false;
}
