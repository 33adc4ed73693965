// fake_semaphore: the binary semaphore of the fake port, between threads.
//
// Spec:    port/vgpio_port.h: vgpio_port_sleep and vgpio_port_wake.
// Trusts:  -
// Thread:  any; the sleep is a real one.
// Memory:  static.

#define _POSIX_C_SOURCE 200809L

#include "fake_port.h"

#include <pthread.h>
#include <time.h>

int fake_wakes;
int fake_wakes_dropped;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;
static bool is_given;

bool fake_semaphore_take(int32_t milliseconds)
{
    struct timespec end;
    bool is_in_time = milliseconds != 0;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += milliseconds / 1000;
    end.tv_nsec += milliseconds % 1000 * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&lock);
    while (!is_given && is_in_time) {
        is_in_time = (milliseconds < 0 ? pthread_cond_wait(&given, &lock) : pthread_cond_timedwait(&given, &lock, &end)) == 0;
    }

    bool is_taken = is_given;
    is_given = false;
    pthread_mutex_unlock(&lock);
    return is_taken;
}

void vgpio_port_wake(void)
{
    pthread_mutex_lock(&lock);
    fake_wakes++;
    fake_wakes_dropped += is_given;
    is_given = true;
    pthread_cond_signal(&given);
    pthread_mutex_unlock(&lock);
}
