/// Resident memory of a process and its descendants, read from `/proc`.
struct MemoryWatch {
    /// The process that was started; a sandbox's own processes are not the function's.
    var root: Int32
    /// How many generations below `root` the function's own process is: 0, or 2 in bubblewrap.
    var generations: Int

    /// In bytes; 0 when the process is gone.
    func residentBytes() -> Int {
        processes().reduce(0) { $0 + Self.resident($1) }
    }

    /// The largest resident size the function's first process ever had, in bytes.
    func peakBytes() -> Int {
        guard let process = functionProcess(), let status = HostFiles.read("/proc/\(process)/status", limit: 4096)
        else { return 0 }
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
            let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
            return (Int(digits) ?? 0) * 1024
        }
        return 0
    }

    /// The function's own process in the host's numbering.
    func functionProcess() -> Int32? {
        var level = [root]
        for _ in 0..<generations { level = level.flatMap(Self.children) }
        return level.first
    }

    private func processes() -> [Int32] {
        var level = [root]
        for _ in 0..<generations { level = level.flatMap(Self.children) }
        var all = level
        while !level.isEmpty {
            level = level.flatMap(Self.children)
            all += level
        }
        return all
    }

    private static func children(_ pid: Int32) -> [Int32] {
        guard let bytes = HostFiles.read("/proc/\(pid)/task/\(pid)/children") else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" }).compactMap {
            Int32($0)
        }
    }

    private static func resident(_ pid: Int32) -> Int {
        guard let bytes = HostFiles.read("/proc/\(pid)/statm", limit: 256) else { return 0 }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }
}
