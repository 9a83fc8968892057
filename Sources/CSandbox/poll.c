#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int csandbox_poll_create(void) {
    int poll = epoll_create1(EPOLL_CLOEXEC);
    return poll < 0 ? -errno : poll;
}

static int control(int poll, int operation, int descriptor, uint64_t token, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(poll, operation, descriptor, &event) < 0 ? -errno : 0;
}

int csandbox_poll_add(int poll, int descriptor, uint64_t token, int once) {
    return control(poll, EPOLL_CTL_ADD, descriptor, token, EPOLLIN | (once ? EPOLLONESHOT : 0));
}

int csandbox_poll_again(int poll, int descriptor, uint64_t token) {
    return control(poll, EPOLL_CTL_MOD, descriptor, token, EPOLLIN | EPOLLONESHOT);
}

int csandbox_poll_wait(int poll, uint64_t *tokens, int capacity) {
    struct epoll_event events[64];
    int count;
    do
        count = epoll_wait(poll, events, capacity < 64 ? capacity : 64, -1);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return -errno;
    for (int index = 0; index < count; index++)
        tokens[index] = events[index].data.u64;
    return count;
}

int csandbox_wake_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int csandbox_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    // Only our end: a function expects its standard output to block.
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}
