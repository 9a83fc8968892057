import Foundation

/// A world on disk: one directory with the journal, blobs, a lock, and where its endpoint answers.
struct WorldDirectory: Sendable {
    let path: String

    var journalPath: String { path + "/world.sqlite" }
    var blobPath: String { path + "/blobs" }
    var runtimePath: String { path + "/runtime" }
    private var lockPath: String { path + "/lock" }
    private var endpointPath: String { path + "/endpoint" }

    /// `--world DIR`, or the default below the XDG data folder.
    init(argument: String?, name: String = "world") {
        if let argument {
            path = URL(fileURLWithPath: (argument as NSString).expandingTildeInPath).standardizedFileURL.path
        } else {
            path = Self.dataFolder + "/skua/" + name
        }
    }

    /// `$XDG_DATA_HOME`, or `~/.local/share`. See the XDG Base Directory Specification 0.8.
    private static var dataFolder: String {
        if let folder = ProcessInfo.processInfo.environment["XDG_DATA_HOME"], folder.hasPrefix("/") { return folder }
        return NSHomeDirectory() + "/.local/share"
    }

    var exists: Bool { FileManager.default.fileExists(atPath: journalPath) }

    func create() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure("The world's directory \(path) cannot be created: \(error.localizedDescription)", .cannotOpen)
        }
    }

    /// Removes what the world holds, for a fresh demo. The caller has the lock.
    func wipe() throws {
        for name in ["world.sqlite", "world.sqlite-wal", "world.sqlite-shm", "blobs", "runtime"] {
            let item = path + "/" + name
            guard FileManager.default.fileExists(atPath: item) else { continue }
            do {
                try FileManager.default.removeItem(atPath: item)
            } catch {
                throw Failure("\(item) cannot be removed: \(error.localizedDescription)", .cannotOpen)
            }
        }
    }

    /// Takes the world for this process; nil where another one has it.
    func lock() throws -> WorldLock? {
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure("\(lockPath) cannot be opened: \(String(cString: strerror(errno))).", .cannotOpen)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return WorldLock(descriptor: descriptor)
    }

    /// Where the program that has this world answers; nil if it has not said so.
    var endpoint: String? {
        guard let text = try? String(contentsOfFile: endpointPath, encoding: .utf8) else { return nil }
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return line.isEmpty ? nil : line
    }

    func announce(endpoint: String) throws {
        do {
            try Data((endpoint + "\n").utf8).write(to: URL(fileURLWithPath: endpointPath), options: .atomic)
        } catch {
            throw Failure("\(endpointPath) cannot be written: \(error.localizedDescription)", .cannotOpen)
        }
    }

    func withdrawEndpoint() { try? FileManager.default.removeItem(atPath: endpointPath) }
}

/// Held as long as this process has the world; the kernel lets go of it when the process dies, however it dies.
struct WorldLock: Sendable {
    fileprivate let descriptor: Int32
    func release() { close(descriptor) }
}
