/// How far a function's process is kept apart from the host.
enum Isolation: Sendable, Hashable {
    /// bubblewrap: own mounts, own process ids, no capabilities, a read-only host.
    case bubblewrap(path: String)
    /// The same by our own hand, but for process ids: those need a process more, which bubblewrap brings.
    case namespaces
    /// A plain process with a session and folders of its own.
    case none

    /// How many generations below the started process the function's own is.
    var generations: Int {
        if case .bubblewrap = self { 2 } else { 0 }
    }

    /// The folders as the process sees them.
    func folders(code: String, layers: String?, bootstrap: String, temporary: String) -> SeenFolders {
        switch self {
        case .bubblewrap, .namespaces:
            SeenFolders(task: "/var/task", layers: "/opt", runtime: "/var/runtime", temporary: "/tmp")
        case .none:
            SeenFolders(
                task: code, layers: layers ?? "\(temporary)/opt", runtime: bootstrap, temporary: temporary)
        }
    }

    /// The command that runs `program` in these folders with this environment.
    func command(_ program: [String], environment: [String: String], folders: SandboxFolders) -> IsolatedCommand {
        switch self {
        case .none:
            return IsolatedCommand(
                executable: program[0], arguments: Array(program.dropFirst()), environment: environment,
                workingDirectory: folders.code, mounts: [])
        case .namespaces:
            return IsolatedCommand(
                executable: program[0], arguments: Array(program.dropFirst()), environment: environment,
                workingDirectory: "/var/task", mounts: folders.mounts())
        case .bubblewrap(let path):
            var arguments = [
                "--unshare-user", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL",
            ]
            arguments += folders.mounts().flatMap(\.bubblewrapArguments)
            arguments += ["--remount-ro", "/", "--chdir", "/var/task", "--clearenv"]
            for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
                arguments += ["--setenv", name, value]
            }
            // bubblewrap itself runs outside the sandbox: none of the function's variables may reach its loader.
            return IsolatedCommand(
                executable: path, arguments: arguments + ["--"] + program, environment: [:], workingDirectory: "/",
                mounts: [])
        }
    }

    /// Tries for real: namespaces may be forbidden by the kernel, by a container or by policy.
    static func detect(_ interpreters: HostInterpreters, cacheDirectory: String, bubblewrapAllowed: Bool = true)
        -> Isolation
    {
        let folders = SandboxFolders(
            code: cacheDirectory, layers: nil, bootstrap: cacheDirectory, temporaryMegabytes: 1,
            prefixes: interpreters.prefixes, hidden: [])
        var candidates: [Isolation] = [.namespaces]
        if bubblewrapAllowed, let path = interpreters.bubblewrap { candidates.insert(.bubblewrap(path: path), at: 0) }
        return candidates.first { candidate in
            let trial = candidate.command(["/bin/sh", "-c", "test ! -w / && pwd"], environment: [:], folders: folders)
            return trial.runToEnd() == "/var/task\n"
        } ?? .none
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
