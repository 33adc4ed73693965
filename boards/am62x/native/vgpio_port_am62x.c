// vgpio_port_am62x: the port for the Cortex-M4F of TI's AM62x: shared memory and mailbox. vgpio_pins_am62x has the pins.
//
// Spec:    hal/native/port/vgpio_port.h; Linux, drivers/remoteproc/ti_k3_m4_remoteproc.c and omap_remoteproc.h.
// Trusts:  Linux for nothing but that a message may mean something: any other is dropped.
// Thread:  as vgpio_port.h says; the handler runs as interrupt 50.
// Memory:  static.

#include "am62x_port.h"
#include "am62x_registers.h"
#include "am62x_target.h"
#include "vgpio_port.h"

#if VGPIO_COOPERATIVE_WAIT
#error "the pins of this port are latched: Mailbox.Wait may sleep in it"
#endif

// Linux's buffers and rings lie in the pool, the table at the start of the firmware's DDR. The M4F caches neither.
static const struct vgpio_range memory[] = {
    {.address = AM62X_POOL, .length = AM62X_POOL_LENGTH, .memory = (void *)(uintptr_t)AM62X_POOL},
    {.address = AM62X_TABLE, .length = AM62X_TABLE_LENGTH, .memory = (void *)(uintptr_t)AM62X_TABLE},
};

// What is to be sent: a bit for each notify id, and one more.
static const uint32_t echo_reply = UINT32_C(1) << 30;
static uint32_t unsent;

static uint32_t message_of(uint32_t bit)
{
    if (bit == echo_reply) {
        return AM62X_MESSAGE_ECHO_REPLY;
    }

    return bit == UINT32_C(1) << AM62X_CRASH_ID ? AM62X_MESSAGE_CRASH : (uint32_t)__builtin_ctz(bit);
}

// The FIFO to Linux is full as long as Linux does not read, and nothing here may wait for Linux. What does not fit goes when there is
// room, once, however often it was asked for.
static void send(uint32_t bits)
{
    uint32_t state = VGPIO_MASK_INTERRUPTS();
    unsent |= bits;
    while (unsent != 0 && am62x_read(AM62X_MAILBOX_FULL(AM62X_TO_LINUX)) == 0) {
        uint32_t bit = unsent & -unsent;
        unsent &= ~bit;
        am62x_write(AM62X_MAILBOX_MESSAGE(AM62X_TO_LINUX), message_of(bit));
    }

    am62x_write(unsent != 0 ? AM62X_MAILBOX_ENABLE : AM62X_MAILBOX_DISABLE, AM62X_MAILBOX_NOT_FULL);
    VGPIO_UNMASK_INTERRUPTS(state);
}

// The status is cleared first: a message that arrives while the FIFO is being emptied sets it again.
void am62x_mailbox_handler(void)
{
    am62x_write(AM62X_MAILBOX_STATUS, AM62X_MAILBOX_NEW_MESSAGE | AM62X_MAILBOX_NOT_FULL);
    while (am62x_read(AM62X_MAILBOX_COUNT(AM62X_FROM_LINUX)) != 0) {
        uint32_t message = am62x_read(AM62X_MAILBOX_MESSAGE(AM62X_FROM_LINUX));
        if (message <= AM62X_CRASH_ID) {
            vgpio_ring(UINT32_C(1) << message);
        } else if (message == AM62X_MESSAGE_ECHO_REQUEST) {
            send(echo_reply);
        }
    }

    send(0);

    // The write to the status has arrived when this read returns: the interrupt is not taken twice.
    (void)am62x_read(AM62X_MAILBOX_STATUS);
}

bool vgpio_port_start(const struct vgpio_range **ranges, uint32_t *count)
{
    if (!am62x_is_mapped() || !am62x_route_gpio()) {
        return false;
    }

    *ranges = memory;
    *count = sizeof memory / sizeof memory[0];
    am62x_pins_start();

    // What Linux sent before is in the FIFO still and interrupts at once.
    am62x_write(AM62X_MAILBOX_ENABLE, AM62X_MAILBOX_NEW_MESSAGE);
    am62x_write(AM62X_NVIC_ENABLE(AM62X_IRQ_MAILBOX), AM62X_NVIC_BIT(AM62X_IRQ_MAILBOX));
    am62x_write(AM62X_NVIC_ENABLE(0), AM62X_NVIC_BIT(AM62X_IRQ_GPIO_BANK_0) | AM62X_NVIC_BIT(AM62X_IRQ_GPIO_BANK_1));
    return true;
}

void vgpio_port_stop(void)
{
    am62x_write(AM62X_NVIC_DISABLE(AM62X_IRQ_MAILBOX), AM62X_NVIC_BIT(AM62X_IRQ_MAILBOX));
    am62x_write(AM62X_NVIC_DISABLE(0), AM62X_NVIC_BIT(AM62X_IRQ_GPIO_BANK_0) | AM62X_NVIC_BIT(AM62X_IRQ_GPIO_BANK_1));
    unsent = 0;

    // An interrupt that was pending is taken before this, or never.
    VGPIO_DOORBELL_FENCE();
}

bool vgpio_port_sleep(int32_t milliseconds, uint32_t *doorbells)
{
    *doorbells = 0;
    return am62x_semaphore_take(milliseconds);
}

void vgpio_port_wake(void)
{
    am62x_semaphore_give();
}

void vgpio_port_notify(uint32_t notify_id)
{
    if (notify_id <= AM62X_CRASH_ID) {
        send(UINT32_C(1) << notify_id);
    }
}
