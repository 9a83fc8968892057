import AWSModel

/// One message of `application/vnd.amazon.eventstream`: headers, a payload, two checksums.
public struct EventStreamMessage: Sendable, Hashable {
    public enum HeaderValue: Sendable, Hashable {
        case bool(Bool)
        case byte(Int8)
        case short(Int16)
        case integer(Int32)
        case long(Int64)
        case bytes([UInt8])
        case string(String)
        case timestamp(Instant)
        case uuid([UInt8])

        public var string: String? { if case .string(let text) = self { text } else { nil } }
    }

    public var headers: [(name: String, value: HeaderValue)]
    public var payload: [UInt8]

    public init(headers: [(name: String, value: HeaderValue)] = [], payload: [UInt8] = []) {
        self.headers = headers
        self.payload = payload
    }

    public subscript(name: String) -> HeaderValue? { headers.first { $0.name == name }?.value }

    public static func == (left: EventStreamMessage, right: EventStreamMessage) -> Bool {
        left.payload == right.payload && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(payload) }

    /// Total length, headers' length, checksum of both; headers; payload; checksum of everything before it.
    public var bytes: [UInt8] {
        var encodedHeaders: [UInt8] = []
        for (name, value) in headers {
            encodedHeaders.append(UInt8(truncatingIfNeeded: name.utf8.count))
            encodedHeaders.append(contentsOf: name.utf8)
            value.encode(to: &encodedHeaders)
        }
        var output: [UInt8] = []
        output.append(bigEndian: UInt32(truncatingIfNeeded: 16 + encodedHeaders.count + payload.count))
        output.append(bigEndian: UInt32(truncatingIfNeeded: encodedHeaders.count))
        output.append(bigEndian: CRC32.checksum(output))
        output += encodedHeaders
        output += payload
        output.append(bigEndian: CRC32.checksum(output))
        return output
    }
}

public struct EventStreamError: Error, Hashable, Sendable {
    public var reason: String
}

/// Takes messages out of a stream of bytes as they come in.
public struct EventStreamReader {
    private var buffer: [UInt8] = []

    public init() {}

    public mutating func feed(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

    /// True where nothing is left over.
    public var isEmpty: Bool { buffer.isEmpty }

    /// The next whole message; nil until more bytes have come.
    public mutating func next() throws(EventStreamError) -> EventStreamMessage? {
        guard buffer.count >= 12 else { return nil }
        let total = Int(buffer.bigEndian(UInt32.self, at: 0))
        let headerCount = Int(buffer.bigEndian(UInt32.self, at: 4))
        guard CRC32.checksum(buffer[0..<8]) == buffer.bigEndian(UInt32.self, at: 8) else {
            throw EventStreamError(reason: "prelude checksum mismatch")
        }
        guard total >= 16 + headerCount, total <= 24 * 1024 * 1024 else {
            throw EventStreamError(reason: "impossible length")
        }
        guard buffer.count >= total else { return nil }
        guard CRC32.checksum(buffer[0..<total - 4]) == buffer.bigEndian(UInt32.self, at: total - 4) else {
            throw EventStreamError(reason: "message checksum mismatch")
        }
        let headers = try Self.headers(Array(buffer[12..<12 + headerCount]))
        let payload = Array(buffer[12 + headerCount..<total - 4])
        buffer.removeFirst(total)
        return EventStreamMessage(headers: headers, payload: payload)
    }

    private static func headers(
        _ bytes: [UInt8]
    ) throws(EventStreamError) -> [(name: String, value: EventStreamMessage.HeaderValue)] {
        var headers: [(name: String, value: EventStreamMessage.HeaderValue)] = []
        var position = 0
        func take(_ count: Int) throws(EventStreamError) -> [UInt8] {
            guard position + count <= bytes.count else { throw EventStreamError(reason: "header cut short") }
            defer { position += count }
            return Array(bytes[position..<position + count])
        }
        while position < bytes.count {
            let name = String(decoding: try take(Int(try take(1)[0])), as: UTF8.self)
            let value: EventStreamMessage.HeaderValue
            switch try take(1)[0] {
            case 0: value = .bool(true)
            case 1: value = .bool(false)
            case 2: value = .byte(Int8(bitPattern: try take(1)[0]))
            case 3: value = .short(try take(2).bigEndian(Int16.self, at: 0))
            case 4: value = .integer(try take(4).bigEndian(Int32.self, at: 0))
            case 5: value = .long(try take(8).bigEndian(Int64.self, at: 0))
            case 6: value = .bytes(try take(Int(try take(2).bigEndian(UInt16.self, at: 0))))
            case 7:
                let count = Int(try take(2).bigEndian(UInt16.self, at: 0))
                value = .string(String(decoding: try take(count), as: UTF8.self))
            case 8: value = .timestamp(Instant(epochMilliseconds: try take(8).bigEndian(Int64.self, at: 0)))
            case 9: value = .uuid(try take(16))
            default: throw EventStreamError(reason: "unknown header type")
            }
            headers.append((name, value))
        }
        return headers
    }
}

extension EventStreamMessage.HeaderValue {
    fileprivate func encode(to output: inout [UInt8]) {
        switch self {
        case .bool(let flag): output.append(flag ? 0 : 1)
        case .byte(let value):
            output.append(2)
            output.append(UInt8(bitPattern: value))
        case .short(let value):
            output.append(3)
            output.append(bigEndian: value)
        case .integer(let value):
            output.append(4)
            output.append(bigEndian: value)
        case .long(let value):
            output.append(5)
            output.append(bigEndian: value)
        case .bytes(let value):
            output.append(6)
            output.append(bigEndian: UInt16(truncatingIfNeeded: value.count))
            output += value
        case .string(let value):
            output.append(7)
            output.append(bigEndian: UInt16(truncatingIfNeeded: value.utf8.count))
            output += Array(value.utf8)
        case .timestamp(let value):
            output.append(8)
            output.append(bigEndian: value.epochMilliseconds)
        case .uuid(let value):
            output.append(9)
            output += value
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate func bigEndian<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
        var value: T = 0
        for index in 0..<(T.bitWidth / 8) { value = value << 8 | T(truncatingIfNeeded: self[offset + index]) }
        return value
    }
}

/// CRC-32 (IEEE 802.3), as gzip has it.
public enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
        return ~value
    }
}
