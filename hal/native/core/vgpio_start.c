// vgpio_start: the one start of the port, and its end.
//
// Spec:    none.
// Trusts:  the port.
// Thread:  the service thread only.
// Memory:  static; no allocation.

#include "vgpio_core.h"

static bool is_started;

bool vgpio_start(void)
{
    const struct vgpio_range *ranges;
    uint32_t count;
    if (!is_started && vgpio_port_start(&ranges, &count)) {
        is_started = vgpio_memory_open(ranges, count);
        if (!is_started) {
            vgpio_port_stop();
        }
    }

    return is_started;
}

// Edges and doorbells last: no interrupt adds any after the port has stopped.
void vgpio_stop(void)
{
    vgpio_pads_close_all();
    if (is_started) {
        vgpio_port_stop();
        is_started = false;
    }

    vgpio_edges_forget_all();
    vgpio_doorbells_take();
}
