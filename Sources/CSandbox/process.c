#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/// Everything from here to exec runs in a copy of a multi-threaded program: only async-signal-safe calls are allowed.
static void become(const struct csandbox_process *process, pid_t parent, int failure) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);

    // A session of its own: no controlling terminal to write to, and one group that can be killed whole.
    setsid();

    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, 0) < 0 || dup2(process->output_descriptor, 1) < 0
        || dup2(process->output_descriptor, 2) < 0)
        goto failed;
    if (syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) < 0) {
        // Before Linux 5.11.
        for (int descriptor = 3; descriptor < 4096; descriptor++)
            fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    if (process->open_files > 0) {
        struct rlimit limit = {process->open_files, process->open_files};
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (process->mount_count > 0) {
        int entered = csandbox_enter(process->mounts, process->mount_count);
        if (entered < 0) {
            errno = -entered;
            goto failed;
        }
    }
    if (process->working_directory && chdir(process->working_directory) < 0)
        goto failed;

    // Last, because changes of credentials clear it. If the parent is gone already, the signal will never come.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        goto failed;
    if (getppid() != parent)
        _exit(127);

    execve(process->executable, process->arguments, process->environment);

failed:;
    int reason = errno;
    ssize_t written = write(failure, &reason, sizeof reason);
    (void)written;
    _exit(127);
}

pid_t csandbox_start(const struct csandbox_process *process) {
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) < 0)
        return -errno;

    // No signal handler of ours may run in the child before it has reset them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(process, parent, failure[1]);
    int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(failure[1]);
    if (pid < 0) {
        close(failure[0]);
        return -fork_error;
    }

    // The descriptor closes at exec; until then an errno may come through.
    int reason = 0;
    ssize_t count;
    do
        count = read(failure[0], &reason, sizeof reason);
    while (count < 0 && errno == EINTR);
    close(failure[0]);
    if (count == (ssize_t)sizeof reason) {
        waitpid(pid, NULL, 0);
        return -reason;
    }
    return pid;
}

int csandbox_watch(pid_t pid) {
    long descriptor = syscall(SYS_pidfd_open, pid, 0);
    return descriptor < 0 ? -errno : (int)descriptor;
}

int csandbox_reap(pid_t pid, int64_t *peak_kilobytes) {
    int status = 0;
    struct rusage usage = {0};
    pid_t reaped;
    do
        reaped = wait4(pid, &status, 0, &usage);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0)
        return -errno;
    *peak_kilobytes = usage.ru_maxrss;
    return status;
}

int csandbox_limit_processes(pid_t pid, uint64_t count) {
    struct rlimit limit = {count, count};
    return prlimit(pid, RLIMIT_NPROC, &limit, NULL) < 0 ? -errno : 0;
}

int csandbox_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
int csandbox_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
