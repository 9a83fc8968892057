#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum csandbox_mount_kind {
    csandbox_read_only,
    csandbox_read_only_if_there,
    csandbox_temporary,
    csandbox_link,
    csandbox_folder,
    csandbox_devices,
    csandbox_processes
};

/// One thing a sandboxed process finds at `target`.
struct csandbox_mount {
    enum csandbox_mount_kind kind;
    /// A folder or file of the host, or what a link says.
    const char *source;
    const char *target;
    /// Size of a temporary folder.
    uint64_t bytes;
};

/// A process to be started. Every pointer must stay valid during the call.
struct csandbox_process {
    const char *executable;
    char *const *arguments;
    char *const *environment;
    const char *working_directory;
    /// Becomes standard output and standard error of the process.
    int output_descriptor;
    /// RLIMIT_NOFILE, soft and hard; 0 leaves it alone.
    uint64_t open_files;
    /// With mounts the process gets namespaces of its own: it sees nothing but these, may write only to temporary
    /// folders, and has no capabilities. `working_directory` is then a path among them.
    const struct csandbox_mount *mounts;
    size_t mount_count;
};

/// Starts a process in a session of its own, with default signals and no descriptors but 0, 1 and 2, that is killed when
/// the calling *thread* ends. Returns its id, or a negated errno.
pid_t csandbox_start(const struct csandbox_process *process);

/// Moves the calling process into namespaces with these mounts. Returns 0 or a negated errno. For use after fork only.
int csandbox_enter(const struct csandbox_mount *mounts, size_t count);

/// A descriptor that becomes readable when the process ends. Returns a negated errno on failure.
int csandbox_watch(pid_t pid);

/// Reaps an ended process. Returns its wait status, or a negated errno. `peak_kilobytes` is its largest resident size.
int csandbox_reap(pid_t pid, int64_t *peak_kilobytes);

/// RLIMIT_NPROC of another process of the same user. Returns 0 or a negated errno.
int csandbox_limit_processes(pid_t pid, uint64_t count);

/// The halves of a wait status, which Swift can't import as macros.
int csandbox_exit_code(int status);
int csandbox_signal(int status);

/// Waiting for many descriptors at once; each is known by a token. All return 0 or more, or a negated errno.
int csandbox_poll_create(void);
int csandbox_poll_add(int poll, int descriptor, uint64_t token, int once);
/// For a descriptor added with `once`: report it once more.
int csandbox_poll_again(int poll, int descriptor, uint64_t token);
/// Blocks until something is readable; returns how many tokens were written.
int csandbox_poll_wait(int poll, uint64_t *tokens, int capacity);
/// A pipe whose reading end never blocks, closed at exec. Returns 0 or a negated errno.
int csandbox_pipe(int ends[2]);
/// A descriptor another thread can make readable.
int csandbox_wake_create(void);

#endif
