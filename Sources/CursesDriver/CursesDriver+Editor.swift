import CNcurses
import Glibc
import TerminalUI

/// The editor of the user's choice in place of the console, until it ends.
extension CursesDriver {
    public func edit(_ text: String, named name: String) throws(ExternalEditorFailure) -> String {
        let command = Self.environment("VISUAL") ?? Self.environment("EDITOR")
        guard let command else { throw .notChosen }
        let folder = try Self.makeFolder()
        let path = "\(folder)/\(name.map { $0 == "/" ? "-" : $0 }.map(String.init).joined())"
        defer {
            unlink(path)
            rmdir(folder)
        }
        try Self.save(text, path)
        let status = try lendTerminal { () throws(ExternalEditorFailure) in try Self.run(command, path) }
        guard status == 0 else { throw .gaveUp(status: status) }
        var new = try Self.load(path)
        // Editors end a file with a line end that the text had not.
        if !text.hasSuffix("\n"), new.hasSuffix("\n") { new.removeLast() }
        return new
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), let text = String(validatingCString: value), !text.isEmpty else { return nil }
        return text
    }

    /// A folder of the user's own, so that nobody else reads the text.
    private static func makeFolder() throws(ExternalEditorFailure) -> String {
        var template = Array("\(environment("TMPDIR") ?? "/tmp")/skua-edit-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .file("No temporary folder could be made") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func save(_ text: String, _ path: String) throws(ExternalEditorFailure) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file("\(path) could not be written") }
        defer { _ = Glibc.close(file) }
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .file("\(path) could not be written")
            }
            sent += count
        }
    }

    private static func load(_ path: String) throws(ExternalEditorFailure) -> String {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .file("\(path) is gone") }
        defer { _ = Glibc.close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Through the shell, for the variable may hold options: `code --wait`. Its own keys for stopping it are its own.
    private static func run(_ command: String, _ path: String) throws(ExternalEditorFailure) -> Int {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var plain = sigset_t()
        sigemptyset(&plain)
        for signal in [SIGINT, SIGQUIT, SIGTSTP, SIGWINCH, SIGTERM, SIGHUP, SIGCONT, SIGPIPE] {
            sigaddset(&plain, signal)
        }
        posix_spawnattr_setsigdefault(&attributes, &plain)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let words: [String] = ["sh", "-c", "\(command) \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        guard posix_spawn(&child, "/bin/sh", nil, &attributes, arguments, environ) == 0 else {
            throw .notStarted(command)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw .notStarted(command) }
        }
        let signal = status & 0x7f
        return signal == 0 ? Int((status >> 8) & 0xff) : 128 + Int(signal)
    }
}
