import AWSModel

/// Why bytes are not the CBOR (RFC 8949) that AWS's protocol uses.
public struct CBORError: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: String
    public var offset: Int
    public var description: String { "\(reason) at byte \(offset)" }
}

public enum CBOR {
    public static func encode(_ value: DocumentValue) -> [UInt8] {
        var writer = CBORWriter()
        writer.write(value)
        return writer.bytes
    }

    public static func decode(_ bytes: [UInt8]) throws(CBORError) -> DocumentValue {
        var reader = CBORReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        guard reader.position == bytes.count else {
            throw CBORError(reason: "bytes after the value", offset: reader.position)
        }
        return value
    }
}

struct CBORWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: DocumentValue) {
        switch value {
        case .null: bytes.append(0xF6)
        case .bool(let flag): bytes.append(flag ? 0xF5 : 0xF4)
        case .integer(let number): write(integer: number)
        case .number(let number): write(double: number)
        case .string(let text): write(string: text)
        case .bytes(let data):
            head(2, UInt64(data.count))
            bytes.append(contentsOf: data)
        case .timestamp(let instant): write(timestamp: instant)
        case .list(let list):
            head(4, UInt64(list.count))
            for item in list { write(item) }
        case .object(let object):
            head(5, UInt64(object.count))
            for (key, item) in object {
                write(string: key)
                write(item)
            }
        }
    }

    mutating func write(integer number: Int64) {
        if number >= 0 { head(0, UInt64(number)) } else { head(1, UInt64(bitPattern: ~number)) }
    }

    mutating func write(double number: Double) {
        bytes.append(0xFB)
        append(number.bitPattern, 8)
    }

    mutating func write(string text: String) {
        head(3, UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Tag 1: seconds since the epoch, whole where they are.
    mutating func write(timestamp: Instant) {
        bytes.append(0xC1)
        if timestamp.microseconds % 1_000_000 == 0 {
            write(integer: timestamp.microseconds / 1_000_000)
        } else {
            write(double: Double(timestamp.epochMilliseconds) / 1000)
        }
    }

    mutating func head(_ major: UInt8, _ argument: UInt64) {
        let type = major << 5
        switch argument {
        case 0..<24: bytes.append(type | UInt8(argument))
        case 24...0xFF:
            bytes.append(type | 24)
            append(argument, 1)
        case 0x100...0xFFFF:
            bytes.append(type | 25)
            append(argument, 2)
        case 0x10000...0xFFFF_FFFF:
            bytes.append(type | 26)
            append(argument, 4)
        default:
            bytes.append(type | 27)
            append(argument, 8)
        }
    }

    private mutating func append(_ value: UInt64, _ count: Int) {
        for shift in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift * 8))) }
    }
}

struct CBORReader {
    let bytes: [UInt8]
    private(set) var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ reason: String) -> CBORError { CBORError(reason: reason, offset: position) }

    private mutating func byte() throws(CBORError) -> UInt8 {
        guard position < bytes.count else { throw failure("unexpected end") }
        position += 1
        return bytes[position - 1]
    }

    private mutating func unsigned(_ count: Int) throws(CBORError) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<count { value = value << 8 | UInt64(try byte()) }
        return value
    }

    private mutating func take(_ count: UInt64) throws(CBORError) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.count - position) else { throw failure("unexpected end") }
        let end = position + Int(count)
        defer { position = end }
        return bytes[position..<end]
    }

    mutating func value(depth: Int) throws(CBORError) -> DocumentValue {
        guard depth < 256 else { throw failure("nested too deeply") }
        let initial = try byte()
        let major = initial >> 5
        let info = initial & 31
        if major == 7 { return try simple(info) }
        if info == 31 { return try indefinite(major, depth) }
        guard info < 28 else { throw failure("reserved length") }
        let argument = info < 24 ? UInt64(info) : try unsigned(1 << Int(info - 24))
        switch major {
        case 0: return argument > UInt64(Int64.max) ? .number(Double(argument)) : .integer(Int64(argument))
        case 1:
            return argument > UInt64(Int64.max)
                ? .number(-1 - Double(argument)) : .integer(~Int64(argument))
        case 2: return .bytes(Array(try take(argument)))
        case 3: return .string(try text(try take(argument)))
        case 4:
            guard argument <= UInt64(bytes.count - position) else { throw failure("unexpected end") }
            var list: [DocumentValue] = []
            for _ in 0..<argument { list.append(try value(depth: depth + 1)) }
            return .list(list)
        case 5:
            guard argument <= UInt64(bytes.count - position) else { throw failure("unexpected end") }
            var object = DocumentObject(minimumCapacity: Int(argument))
            for _ in 0..<argument { try member(of: &object, depth) }
            return .object(object)
        default: return try tagged(argument, depth)
        }
    }

    private mutating func member(of object: inout DocumentObject, _ depth: Int) throws(CBORError) {
        guard case .string(let key) = try value(depth: depth + 1) else { throw failure("a key that is no text") }
        object.set(key, try value(depth: depth + 1))
    }

    private func text(_ slice: ArraySlice<UInt8>) throws(CBORError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("invalid UTF-8") }
        return text
    }

    private mutating func isBreak() throws(CBORError) -> Bool {
        guard position < bytes.count else { throw failure("unexpected end") }
        guard bytes[position] == 0xFF else { return false }
        position += 1
        return true
    }

    private mutating func indefinite(_ major: UInt8, _ depth: Int) throws(CBORError) -> DocumentValue {
        switch major {
        case 2, 3:
            var data: [UInt8] = []
            while try !isBreak() {
                switch try value(depth: depth + 1) {
                case .bytes(let chunk) where major == 2: data += chunk
                case .string(let chunk) where major == 3: data += Array(chunk.utf8)
                default: throw failure("a chunk of another type")
                }
            }
            return major == 2 ? .bytes(data) : .string(try text(data[...]))
        case 4:
            var list: [DocumentValue] = []
            while try !isBreak() { list.append(try value(depth: depth + 1)) }
            return .list(list)
        case 5:
            var object = DocumentObject()
            while try !isBreak() { try member(of: &object, depth) }
            return .object(object)
        default: throw failure("a length that may not be open")
        }
    }

    private mutating func tagged(_ tag: UInt64, _ depth: Int) throws(CBORError) -> DocumentValue {
        let value = try value(depth: depth + 1)
        switch (tag, value) {
        case (1, .integer(let seconds)): return .timestamp(Instant(epochSeconds: Double(seconds)))
        case (1, .number(let seconds)): return .timestamp(Instant(epochSeconds: seconds))
        case (2, .bytes(let magnitude)): return .number(magnitude.reduce(0) { $0 * 256 + Double($1) })
        case (3, .bytes(let magnitude)): return .number(-1 - magnitude.reduce(0) { $0 * 256 + Double($1) })
        default: return value
        }
    }

    private mutating func simple(_ info: UInt8) throws(CBORError) -> DocumentValue {
        switch info {
        case 20: return .bool(false)
        case 21: return .bool(true)
        case 22, 23: return .null
        case 25: return .number(Self.half(UInt16(try unsigned(2))))
        case 26: return .number(Double(Float(bitPattern: UInt32(try unsigned(4)))))
        case 27: return .number(Double(bitPattern: try unsigned(8)))
        default: throw failure("unknown simple value \(info)")
        }
    }

    /// IEEE 754 half precision; by hand, since `Float16` is not on every platform.
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}
