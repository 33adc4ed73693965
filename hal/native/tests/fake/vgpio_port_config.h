// vgpio_port_config: the port of the tests: every fence and every cache operation can be watched.
//
// Spec:    none.
// Trusts:  -
// Thread:  any.
// Memory:  -

#ifndef VGPIO_PORT_CONFIG_H
#define VGPIO_PORT_CONFIG_H

#ifdef __cplusplus
extern "C" {
#endif

// R and W read and write fence, F full fence, D doorbell's fence, r before a read, w after a write, M and U interrupts masked and
// unmasked (`length` is the state then).
void fake_watch(char what, const volatile void *memory, unsigned length);

#ifdef __cplusplus
}
#endif

#define VGPIO_READ_FENCE() (__atomic_thread_fence(__ATOMIC_SEQ_CST), fake_watch('R', 0, 0))
#define VGPIO_WRITE_FENCE() (__atomic_thread_fence(__ATOMIC_SEQ_CST), fake_watch('W', 0, 0))
#define VGPIO_FULL_FENCE() (__atomic_thread_fence(__ATOMIC_SEQ_CST), fake_watch('F', 0, 0))
#define VGPIO_DOORBELL_FENCE() (__atomic_thread_fence(__ATOMIC_SEQ_CST), fake_watch('D', 0, 0))
#define VGPIO_MASK_INTERRUPTS() (fake_watch('M', 0, 0), UINT32_C(77))
#define VGPIO_UNMASK_INTERRUPTS(state) fake_watch('U', 0, state)
#define VGPIO_BEFORE_READ(memory, length) fake_watch('r', memory, length)
#define VGPIO_AFTER_WRITE(memory, length) fake_watch('w', memory, length)

#endif
