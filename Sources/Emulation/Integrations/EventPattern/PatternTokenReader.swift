import AWSModel

/// One token of a pattern's text.
enum PatternToken: Hashable {
    case startObject, endObject, startArray, endArray
    case field(String)
    /// Its text is read on demand, and only then passed over.
    case string
    case number(String)
    case literal(String)
    case end

    var isNumber: Bool { if case .number = self { true } else { false } }
}

/// Reads pattern text as AWS's parser (Jackson) does, so that refusals name the same places: a string is passed over only
/// when its text is asked for, and a field's value is begun with its name.
struct PatternTokenReader {
    private struct Context {
        var isObject: Bool
        var start: Int
        var count = 0
    }

    private let bytes: [UInt8]
    private let source: String
    private var position = 0
    private var stack: [Context] = []
    private var begun: PatternToken?
    private var isInString = false
    private(set) var current = PatternToken.end

    init(_ text: String) {
        source = text
        bytes = Array(text.utf8)
    }

    /// ` at [Source: (String)"…"; line: 1, column: 17]`, with the line break that AWS puts before it.
    var location: String { "\n at \(place(position))" }

    private func place(_ position: Int) -> String {
        var line = 1
        var start = 0
        for index in 0..<min(position, bytes.count) where bytes[index] == 0x0A {
            line += 1
            start = index + 1
        }
        let column = String(decoding: bytes[start..<min(max(position, start), bytes.count)], as: UTF8.self).utf16.count
        let extra = source.utf16.count - 500
        let shown = extra > 0 ? "\"\(source.prefix(500))\"[truncated \(extra) chars]" : "\"\(source)\""
        return "[Source: (String)\(shown); line: \(line), column: \(column + 1)]"
    }

    func failure(_ reason: String) -> EventPatternError { EventPatternError(reason, location: location) }

    mutating func next() throws(EventPatternError) -> PatternToken {
        if let token = begun {
            begun = nil
            current = token
            open(token)
            return token
        }
        if isInString { _ = try text() }
        skipSpace()
        guard position < bytes.count else {
            guard let context = stack.last else {
                current = .end
                return .end
            }
            let kind = context.isObject ? "Object" : "Array"
            throw failure(
                "Unexpected end-of-input: expected close marker for \(kind) (start marker at \(place(context.start)))")
        }
        let byte = bytes[position]
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            current = try close(byte)
            return current
        }
        if let context = stack.last {
            if context.count > 0 { try separator(context) }
            stack[stack.count - 1].count += 1
            if context.isObject {
                current = .field(try name())
                return current
            }
        }
        current = try value()
        open(current)
        return current
    }

    private mutating func open(_ token: PatternToken) {
        switch token {
        case .startObject: stack.append(Context(isObject: true, start: position - 1))
        case .startArray: stack.append(Context(isObject: false, start: position - 1))
        default: break
        }
    }

    private mutating func close(_ byte: UInt8) throws(EventPatternError) -> PatternToken {
        position += 1
        guard let context = stack.last else { throw unexpected(byte, "expected a valid value") }
        let isObject = byte == UInt8(ascii: "}")
        guard context.isObject == isObject else {
            let kind = context.isObject ? "Object" : "Array"
            throw failure(
                "Unexpected close marker '\(isObject ? "}" : "]")': expected '\(context.isObject ? "}" : "]")' (for \(kind) starting at \(place(context.start)))"
            )
        }
        stack.removeLast()
        return isObject ? .endObject : .endArray
    }

    private func unexpected(_ byte: UInt8, _ wanted: String) -> EventPatternError {
        failure("Unexpected character ('\(Character(Unicode.Scalar(byte)))' (code \(byte))): \(wanted)")
    }

    private mutating func separator(_ context: Context) throws(EventPatternError) {
        let byte = bytes[position]
        position += 1
        guard byte == UInt8(ascii: ",") else {
            throw unexpected(byte, "was expecting comma to separate \(context.isObject ? "Object" : "Array") entries")
        }
        skipSpace()
    }

    private mutating func name() throws(EventPatternError) -> String {
        guard position < bytes.count else { throw failure("Unexpected end-of-input within/between Object entries") }
        let quote = bytes[position]
        position += 1
        guard quote == UInt8(ascii: "\"") else {
            // Recorded on AWS: here the place is in front of the character.
            position -= 1
            throw unexpected(quote, "was expecting double-quote to start field name")
        }
        isInString = true
        let name = try text(isName: true)
        skipSpace()
        guard position < bytes.count else { throw failure("Unexpected end-of-input within/between Object entries") }
        let colon = bytes[position]
        position += 1
        guard colon == UInt8(ascii: ":") else {
            throw unexpected(colon, "was expecting a colon to separate field name and value")
        }
        skipSpace()
        begun = try value()
        return name
    }

    private static let valueWords = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

    private mutating func value() throws(EventPatternError) -> PatternToken {
        guard position < bytes.count else { throw failure("Unexpected end-of-input within/between Object entries") }
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "{"):
            position += 1
            return .startObject
        case UInt8(ascii: "["):
            position += 1
            return .startArray
        case UInt8(ascii: "\""):
            position += 1
            isInString = true
            return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return try word()
        default:
            position += 1
            throw unexpected(byte, "expected a valid value \(Self.valueWords)")
        }
    }

    private mutating func word() throws(EventPatternError) -> PatternToken {
        let start = position
        while position < bytes.count, Character(Unicode.Scalar(bytes[position])).isLetter { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard ["true", "false", "null"].contains(word) else {
            throw failure("Unrecognized token '\(word)': was expecting \(Self.valueWords)")
        }
        return .literal(word)
    }

    private mutating func number() throws(EventPatternError) -> PatternToken {
        let start = position
        while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard Double(text) != nil, text.first != "+" else {
            throw failure("Unexpected character in numeric value \(text)")
        }
        return .number(text)
    }

    /// The present string's text; passes over it.
    mutating func text() throws(EventPatternError) -> String { try text(isName: false) }

    private mutating func text(isName: Bool) throws(EventPatternError) -> String {
        guard isInString else { return "" }
        isInString = false
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let raw = bytes[start..<position]
                position += 1
                let quoted = [UInt8(ascii: "\"")] + raw + [UInt8(ascii: "\"")]
                guard let text = (try? JSONReader.parse(quoted))?.string else {
                    throw failure("Unrecognized character escape")
                }
                return text
            case UInt8(ascii: "\\"): position = min(position + 2, bytes.count)
            default: position += 1
            }
        }
        throw failure(
            isName
                ? "Unexpected end-of-input in field name"
                : "Unexpected end-of-input: was expecting closing quote for a string value")
    }

    /// What the present token looks like.
    mutating func tokenText() throws(EventPatternError) -> String {
        switch current {
        case .startObject: "{"
        case .endObject: "}"
        case .startArray: "["
        case .endArray: "]"
        case .field(let name): name
        case .string: try text()
        case .number(let text), .literal(let text): text
        case .end: ""
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }
}
