// fake_am62x_target: what the port calls: the core of the natives, and the target.
//
// Spec:    hal/native/port/vgpio_port.h; boards/am62x/native/am62x_target.h.
// Trusts:  -
// Thread:  one.
// Memory:  static.

#include "../am62x_target.h"
#include "fake_am62x.h"
#include "vgpio_port.h"

uint32_t fake_rung;
uint32_t fake_edges[256];
uint32_t fake_edge_calls;
bool fake_grants_route = true;
uint32_t fake_given;

void vgpio_ring(uint32_t bits)
{
    fake_rung |= bits;
}

void vgpio_pin_changed(uint32_t slot, uint32_t edges)
{
    fake_edges[slot] |= edges;
    fake_edge_calls++;
}

bool am62x_semaphore_take(int32_t milliseconds)
{
    bool was_given = fake_given != 0;
    (void)milliseconds;
    fake_given = 0;
    return was_given;
}

void am62x_semaphore_give(void)
{
    fake_given = 1;
}

bool am62x_route_gpio(void)
{
    return fake_grants_route;
}
