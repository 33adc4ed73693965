// SPDX-License-Identifier: GPL-2.0
// gpio_bench: how fast Linux's user space is on the lines of a GPIO character device (uAPI v2). For the guest of the emulated board.
//
//   gpio_bench get|set|eight CHIP TIMES     reads a line, drives a line, reads eight lines by one ioctl
//   gpio_bench tasks CHIP TIMES             four tasks at once, each reads a line of its own
//   gpio_bench answer CHIP TIMES SRAM       drives a line after each edge of another, as it is
//   gpio_bench storm CHIP SILENCE           counts the edges of a line until there is none for so many milliseconds
//
// Prints the number of operations, the nanoseconds that all took, and the hundred quantiles of the time of one. "answer" prints
// nothing: it leaves in SRAM, which tests/Bench/native/edges.c reads, when it has seen the edge and when the answer was at the pin.
//
// Built with the kernel's nolibc: no C library for the guest is needed.

#include <linux/gpio.h>

enum { LINE = 2, OUTPUT_LINE = 5, TASKS = 4, EIGHT = 8, MOST = 1 << 16, CALIBRATION_NS = 200000000 };

// In the spare part of the board's SRAM.
struct marks {
    volatile unsigned long clock; // runs for as long as the clocks are compared, then is all ones
    volatile unsigned long count;
    volatile unsigned long seen, answered;
};

enum { MARKS_OFFSET = 0x8000, SRAM_SIZE = 0x10000 };

static unsigned int samples[MOST];

static unsigned long now(void)
{
    unsigned long count, frequency;
    __asm volatile("isb; mrs %0, cntvct_el0; mrs %1, cntfrq_el0" : "=r"(count), "=r"(frequency)::"memory");
    return count / frequency * 1000000000 + count % frequency * 1000000000 / frequency;
}

static void fail(const char *what)
{
    printf("gpio_bench: %s: error %d\n", what, errno);
    exit(1);
}

static int open_lines(const char *chip, unsigned int first, unsigned int count, unsigned long flags)
{
    struct gpio_v2_line_request request;
    int file = open(chip, O_RDWR);
    memset(&request, 0, sizeof(request));
    for (unsigned int i = 0; i < count; i++)
        request.offsets[i] = first + i;
    memcpy(request.consumer, "bench", 6);
    request.num_lines = count;
    request.config.flags = flags;
    if (file < 0 || ioctl(file, GPIO_V2_GET_LINE_IOCTL, &request) != 0)
        fail("a line is not available");
    close(file);
    return request.fd;
}

static void get(int lines, unsigned int count)
{
    struct gpio_v2_line_values values = {.mask = (1ul << count) - 1};
    if (ioctl(lines, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) != 0)
        fail("get");
}

static void set(int line, unsigned int value)
{
    struct gpio_v2_line_values values = {.mask = 1, .bits = value};
    if (ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) != 0)
        fail("set");
}

static void sort(unsigned int count)
{
    for (unsigned int gap = count / 2; gap > 0; gap /= 2) {
        for (unsigned int i = gap; i < count; i++) {
            unsigned int value = samples[i], at = i;
            for (; at >= gap && samples[at - gap] > value; at -= gap)
                samples[at] = samples[at - gap];
            samples[at] = value;
        }
    }
}

static void report(unsigned int count, unsigned long nanoseconds)
{
    sort(count);
    printf("%u %lu", count, nanoseconds);
    for (unsigned int i = 0; i <= 100; i++)
        printf(" %u", samples[(unsigned long)(count - 1) * i / 100]);
    printf("\n");
}

static void repeat(const char *what, const char *chip, unsigned int times)
{
    unsigned int count = what[0] == 'e' ? EIGHT : 1;
    int is_set = what[0] == 's';
    int lines = open_lines(chip, is_set ? OUTPUT_LINE : LINE, count, is_set ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT);
    unsigned long began = now(), before = began;
    for (unsigned int i = 0; i < times; i++) {
        if (is_set)
            set(lines, i & 1);
        else
            get(lines, count);
        unsigned long after = now();
        samples[i] = (unsigned int)(after - before);
        before = after;
    }
    report(times, before - began);
}

static void run_tasks(const char *chip, unsigned int times)
{
    int lines[TASKS], go[2];
    unsigned long began;
    char one = 0;
    for (unsigned int i = 0; i < TASKS; i++)
        lines[i] = open_lines(chip, LINE + i, 1, GPIO_V2_LINE_FLAG_INPUT);
    if (pipe(go) != 0)
        fail("pipe");
    for (unsigned int i = 0; i < TASKS; i++) {
        if (fork() == 0) {
            if (read(go[0], &one, 1) != 1)
                fail("read");
            for (unsigned int n = 0; n < times; n++)
                get(lines[i], 1);
            exit(0);
        }
    }
    began = now();
    for (unsigned int i = 0; i < TASKS; i++)
        write(go[1], &one, 1);
    for (unsigned int i = 0; i < TASKS; i++) {
        int status;
        if (waitpid(-1, &status, 0) < 0 || status != 0)
            fail("a task");
    }
    printf("%u %lu\n", TASKS * times, now() - began);
}

static void answer(const char *chip, unsigned int times, const char *sram)
{
    int input = open_lines(chip, LINE, 1, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING);
    int output = open_lines(chip, OUTPUT_LINE, 1, GPIO_V2_LINE_FLAG_OUTPUT);
    void *memory = mmap(NULL, SRAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, open(sram, O_RDWR), 0);
    struct marks *marks = memory == MAP_FAILED ? NULL : (struct marks *)((char *)memory + MARKS_OFFSET);
    struct gpio_v2_line_event event;
    if (marks == NULL)
        fail("the SRAM cannot be mapped");
    marks->count = 0;
    for (unsigned long began = now(); now() - began < CALIBRATION_NS;)
        marks->clock = now();
    marks->clock = ~0ul;
    for (unsigned int i = 0; i < times; i++) {
        if (read(input, &event, sizeof(event)) != sizeof(event))
            fail("an edge");
        marks->seen = now();
        set(output, event.id == GPIO_V2_LINE_EVENT_RISING_EDGE);
        marks->answered = now();
        __asm volatile("dmb ish" ::: "memory");
        marks->count = i + 1;
    }
}

static void storm(const char *chip, int silence)
{
    int input = open_lines(chip, LINE, 1, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING);
    struct gpio_v2_line_event events[16];
    struct pollfd edges = {.fd = input, .events = POLLIN};
    unsigned long began = 0, ended = 0;
    unsigned int count = 0;
    while (poll(&edges, 1, count == 0 ? 10000 : silence) > 0) {
        long length = read(input, events, sizeof(events));
        if (length <= 0)
            fail("an edge");
        ended = now();
        began = count == 0 ? ended : began;
        count += (unsigned int)(length / (long)sizeof(events[0]));
    }
    printf("%u %lu\n", count, ended - began);
}

int main(int count, char **arguments)
{
    if (count < 4) {
        printf("gpio_bench: see the head of its source\n");
        return 2;
    }

    unsigned int times = (unsigned int)atoi(arguments[3]);
    if (times < 1 || times > MOST)
        fail("so many times");
    if (strcmp(arguments[1], "tasks") == 0)
        run_tasks(arguments[2], times);
    else if (strcmp(arguments[1], "answer") == 0)
        answer(arguments[2], times, arguments[4]);
    else if (strcmp(arguments[1], "storm") == 0)
        storm(arguments[2], (int)times);
    else
        repeat(arguments[1], arguments[2], times);
    return 0;
}
