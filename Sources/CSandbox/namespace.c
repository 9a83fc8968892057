#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/// Runs between fork and exec, so it keeps to system calls and buffers on the stack.

struct attributes {
    uint64_t set, clear, propagation, descriptor;
};

static int write_text(const char *path, const char *text) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return -errno;
    ssize_t length = (ssize_t)strlen(text);
    int result = write(descriptor, text, (size_t)length) == length ? 0 : -errno;
    close(descriptor);
    return result;
}

/// Digits of a number, in front of `end`; returns where they start.
static char *digits(uint64_t number, char *end) {
    *--end = 0;
    do
        *--end = (char)('0' + number % 10);
    while (number /= 10);
    return end;
}

static int map_identity(const char *path, unsigned identity) {
    char buffer[24], line[64];
    const char *text = digits(identity, buffer + sizeof buffer);
    strcpy(line, text);
    strcat(line, " ");
    strcat(line, text);
    strcat(line, " 1");
    return write_text(path, line);
}

static int join(char *result, const char *first, const char *second) {
    if (strlen(first) + strlen(second) >= 4096)
        return -ENAMETOOLONG;
    strcpy(result, first);
    strcat(result, second);
    return 0;
}

/// Makes the folders above a path.
static void make_parents(const char *path) {
    char part[4096];
    for (size_t index = 1; path[index]; index++)
        if (path[index] == '/') {
            memcpy(part, path, index);
            part[index] = 0;
            mkdir(part, 0755);
        }
}

static int bind(const char *source, const char *target, int read_only) {
    struct stat status;
    if (stat(source, &status) < 0)
        return -errno;
    make_parents(target);
    if (S_ISDIR(status.st_mode)) {
        mkdir(target, 0755);
    } else {
        int descriptor = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (descriptor >= 0)
            close(descriptor);
    }
    if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
        return -errno;
    // 0x1 read-only, 0x2 no set-user-id; with everything mounted below.
    struct attributes attributes = {.set = read_only ? 0x3 : 0x2};
    return syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &attributes, sizeof attributes) < 0 ? -errno : 0;
}

static int make_devices(const char *target) {
    static const char *const names[] = {"null", "zero", "full", "random", "urandom", "tty"};
    mkdir(target, 0755);
    if (mount("tmpfs", target, "tmpfs", MS_NOSUID, "mode=755,size=64k") < 0)
        return -errno;
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        char from[64] = "/oldroot/dev/", to[4096];
        strcat(from, names[index]);
        int result = strlen(target) < 4000 ? join(to, target, "/") : -ENAMETOOLONG;
        if (result == 0) {
            strcat(to, names[index]);
            result = bind(from, to, 0);
        }
        if (result < 0 && result != -ENOENT)
            return result;
    }
    char link[4096];
    if (join(link, target, "/fd") == 0)
        (void)!symlink("/proc/self/fd", link);
    return 0;
}

static int apply(const struct csandbox_mount *mounted) {
    char target[4096], source[4096];
    int result = join(target, "/newroot", mounted->target);
    if (result < 0)
        return result;
    switch (mounted->kind) {
    case csandbox_read_only:
    case csandbox_read_only_if_there:
        result = join(source, "/oldroot", mounted->source);
        if (result == 0)
            result = bind(source, target, 1);
        return result == -ENOENT && mounted->kind == csandbox_read_only_if_there ? 0 : result;
    case csandbox_temporary: {
        char buffer[24], options[64] = "mode=1777,size=";
        strcat(options, digits(mounted->bytes ? mounted->bytes : 1 << 20, buffer + sizeof buffer));
        make_parents(target);
        mkdir(target, 0755);
        return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0 ? -errno : 0;
    }
    case csandbox_link:
        make_parents(target);
        return symlink(mounted->source, target) < 0 ? -errno : 0;
    case csandbox_folder:
        make_parents(target);
        return mkdir(target, 0755) < 0 && errno != EEXIST ? -errno : 0;
    case csandbox_devices:
        return make_devices(target);
    case csandbox_processes:
        return bind("/oldroot/proc", target, 0);
    }
    return -EINVAL;
}

static int drop_capabilities(void) {
    for (int capability = 0; capability < 64; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EINVAL)
            return -errno;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    if (syscall(SYS_capset, &header, none) < 0)
        return -errno;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int csandbox_enter(const struct csandbox_mount *mounts, size_t count) {
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC) < 0)
        return -errno;
    write_text("/proc/self/setgroups", "deny");
    int result = map_identity("/proc/self/uid_map", user);
    if (result == 0)
        result = map_identity("/proc/self/gid_map", group);
    if (result < 0)
        return result;

    // A root of nothing, with the old one and the new one beside each other while the new one is filled.
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0
        || mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0 || chdir("/tmp") < 0
        || mkdir("oldroot", 0755) < 0 || mkdir("newroot", 0755) < 0
        || mount("newroot", "newroot", NULL, MS_BIND | MS_REC, NULL) < 0
        || syscall(SYS_pivot_root, ".", "oldroot") < 0 || chdir("/") < 0)
        return -errno;
    for (size_t index = 0; index < count; index++) {
        result = apply(&mounts[index]);
        if (result < 0)
            return result;
    }
    if (umount2("/oldroot", MNT_DETACH) < 0 || chdir("/newroot") < 0 || syscall(SYS_pivot_root, ".", ".") < 0
        || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
        return -errno;
    struct attributes read_only = {.set = 0x1};
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &read_only, sizeof read_only) < 0)
        return -errno;
    return drop_capabilities();
}
