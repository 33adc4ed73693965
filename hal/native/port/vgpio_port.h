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
// there was one, gives both. The pin's own interrupt is masked before the call, until vgpio_port_pin_rearm: a pin that never rests
// interrupts once for each event that Linux takes.
void vgpio_pin_changed(uint32_t slot, uint32_t edges);

// --- What the port provides: memory and mailbox. ---

// Memory that both CPUs see: `length` bytes at the co-processor's address `address`, which this program reaches at `memory`
// (the same number where there is no MMU). It may not reach beyond 4 GiB, and nothing outside of these ranges is ever accessed.
struct vgpio_range {
    uint32_t address;
    uint32_t length;
    volatile uint8_t *memory;
};

// Service thread, before every other function of the port, and not again before vgpio_port_stop. Opens the mailbox; from here on its
// interrupt calls vgpio_ring. Says where the memory is: `count` ranges that stay. The wider ones are best first.
// Returns false if the SoC is not as it must be; every native then raises InvalidOperationException, and the next one tries again.
bool vgpio_port_start(const struct vgpio_range **ranges, uint32_t *count);

// Service thread, after a vgpio_port_start that returned true: the CLR starts again without a reset of the chip. Every pin is closed
// before, so none of them is watched. Masks the mailbox's interrupt and whatever else of the port interrupts: from its return on
// nothing calls vgpio_ring or vgpio_pin_changed, and no handler is under way. vgpio_port_start may follow.
void vgpio_port_stop(void);

// Service thread. Sleeps until vgpio_port_wake is called, for at most `milliseconds`: 0 does not sleep, -1 is without end.
// A call of vgpio_port_wake since the last sleep ends this one at once (a binary semaphore does that). A watchdog that the CLR's
// scheduler feeds starves meanwhile: where there is one, sleep in shorter pieces and feed it between them.
// *doorbells gets bits, as for vgpio_ring, of a mailbox that has to be polled because it has no interrupt; 0 if it has one.
// Returns false when the time is over.
/*@ requires \valid(doorbells);
    assigns *doorbells;
*/
bool vgpio_port_sleep(int32_t milliseconds, uint32_t *doorbells);

// Any context, as vgpio_ring is called from any. Ends vgpio_port_sleep. It is called again before a sleep has taken the last call,
// if a doorbell rings between the taking of the bits and the sleep. A binary semaphore drops the second call and nothing is lost:
// the doorbells are kept as bits, and each sleep is followed by the taking of all of them. A counting semaphore must have a limit
// of 1, or it fills up, and each count too many ends a sleep for nothing.
//@ assigns \nothing;
void vgpio_port_wake(void);

// Service thread. Rings Linux's doorbell of the notify id, 0 to 29; one that the mailbox does not have rings nowhere.
// VGPIO_DOORBELL_FENCE was before: Linux sees in memory what was written before the call.
/*@ requires notify_id < 30;
    assigns \nothing;
*/
void vgpio_port_notify(uint32_t notify_id);

// --- What the port provides: pins. Service thread. A pin's number is the platform's, below VGPIO_PINS. ---
// Modes are numbered like System.Device.Gpio.PinMode: inputs 0 plain, 1 pull-down, 2 pull-up; outputs 3 push-pull,
// 4 open drain, 5 open drain with pull-up, 6 open source, 7 open source with pull-down.

// Reserves the pin for these natives, and leaves it as it is: it may have been an output since before a restart. False if there is no such pin, or another driver has it.
bool vgpio_port_pin_open(uint32_t pin);

// Makes the pin a plain input that nobody watches, and releases it. Only vgpio_stop asks for this, and an output floats from here on.
// A port whose outputs must hold their level over a start of the CLR leaves the pad of an output as it is: until the next program
// makes it an input.
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

// From its return on the next of these edges (VGPIO_ROSE, VGPIO_FELL, or both) of a pin ends in vgpio_pin_changed(slot, ...), or
// (edges = 0) none does. `mode` is the mode that the pin has; false if the port cannot watch a pin of this mode (an output, say).
// Watching ends, with the slot that the pin has, before its mode changes or it is watched anew.
bool vgpio_port_pin_watch(uint32_t pin, uint32_t mode, uint32_t slot, uint32_t edges);

// Unmasks the interrupt of a pin that is watched, if its handler has masked it. An edge that comes after this ends in
// vgpio_pin_changed. One that came while the interrupt was masked may, or may not: an edge is latched for the same slot already, and
// nobody has been told of it. So a block that keeps flags while it is masked may fire at once, and one that does not needs nothing.
void vgpio_port_pin_rearm(uint32_t pin);

// --- What a port may choose (vgpio_port_config.h). ---

// Pins that can be opened: numbers 0 to VGPIO_PINS - 1. Three bytes of RAM each.
#ifndef VGPIO_PINS
#define VGPIO_PINS 256
#endif

// 1: Mailbox.Wait suspends only the calling managed thread, and vgpio_port_sleep is only ever called for 0 milliseconds. Needed where
// pins come from System.Device.Gpio's events. 0: it sleeps in vgpio_port_sleep, and all of the CLR with it: the fastest.
#ifndef VGPIO_COOPERATIVE_WAIT
#define VGPIO_COOPERATIVE_WAIT 0
#endif

// Fences between this CPU and the application CPU. The read fence keeps loads before it from every access after it; the write fence
// stores from stores; the full fence all from all; the doorbell's fence memory from the register of the mailbox.
//
// The application CPU runs another operating system, so it is not in this CPU's inner shareable domain. On 32-bit Arm a plain dmb and
// dsb are for the full system. On AArch64 the compiler's own fence (dmb ish) ends at the inner shareable domain. The outer shareable
// domain has both CPUs: memory that is not cached is always outer shareable. RISC-V's fence knows no domains; with its i and o it
// orders device registers too. Anywhere else the compiler's own sequentially consistent fence is the default: right for x86, and
// for a CPU whose fences reach all of the system; any other port defines its own.
#if !defined(VGPIO_FULL_FENCE) && defined(__arm__) && __ARM_ARCH >= 6
#define VGPIO_FULL_FENCE() __asm volatile("dmb" ::: "memory")
#define VGPIO_DOORBELL_FENCE() __asm volatile("dsb" ::: "memory")
#elif !defined(VGPIO_FULL_FENCE) && !defined(VGPIO_READ_FENCE) && defined(__aarch64__)
#define VGPIO_FULL_FENCE() __asm volatile("dmb osh" ::: "memory")
#define VGPIO_READ_FENCE() __asm volatile("dmb oshld" ::: "memory")
#define VGPIO_WRITE_FENCE() __asm volatile("dmb oshst" ::: "memory")
#define VGPIO_DOORBELL_FENCE() __asm volatile("dsb osh" ::: "memory")
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

// Between the check of a ring and the last store under it (SharedMemory.Publish and Write) the natives run with interrupts masked:
// VGPIO_MASK_INTERRUPTS() masks them and gives the state before as a uint32_t, VGPIO_UNMASK_INTERRUPTS(state) restores that. If a
// handler or another thread ran for long between, Linux could reset the device and probe it anew meanwhile, and the used index of
// the ring that is gone would be stored into the new one. Masked are a few loads and stores, and for Write the copy of its bytes:
// the names of all lines when Linux probes, a few bytes else. The defaults: PRIMASK on Cortex-M; elsewhere nothing is masked, which
// is right for a process of a host only. The application CPU itself is not stopped: the window becomes short, it does not close.
#if !defined(VGPIO_MASK_INTERRUPTS) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
static inline uint32_t vgpio_mask_interrupts(void)
{
    uint32_t state;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(state)::"memory");
    return state;
}

// Ends as cpsie i does, unless they were masked before.
static inline void vgpio_unmask_interrupts(uint32_t state)
{
    __asm volatile("msr primask, %0" ::"r"(state) : "memory");
}

#define VGPIO_MASK_INTERRUPTS() vgpio_mask_interrupts()
#define VGPIO_UNMASK_INTERRUPTS(state) vgpio_unmask_interrupts(state)
#elif !defined(VGPIO_MASK_INTERRUPTS)
#define VGPIO_MASK_INTERRUPTS() UINT32_C(0)
#define VGPIO_UNMASK_INTERRUPTS(state) ((void)(state))
#endif

// Atomic operations on a word, between interrupts and the service thread, sequentially consistent; they answer the old value. A
// core without such instructions (Cortex-M0) defines them by switching interrupts off.
#ifndef VGPIO_FETCH_OR
#define VGPIO_FETCH_OR(word, bits) __atomic_fetch_or((word), (bits), __ATOMIC_SEQ_CST)
#define VGPIO_FETCH_AND(word, bits) __atomic_fetch_and((word), (bits), __ATOMIC_SEQ_CST)
#define VGPIO_EXCHANGE(word, value) __atomic_exchange_n((word), (value), __ATOMIC_SEQ_CST)
#endif
#ifndef VGPIO_LOAD
#define VGPIO_LOAD(word) __atomic_load_n((word), __ATOMIC_SEQ_CST)
#endif

// 1: numbers in shared memory have their bytes in the other order than this CPU's.
#ifndef VGPIO_SWAPS_BYTES
#define VGPIO_SWAPS_BYTES (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#endif

#ifdef __cplusplus
}
#endif

#endif
