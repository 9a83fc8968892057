/// Where and why a text cannot be read.
public struct TextSyntaxError: Error, Hashable, Sendable {
    /// In bytes from the start.
    public let offset: Int
    /// From 1.
    public let line: Int
    /// From 1, in characters.
    public let column: Int
    public let message: String

    public init(offset: Int = 0, line: Int, column: Int, message: String) {
        self.offset = offset
        self.line = line
        self.column = column
        self.message = message
    }
}

/// Reads JSON one event at a time, with no recursion and no copies, so size and depth do not matter.
struct JSONReader {
    enum ValueKind: Hashable, Sendable {
        case string, number, literal
    }

    enum Event: Hashable {
        case beginObject, endObject, beginArray, endArray
        /// Byte ranges include the quotes.
        case key(Range<Int>)
        case value(ValueKind, Range<Int>)
    }

    private enum Expectation {
        case value, valueOrEnd, keyOrEnd, key, commaOrEnd, nothing
    }

    let bytes: [UInt8]
    private var position = 0
    private var isObject: [Bool] = []
    private var expected = Expectation.value

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next event, or `nil` after a complete document.
    mutating func next() throws(TextSyntaxError) -> Event? {
        while true {
            skipSpace()
            guard position < bytes.count else {
                if expected == .nothing { return nil }
                throw error(
                    isObject.isEmpty
                        ? "a value is missing" : isObject.last == true ? "'}' is missing" : "']' is missing")
            }
            let byte = bytes[position]
            switch expected {
            case .nothing: throw error("unexpected text after the value")
            case .commaOrEnd:
                let inObject = isObject.last ?? false
                if byte == UInt8(ascii: ",") {
                    position += 1
                    expected = inObject ? .key : .value
                    continue
                }
                if byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return close(inObject) }
                throw error(inObject ? "',' or '}' expected" : "',' or ']' expected")
            case .keyOrEnd where byte == UInt8(ascii: "}"): return close(true)
            case .keyOrEnd, .key:
                guard byte == UInt8(ascii: "\"") else {
                    throw error(byte == UInt8(ascii: "}") ? "no comma before '}'" : "a name in double quotes expected")
                }
                let range = try string()
                skipSpace()
                guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw error("':' expected") }
                position += 1
                expected = .value
                return .key(range)
            case .valueOrEnd where byte == UInt8(ascii: "]"): return close(false)
            case .value, .valueOrEnd: return try value(byte)
            }
        }
    }

    private mutating func close(_ object: Bool) -> Event {
        position += 1
        isObject.removeLast()
        expected = isObject.isEmpty ? .nothing : .commaOrEnd
        return object ? .endObject : .endArray
    }

    private mutating func value(_ byte: UInt8) throws(TextSyntaxError) -> Event {
        switch byte {
        case UInt8(ascii: "{"):
            position += 1
            isObject.append(true)
            expected = .keyOrEnd
            return .beginObject
        case UInt8(ascii: "["):
            position += 1
            isObject.append(false)
            expected = .valueOrEnd
            return .beginArray
        default: break
        }
        let event: Event
        switch byte {
        case UInt8(ascii: "\""): event = .value(.string, try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): event = .value(.number, try number())
        case UInt8(ascii: "t"): event = .value(.literal, try literal("true"))
        case UInt8(ascii: "f"): event = .value(.literal, try literal("false"))
        case UInt8(ascii: "n"): event = .value(.literal, try literal("null"))
        case UInt8(ascii: "]"), UInt8(ascii: "}"): throw error("a value expected; is there a comma too many?")
        case UInt8(ascii: "'"): throw error("JSON strings take double quotes")
        default: throw error("a value expected")
        }
        expected = isObject.isEmpty ? .nothing : .commaOrEnd
        return event
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    private mutating func string() throws(TextSyntaxError) -> Range<Int> {
        let start = position
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<position
            }
            if byte < 0x20 {
                throw error(
                    byte == 0x0A ? "the string is not closed on its line" : "control characters must be escaped")
            }
            if byte == UInt8(ascii: "\\") {
                position += 1
                guard position < bytes.count else { break }
                switch bytes[position] {
                case UInt8(ascii: "u"):
                    for _ in 0..<4 {
                        position += 1
                        guard position < bytes.count, Self.isHex(bytes[position]) else {
                            throw error("\\u takes four hex digits")
                        }
                    }
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                    UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    break
                default: throw error("no such escape")
                }
            }
            position += 1
        }
        position = start
        throw error("the string is not closed")
    }

    private mutating func number() throws(TextSyntaxError) -> Range<Int> {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0 else { throw error("a digit expected") }
        if whole > 1, bytes[position - whole] == UInt8(ascii: "0") {
            position -= whole
            throw error("a number cannot start with 0")
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw error("a digit expected after the point") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { throw error("a digit expected in the exponent") }
        }
        return start..<position
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    private mutating func literal(_ word: StaticString) throws(TextSyntaxError) -> Range<Int> {
        let start = position
        let matches = word.withUTF8Buffer { word in
            start + word.count <= bytes.count && bytes[start..<start + word.count].elementsEqual(word)
        }
        guard matches else { throw error("a value expected") }
        position += word.utf8CodeUnitCount
        return start..<position
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private func error(_ message: String) -> TextSyntaxError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = String(decoding: bytes[start..<before.endIndex], as: UTF8.self).count + 1
        return TextSyntaxError(offset: position, line: line, column: column, message: message)
    }
}

/// Checks and colours JSON.
public enum JSONSyntax {
    /// The first thing wrong with `text`, or `nil` if it is one JSON value.
    public static func firstError(in text: String) -> TextSyntaxError? {
        var reader = JSONReader(Array(text.utf8))
        do {
            while try reader.next() != nil {}
            return nil
        } catch {
            return error
        }
    }

    /// Colours one line. JSON strings cannot span lines, so a line needs no context.
    public static func highlight(_ line: String) -> [Span] {
        let characters = Array(line)
        var spans: [Span] = []
        var index = 0
        while index < characters.count {
            let start = index
            let role: Role
            switch characters[index] {
            case "\"":
                index += 1
                while index < characters.count, characters[index] != "\"" {
                    index += characters[index] == "\\" ? 2 : 1
                }
                index = min(index + 1, characters.count)
                var after = index
                while after < characters.count, characters[after] == " " { after += 1 }
                role = after < characters.count && characters[after] == ":" ? .jsonKey : .jsonString
            case "-", "0"..."9":
                while index < characters.count, "+-.eE0123456789".contains(characters[index]) { index += 1 }
                role = .jsonNumber
            case let letter where letter.isLetter:
                while index < characters.count, characters[index].isLetter { index += 1 }
                role = ["true", "false", "null"].contains(String(characters[start..<index])) ? .jsonLiteral : .text
            case "{", "}", "[", "]", ":", ",":
                index += 1
                role = .jsonPunctuation
            default:
                index += 1
                role = .text
            }
            spans.append(Span(String(characters[start..<index]), role))
        }
        return spans
    }
}
