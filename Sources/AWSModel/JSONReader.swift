/// What is wrong with a JSON text, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        case unexpectedEnd
        /// A byte that cannot stand here.
        case unexpectedCharacter(UInt8)
        /// A bare word such as `not`.
        case unrecognizedToken(String)
        case invalidNumber
        case invalidEscape
        case invalidUTF8
        case controlCharacterInString(UInt8)
        case trailingCharacters
        case nestedTooDeeply
    }

    public var reason: Reason
    /// Byte offset into the text.
    public var offset: Int
    /// Counted from 1.
    public var line: Int
    /// In bytes, counted from 1.
    public var column: Int

    public var description: String {
        let what =
            switch reason {
            case .unexpectedEnd: "unexpected end of input"
            case .unexpectedCharacter(let byte): "unexpected character '\(Character(Unicode.Scalar(byte)))'"
            case .unrecognizedToken(let token): "unrecognized token '\(token)'"
            case .invalidNumber: "invalid number"
            case .invalidEscape: "invalid escape in a string"
            case .invalidUTF8: "invalid UTF-8 in a string"
            case .controlCharacterInString: "control character in a string (write it as an escape)"
            case .trailingCharacters: "text after the end of the value"
            case .nestedTooDeeply: "nested too deeply"
            }
        return "\(what) at line \(line), column \(column)"
    }
}

/// Strict JSON (RFC 8259) text to ``DocumentValue``. Members keep their order; of two members with one
/// name the later counts, as in every AWS service seen.
public struct JSONReader {
    /// Deeper nesting is refused, so that hostile input cannot exhaust the stack: whoever reads, compares, writes or
    /// releases what was read needs no more than half of a thread's 512 KiB.
    public static let maximumDepth = 256

    /// What becomes of half a surrogate pair (`"\\ud800"`), which has no UTF-8 form.
    public enum LoneSurrogates: Sendable {
        /// U+FFFD stands for it, as in Java's encoder.
        case replaced
        /// It becomes a scalar of a private plane, from ``carrierBase`` on, for those who take it back.
        case carried

        public static let carrierBase: UInt32 = 0x10F000
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let loneSurrogates: LoneSurrogates
    private var position = 0

    public static func parse(
        _ text: String, loneSurrogates: LoneSurrogates = .replaced
    ) throws(JSONSyntaxError) -> DocumentValue {
        try parse(Array(text.utf8), loneSurrogates: loneSurrogates)
    }

    public static func parse(
        _ bytes: [UInt8], loneSurrogates: LoneSurrogates = .replaced
    ) throws(JSONSyntaxError) -> DocumentValue {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<DocumentValue, JSONSyntaxError> in
            parse(buffer, loneSurrogates: loneSurrogates)
        }
        return try result.get()
    }

    public static func parse(
        _ buffer: UnsafeBufferPointer<UInt8>, loneSurrogates: LoneSurrogates = .replaced
    ) -> Result<DocumentValue, JSONSyntaxError> {
        var reader = JSONReader(bytes: buffer, loneSurrogates: loneSurrogates)
        do throws(JSONSyntaxError) {
            reader.skipSpace()
            let value = try reader.value(depth: 0)
            reader.skipSpace()
            if reader.position < buffer.count { throw reader.failure(.trailingCharacters) }
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, loneSurrogates: LoneSurrogates) {
        self.bytes = bytes
        self.loneSurrogates = loneSurrogates
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> DocumentValue {
        guard depth < Self.maximumDepth else { throw failure(.nestedTooDeeply) }
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            return try word()
        default: throw failure(.unexpectedCharacter(bytes[position]))
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> DocumentValue {
        position += 1
        var object = DocumentObject()
        skipSpace()
        if try next() == UInt8(ascii: "}") {
            position += 1
            return .object(object)
        }
        while true {
            skipSpace()
            guard try next() == UInt8(ascii: "\"") else { throw failure(.unexpectedCharacter(bytes[position])) }
            let key = try string()
            skipSpace()
            guard try next() == UInt8(ascii: ":") else { throw failure(.unexpectedCharacter(bytes[position])) }
            position += 1
            skipSpace()
            object.set(key, try value(depth: depth + 1))
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(object)
            default: throw failure(.unexpectedCharacter(bytes[position]))
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> DocumentValue {
        position += 1
        var list: [DocumentValue] = []
        skipSpace()
        if try next() == UInt8(ascii: "]") {
            position += 1
            return .list(list)
        }
        while true {
            skipSpace()
            list.append(try value(depth: depth + 1))
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .list(list)
            default: throw failure(.unexpectedCharacter(bytes[position]))
            }
        }
    }

    private mutating func word() throws(JSONSyntaxError) -> DocumentValue {
        let start = position
        while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
        let token = String(decoding: bytes[start..<position], as: UTF8.self)
        switch token {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            position = start
            throw failure(.unrecognizedToken(token))
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> DocumentValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        var magnitude: UInt64 = 0
        var fits = true
        while let digit = digit() {
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            magnitude = scaled &+ UInt64(digit)
            if overflow || magnitude > UInt64(Int64.max) { fits = false }
            position += 1
        }
        let digits = position - firstDigit
        guard digits > 0, digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else { throw failure(.invalidNumber) }
        var whole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            whole = false
            position += 1
            guard digit() != nil else { throw failure(.invalidNumber) }
            while digit() != nil { position += 1 }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            whole = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digit() != nil else { throw failure(.invalidNumber) }
            while digit() != nil { position += 1 }
        }
        if whole, fits {
            let value = Int64(magnitude)
            return .integer(firstDigit > start ? -value : value)
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw failure(.invalidNumber)
        }
        return .number(value)
    }

    private func digit() -> UInt8? {
        guard position < bytes.count else { return nil }
        let value = bytes[position] &- 48
        return value < 10 ? value : nil
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        var isASCII = true
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let raw = UnsafeBufferPointer(rebasing: bytes[start..<position])
                position += 1
                if isASCII { return String(decoding: raw, as: UTF8.self) }
                guard let text = String(validating: raw, as: UTF8.self) else { throw failure(.invalidUTF8) }
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure(.controlCharacterInString(byte)) }
            if byte >= 0x80 { isASCII = false }
            position += 1
        }
        throw failure(.unexpectedEnd)
    }

    /// The slow path: the string holds at least one escape, at the current position.
    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw failure(.invalidUTF8) }
                return string
            case UInt8(ascii: "\\"):
                try appendEscape(to: &text)
            case 0..<0x20:
                position -= 1
                throw failure(.controlCharacterInString(byte))
            default:
                text.append(byte)
            }
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONSyntaxError) {
        let byte = try next()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if (0xD800..<0xDC00).contains(code) {
                let restore = position
                if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                    bytes[position + 1] == UInt8(ascii: "u")
                {
                    position += 2
                    let low = UInt32(try hexadecimal())
                    if (0xDC00..<0xE000).contains(low) {
                        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                    } else {
                        position = restore
                    }
                }
            }
            let scalar = Unicode.Scalar(code) ?? replacement(ofLone: code)
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default:
            position -= 1
            throw failure(.invalidEscape)
        }
    }

    private func replacement(ofLone surrogate: UInt32) -> Unicode.Scalar {
        guard loneSurrogates == .carried else { return "\u{FFFD}" }
        return Unicode.Scalar(LoneSurrogates.carrierBase + surrogate - 0xD800) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure(.unexpectedEnd) }
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let nibble = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw failure(.invalidEscape)
            }
            value = value << 4 | UInt16(nibble)
            position += 1
        }
        return value
    }

    private func next() throws(JSONSyntaxError) -> UInt8 {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        return bytes[position]
    }

    private func failure(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError {
        var line = 1
        var lineStart = 0
        for index in 0..<min(position, bytes.count) where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return JSONSyntaxError(reason: reason, offset: position, line: line, column: position - lineStart + 1)
    }
}
