import CSandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A command with the world it runs in.
struct IsolatedCommand: Sendable {
    var executable: String
    var arguments: [String]
    var environment: [String: String]
    var workingDirectory: String
    /// What the process sees, where it is not bubblewrap that takes care of it.
    var mounts: [SandboxMount]

    /// Starts the process on its own two feet.
    func start(output: Int32, openFiles: UInt64) -> pid_t {
        let arguments = CStrings([executable] + arguments)
        let environment = CStrings(environment.map { "\($0.key)=\($0.value)" })
        let names = CStrings(mounts.flatMap { [$0.source, $0.target] })
        let mounts = mounts.enumerated().map { index, mount in
            csandbox_mount(
                kind: mount.kind, source: names.pointer[index * 2], target: names.pointer[index * 2 + 1],
                bytes: UInt64(mount.bytes))
        }
        return withExtendedLifetime((arguments, environment, names)) {
            executable.withCString { executable in
                workingDirectory.withCString { directory in
                    mounts.withUnsafeBufferPointer { mounts in
                        var process = csandbox_process(
                            executable: executable, arguments: arguments.pointer, environment: environment.pointer,
                            working_directory: directory, output_descriptor: output, open_files: openFiles,
                            mounts: mounts.baseAddress, mount_count: mounts.count)
                        return csandbox_start(&process)
                    }
                }
            }
        }
    }

    /// Runs a short program; gives the little that it wrote, or nothing if it failed.
    func runToEnd() -> String? {
        var pipe: [Int32] = [-1, -1]
        guard csandbox_pipe(&pipe) == 0 else { return nil }
        defer { close(pipe[0]) }
        let pid = start(output: pipe[1], openFiles: 0)
        close(pipe[1])
        guard pid > 0 else { return nil }
        var peak: Int64 = 0
        let status = csandbox_reap(pid, &peak)
        guard status >= 0, csandbox_exit_code(status) == 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(pipe[0], &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}

/// One thing a sandboxed process finds somewhere.
struct SandboxMount: Sendable, Hashable {
    var kind: csandbox_mount_kind
    var source = ""
    var target: String
    var bytes = 0

    var bubblewrapArguments: [String] {
        switch kind {
        case csandbox_read_only: ["--ro-bind", source, target]
        case csandbox_read_only_if_there: ["--ro-bind-try", source, target]
        case csandbox_temporary: ["--size", String(bytes), "--tmpfs", target]
        case csandbox_link: ["--symlink", source, target]
        case csandbox_folder: ["--dir", target]
        case csandbox_devices: ["--dev", target]
        default: ["--proc", target]
        }
    }

    static func readOnly(_ source: String, at target: String? = nil) -> SandboxMount {
        SandboxMount(kind: csandbox_read_only, source: source, target: target ?? source)
    }
}

/// The folders of the host that a sandbox is made of.
struct SandboxFolders: Sendable {
    var code: String
    var layers: String?
    var bootstrap: String
    var temporaryMegabytes: Int
    /// Folders interpreters live in; bound even where the sandbox hides the host's folder, as `/opt`.
    var prefixes: [String]
    /// Host folders that read as empty: the store of the engine, for one.
    var hidden: [String]

    func mounts() -> [SandboxMount] {
        let replaced: Set = ["tmp", "var", "opt", "proc", "dev", "run", "lost+found"]
        let isReplaced = { (path: String) in replaced.contains { path.hasPrefix("/\($0)/") } }
        var result: [SandboxMount] = []
        for name in HostFiles.entries(of: "/") where !replaced.contains(name) {
            let path = "/\(name)"
            let real = resolved(path)
            if real != path {
                // `/bin` → `usr/bin` on merged systems: kept as a link, which costs no mount.
                result.append(SandboxMount(kind: csandbox_link, source: String(real.dropFirst()), target: path))
            } else if HostFiles.isDirectory(path) {
                result.append(SandboxMount(kind: csandbox_read_only_if_there, source: path, target: path))
            }
        }
        let resolver = "/run/systemd/resolve"
        result.append(SandboxMount(kind: csandbox_read_only_if_there, source: resolver, target: resolver))
        result.append(SandboxMount(kind: csandbox_devices, target: "/dev"))
        result.append(SandboxMount(kind: csandbox_processes, target: "/proc"))
        result.append(SandboxMount(kind: csandbox_temporary, target: "/tmp", bytes: temporaryMegabytes * 1_048_576))
        result += prefixes.filter(isReplaced).map { .readOnly($0) }
        for path in hidden where HostFiles.isDirectory(path) && !isReplaced(path) {
            result.append(SandboxMount(kind: csandbox_temporary, target: path, bytes: 4096))
        }
        result.append(.readOnly(code, at: "/var/task"))
        result.append(.readOnly(bootstrap, at: "/var/runtime"))
        result.append(SandboxMount(kind: csandbox_folder, target: "/opt"))
        if let layers {
            result += HostFiles.entries(of: layers).map { .readOnly("\(layers)/\($0)", at: "/opt/\($0)") }
        }
        return result
    }
}

/// A null-terminated array of C strings, freed with its owner.
final class CStrings {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointer = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointer[index] = strdup(string) }
        pointer[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointer[index]) }
        pointer.deallocate()
    }
}
