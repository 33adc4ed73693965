// stress_tests: interrupts as threads: no wake-up is lost, and no edge.
//
// Spec:    port/vgpio_port.h: vgpio_ring and vgpio_pin_changed come from any context.
// Trusts:  -
// Thread:  one takes, several ring.
// Memory:  static.

#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "fake_port.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

// A multiple of 120: three kinds of edges in 40 slots.
enum { RINGERS = 3, ROUNDS = VGPIO_STRESS_ROUNDS };

static uint32_t said[RINGERS];
static uint32_t heard[RINGERS];

static void *ring_and_wait(void *argument)
{
    uint32_t who = (uint32_t)(uintptr_t)argument;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        __atomic_store_n(&said[who], round, __ATOMIC_RELAXED);
        vgpio_ring(UINT32_C(1) << who);
        while (__atomic_load_n(&heard[who], __ATOMIC_ACQUIRE) != round) {
            sched_yield();
        }
    }

    return NULL;
}

static void *ring_without_waiting(void *argument)
{
    uint32_t who = (uint32_t)(uintptr_t)argument;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        __atomic_store_n(&said[who], round, __ATOMIC_RELAXED);
        vgpio_ring(UINT32_C(1) << who);
    }

    return NULL;
}

static void listen(void)
{
    uint32_t done = 0;
    while (done != (1 << RINGERS) - 1) {
        uint32_t bits = vgpio_wait(-1);
        CHECK(bits != 0 && bits >> RINGERS == 0);
        for (uint32_t who = 0; who < RINGERS; who++) {
            if ((bits >> who & 1) != 0) {
                uint32_t round = __atomic_load_n(&said[who], __ATOMIC_RELAXED);
                __atomic_store_n(&heard[who], round, __ATOMIC_RELEASE);
                done |= round == ROUNDS ? UINT32_C(1) << who : 0;
            }
        }
    }
}

static void with_threads(void *(*run)(void *), void (*take)(void))
{
    pthread_t threads[RINGERS];
    fake_reset();
    alarm(120); // a wake-up that is lost never comes: the last word is SIGALRM's
    for (uintptr_t who = 0; who < RINGERS; who++) {
        CHECK(pthread_create(&threads[who], NULL, run, (void *)who) == 0);
    }

    take();
    for (int who = 0; who < RINGERS; who++) {
        pthread_join(threads[who], NULL);
    }
}

TEST(Ring_EachOfThreeWaitsForItsAnswer_NoWakeupIsLost)
{
    with_threads(ring_and_wait, listen);
}

TEST(Ring_ThreeAtOnce_TheLastWordIsAlwaysHeard)
{
    with_threads(ring_without_waiting, listen);
    CHECK(fake_wakes <= RINGERS * ROUNDS);
}

enum { SLOTS_OF_ONE = 40 };

static uint32_t edges_taken[VGPIO_SLOTS][4];

// Each edge waits until the one before it in its slot was taken: so every single one has to come out.
static void *latch(void *argument)
{
    uint32_t who = (uint32_t)(uintptr_t)argument;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t slot = who * SLOTS_OF_ONE + round % SLOTS_OF_ONE;
        uint32_t edges = round / SLOTS_OF_ONE % 3 + 1;
        uint32_t before = __atomic_load_n(&edges_taken[slot][0], __ATOMIC_ACQUIRE);
        vgpio_pin_changed(slot, edges);
        if (edges == 3) {
            vgpio_pin_changed(slot, VGPIO_ROSE);
        }

        while (__atomic_load_n(&edges_taken[slot][0], __ATOMIC_ACQUIRE) == before) {
            sched_yield();
        }
    }

    __atomic_fetch_add(&heard[0], 1, __ATOMIC_SEQ_CST);
    vgpio_ring(1);
    return NULL;
}

static void take_edges(void)
{
    uint32_t bits;
    do {
        int32_t found;
        bits = vgpio_wait(-1);
        while ((found = vgpio_edges_take()) >= 0) {
            CHECK((found & 3) != 0 && found >> 2 < RINGERS * SLOTS_OF_ONE);
            edges_taken[found >> 2][1] += found & 1;
            edges_taken[found >> 2][2] += found >> 1 & 1;
            __atomic_fetch_add(&edges_taken[found >> 2][0], 1, __ATOMIC_RELEASE);
        }
    } while ((bits & 1) == 0 || __atomic_load_n(&heard[0], __ATOMIC_SEQ_CST) < RINGERS);
}

TEST(Latch_ThreeInterruptsAtOnce_NoEdgeIsLost)
{
    with_threads(latch, take_edges);
    for (uint32_t slot = 0; slot < RINGERS * SLOTS_OF_ONE; slot++) {
        CHECK(edges_taken[slot][VGPIO_ROSE] >= ROUNDS / SLOTS_OF_ONE / 3 * 2);
        CHECK_EQUAL(ROUNDS / SLOTS_OF_ONE / 3 * 2, edges_taken[slot][VGPIO_FELL]);
    }
}
