#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Layers laid over each other, as a function sees them at `/opt`.
///
/// AWS: extracted in the order of the list, a later one overwrites an earlier one. Layer versions never change, so a merge
/// is made once for a list of folders and kept.
struct LayerMerge {
    /// Where merges are kept.
    var cacheDirectory: String

    /// The folder that stands for the layers; nil if there are none.
    func directory(for layers: [String]) throws(HostFileError) -> String? {
        if layers.count <= 1 { return layers.first }
        let merged = "\(cacheDirectory)/\(hexadecimal(stableHash(layers.joined(separator: "\n"))))"
        if HostFiles.isDirectory(merged) { return merged }
        let unfinished = "\(merged).\(getpid())"
        HostFiles.removeTree(unfinished)
        for layer in layers { try overlay(layer, on: unfinished) }
        // Another environment may have been quicker: then its merge is as good.
        if rename(unfinished, merged) != 0 {
            HostFiles.removeTree(unfinished)
            guard HostFiles.isDirectory(merged) else {
                throw HostFileError(operation: "rename", path: merged, code: errno)
            }
        }
        return merged
    }

    private func overlay(_ source: String, on target: String) throws(HostFileError) {
        if !HostFiles.isDirectory(target) {
            unlink(target)
            try HostFiles.makeDirectory(target)
        }
        for name in HostFiles.entries(of: source) {
            let from = "\(source)/\(name)"
            let to = "\(target)/\(name)"
            var status = stat()
            guard lstat(from, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                try overlay(from, on: to)
            case S_IFLNK:
                HostFiles.removeTree(to)
                var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
                guard readlink(from, &target, Int(PATH_MAX)) > 0, symlink(target, to) == 0 else {
                    throw HostFileError(operation: "symlink", path: to, code: errno)
                }
            case S_IFREG:
                HostFiles.removeTree(to)
                if link(from, to) != 0 { try copy(from, to, mode: status.st_mode & 0o777) }
            default:
                break
            }
        }
    }

    /// For layers on another file system, where no hard link reaches.
    private func copy(_ source: String, _ target: String, mode: mode_t) throws(HostFileError) {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw HostFileError(operation: "open", path: source, code: errno) }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard output >= 0 else { throw HostFileError(operation: "create", path: target, code: errno) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count == 0 { return }
            guard count > 0, write(output, buffer, count) == count else {
                throw HostFileError(operation: "copy", path: target, code: errno)
            }
        }
    }
}

/// FNV-1a: the same in every run, unlike `Hasher`.
func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
}

func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
