#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An interpreter found on the host.
struct HostInterpreter: Sendable {
    /// The real executable, not a shim.
    var path: String
    /// As the interpreter tells it, such as `3.11.7`.
    var version: String
    /// The folder below which the interpreter and its libraries lie, such as `/usr` or `/home/me/.pyenv/versions/3.11.7`.
    var prefix: String
}

/// What the host has for running functions, found once.
struct HostInterpreters: Sendable {
    var python: HostInterpreter?
    var node: HostInterpreter?
    var bubblewrap: String?

    static func detect(searchPath: String? = nil) -> HostInterpreters {
        let path = searchPath ?? variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        var found = HostInterpreters()
        // Version managers put slow shell scripts on the path; the interpreter itself knows where it lives.
        if let python = executable("python3", in: path) ?? executable("python", in: path) {
            let question =
                "import sys,platform;print(sys.executable);print(platform.python_version());print(sys.base_prefix)"
            let lines = outputLines(python, ["-c", question])
            if lines.count >= 3, lines[1].hasPrefix("3.") {
                found.python = HostInterpreter(path: resolved(lines[0]), version: lines[1], prefix: lines[2])
            }
        }
        if let node = executable("node", in: path) ?? executable("nodejs", in: path) {
            let lines = outputLines(
                node, ["-e", "console.log(process.execPath);console.log(process.versions.node)"])
            if lines.count >= 2 {
                let real = resolved(lines[0])
                found.node = HostInterpreter(path: real, version: lines[1], prefix: parent(parent(real)))
            }
        }
        found.bubblewrap = executable("bwrap", in: path)
        return found
    }

    /// Whether functions of this runtime can run here.
    func availability(of runtime: String) -> HostSupport {
        if runtime.hasPrefix("python") {
            return python == nil
                ? .missing("Running \(runtime) functions needs python3 on the PATH, and there is none.")
                : .supported(.python)
        }
        if runtime.hasPrefix("nodejs") {
            return node == nil
                ? .missing("Running \(runtime) functions needs node on the PATH, and there is none.")
                : .supported(.node)
        }
        if runtime.hasPrefix("provided") { return .supported(.custom) }
        let language =
            switch true {
            case runtime.hasPrefix("java"): "Java"
            case runtime.hasPrefix("dotnet"): ".NET"
            case runtime.hasPrefix("ruby"): "Ruby"
            case runtime.hasPrefix("go"): "Go"
            default: ""
            }
        guard !language.isEmpty else { return .missing("\(runtime) is not a runtime known here.") }
        return .missing(
            "\(language) functions (\(runtime)) cannot run here: only Python, Node.js and custom runtimes (provided.*) can."
        )
    }
}

/// The family of a runtime, or why there is none.
enum HostSupport: Sendable {
    case supported(RuntimeFamily)
    case missing(String)
}

/// How a runtime's process is started.
enum RuntimeFamily: Sendable, Hashable {
    case python
    case node
    /// The code brings an executable `bootstrap` that speaks the Runtime API itself.
    case custom
}

func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
}

/// The path without symbolic links, or as it is if it can't be resolved.
func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
}

func executable(_ name: String, in searchPath: String) -> String? {
    for folder in searchPath.split(separator: ":") {
        let candidate = "\(folder)/\(name)"
        if access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
}

/// Runs a short program and returns its output's lines; empty if it fails.
func outputLines(_ program: String, _ arguments: [String]) -> [String] {
    let command = ([program] + arguments).map {
        "'"
            + $0.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }.joined(separator: " ")
    guard let stream = popen("\(command) </dev/null 2>/dev/null", "r") else { return [] }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = fread(&buffer, 1, buffer.count, stream)
        if count == 0 { break }
        bytes += buffer.prefix(count)
    }
    guard pclose(stream) == 0 else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
}
