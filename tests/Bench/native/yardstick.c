// yardstick: the least that a virtio-gpio device takes in C, on the port of the emulated board, in the firmware process's place.
//
// Spec:    VIRTIO "GPIO Device", "Split Virtqueues"; what Linux 6.12's gpio-virtio uses of them.
// Trusts:  Linux, and whoever starts it: nothing is checked. It is a floor for measurements, not a device.
// Thread:  one serves; the port's thread latches edges.
// Memory:  static.
//
//   yardstick TABLE block|spin PIN...    TABLE: the bytes of the resource table; PIN: the pin of each line
//
// "block" sleeps when there is nothing to do, "spin" polls the rings without end.

#include "vgpio_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_SIZE = 96, STATUS = 44, RINGS = 48, RING_ENTRY = 20, DRIVER_OK = 4, FIRST_NUMBER = 0x1000 };
enum { SET_DIRECTION = 3, GET_VALUE = 4, SET_VALUE = 5, SET_IRQ_TYPE = 6, GET_LINE_NAMES = 1 };
enum { SRAM, POOL, MOST_LINES = 256, NONE = -1, TICK_MS = 1000 };

static const uint32_t sram_address = 0x20000000, pool_address = 0x47C00000; // boards/emulated/Flash/EmulatedBoard.cs

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct used_element {
    uint32_t head, length;
};

struct ring {
    struct descriptor *descriptors;
    volatile uint16_t *available; // flags, index, entries
    volatile uint16_t *used;      // flags, index
    struct used_element *elements;
    uint32_t size, notify_id;
    uint16_t taken, done;
};

struct line {
    uint32_t pin, direction, trigger, latched;
    int32_t parked;
};

static volatile uint8_t *memory[2];
static volatile uint8_t *table;
static struct ring requestq, eventq;
static struct line lines[MOST_LINES];
static uint32_t line_count;

static void *at(uint64_t address)
{
    uint32_t local = (uint32_t)address;
    return (void *)(local - pool_address < 0x10000000 ? memory[POOL] + (local - pool_address) : memory[SRAM] + (local - sram_address));
}

void vgpio_pin_changed(uint32_t slot, uint32_t edges)
{
    VGPIO_FETCH_OR(&lines[slot].latched, edges);
    vgpio_port_wake();
}

void vgpio_ring(uint32_t bits)
{
    (void)bits;
}

static void open_ring(struct ring *ring, uint32_t number)
{
    const volatile uint32_t *entry = (const volatile uint32_t *)(table + RINGS + RING_ENTRY * number);
    uint32_t size = entry[2], align = entry[1];
    uint8_t *start = at(entry[0]);
    uint8_t *used = start + ((18 * size + 6 + align - 1) & ~(align - 1));
    *ring = (struct ring){.descriptors = (struct descriptor *)start, .available = (uint16_t *)(start + 16 * size),
        .used = (uint16_t *)used, .elements = (struct used_element *)(used + 4), .size = size, .notify_id = entry[3]};
}

static int32_t take(struct ring *ring)
{
    if (VGPIO_LOAD(&ring->available[1]) == ring->taken) {
        return NONE;
    }

    return ring->available[2 + (ring->taken++ & (ring->size - 1))];
}

static void give(struct ring *ring, uint32_t head, uint32_t length)
{
    ring->elements[ring->done++ & (ring->size - 1)] = (struct used_element){head, length};
    __atomic_store_n(&ring->used[1], ring->done, __ATOMIC_RELEASE);
}

static void notify(struct ring *ring, uint16_t done_before)
{
    VGPIO_FULL_FENCE();
    if (ring->done != done_before && (ring->available[0] & 1) == 0) {
        vgpio_port_notify(ring->notify_id);
    }
}

static void answer_event(struct line *line, uint8_t status)
{
    struct descriptor *reply = &eventq.descriptors[eventq.descriptors[line->parked].next];
    *(uint8_t *)at(reply->address) = status;
    give(&eventq, (uint32_t)line->parked, 1);
    line->parked = NONE;
}

static void serve_events(void)
{
    uint16_t before = eventq.done;
    for (int32_t head; (head = take(&eventq)) != NONE;) {
        struct line *line = &lines[*(uint16_t *)at(eventq.descriptors[head].address)];
        line->parked = head;
        if (line->trigger == 0) {
            answer_event(line, 0);
        }
    }

    for (uint32_t i = 0; i < line_count; i++) {
        if (lines[i].parked != NONE && VGPIO_LOAD(&lines[i].latched) != 0) {
            uint32_t edges = VGPIO_EXCHANGE(&lines[i].latched, 0);
            vgpio_port_pin_rearm(lines[i].pin);
            if ((edges & lines[i].trigger) != 0) {
                answer_event(&lines[i], 1);
            }
        }
    }

    notify(&eventq, before);
}

static void set_trigger(uint32_t number, uint32_t trigger)
{
    struct line *line = &lines[number];
    serve_events();
    vgpio_port_pin_watch(line->pin, 0, number, trigger & (VGPIO_ROSE | VGPIO_FELL));
    line->trigger = trigger;
    line->latched = 0;
    if (trigger == 0 && line->parked != NONE) {
        uint16_t before = eventq.done;
        answer_event(line, 0);
        notify(&eventq, before);
    }
}

static uint8_t answer(uint32_t type, uint32_t number, uint32_t value)
{
    struct line *line = &lines[number];
    switch (type) {
    case SET_DIRECTION:
        line->direction = value;
        if (value == 1) {
            vgpio_port_pin_output(line->pin, 3, false);
        } else {
            vgpio_port_pin_input(line->pin, 0);
        }
        return 0;
    case GET_VALUE:
        return (uint8_t)vgpio_port_pin_read(line->pin);
    case SET_VALUE:
        vgpio_port_pin_write(line->pin, value != 0);
        return 0;
    case SET_IRQ_TYPE:
        set_trigger(number, value);
        return 0;
    default:
        return (uint8_t)line->direction;
    }
}

static void serve_requests(void)
{
    uint16_t before = requestq.done;
    for (int32_t head; (head = take(&requestq)) != NONE;) {
        struct descriptor *request = &requestq.descriptors[head], *reply = &requestq.descriptors[request->next];
        uint16_t *message = at(request->address);
        uint8_t *into = at(reply->address);
        if (message[0] == GET_LINE_NAMES) {
            memset(into, 0, reply->length);
        } else {
            into[1] = answer(message[0], message[1], *(uint32_t *)(message + 2));
            into[0] = 0;
        }

        give(&requestq, (uint32_t)head, reply->length);
    }

    notify(&requestq, before);
}

static void start(const char *file, char **pins, uint32_t count)
{
    static uint8_t bytes[TABLE_SIZE];
    const struct vgpio_range *ranges;
    uint32_t ranges_count;
    FILE *from = fopen(file, "rb");
    if (from == NULL || fread(bytes, TABLE_SIZE, 1, from) != 1 || !vgpio_port_start(&ranges, &ranges_count)) {
        exit(1);
    }

    memory[SRAM] = ranges[SRAM].memory;
    memory[POOL] = ranges[POOL].memory;
    line_count = count;
    for (uint32_t i = 0; i < count; i++) {
        lines[i] = (struct line){.pin = (uint32_t)atoi(pins[i]), .parked = NONE};
        vgpio_port_pin_open(lines[i].pin);
    }

    table = memory[SRAM] + FIRST_NUMBER;
    memcpy((void *)(table + 4), bytes + 4, TABLE_SIZE - 4);
    VGPIO_FULL_FENCE();
    *(volatile uint32_t *)table = *(uint32_t *)bytes;
}

int main(int count, char **arguments)
{
    bool is_bound = false, spins = count > 2 && strcmp(arguments[2], "spin") == 0;
    uint32_t doorbells;
    if (count < 4) {
        fprintf(stderr, "usage: yardstick TABLE block|spin PIN...\n");
        return 2;
    }

    start(arguments[1], arguments + 3, (uint32_t)count - 3);
    for (;;) {
        bool was_bound = is_bound;
        is_bound = (table[STATUS] & DRIVER_OK) != 0;
        if (is_bound && !was_bound) {
            open_ring(&requestq, 0);
            open_ring(&eventq, 1);
        }

        for (uint32_t i = 0; !is_bound && was_bound && i < line_count; i++) {
            lines[i].trigger = 0;
            lines[i].parked = NONE;
        }

        if (is_bound) {
            serve_requests();
            serve_events();
        }

        if (!spins) {
            vgpio_port_sleep(TICK_MS, &doorbells);
        }
    }
}
