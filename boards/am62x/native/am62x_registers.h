// am62x_registers: the registers of TI's AM62x that the port uses, and where the Cortex-M4F sees them.
//
// Spec:    TI SPRUIV7, AM62x Technical Reference Manual: "Mailbox", "GPIO", "Region-based Address Translation". Each register is one that
//          Linux 6.12 uses too: drivers/mailbox/omap-mailbox.c, drivers/gpio/gpio-davinci.c, arch/arm64/boot/dts/ti/k3-am62-*.dtsi.
// Trusts:  am62x_map, without which none of the addresses is anything.
// Thread:  any context.
// Memory:  device memory only.
//
// The M4F reaches most of the SoC through its RAT, which maps regions of its own addresses. Below 0xA0000000 a Cortex-M4 treats addresses
// as memory, from there on as devices: hence the choice of the regions.

#ifndef AM62X_REGISTERS_H
#define AM62X_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

// --- Memory that Linux and the M4F share; linux/k3-am625-sk-vgpio.dtso reserves it, vgpio_am62x.ld has what is below the pool. ---
#define AM62X_POOL UINT32_C(0x9CB00000)
#define AM62X_POOL_LENGTH UINT32_C(0x40000)
#define AM62X_TABLE UINT32_C(0x9CC00000)
#define AM62X_TABLE_LENGTH UINT32_C(0x1000)

// --- The RAT, which the M4F sees at this address from reset on. A region: a power of two of bytes, aligned to its size. ---
#define AM62X_RAT UINT32_C(0x44200000)
#define AM62X_RAT_CONTROL(region) (AM62X_RAT + 0x20 + 0x10 * (region)) // bit 31: on; bits 5-0: log2 of the size
#define AM62X_RAT_BASE(region) (AM62X_RAT + 0x24 + 0x10 * (region))    // the M4F's address
#define AM62X_RAT_LOW(region) (AM62X_RAT + 0x28 + 0x10 * (region))     // the SoC's address, bits 31-0
#define AM62X_RAT_HIGH(region) (AM62X_RAT + 0x2C + 0x10 * (region))    // bits 47-32
#define AM62X_RAT_ON UINT32_C(0x80000000)

// The SoC's addresses 0 to 0x1FFFFFFF, and 0x20000000 to 0x3FFFFFFF, as the M4F sees them. DDR has the same address for both.
#define AM62X_LOW(address) (UINT32_C(0xA0000000) + (address))
#define AM62X_HIGH(address) (UINT32_C(0xC0000000) + ((address) - UINT32_C(0x20000000)))
#define AM62X_DDR UINT32_C(0x80000000)

// --- Mailbox cluster 0: FIFO 0 to Linux, FIFO 1 to the M4F, which is user 2. k3-am62x-sk-common.dtsi has the same from the other end:
// ti,mbox-rx = <0 0 0>, ti,mbox-tx = <1 0 0>. A FIFO holds four messages of 32 bits. ---
enum { AM62X_TO_LINUX = 0, AM62X_FROM_LINUX = 1, AM62X_MAILBOX_USER = 2 };
#define AM62X_MAILBOX AM62X_HIGH(UINT32_C(0x29000000))
#define AM62X_MAILBOX_MESSAGE(fifo) (AM62X_MAILBOX + 0x40 + 4 * (fifo))
#define AM62X_MAILBOX_FULL(fifo) (AM62X_MAILBOX + 0x80 + 4 * (fifo))
#define AM62X_MAILBOX_COUNT(fifo) (AM62X_MAILBOX + 0xC0 + 4 * (fifo))
#define AM62X_MAILBOX_STATUS (AM62X_MAILBOX + 0x104 + 0x10 * AM62X_MAILBOX_USER) // a 1 clears
#define AM62X_MAILBOX_ENABLE (AM62X_MAILBOX + 0x108 + 0x10 * AM62X_MAILBOX_USER) // a 1 enables
#define AM62X_MAILBOX_DISABLE (AM62X_MAILBOX + 0x10C + 0x10 * AM62X_MAILBOX_USER)
#define AM62X_MAILBOX_NEW_MESSAGE (UINT32_C(1) << (2 * AM62X_FROM_LINUX))
#define AM62X_MAILBOX_NOT_FULL (UINT32_C(2) << (2 * AM62X_TO_LINUX))

// Messages: a notify id of a ring, or one of these (drivers/remoteproc/omap_remoteproc.h).
#define AM62X_MESSAGE_CRASH UINT32_C(0xFFFFFF02)
#define AM62X_MESSAGE_ECHO_REQUEST UINT32_C(0xFFFFFF03)
#define AM62X_MESSAGE_ECHO_REPLY UINT32_C(0xFFFFFF04)

// The notify id that stands for AM62X_MESSAGE_CRASH: the board's RestartNotifyId.
enum { AM62X_CRASH_ID = 29 };

// --- MCU_GPIO0: 24 pins, one set of registers; an interrupt for pins 0-15 and one for 16-23. ---
enum { AM62X_PINS = 24, AM62X_PINS_OF_A_BANK = 16 };
#define AM62X_GPIO AM62X_LOW(UINT32_C(0x04201000))
#define AM62X_GPIO_BANKS (AM62X_GPIO + 0x08)     // BINTEN: bit n lets bank n interrupt
#define AM62X_GPIO_DIRECTION (AM62X_GPIO + 0x10) // 1: input
#define AM62X_GPIO_SET (AM62X_GPIO + 0x18)
#define AM62X_GPIO_CLEAR (AM62X_GPIO + 0x1C)
#define AM62X_GPIO_LEVEL (AM62X_GPIO + 0x20)
#define AM62X_GPIO_RISING_ON (AM62X_GPIO + 0x24)
#define AM62X_GPIO_RISING_OFF (AM62X_GPIO + 0x28)
#define AM62X_GPIO_FALLING_ON (AM62X_GPIO + 0x2C)
#define AM62X_GPIO_FALLING_OFF (AM62X_GPIO + 0x30)
#define AM62X_GPIO_STATUS (AM62X_GPIO + 0x34) // a 1 clears

// --- Interrupts of the M4F. The router of the MCU domain leads its outputs 4 to 7 to 0 to 3 (am62x_target.h). ---
enum { AM62X_IRQ_GPIO_BANK_0 = 0, AM62X_IRQ_GPIO_BANK_1 = 1, AM62X_IRQ_MAILBOX = 50 };
#define AM62X_NVIC_ENABLE(irq) (UINT32_C(0xE000E100) + 4 * ((irq) / 32))
#define AM62X_NVIC_DISABLE(irq) (UINT32_C(0xE000E180) + 4 * ((irq) / 32))
#define AM62X_NVIC_BIT(irq) (UINT32_C(1) << ((irq) % 32))

// --- How they are accessed. The tests have a register file of their own. ---
#ifdef AM62X_FAKE_REGISTERS
uint32_t am62x_read(uint32_t address);
void am62x_write(uint32_t address, uint32_t value);
#else
static inline uint32_t am62x_read(uint32_t address)
{
    return *(volatile uint32_t *)(uintptr_t)address;
}

static inline void am62x_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}
#endif

#endif
