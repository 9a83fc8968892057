/// Cuts a process's output into log events.
///
/// Bytes between line ends are an event each. A runtime that wants line ends *inside* an event frames it, as AWS's managed
/// runtimes do: `0xa55a` and two bytes of type, four bytes of length, eight of time, all big-endian, then the text.
/// AWS sends frames through a descriptor of their own; here they share the pipe with plain output, so that events keep
/// the order in which they were written. `0xa5` starts no UTF-8 character, so text is never taken for a frame.
struct LogAssembly {
    private var pending: [UInt8] = []
    /// Start of what is not consumed yet.
    private var start = 0

    private static let headerLength = 16
    /// AWS: an event of more is cut by CloudWatch Logs (1 MiB since 2025).
    private static let longestEvent = 1_048_576

    mutating func append(_ bytes: some Sequence<UInt8>, _ event: ([UInt8]) -> Void) {
        pending.append(contentsOf: bytes)
        while let next = nextEvent() { event(next) }
        if start > 0 {
            pending.removeFirst(start)
            start = 0
        }
    }

    /// What stands after the last line end, as an event of its own.
    mutating func flush(_ event: ([UInt8]) -> Void) {
        guard pending.count > start else { return }
        event(Self.withoutLineEnd(pending[start...]))
        pending.removeAll(keepingCapacity: true)
        start = 0
    }

    private mutating func nextEvent() -> [UInt8]? {
        guard start < pending.count else { return nil }
        if pending[start] == 0xa5, pending.count - start < 2 || pending[start + 1] == 0x5a {
            guard pending.count - start >= Self.headerLength else { return nil }
            let length = pending[(start + 4)..<(start + 8)].reduce(0) { $0 << 8 | Int($1) }
            guard pending.count - start - Self.headerLength >= length else { return nil }
            let text = pending[(start + Self.headerLength)..<(start + Self.headerLength + length)]
            start += Self.headerLength + length
            return Self.withoutLineEnd(text)
        }
        if let end = pending[start...].firstIndex(of: 0x0a) {
            defer { start = end + 1 }
            return Self.withoutLineEnd(pending[start...end])
        }
        guard pending.count - start >= Self.longestEvent else { return nil }
        defer { start += Self.longestEvent }
        return Array(pending[start..<(start + Self.longestEvent)])
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = bytes
        if bytes.last == 0x0a { bytes.removeLast() }
        return Array(bytes)
    }
}

/// The last bytes of an invocation's log. AWS: `X-Amz-Log-Result` carries 4 KB.
struct LogTail {
    private(set) var bytes: [UInt8] = []
    private static let length = 4096

    mutating func append(_ event: [UInt8]) {
        bytes += event.suffix(Self.length)
        bytes.append(0x0a)
        if bytes.count > Self.length { bytes.removeFirst(bytes.count - Self.length) }
    }
}
