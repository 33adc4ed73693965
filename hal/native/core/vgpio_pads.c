// vgpio_pads: pads that are open, what each is, and which slot its edges go to.
//
// Spec:    VIRTIO "GPIO Device / requestq Operation": direction and value; "eventq Operation": a line's edges.
// Trusts:  nothing from the caller: pin, mode and slot are checked; the port answers what it can do.
// Thread:  the service thread only.
// Memory:  static, three bytes a pin; no allocation.

#include "vgpio_core.h"

enum {
    MODE_INPUT_PULL_UP = 2,
    MODE_OUTPUT = 3,
    MODE_OUTPUT_OPEN_SOURCE_PULL_DOWN = 7,
    MODE_NONE = 8,
};

static struct pad {
    uint8_t mode;
    uint8_t slot;
    bool is_open : 1;
    uint8_t edges : 2;   // that somebody wants in its slot
    bool is_watched : 1; // the port latches them
} pads[VGPIO_PINS];

static struct pad *pad_of(int32_t pin)
{
    return pin >= 0 && pin < VGPIO_PINS && pads[pin].is_open ? &pads[pin] : (struct pad *)0;
}

static void stop_watching(int32_t pin, struct pad *pad)
{
    if (pad->is_watched) {
        vgpio_port_pin_watch((uint32_t)pin, pad->mode, pad->slot, 0);
        pad->is_watched = false;
    }
}

static void go_on_watching(int32_t pin, struct pad *pad)
{
    pad->is_watched = pad->edges != 0 && vgpio_port_pin_watch((uint32_t)pin, pad->mode, pad->slot, pad->edges);
}

bool vgpio_pad_open(int32_t pin)
{
    if (pin < 0 || pin >= VGPIO_PINS || pads[pin].is_open || !vgpio_port_pin_open((uint32_t)pin)) {
        return false;
    }

    pads[pin] = (struct pad){.mode = MODE_NONE, .is_open = true};
    return true;
}

bool vgpio_pad_input(int32_t pin, int32_t mode)
{
    struct pad *pad = pad_of(pin);
    if (!pad || mode < 0 || mode > MODE_INPUT_PULL_UP) {
        return false;
    }

    if (pad->mode == mode) {
        return true;
    }

    stop_watching(pin, pad);
    bool is_input = vgpio_port_pin_input((uint32_t)pin, (uint32_t)mode);
    pad->mode = is_input ? (uint8_t)mode : MODE_NONE;
    if (is_input) {
        go_on_watching(pin, pad);
    }

    return is_input;
}

bool vgpio_pad_drive(int32_t pin, int32_t mode, int32_t value)
{
    struct pad *pad = pad_of(pin);
    if (!pad || mode < MODE_OUTPUT || mode > MODE_OUTPUT_OPEN_SOURCE_PULL_DOWN || (value & ~1) != 0) {
        return false;
    }

    if (pad->mode == mode) {
        vgpio_port_pin_write((uint32_t)pin, value != 0);
        return true;
    }

    stop_watching(pin, pad);
    bool is_output = vgpio_port_pin_output((uint32_t)pin, (uint32_t)mode, value != 0);
    pad->mode = is_output ? (uint8_t)mode : MODE_NONE;
    if (is_output) {
        go_on_watching(pin, pad);
    }

    return is_output;
}

int32_t vgpio_pad_sense(int32_t pin)
{
    return pad_of(pin) ? vgpio_port_pin_read((uint32_t)pin) : -1;
}

bool vgpio_pad_watch(int32_t pin, int32_t slot, int32_t edges)
{
    struct pad *pad = pad_of(pin);
    if (!pad || slot < 0 || slot >= VGPIO_SLOTS || (edges & ~(VGPIO_ROSE | VGPIO_FELL)) != 0) {
        return false;
    }

    // What an interrupt latched on its way is forgotten only after no more can come.
    stop_watching(pin, pad);
    if (pad->edges != 0) {
        vgpio_edges_forget(pad->slot);
    }

    vgpio_edges_forget((uint32_t)slot);
    pad->edges = (uint8_t)edges & (VGPIO_ROSE | VGPIO_FELL);
    pad->slot = (uint8_t)slot;
    if (edges == 0) {
        return true;
    }

    go_on_watching(pin, pad);
    if (!pad->is_watched) {
        pad->edges = 0;
    }

    return pad->is_watched;
}

bool vgpio_pad_rearm(int32_t pin)
{
    struct pad *pad = pad_of(pin);
    if (pad && pad->is_watched) {
        vgpio_port_pin_rearm((uint32_t)pin);
    }

    return pad != (struct pad *)0;
}

void vgpio_pads_close_all(void)
{
    for (int32_t pin = 0; pin < VGPIO_PINS; pin++) {
        if (pads[pin].is_open) {
            stop_watching(pin, &pads[pin]);
            vgpio_port_pin_close((uint32_t)pin);
            pads[pin] = (struct pad){.mode = MODE_NONE};
        }
    }
}
