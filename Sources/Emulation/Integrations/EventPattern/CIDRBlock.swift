/// An IPv4 or IPv6 address as its bytes.
struct IPAddress: Sendable, Hashable {
    var bytes: [UInt8]

    init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.sixteenBytes(text) : Self.fourBytes(text) else { return nil }
        self.bytes = bytes
    }

    private static func fourBytes(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func sixteenBytes(_ text: String) -> [UInt8]? {
        guard let gap = text.firstDoubleColon else {
            let bytes = groups(text)
            return bytes?.count == 16 ? bytes : nil
        }
        guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: some StringProtocol) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let four = fourBytes(part) else { return nil }
                bytes += four
            } else {
                guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16), !part.hasPrefix("+")
                else {
                    return nil
                }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension String {
    fileprivate var firstDoubleColon: Range<Index>? {
        var previous: Index?
        for index in indices {
            if self[index] == ":" {
                if let previous { return previous..<self.index(after: index) }
                previous = index
            } else {
                previous = nil
            }
        }
        return nil
    }
}

/// A range of addresses, `10.0.0.0/24`.
struct CIDRBlock: Sendable, Hashable {
    private var prefix: [UInt8]
    private var maskBits: Int

    init(_ text: String) throws(EventPatternError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw EventPatternError("Malformed CIDR, one '/' required")
        }
        guard let bits = Int(parts[1]) else {
            throw EventPatternError("Malformed CIDR, mask bits must be an integer")
        }
        guard bits >= 0 else { throw EventPatternError("Malformed CIDR, mask bits must not be negative") }
        guard let address = IPAddress(String(parts[0])) else {
            throw EventPatternError("Nonstandard IP address: \(parts[0])")
        }
        let width = address.bytes.count * 8
        guard bits <= width else {
            throw EventPatternError("IPv\(width == 32 ? 4 : 6) mask bits must be < \(width + 1)")
        }
        maskBits = bits
        prefix = address.bytes
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        for index in prefix.indices {
            let bits = min(max(maskBits - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            if address.bytes[index] & mask != prefix[index] & mask { return false }
        }
        return true
    }
}
