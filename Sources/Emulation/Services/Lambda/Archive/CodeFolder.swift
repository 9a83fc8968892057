#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Folders of code on disk: unpacking archives into them, and reading them back.
enum CodeFolder {
    /// What went wrong with the disk, for people.
    struct DiskError: Error, Sendable, Hashable {
        var sentence: String
        init(_ action: String, _ path: String) {
            sentence = "\(path) cannot be \(action): \(String(cString: strerror(errno)))."
        }
    }

    enum UnpackFailure: Error, Sendable, Hashable {
        case archive(ZipArchive.Failure)
        case disk(DiskError)
    }

    /// Writes an archive's files below `directory`, which is made. Files that are there stay, equal names are replaced.
    static func unpack(_ archive: ZipArchive, into directory: String) throws(UnpackFailure) {
        try makeDirectory(directory)
        for entry in archive.entries {
            guard let relative = safePath(entry.name) else { throw .archive(.unsafePath(entry.name)) }
            if relative.isEmpty { continue }
            let path = "\(directory)/\(relative)"
            if entry.isDirectory {
                try makeDirectory(path)
                continue
            }
            if let slash = path.lastIndex(of: "/") { try makeDirectory(String(path[..<slash])) }
            let contents: [UInt8]
            do throws(ZipArchive.Failure) {
                contents = try archive.contents(of: entry)
            } catch {
                throw .archive(error)
            }
            if entry.isSymbolicLink {
                try link(contents, at: path, name: entry.name, depth: relative.utf8.count { $0 == UInt8(ascii: "/") })
            } else {
                // Others may read and whoever may read may enter: functions run as another user than the one who unpacks.
                let permissions = (entry.permissions ?? 0o644) | 0o444
                try write(contents, to: path, permissions: permissions)
            }
        }
    }

    /// The entry's place below the folder; nil where it would leave it.
    static func safePath(_ name: String) -> String? {
        guard !name.hasPrefix("/"), !name.utf8.contains(0), !name.contains("\\") else { return nil }
        var parts: [Substring] = []
        for part in name.split(separator: "/") {
            if part == ".." { return nil }
            if part != "." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private static func link(_ target: [UInt8], at path: String, name: String, depth: Int) throws(UnpackFailure) {
        let destination = String(decoding: target, as: UTF8.self)
        var level = depth
        guard !destination.isEmpty, !destination.hasPrefix("/") else { throw .archive(.unsafePath(name)) }
        for part in destination.split(separator: "/") {
            if part == ".." { level -= 1 } else if part != "." { level += 1 }
            if level < 0 { throw .archive(.unsafePath(name)) }
        }
        unlink(path)
        guard symlink(destination, path) == 0 else { throw .disk(DiskError("written", path)) }
    }

    private static func makeDirectory(_ path: String) throws(UnpackFailure) {
        var prefix = ""
        for part in path.split(separator: "/") {
            prefix += "/\(part)"
            var info = stat()
            // A link that an earlier entry made must not lead a later one out of the folder.
            if lstat(prefix, &info) == 0 { continue }
            guard mkdir(prefix, 0o755) == 0 || errno == EEXIST else { throw .disk(DiskError("created", prefix)) }
        }
    }

    private static func write(_ contents: [UInt8], to path: String, permissions: UInt16) throws(UnpackFailure) {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode_t(permissions))
        guard file >= 0 else { throw .disk(DiskError("written", path)) }
        defer { _ = close(file) }
        var written = 0
        while written < contents.count {
            let count = contents.withUnsafeBytes { buffer -> Int in
                guard let start = buffer.baseAddress else { return 0 }
                #if canImport(Glibc)
                    return Glibc.write(file, start + written, buffer.count - written)
                #elseif canImport(Musl)
                    return Musl.write(file, start + written, buffer.count - written)
                #else
                    return Darwin.write(file, start + written, buffer.count - written)
                #endif
            }
            guard count > 0 else { throw .disk(DiskError("written", path)) }
            written += count
        }
        // The process's umask must not decide what the function may read.
        fchmod(file, mode_t(permissions))
    }

    /// A file found below a folder.
    struct File: Sendable, Hashable {
        var path: String
        var size: Int
        var isExecutable: Bool
    }

    /// Every file below `directory` by its relative path, sorted.
    static func files(in directory: String) -> [File] {
        var found: [File] = []
        var pending = [""]
        while let relative = pending.popLast() {
            guard let stream = opendir(relative.isEmpty ? directory : "\(directory)/\(relative)") else { continue }
            defer { closedir(stream) }
            while let record = readdir(stream) {
                let name = withUnsafePointer(to: record.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                let path = relative.isEmpty ? name : "\(relative)/\(name)"
                var info = stat()
                guard lstat("\(directory)/\(path)", &info) == 0 else { continue }
                switch info.st_mode & S_IFMT {
                case S_IFDIR: pending.append(path)
                case S_IFREG:
                    found.append(File(path: path, size: Int(info.st_size), isExecutable: info.st_mode & 0o111 != 0))
                default: break
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// A file's bytes; nil where it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { _ = close(file) }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(info.st_size))
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(file, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    Musl.read(file, buffer.baseAddress, buffer.count)
                #else
                    Darwin.read(file, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// The folder as a deployment package.
    static func archive(_ directory: String) -> [UInt8]? {
        var writer = ZipWriter()
        for file in files(in: directory) {
            guard let contents = read("\(directory)/\(file.path)") else { return nil }
            writer.add(file.path, contents, permissions: file.isExecutable ? 0o755 : 0o644)
        }
        return writer.finished()
    }
}

extension CodeFolder {
    static func exists(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0
    }

    /// A new empty folder next to `path`, for what must appear there at once.
    static func temporaryFolder(beside path: String) throws(DiskError) -> String {
        var template = Array("\(path).XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let start = buffer.baseAddress else { return false }
            return mkdtemp(start) != nil
        }
        guard made else { throw DiskError("unpacked", path) }
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(name, 0o755)
        return name
    }

    /// Renames a finished folder; where another came first, that one stays and this is removed.
    static func move(_ folder: String, to place: String) {
        if rename(folder, place) != 0 { removeTree(folder) }
    }

    static func removeTree(_ path: String) {
        for file in entries(in: path) {
            var info = stat()
            let child = "\(path)/\(file)"
            guard lstat(child, &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR { removeTree(child) } else { unlink(child) }
        }
        rmdir(path)
    }

    /// Everything exactly `depth` levels below `directory`, by relative path, sorted.
    static func folders(in directory: String, depth: Int) -> [String] {
        var level = [""]
        for _ in 0..<depth {
            level = level.flatMap { parent in
                entries(in: parent.isEmpty ? directory : "\(directory)/\(parent)")
                    .map { parent.isEmpty ? $0 : "\(parent)/\($0)" }
            }
        }
        return level.sorted()
    }

    private static func entries(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let record = readdir(stream) {
            let name = withUnsafePointer(to: record.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
