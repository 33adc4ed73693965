// fake_am62x: the registers, one variable for each that keeps something.
//
// Spec:    Linux, drivers/mailbox/omap-mailbox.c, drivers/gpio/gpio-davinci.c; Arm, "Nested Vectored Interrupt Controller".
// Trusts:  nothing: an access to any other address ends the test.
// Thread:  one.
// Memory:  static.

#include "fake_am62x.h"
#include "../am62x_registers.h"
#include "../am62x_target.h"
#include "vgpio_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t fake_linux_read[FAKE_MOST_READ];
uint32_t fake_linux_read_count;

struct fifo {
    uint32_t messages[FAKE_FIFO_DEPTH];
    uint32_t count;
};

static struct fifo to_linux, from_linux;
static uint32_t mailbox_status, mailbox_enabled;
static uint32_t interrupts_on[2];
static uint32_t rat[3][4];
static uint32_t direction = UINT32_MAX, out, outside, rising_on, falling_on, gpio_status, banks, at_turn;
static bool is_held;

static void stop(const char *what, uint32_t address)
{
    fprintf(stderr, "%s 0x%08x\n", what, (unsigned)address);
    exit(1);
}

static uint32_t levels(void)
{
    return (outside & direction) | (out & ~direction);
}

static uint32_t take(struct fifo *fifo)
{
    if (fifo->count == 0) {
        return 0;
    }

    uint32_t message = fifo->messages[0];
    memmove(fifo->messages, fifo->messages + 1, sizeof fifo->messages - sizeof fifo->messages[0]);
    fifo->count--;
    return message;
}

static void put(struct fifo *fifo, uint32_t message)
{
    if (fifo->count == FAKE_FIFO_DEPTH) {
        stop("a message was written into a full FIFO:", message);
    }

    fifo->messages[fifo->count++] = message;
}

static bool is_on(uint32_t irq)
{
    return (interrupts_on[irq / 32] & AM62X_NVIC_BIT(irq)) != 0;
}

static bool mailbox_interrupts(void)
{
    return is_on(AM62X_IRQ_MAILBOX) && (mailbox_status & mailbox_enabled) != 0;
}

static bool gpio_interrupts(void)
{
    uint32_t bank_0 = gpio_status & ((UINT32_C(1) << AM62X_PINS_OF_A_BANK) - 1), bank_1 = gpio_status >> AM62X_PINS_OF_A_BANK;
    return (bank_0 != 0 && (banks & 1) != 0 && is_on(AM62X_IRQ_GPIO_BANK_0)) ||
           (bank_1 != 0 && (banks & 2) != 0 && is_on(AM62X_IRQ_GPIO_BANK_1));
}

// A handler that leaves its interrupt pending would be called without end.
static void handle_interrupts(void)
{
    if (!is_held && mailbox_interrupts()) {
        am62x_mailbox_handler();
        if (mailbox_interrupts()) {
            stop("the mailbox still interrupts:", mailbox_status);
        }
    }

    if (!is_held && gpio_interrupts()) {
        am62x_gpio_handler();
        if (gpio_interrupts()) {
            stop("pins still interrupt:", gpio_status);
        }
    }
}

static uint32_t *rat_word(uint32_t address)
{
    uint32_t at = address - AM62X_RAT - 0x20;
    return address >= AM62X_RAT + 0x20 && at < sizeof rat ? &rat[at / 0x10][at % 0x10 / 4] : NULL;
}

uint32_t am62x_read(uint32_t address)
{
    switch (address) {
    case AM62X_MAILBOX_MESSAGE(AM62X_FROM_LINUX):
        return take(&from_linux);
    case AM62X_MAILBOX_COUNT(AM62X_FROM_LINUX):
        return from_linux.count;
    case AM62X_MAILBOX_FULL(AM62X_TO_LINUX):
        return to_linux.count == FAKE_FIFO_DEPTH;
    case AM62X_MAILBOX_STATUS:
        return mailbox_status;
    case AM62X_GPIO_DIRECTION:
        return direction;
    case AM62X_GPIO_LEVEL:
        return levels();
    case AM62X_GPIO_STATUS:
        return gpio_status;
    default:
        break;
    }

    if (!rat_word(address)) {
        stop("read of", address);
    }

    return *rat_word(address);
}

static bool write_gpio(uint32_t address, uint32_t value)
{
    switch (address) {
    case AM62X_GPIO_BANKS:
        banks = value;
        return true;
    case AM62X_GPIO_DIRECTION:
        at_turn = (at_turn & ~(direction & ~value)) | (out & direction & ~value);
        direction = value;
        return true;
    case AM62X_GPIO_SET:
        out |= value;
        return true;
    case AM62X_GPIO_CLEAR:
        out &= ~value;
        return true;
    case AM62X_GPIO_RISING_ON:
        rising_on |= value;
        return true;
    case AM62X_GPIO_RISING_OFF:
        rising_on &= ~value;
        return true;
    case AM62X_GPIO_FALLING_ON:
        falling_on |= value;
        return true;
    case AM62X_GPIO_FALLING_OFF:
        falling_on &= ~value;
        return true;
    case AM62X_GPIO_STATUS:
        gpio_status &= ~value;
        return true;
    default:
        return false;
    }
}

static bool write_mailbox(uint32_t address, uint32_t value)
{
    switch (address) {
    case AM62X_MAILBOX_MESSAGE(AM62X_TO_LINUX):
        put(&to_linux, value);
        return true;
    case AM62X_MAILBOX_STATUS:
        mailbox_status &= ~value;
        return true;
    case AM62X_MAILBOX_ENABLE:
        mailbox_enabled |= value;
        return true;
    case AM62X_MAILBOX_DISABLE:
        mailbox_enabled &= ~value;
        return true;
    default:
        return false;
    }
}

void am62x_write(uint32_t address, uint32_t value)
{
    if (write_gpio(address, value) || write_mailbox(address, value)) {
        return;
    }

    if (address == AM62X_NVIC_ENABLE(0) || address == AM62X_NVIC_ENABLE(32)) {
        interrupts_on[(address - AM62X_NVIC_ENABLE(0)) / 4] |= value;
        handle_interrupts();
    } else if (address == AM62X_NVIC_DISABLE(0) || address == AM62X_NVIC_DISABLE(32)) {
        interrupts_on[(address - AM62X_NVIC_DISABLE(0)) / 4] &= ~value;
    } else if (rat_word(address)) {
        *rat_word(address) = value;
    } else {
        stop("write of", address);
    }
}

void fake_linux_reads(void)
{
    while (to_linux.count != 0 && fake_linux_read_count < FAKE_MOST_READ) {
        fake_linux_read[fake_linux_read_count++] = take(&to_linux);
    }

    mailbox_status |= AM62X_MAILBOX_NOT_FULL;
    handle_interrupts();
}

void fake_linux_sends(uint32_t message)
{
    put(&from_linux, message);
    mailbox_status |= AM62X_MAILBOX_NEW_MESSAGE;
    handle_interrupts();
}

void fake_drive(uint32_t pin, bool high)
{
    uint32_t before = levels(), bit = UINT32_C(1) << pin;
    outside = high ? outside | bit : outside & ~bit;
    gpio_status |= (levels() & ~before & rising_on) | (~levels() & before & falling_on);
    handle_interrupts();
}

void fake_hold_interrupts(void)
{
    is_held = true;
}

void fake_release_interrupts(void)
{
    is_held = false;
    handle_interrupts();
}

uint32_t fake_driven(void)
{
    return ~direction;
}

uint32_t fake_outputs(void)
{
    return out & ~direction;
}

uint32_t fake_output_at_turn(void)
{
    return at_turn;
}

uint64_t fake_soc_address(uint32_t local)
{
    for (int i = 0; i < 3; i++) {
        uint32_t mask = (uint32_t)((UINT64_C(1) << (rat[i][0] & 0x3F)) - 1);
        if ((rat[i][0] & AM62X_RAT_ON) != 0 && (local & ~mask) == rat[i][1]) {
            return ((uint64_t)rat[i][3] << 32 | rat[i][2]) + (local & mask);
        }
    }

    return 0;
}
