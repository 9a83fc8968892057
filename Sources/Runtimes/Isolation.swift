/// How far a function's process is kept apart from the host.
enum Isolation: Sendable, Hashable {
    /// bubblewrap: own mounts, own process ids, no capabilities, a read-only host.
    case bubblewrap(path: String)
    /// A plain process with a session and folders of its own.
    case none

    /// The folders as the process sees them.
    func folders(code: String, layers: String?, bootstrap: String, temporary: String) -> SeenFolders {
        switch self {
        case .bubblewrap:
            SeenFolders(task: "/var/task", layers: "/opt", runtime: "/var/runtime", temporary: "/tmp")
        case .none:
            SeenFolders(
                task: code, layers: layers ?? "\(temporary)/opt", runtime: bootstrap, temporary: temporary)
        }
    }

    /// The command that runs `program` in these folders with this environment.
    func command(_ program: [String], environment: [String: String], mounts: SandboxMounts) -> IsolatedCommand {
        switch self {
        case .none:
            return IsolatedCommand(
                executable: program[0], arguments: Array(program.dropFirst()), environment: environment,
                workingDirectory: mounts.code)
        case .bubblewrap(let path):
            var arguments = [
                "--unshare-user", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL",
            ]
            arguments += mounts.arguments()
            arguments += ["--chdir", "/var/task", "--clearenv"]
            for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
                arguments += ["--setenv", name, value]
            }
            // bubblewrap itself runs outside the sandbox: none of the function's variables may reach its loader.
            return IsolatedCommand(
                executable: path, arguments: arguments + ["--"] + program, environment: [:], workingDirectory: "/")
        }
    }

    /// Tries for real: namespaces may be forbidden by the kernel, by a container or by policy.
    static func detect(_ interpreters: HostInterpreters, cacheDirectory: String) -> Isolation {
        guard let path = interpreters.bubblewrap else { return .none }
        let candidate = Isolation.bubblewrap(path: path)
        let mounts = SandboxMounts(
            code: cacheDirectory, layers: nil, bootstrap: cacheDirectory, temporaryMegabytes: 1,
            prefixes: interpreters.prefixes, hidden: [])
        let shell = candidate.command(["/bin/sh", "-c", "echo apart"], environment: [:], mounts: mounts)
        return outputLines(shell.executable, shell.arguments) == ["apart"] ? candidate : .none
    }
}

extension HostInterpreters {
    var prefixes: [String] { [python?.prefix, node?.prefix].compactMap { $0 } }
}

/// Paths inside the sandbox, or the real ones where there is none.
struct SeenFolders: Sendable {
    var task: String
    var layers: String
    var runtime: String
    var temporary: String
}

struct IsolatedCommand: Sendable {
    var executable: String
    var arguments: [String]
    var environment: [String: String]
    var workingDirectory: String
}

/// What a sandboxed process finds where.
struct SandboxMounts: Sendable {
    var code: String
    var layers: String?
    var bootstrap: String
    var temporaryMegabytes: Int
    /// Folders interpreters live in; bound even where the sandbox hides the host's folder, as `/opt`.
    var prefixes: [String]
    /// Host folders that read as empty: the store of the engine, for one.
    var hidden: [String]

    func arguments() -> [String] {
        let replaced: Set = ["tmp", "var", "opt", "proc", "dev", "run", "lost+found"]
        var result: [String] = []
        for name in HostFiles.entries(of: "/") where !replaced.contains(name) {
            let path = "/\(name)"
            let real = resolved(path)
            if real != path {
                // `/bin` → `usr/bin` on merged systems: kept as a link, which costs no mount.
                result += ["--symlink", String(real.dropFirst()), path]
            } else if HostFiles.isDirectory(path) {
                result += ["--ro-bind-try", path, path]
            }
        }
        result += ["--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve", "--dev", "/dev", "--proc", "/proc"]
        result += ["--size", String(temporaryMegabytes * 1_048_576), "--tmpfs", "/tmp"]
        for prefix in prefixes where replaced.contains(where: { prefix.hasPrefix("/\($0)/") }) {
            result += ["--ro-bind", prefix, prefix]
        }
        for path in hidden where HostFiles.isDirectory(path) && !replaced.contains(where: { path.hasPrefix("/\($0)/") }) {
            result += ["--tmpfs", path]
        }
        result += ["--ro-bind", code, "/var/task", "--ro-bind", bootstrap, "/var/runtime", "--dir", "/opt"]
        if let layers {
            for name in HostFiles.entries(of: layers) { result += ["--ro-bind", "\(layers)/\(name)", "/opt/\(name)"] }
        }
        return result + ["--remount-ro", "/"]
    }
}
