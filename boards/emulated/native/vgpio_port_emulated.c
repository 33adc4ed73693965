// vgpio_port_emulated: the port of the emulated board, for a nanoCLR that runs on Linux: it becomes the board's co-processor as the
// firmware process does.
//
// Spec:    hal/native/port/vgpio_port.h; boards/emulated/Machine: CoreLink.cs has the message.
// Trusts:  the board.
// Thread:  as vgpio_port.h says; "interrupts" come from a thread of this file.
// Memory:  static, and the board's files, mapped.
//
// The folder with the board's sockets is in the environment variable VGPIO_BOARD. When the resource table is there, "ready"
// is written to standard output in a line of its own. The process ends with its board.

#define _GNU_SOURCE

#include "vgpio_port.h"
#include "vgpio_pins_emulated.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { DOORBELLS = 4, FILES = 5 + 2 * DOORBELLS };
enum { SRAM, DDR, PIN_PAGE, PINS_WRITTEN, EDGES_LATCHED, FROM_LINUX, TO_LINUX = FROM_LINUX + DOORBELLS };

static const uint32_t link_magic = 0x434F5347;
static const uint32_t link_version = 4;

// EmulatedBoard.PoolLocalAddress
static const uint32_t pool_address = 0x60000000;

// Words of the SRAM's header.
enum { HEADER_TABLE_OFFSET = 3, HEADER_SRAM_ADDRESS = 9 };

static int board = -1;
static int files[FILES];
static int woken = -1;
static uint32_t pin_count;
static uint32_t pool_offset, pool_length;

// Held by whoever handles an interrupt.
static pthread_mutex_t handling = PTHREAD_MUTEX_INITIALIZER;
static bool is_masked;

static struct vgpio_range ranges[2];

static bool fail(const char *what)
{
    fprintf(stderr, "vgpio_port_emulated: %s\n", what);
    return false;
}

static void ring(int file)
{
    uint64_t one = 1;
    ssize_t written = write(file, &one, sizeof one);
    (void)written;
}

static bool take(int file)
{
    uint64_t count;
    return read(file, &count, sizeof count) == (ssize_t)sizeof count;
}

static void *map(int file, uint32_t offset, uint32_t length)
{
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)offset);
    return memory == MAP_FAILED ? NULL : memory;
}

static void *map_all(int file, uint32_t *length)
{
    struct stat status;
    if (fstat(file, &status) != 0 || (uint64_t)status.st_size > UINT32_MAX) {
        return NULL;
    }

    *length = (uint32_t)status.st_size;
    return map(file, 0, *length);
}

static bool receive_files(void)
{
    uint32_t words[6];
    struct iovec vector = {words, sizeof words};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof files)];
    } control;
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(board, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof words) {
        return false;
    }

    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (words[0] != link_magic || words[1] != link_version || words[2] > VGPIO_EMULATED_MOST_PINS || words[3] != DOORBELLS ||
        header == NULL || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof files)) {
        return false;
    }

    memcpy(files, CMSG_DATA(header), sizeof files);
    pin_count = words[2];
    pool_offset = words[4];
    pool_length = words[5];
    return true;
}

static bool connect_to_board(void)
{
    const char *folder = getenv("VGPIO_BOARD");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (folder == NULL ||
        snprintf(address.sun_path, sizeof address.sun_path, "%s/core.sock", folder) >= (int)sizeof address.sun_path) {
        return fail("VGPIO_BOARD must name the folder of the board's sockets");
    }

    board = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (board < 0 || connect(board, (struct sockaddr *)&address, sizeof address) != 0) {
        return fail("no board in the folder that VGPIO_BOARD names");
    }

    return receive_files() || fail("not a board of this version");
}

static void *serve_interrupts(void *argument)
{
    struct pollfd sources[2 + DOORBELLS] = {{files[EDGES_LATCHED], POLLIN, 0}, {board, POLLIN, 0}};
    nfds_t count = 2;
    (void)argument;
#if VGPIO_COOPERATIVE_WAIT
    for (; count < 2 + DOORBELLS; count++) {
        sources[count] = (struct pollfd){files[FROM_LINUX + count - 2], POLLIN, 0};
    }
#endif
    for (;;) {
        if (poll(sources, count, -1) < 0) {
            continue;
        }

        // A co-processor without its board is nothing: power is gone.
        if (sources[1].revents != 0) {
            _exit(0);
        }

        pthread_mutex_lock(&handling);
        for (nfds_t i = 2; i < count; i++) {
            if ((sources[i].revents & POLLIN) != 0 && take(sources[i].fd) && !is_masked) {
                vgpio_ring(UINT32_C(1) << (i - 2));
            }
        }

        if ((sources[0].revents & POLLIN) != 0 && take(files[EDGES_LATCHED]) && !is_masked) {
            vgpio_pins_emulated_handle_interrupt();
        }

        pthread_mutex_unlock(&handling);
    }

    return NULL;
}

// Its version is written last: Linux can find the table.
static void *announce_table(void *sram)
{
    static const char ready[] = "\nready\n";
    const uint32_t *header = sram;
    volatile uint8_t *version = (volatile uint8_t *)sram + header[HEADER_TABLE_OFFSET];
    while (*version == 0) {
        usleep(1000);
    }

    ssize_t written = write(STDOUT_FILENO, ready, sizeof ready - 1);
    (void)written;
    return NULL;
}

static void mask_interrupts(bool on)
{
    pthread_mutex_lock(&handling);
    is_masked = on;
    pthread_mutex_unlock(&handling);
}

bool vgpio_port_start(const struct vgpio_range **found, uint32_t *count)
{
    pthread_t thread;
    uint32_t page_length;

    *found = ranges;
    *count = 2;
    if (board >= 0) {
        mask_interrupts(false);
        return true;
    }

    if (!connect_to_board()) {
        return false;
    }

    ranges[0].memory = map_all(files[SRAM], &ranges[0].length);
    ranges[1].memory = map(files[DDR], pool_offset, pool_length);
    ranges[1].length = pool_length;
    volatile uint8_t *page = map_all(files[PIN_PAGE], &page_length);
    woken = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (ranges[0].memory == NULL || ranges[1].memory == NULL || page == NULL || woken < 0) {
        return fail("the board's memory cannot be mapped");
    }

    void *sram = (void *)(uintptr_t)ranges[0].memory;
    ranges[0].address = ((const uint32_t *)sram)[HEADER_SRAM_ADDRESS];
    ranges[1].address = pool_address;

    vgpio_pins_emulated_open(page, pin_count, files[PINS_WRITTEN]);

    // Ctrl-C reaches the whole foreground group; the firmware ends when its board does.
    signal(SIGINT, SIG_IGN);
    return (pthread_create(&thread, NULL, serve_interrupts, NULL) == 0 &&
            pthread_create(&thread, NULL, announce_table, sram) == 0) ||
           fail("no thread for the interrupts");
}

// The board stays connected. A doorbell of Linux's that rings now is dropped, or taken by the next sleep, where that waits for them.
void vgpio_port_stop(void)
{
    mask_interrupts(true);
}

bool vgpio_port_sleep(int32_t milliseconds, uint32_t *doorbells)
{
    *doorbells = 0;
#if VGPIO_COOPERATIVE_WAIT
    return milliseconds != 0;
#else
    // Linux's doorbells are waited for where they arrive, with no interrupt between.
    struct pollfd sources[DOORBELLS + 1];
    for (int i = 0; i < DOORBELLS; i++) {
        sources[i] = (struct pollfd){files[FROM_LINUX + i], POLLIN, 0};
    }

    sources[DOORBELLS] = (struct pollfd){woken, POLLIN, 0};
    int ready = poll(sources, DOORBELLS + 1, milliseconds);
    for (int i = 0; ready > 0 && i < DOORBELLS; i++) {
        if ((sources[i].revents & POLLIN) != 0 && take(files[FROM_LINUX + i])) {
            *doorbells |= UINT32_C(1) << i;
        }
    }

    if (ready > 0 && (sources[DOORBELLS].revents & POLLIN) != 0) {
        take(woken);
    }

    return ready > 0 || (ready < 0 && errno == EINTR);
#endif
}

#if !VGPIO_COOPERATIVE_WAIT
void vgpio_port_wake(void)
{
    ring(woken);
}
#endif

void vgpio_port_notify(uint32_t notify_id)
{
    if (notify_id < DOORBELLS) {
        ring(files[TO_LINUX + notify_id]);
    }
}
