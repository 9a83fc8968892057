#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file operation failed.
public struct HostFileError: Error, CustomStringConvertible {
    public var operation: String
    public var path: String
    /// An errno.
    public var code: Int32
    public var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}

/// The few file operations a runtime needs, without Foundation.
enum HostFiles {
    static func makeDirectory(_ path: String) throws(HostFileError) {
        if isDirectory(path) { return }
        let above = parent(path)
        if above != path, !isDirectory(above) { try makeDirectory(above) }
        if mkdir(path, 0o755) != 0, errno != EEXIST {
            throw HostFileError(operation: "mkdir", path: path, code: errno)
        }
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func isExecutable(_ path: String) -> Bool {
        !isDirectory(path) && access(path, X_OK) == 0
    }

    /// Names in a folder, sorted, without `.` and `..`; empty if it can't be read.
    static func entries(of path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func read(_ path: String, limit: Int = 65_536) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var total = 0
        while total < limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(descriptor, buffer.baseAddress?.advanced(by: total), limit - total)
                #else
                    Musl.read(descriptor, buffer.baseAddress?.advanced(by: total), limit - total)
                #endif
            }
            if count <= 0 { break }
            total += count
        }
        return Array(bytes.prefix(total))
    }

    /// Writes a file whole: a reader sees the old text or the new, never a part.
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(HostFileError) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw HostFileError(operation: "create", path: temporary, code: errno) }
        var text = text
        let failure: Int32 = text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                #else
                    let count = Musl.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                #endif
                if count < 0 { return errno }
                offset += count
            }
            return 0
        }
        close(descriptor)
        guard failure == 0, rename(temporary, path) == 0 else {
            throw HostFileError(operation: "write", path: path, code: failure == 0 ? errno : failure)
        }
    }

    /// Removes a folder and all in it; what is gone already is no error.
    static func removeTree(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in entries(of: path) { removeTree("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
