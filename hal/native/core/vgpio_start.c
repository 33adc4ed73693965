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
    if (!is_started) {
        is_started = vgpio_port_start(&ranges, &count) && vgpio_memory_open(ranges, count);
    }

    return is_started;
}

void vgpio_stop(void)
{
    vgpio_pads_close_all();
    vgpio_edges_forget_all();
    vgpio_doorbells_take();
    is_started = false;
}
