// vgpio_doorbell: the doorbells of both CPUs as one word of bits, and the sleep that they end.
//
// Spec:    VIRTIO "Available Buffer Notifications", "Used Buffer Notifications".
// Trusts:  nothing: a doorbell may ring twice, late, for nothing; a notify id may be any number.
// Thread:  vgpio_ring any context; all else the service thread.
// Memory:  static; no allocation.

#include "vgpio_core.h"

static uint32_t ringing;
static uint32_t is_posted;

// The bits first, then the wake-up. The taker goes the other way: it allows the next wake-up, then takes the bits that are set until
// then. So bits that are set after that find `is_posted` clear, and wake: again, if the taker has not slept since, and the semaphore
// still holds the last wake-up (vgpio_port.h).
/*@ requires watched_bit < 32 && (watched == &ringing && owed ==> has(ringing));
    assigns ringing, is_posted, owed;
    ensures watched == &ringing && owed ==> has(ringing);
    ensures watched == &ringing && has(bits) ==> has(ringing);
*/
void vgpio_ring(uint32_t bits)
{
    VGPIO_FETCH_OR(&ringing, bits);
    if (VGPIO_EXCHANGE(&is_posted, 1) == 0) {
        vgpio_port_wake();
    }
}

/*@ requires watched_bit < 32;
    assigns ringing, is_posted, owed;
    ensures watched == &ringing && owed ==> has(ringing) || has(\result) || \old(owed && !has(ringing));
*/
uint32_t vgpio_doorbells_take(void)
{
    uint32_t bits = VGPIO_EXCHANGE(&ringing, 0);
    VGPIO_EXCHANGE(&is_posted, 0);
    return bits | VGPIO_EXCHANGE(&ringing, 0);
}

/*@ requires watched_bit < 32 && (watched == &ringing && owed ==> has(ringing));
    assigns ringing, is_posted, owed;
    ensures watched == &ringing && owed ==> has(ringing) || has(\result);
*/
uint32_t vgpio_wait(int32_t milliseconds)
{
    /*@ loop invariant watched == &ringing && owed ==> has(ringing);
        loop assigns ringing, is_posted, owed;
    */
    for (;;) {
        // The port is always asked, so that doorbells which only it can see are not left aside while others ring.
        uint32_t bits = vgpio_doorbells_take();
        uint32_t seen = 0;
        bool is_in_time = vgpio_port_sleep(bits != 0 ? 0 : milliseconds < 0 ? -1 : milliseconds, &seen);
        bits |= seen | vgpio_doorbells_take();
        if (bits != 0 || !is_in_time) {
            return bits;
        }
    }
}

void vgpio_notify(int32_t notify_id)
{
    if (notify_id >= 0 && notify_id < VGPIO_DOORBELLS) {
        VGPIO_DOORBELL_FENCE();
        vgpio_port_notify((uint32_t)notify_id);
    }
}
