// front: plays Linux on the sockets of the emulated board: GET_VALUE of a line, so many at a time, and how long each took.
//
// Spec:    VIRTIO "GPIO Device", "Split Virtqueues"; QEMU, docs/specs/ivshmem-spec.txt; boards/emulated/Board/IvshmemServer.cs.
// Trusts:  the board and the device.
// Thread:  one.
// Memory:  the board's, mapped; a word for each answer.
//
//   front FOLDER DDR spin|wait AT_A_TIME MILLISECONDS SAMPLES    DDR: the path that the board says when it is ready
//
// "spin" polls the used index and wants no notification, "wait" sleeps until its doorbell rings. Prints answers and nanoseconds;
// the file SAMPLES gets the nanoseconds of each answer, 32 bits each.

#define _GNU_SOURCE

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// boards/emulated/Flash/EmulatedBoard.cs, and where QEMU's machine has its RAM
enum { SRAM_SIZE = 0x10000, POOL_SIZE = 0x40000, LINUX_STATE = 0x3C, TABLE = 0x1000, FIRST_OFFSET = 16, REQUESTQ = 0x2000, EVENTQ = 0x3000, SIZE = 64, LINE = 2 };
static const uint32_t sram_address = 0x20000000, pool_address = 0x47C00000, ram_address = 0x40000000;

enum { STATUS = 24, FEATURES = 16, RINGS = 28, RING_ENTRY = 20, NOTIFY_ID = 12, SLOT = 64, FLAG_NEXT = 1, FLAG_WRITE = 2 };
enum { AVAILABLE = 16 * SIZE, USED = (18 * SIZE + 6 + 63) & ~63, SET_DIRECTION = 3, GET_VALUE = 4, IN = 2 };
enum { DOORBELLS = 4, MOST_SAMPLES = 1 << 24, STALLED_MS = 10000 };

static uint8_t *sram, *pool;
static int kicks[DOORBELLS], notifications[DOORBELLS];
static uint32_t *samples;
static uint64_t sent_at[SIZE / 2];
static uint16_t seen;

static void fail(const char *what)
{
    fprintf(stderr, "front: %s\n", what);
    exit(1);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int receive_file(int server, bool has_file)
{
    int64_t number;
    struct iovec vector = {&number, sizeof number};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int file = -1;
    if (recvmsg(server, &message, 0) != (ssize_t)sizeof number || (has_file && CMSG_FIRSTHDR(&message) == NULL)) {
        fail("the board's mailbox does not answer");
    }

    if (has_file) {
        memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
    }
    return file;
}

static void *map(int file, size_t length, off_t offset)
{
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, offset);
    if (memory == MAP_FAILED) {
        fail("the board's memory cannot be mapped");
    }
    return memory;
}

static void connect_to_board(const char *folder, const char *ddr)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int server = socket(AF_UNIX, SOCK_STREAM, 0), ram = open(ddr, O_RDWR);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/ivshmem.sock", folder);
    if (ram < 0 || connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        fail("there is no board");
    }

    receive_file(server, false);
    receive_file(server, false);
    sram = map(receive_file(server, true), SRAM_SIZE, 0);
    for (int i = 0; i < DOORBELLS; i++) {
        kicks[i] = receive_file(server, true);
    }
    receive_file(server, true);
    for (int i = 0; i < DOORBELLS; i++) {
        notifications[i] = receive_file(server, true);
    }
    pool = map(ram, POOL_SIZE, (off_t)(pool_address - ram_address));
}

static volatile uint16_t *half(uint32_t offset)
{
    return (volatile uint16_t *)(sram + offset);
}

static void put(uint32_t offset, uint32_t word)
{
    *(volatile uint32_t *)(sram + offset) = word;
}

static void kick(void)
{
    uint64_t one = 1;
    if (write(kicks[0], &one, sizeof one) != (ssize_t)sizeof one) {
        fail("a doorbell does not ring");
    }
}

static void describe(uint32_t descriptor, uint32_t length, uint16_t flags)
{
    uint8_t *place = sram + REQUESTQ + 16 * descriptor;
    *(uint64_t *)place = pool_address + SLOT * descriptor;
    *(uint32_t *)(place + 8) = length;
    *(uint16_t *)(place + 12) = flags;
    *(uint16_t *)(place + 14) = (uint16_t)(descriptor + 1);
}

static void bind_driver(bool spins)
{
    // The device is the first entry of the table, behind an offset for each.
    const uint32_t device = TABLE + *(const volatile uint32_t *)(sram + TABLE + FIRST_OFFSET);
    if (device > TABLE + 0x100) {
        fail("there is no resource table");
    }

    // The board says that Linux is down when the front of before has gone.
    put(LINUX_STATE, 0);
    sram[device + STATUS] = 0;
    kick();
    usleep(50000);
    memset(sram + REQUESTQ, 0, 0x1000);
    memset(sram + EVENTQ, 0, 0x1000);
    *half(REQUESTQ + AVAILABLE) = spins;
    put(device + RINGS, sram_address + REQUESTQ);
    put(device + RINGS + NOTIFY_ID, 0);
    put(device + RINGS + RING_ENTRY, sram_address + EVENTQ);
    put(device + RINGS + RING_ENTRY + NOTIFY_ID, 1);
    put(device + FEATURES, 1);
    for (uint32_t i = 0; i < SIZE; i += 2) {
        describe(i, 8, FLAG_NEXT);
        describe(i + 1, 2, FLAG_WRITE);
    }
    sram[device + STATUS] = 1;
    sram[device + STATUS] = 3;
    __atomic_store_n(&sram[device + STATUS], 7, __ATOMIC_SEQ_CST);
}

static void offer(uint32_t slot, uint16_t type, uint32_t value)
{
    volatile uint16_t *available = half(REQUESTQ + AVAILABLE);
    uint16_t *request = (uint16_t *)(pool + 2 * SLOT * slot);
    request[0] = type;
    request[1] = LINE;
    *(uint32_t *)(request + 2) = value;
    pool[2 * SLOT * slot + SLOT] = 0xEE;
    available[2 + (available[1] & (SIZE - 1))] = (uint16_t)(2 * slot);
    sent_at[slot] = now();
    __atomic_store_n(&available[1], (uint16_t)(available[1] + 1), __ATOMIC_SEQ_CST);
}

// Returns when the used index has moved.
static void await_answer(bool spins)
{
    uint64_t rung, began = now();
    struct pollfd doorbell = {notifications[0], POLLIN, 0};
    for (uint32_t turn = 0; __atomic_load_n(half(REQUESTQ + USED + 2), __ATOMIC_ACQUIRE) == seen; turn++) {
        if (!spins && poll(&doorbell, 1, STALLED_MS) > 0 && read(notifications[0], &rung, sizeof rung) < 0) {
            fail("a doorbell cannot be read");
        }
        if ((!spins || turn % 65536 == 65535) && now() - began > (uint64_t)STALLED_MS * 1000000) {
            fail("a request was not answered for ten seconds");
        }
    }
}

static uint32_t take_answer(uint32_t count)
{
    uint32_t slot = *(volatile uint32_t *)(sram + REQUESTQ + USED + 4 + 8 * (seen++ & (SIZE - 1))) / 2;
    if (pool[2 * SLOT * slot + SLOT] != 0) {
        fail("a request was answered ERR");
    }
    if (count < MOST_SAMPLES) {
        samples[count] = (uint32_t)(now() - sent_at[slot]);
    }
    return slot;
}

static void ask(bool spins, uint16_t type, uint32_t value)
{
    offer(0, type, value);
    kick();
    await_answer(spins);
    take_answer(0);
}

static uint32_t measure(bool spins, uint32_t at_a_time, uint64_t nanoseconds)
{
    uint32_t count = 0, in_flight = at_a_time;
    uint64_t end = now() + nanoseconds;
    for (uint32_t slot = 0; slot < at_a_time; slot++) {
        offer(slot, GET_VALUE, 0);
    }
    kick();
    while (in_flight != 0) {
        await_answer(spins);
        uint32_t offered = 0;
        while (*half(REQUESTQ + USED + 2) != seen) {
            uint32_t slot = take_answer(count++);
            if (now() < end) {
                offer(slot, GET_VALUE, 0);
                offered++;
            } else {
                in_flight--;
            }
        }
        if (offered != 0) {
            kick();
        }
    }
    return count;
}

int main(int count, char **arguments)
{
    if (count != 7) {
        fprintf(stderr, "usage: front FOLDER DDR spin|wait AT_A_TIME MILLISECONDS SAMPLES\n");
        return 2;
    }

    bool spins = strcmp(arguments[3], "spin") == 0;
    uint32_t at_a_time = (uint32_t)atoi(arguments[4]);
    samples = malloc(sizeof *samples * MOST_SAMPLES);
    FILE *file = fopen(arguments[6], "wb");
    if (file == NULL || samples == NULL || at_a_time == 0 || at_a_time > SIZE / 2) {
        fail("no file for the samples, or too many at a time");
    }

    connect_to_board(arguments[1], arguments[2]);
    bind_driver(spins);
    ask(spins, SET_DIRECTION, IN);
    uint64_t began = now();
    uint32_t answers = measure(spins, at_a_time, (uint64_t)atoi(arguments[5]) * 1000000);
    printf("%u %llu\n", answers, (unsigned long long)(now() - began));
    fwrite(samples, sizeof *samples, answers < MOST_SAMPLES ? answers : MOST_SAMPLES, file);
    return fclose(file);
}
