/// ``DocumentValue`` to JSON text.
///
/// Compact by default (`{"a":1}`), as AWS writes payloads; `pretty` is for people. Blobs become base64,
/// timestamps epoch seconds, which is what awsJson carries unless a model says otherwise.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []
    private let pretty: Bool

    public init(pretty: Bool = false, reservingCapacity capacity: Int = 256) {
        self.pretty = pretty
        bytes.reserveCapacity(capacity)
    }

    public static func bytes(_ value: DocumentValue, pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(value)
        return writer.bytes
    }

    public static func string(_ value: DocumentValue, pretty: Bool = false) -> String {
        String(decoding: bytes(value, pretty: pretty), as: UTF8.self)
    }

    public mutating func write(_ value: DocumentValue) { write(value, indent: 0) }

    private mutating func write(_ value: DocumentValue, indent: Int) {
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .integer(let value): raw(String(value))
        case .number(let value): raw(Self.text(of: value))
        case .string(let value): write(string: value)
        case .bytes(let value): write(string: Base64.encode(value))
        case .timestamp(let value): raw(Self.epochSeconds(value))
        case .list(let list):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in list.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                newline(indent + 1)
                write(element, indent: indent + 1)
            }
            if !list.isEmpty { newline(indent) }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            var isFirst = true
            for (key, member) in object {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                newline(indent + 1)
                write(string: key)
                bytes.append(UInt8(ascii: ":"))
                if pretty { bytes.append(0x20) }
                write(member, indent: indent + 1)
            }
            if !isFirst { newline(indent) }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func newline(_ indent: Int) {
        guard pretty else { return }
        bytes.append(0x0A)
        for _ in 0..<indent * 2 { bytes.append(0x20) }
    }

    public mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    public mutating func write(string text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var plainFrom = 0
            for index in utf8.indices {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[plainFrom..<index]))
                appendEscape(byte)
                plainFrom = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[plainFrom...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        default:
            raw(byte < 0x10 ? "\\u000" : "\\u00")
            raw(String(byte, radix: 16))
        }
    }

    /// Shortest text that reads back the same; never `nan` or `inf`, which JSON cannot say.
    public static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        return value.description
    }

    /// `1700000000`, or `1700000000.123` where there is a fraction.
    public static func epochSeconds(_ instant: Instant) -> String {
        if instant.microseconds % 1_000_000 == 0 { return String(instant.microseconds / 1_000_000) }
        return (Double(instant.microseconds / 1000) / 1000).description
    }
}
