// edges: makes edges on the emulated board, and says how long each took to Linux's user space and back to a pin.
//
// Spec:    boards/emulated/Machine/PinPage.cs, boards/emulated/Board/ControlServer.cs; tests/Bench/linux/gpio_bench.c is the other half.
// Trusts:  the board, and the program in the guest.
// Thread:  one.
// Memory:  the board's, mapped.
//
//   edges FOLDER BOARD answer TIMES SEEN ANSWERED PROCESSOR    BOARD: the board's process
//   edges FOLDER BOARD storm MILLISECONDS                      as many edges as the board makes; prints how many, and the nanoseconds
//
// SEEN and ANSWERED are files for nanoseconds, 32 bits each: from the level at the pin until the program in the guest had read the
// edge, and until it had answered at another pin. PROCESSOR is the guest's: it waits for the edge, while the board may need the other.
// An edge at which this program was not looking all the same is left out. The marks of the guest have the guest's clock. That is the host's with an offset: the least difference that was seen between the two for as long as the
// guest wrote its clock into memory.

#define _GNU_SOURCE

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
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

enum { PIN = 16, RECORD = 8, WATCHED = 2, LEVEL = 6, MARKS = 0x8000, SRAM_SIZE = 0x10000, PAGE_SIZE = 4096 }; // the pin of line 2
enum { PATIENCE_S = 20, LATE_NS = 5000 };

struct marks {
    volatile uint64_t clock, count, seen, answered;
};

static int board;
static volatile uint8_t *level;
static struct marks *marks;

static void fail(const char *what)
{
    fprintf(stderr, "edges: %s\n", what);
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void *map_of_board(const char *process, const char *name, size_t length)
{
    char folder[64], path[400], target[64] = "";
    snprintf(folder, sizeof folder, "/proc/%s/fd", process);
    DIR *files = opendir(folder);
    for (struct dirent *file; files != NULL && (file = readdir(files)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
        ssize_t count = readlink(path, target, sizeof target - 1);
        target[count < 0 ? 0 : count] = 0;
        if (strncmp(target, name, strlen(name)) == 0) {
            void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, open(path, O_RDWR), 0);
            closedir(files);
            return memory == MAP_FAILED ? NULL : memory;
        }
    }
    return NULL;
}

static void make_edge(bool high)
{
    char answer[64];
    const char *command = high ? "set imu-int1 high\n" : "set imu-int1 low\n";
    if (send(board, command, strlen(command), 0) < 0 || recv(board, answer, sizeof answer, 0) <= 0 || answer[0] != 'o') {
        fail("the board does not make an edge");
    }
}

// The moment at which the level is at the pin; 0 if the program was not looking then.
static int64_t time_edge(bool high)
{
    char answer[64];
    const char *command = high ? "set imu-int1 high\n" : "set imu-int1 low\n";
    int64_t before, at = now();
    if (send(board, command, strlen(command), 0) < 0) {
        fail("the board does not make an edge");
    }
    do {
        before = at;
        at = now();
    } while ((*level != 0) != high);
    int64_t seen = now();
    if (recv(board, answer, sizeof answer, 0) <= 0) {
        fail("the board does not make an edge");
    }
    return seen - before < LATE_NS ? at : 0;
}

static void await_count(uint64_t count)
{
    for (time_t end = time(NULL) + PATIENCE_S; marks->count < count; usleep(20)) {
        if (time(NULL) > end) {
            fail("an edge was not answered");
        }
    }
}

static int64_t compare_clocks(void)
{
    int64_t offset = INT64_MAX;
    uint64_t clock = 0;
    for (time_t end = time(NULL) + PATIENCE_S; (clock = marks->clock) != UINT64_MAX;) {
        int64_t difference = now() - (int64_t)clock;
        offset = clock != 0 && difference < offset ? difference : offset;
        if (time(NULL) > end) {
            fail("the program in the guest does not begin");
        }
    }
    return offset;
}

static void write_sample(FILE *file, int64_t nanoseconds)
{
    uint32_t sample = nanoseconds < 0 ? 0 : (uint32_t)nanoseconds;
    fwrite(&sample, sizeof sample, 1, file);
}

static void move_to(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) {
        fail("there is no such processor");
    }
}

static int time_answers(uint32_t times, const char *seen_path, const char *answered_path, int processor)
{
    FILE *seen = fopen(seen_path, "wb"), *answered = fopen(answered_path, "wb");
    if (seen == NULL || answered == NULL) {
        fail("no file for the samples");
    }

    make_edge(false);
    marks->count = 0;
    marks->clock = 0;
    printf("ready\n");
    fflush(stdout);
    int64_t offset = compare_clocks();
    move_to(processor);
    for (uint32_t i = 0; i < times; i++) {
        int64_t at = time_edge(i % 2 == 0);
        await_count(i + 1);
        if (at != 0) {
            write_sample(seen, (int64_t)marks->seen + offset - at);
            write_sample(answered, (int64_t)marks->answered + offset - at);
        }
    }
    return fclose(seen) | fclose(answered);
}

static int storm(uint32_t milliseconds)
{
    uint64_t edges = 0;
    for (time_t end = time(NULL) + PATIENCE_S; level[WATCHED - LEVEL] == 0; usleep(100)) {
        if (time(NULL) > end) {
            fail("the program in the guest does not begin");
        }
    }

    int64_t began = now();
    while (now() - began < (int64_t)milliseconds * 1000000) {
        make_edge(edges++ % 2 == 0);
    }
    printf("%llu %lld\n", (unsigned long long)edges, (long long)(now() - began));
    return 0;
}

int main(int count, char **arguments)
{
    if (count < 5 || (strcmp(arguments[3], "answer") == 0 && count < 8)) {
        fprintf(stderr, "usage: edges FOLDER BOARD answer TIMES SEEN ANSWERED PROCESSOR | edges FOLDER BOARD storm MILLISECONDS\n");
        return 2;
    }

    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/board.sock", arguments[1]);
    board = socket(AF_UNIX, SOCK_STREAM, 0);
    uint8_t *pins = map_of_board(arguments[2], "/memfd:pins", PAGE_SIZE);
    uint8_t *sram = map_of_board(arguments[2], "/memfd:sram", SRAM_SIZE);
    if (connect(board, (struct sockaddr *)&address, sizeof address) != 0 || pins == NULL || sram == NULL) {
        fail("there is no board");
    }

    level = pins + RECORD * PIN + LEVEL;
    marks = (struct marks *)(sram + MARKS);
    return strcmp(arguments[3], "answer") == 0 ? time_answers((uint32_t)atoi(arguments[4]), arguments[5], arguments[6], atoi(arguments[7]))
                                              : storm((uint32_t)atoi(arguments[4]));
}
