// vgpio_port: the one header of a port: what a SoC gives the natives, and what its interrupts call.
//
// Spec:    VIRTIO "Split Virtqueues" and "GPIO Device" ask for it; hal/VirtioGpio.Hal.Native says what the firmware is promised.
// Trusts:  the port, and nothing that comes through it: an address, a notify id or a pin number may have come from Linux.
// Thread:  each function says from where it is called. "The service thread" is the thread of the CLR.
// Memory:  nothing here allocates; what a port keeps is static.
//
// A port defines every vgpio_port_ function, once, in C or C++. port/template is one that compiles and does nothing;
// port/cpu_gpio defines the half of the pins for any target of nanoCLR that has System.Device.Gpio.
// A file vgpio_port_config.h on the include path may define any of the macros at the end of this file before they get their default.

#ifndef VGPIO_PORT_H
#define VGPIO_PORT_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__has_include)
#if __has_include("vgpio_port_config.h")
#include "vgpio_port_config.h"
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

// --- What the port calls: from any context, interrupts of any priority among them; none of them sleeps. ---

// A doorbell rang: bit n (0 to 29) for Linux's doorbell of notify id n. A mailbox that does not say which rings them all.
void vgpio_ring(uint32_t bits);

enum { VGPIO_ROSE = 1, VGPIO_FELL = 2 };

// A watched pin changed: latches the edges (VGPIO_ROSE, VGPIO_FELL, or both) in the slot (0 to 255) that vgpio_port_pin_watch
// was given, and wakes the service thread. A port that cannot tell which edge it was, or has seen none where the interrupt says
// there was one, gives both.
void vgpio_pin_changed(uint32_t slot, uint32_t edges);

// --- What the port provides: memory and mailbox. ---

// Memory that both CPUs see: `length` bytes at the co-processor's address `address`, which this program reaches at `memory`
// (the same number where there is no MMU). It may not reach beyond 4 GiB, and nothing outside of these ranges is ever accessed.
struct vgpio_range {
    uint32_t address;
    uint32_t length;
    volatile void *memory;
};

// Service thread, before all else, and once unless vgpio_stop was called. Opens the mailbox; from here on its interrupt calls
// vgpio_ring. Says where the memory is: `count` ranges that stay. The wider ones are best first.
// Returns false if the SoC is not as it must be; every native then raises InvalidOperationException.
bool vgpio_port_start(const struct vgpio_range **ranges, uint32_t *count);

// Service thread. Sleeps until vgpio_port_wake is called, for at most `milliseconds`: 0 only looks, -1 is without end.
// A call of vgpio_port_wake since the last sleep ends this one at once (a binary semaphore does that). A watchdog that the CLR's
// scheduler feeds starves meanwhile: where there is one, sleep in shorter pieces and feed it between them.
// *doorbells gets bits, as for vgpio_ring, of a mailbox that has to be looked at because it has no interrupt; 0 if it has one.
// Returns false when the time is over.
bool vgpio_port_sleep(int32_t milliseconds, uint32_t *doorbells);

// Any context, as vgpio_ring is called from any. Ends vgpio_port_sleep. At most one call is outstanding.
void vgpio_port_wake(void);

// Service thread. Rings Linux's doorbell of the notify id, 0 to 29; one that the mailbox does not have rings nowhere.
// VGPIO_DOORBELL_FENCE was before: what stands in memory is there when Linux looks.
void vgpio_port_notify(uint32_t notify_id);

// --- What the port provides: pins. Service thread. A pin's number is the platform's, below VGPIO_PINS. ---
// Modes are numbered like System.Device.Gpio.PinMode: inputs 0 plain, 1 pull-down, 2 pull-up; outputs 3 push-pull,
// 4 open drain, 5 open drain with pull-up, 6 open source, 7 open source with pull-down.

// Takes the pin away from whoever else could ask for it. False if there is no such pin, or somebody has it.
bool vgpio_port_pin_open(uint32_t pin);

// Gives the pin back as a plain input that nobody watches.
void vgpio_port_pin_close(uint32_t pin);

// Makes an open pin an input of mode 0 to 2. The value that it would drive is unchanged. False if it cannot be one.
bool vgpio_port_pin_input(uint32_t pin, uint32_t mode);

// Makes an open pin an output of mode 3 to 7 which drives `high` from its first moment on, that is: the value first, the driver
// next. The pin was an input, or an output of another mode. False if it cannot be one.
bool vgpio_port_pin_output(uint32_t pin, uint32_t mode, bool high);

// Changes the value of an output.
void vgpio_port_pin_write(uint32_t pin, bool high);

// The level of an open pin, input or output: 0 or 1, negative if it cannot be sensed.
int32_t vgpio_port_pin_read(uint32_t pin);

// From its return on both edges of a pin end in vgpio_pin_changed(slot, ...), or (on = false) none does. `mode` is the mode that
// the pin has; false if the port cannot watch a pin of this mode (an output, say). A pin that is watched is let go, with the slot
// that it has, before its mode changes or it is watched anew.
bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, bool on);

// --- What a port may choose (vgpio_port_config.h). ---

// Pins that can be opened: numbers 0 to VGPIO_PINS - 1. Three bytes of RAM each.
#ifndef VGPIO_PINS
#define VGPIO_PINS 256
#endif

// 1: Mailbox.Wait suspends only the calling managed thread, and vgpio_port_sleep is only ever asked to look. Needed where pins
// come from System.Device.Gpio's events. 0: it sleeps in vgpio_port_sleep, and all of the CLR with it: the fastest.
#ifndef VGPIO_COOPERATIVE_WAIT
#define VGPIO_COOPERATIVE_WAIT 0
#endif

// Fences between this CPU and the application CPU, which is not in its inner shareable domain. The doorbell's fence orders
// memory before the register of the mailbox.
#if !defined(VGPIO_FULL_FENCE) && defined(__arm__) && __ARM_ARCH >= 6
#define VGPIO_FULL_FENCE() __asm volatile("dmb" ::: "memory")
#define VGPIO_DOORBELL_FENCE() __asm volatile("dsb" ::: "memory")
#elif !defined(VGPIO_FULL_FENCE) && defined(__riscv)
#define VGPIO_FULL_FENCE() __asm volatile("fence iorw, iorw" ::: "memory")
#elif !defined(VGPIO_FULL_FENCE)
#define VGPIO_FULL_FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif
#if !defined(VGPIO_READ_FENCE) && (defined(__x86_64__) || defined(__i386__))
#define VGPIO_READ_FENCE() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define VGPIO_WRITE_FENCE() __atomic_thread_fence(__ATOMIC_RELEASE)
#elif !defined(VGPIO_READ_FENCE)
#define VGPIO_READ_FENCE() VGPIO_FULL_FENCE()
#define VGPIO_WRITE_FENCE() VGPIO_FULL_FENCE()
#endif
#ifndef VGPIO_DOORBELL_FENCE
#define VGPIO_DOORBELL_FENCE() VGPIO_FULL_FENCE()
#endif

// Maintenance of a data cache on the co-processor's side, for memory that is not mapped uncached: called with the range before it
// is read (discard what the cache holds) and after it was written (clean). Both must bear a range that shares its first and last
// line with bytes of Linux's, so the memory must be mapped write-through, or uncached, which needs neither.
#ifndef VGPIO_BEFORE_READ
#define VGPIO_BEFORE_READ(memory, length) ((void)0)
#endif
#ifndef VGPIO_AFTER_WRITE
#define VGPIO_AFTER_WRITE(memory, length) ((void)0)
#endif

// Atomic operations on a word, between interrupts and the service thread, sequentially consistent; they answer the old value. A
// core without such instructions (Cortex-M0) defines them by switching interrupts off.
#ifndef VGPIO_FETCH_OR
#define VGPIO_FETCH_OR(word, bits) __atomic_fetch_or((word), (bits), __ATOMIC_SEQ_CST)
#define VGPIO_FETCH_AND(word, bits) __atomic_fetch_and((word), (bits), __ATOMIC_SEQ_CST)
#define VGPIO_EXCHANGE(word, value) __atomic_exchange_n((word), (value), __ATOMIC_SEQ_CST)
#endif
#define VGPIO_LOAD(word) __atomic_load_n((word), __ATOMIC_SEQ_CST)

// 1: numbers in shared memory have their bytes in the other order than this CPU's.
#ifndef VGPIO_SWAPS_BYTES
#define VGPIO_SWAPS_BYTES (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#endif

#ifdef __cplusplus
}
#endif

#endif
