// stub_target: what a target of nanoCLR gives the port, as little as links.
//
// Spec:    boards/am62x/native/am62x_target.h.
// Trusts:  -
// Thread:  -
// Memory:  a vector table.

#include "../am62x_target.h"
#include "vgpio_port.h"

extern uint32_t am62x_stack_top[];
void reset(void);

__attribute__((section(".start"), used)) void reset(void)
{
    const struct vgpio_range *ranges;
    uint32_t count;
    am62x_map();
    vgpio_port_start(&ranges, &count);
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16 + 64] = {
    [0] = am62x_stack_top,
    [1] = (const void *)reset,
    [16 + 0] = (const void *)am62x_gpio_handler,
    [16 + 1] = (const void *)am62x_gpio_handler,
    [16 + 50] = (const void *)am62x_mailbox_handler,
};

bool am62x_semaphore_take(int32_t milliseconds)
{
    (void)milliseconds;
    return false;
}

void am62x_semaphore_give(void)
{
}

bool am62x_route_gpio(void)
{
    return true;
}
