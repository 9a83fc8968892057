import Glibc

/// Files of this machine, for what is brought in and carried out.
enum LocalFile {
    struct Failure: Error, CustomStringConvertible {
        var path: String
        var reason: String
        var description: String { "\(path): \(reason)" }

        init(_ path: String) {
            self.path = path
            reason = strerror(errno).map { String(cString: $0) } ?? "cannot be used"
        }

        init(_ path: String, _ reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// Larger files are sent by other programs: this one would hold them in memory.
    static let largest = 64 * 1024 * 1024

    /// `~/x` as the shell reads it.
    static func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
        return String(cString: home) + path.dropFirst()
    }

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let place = expanded(path)
        guard let file = fopen(place, "rb") else { throw Failure(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes += chunk[..<count]
            guard bytes.count <= largest else {
                throw Failure(path, "larger than \(largest / 1024 / 1024) MiB: use the AWS CLI for it")
            }
            if count < chunk.count { break }
        }
        if ferror(file) != 0 { throw Failure(path) }
        return bytes
    }

    /// Does not write over a file that is there.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        guard let file = fopen(expanded(path), "wbx") else { throw Failure(path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw Failure(path) }
    }
}
