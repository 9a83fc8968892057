import AWSModel

/// A syntax error in the words of Jackson, which AWS shows to callers.
public struct JacksonSyntaxMessage: Sendable {
    public let message: String
    /// What may have been meant, for people.
    public let hint: String?
    /// How far Jackson has read past the place that our reader names.
    let columnsRead: Int

    /// - Parameter source: the text; without it the message does not tell what was expected.
    public init(_ error: JSONSyntaxError, in source: String? = nil) {
        let place = source.map { OpenPlace(in: Array($0.utf8), before: error.offset) }
        var hint: String?
        switch error.reason {
        case .unrecognizedToken(let token):
            message =
                "Unrecognized token '\(token)': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
            columnsRead = token.utf16.count
            hint = ["null", "true", "false"].contains(token.lowercased()) ? "Write it in lower case." : nil
        case .unexpectedEnd:
            message =
                "Unexpected end-of-input" + (place?.missingEnd(source ?? "") ?? ": expected close marker or value")
            columnsRead = 0
        case .unexpectedCharacter(let byte):
            message = place?.unexpected(byte, source ?? "") ?? Self.unexpected(byte, Self.anyValue)
            columnsRead = 1
            hint = place?.hint(at: byte) ?? (byte == UInt8(ascii: "/") ? OpenPlace.commentHint : nil)
        case .trailingCharacters:
            message = "Trailing token found after value"
            columnsRead = 1
        case .invalidNumber:
            message = "Invalid numeric value"
            columnsRead = 1
        case .invalidEscape:
            message = "Unrecognized character escape"
            columnsRead = 1
        case .invalidUTF8:
            message = "Invalid UTF-8"
            columnsRead = 1
        case .controlCharacterInString(let byte):
            message =
                "Illegal unquoted character ((CTRL-CHAR, code \(byte))): has to be escaped using backslash to be included in string value"
            columnsRead = 1
        case .nestedTooDeeply:
            message = "Document nesting depth exceeds the maximum allowed"
            columnsRead = 0
        }
        self.hint = hint
    }

    static let anyValue =
        "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

    static func unexpected(_ byte: UInt8, _ expected: String) -> String {
        guard byte != UInt8(ascii: "/") else {
            return
                "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
        }
        return "Unexpected character ('\(Character(Unicode.Scalar(byte)))' (code \(byte))): \(expected)"
    }
}

/// What is open, and what may come next, at a place of a text that is JSON up to there.
private struct OpenPlace {
    enum Next { case name, colon, value, comma }

    struct Container {
        var isObject: Bool
        var start: Int
        var next: Next
        var followsComma = false

        var kind: String { isObject ? "Object" : "Array" }
    }

    private var open: [Container] = []
    private var isInString = false

    static let commentHint = "JSON has no comments: write a field \"Comment\" instead."

    init(in bytes: [UInt8], before offset: Int) {
        var position = 0
        let end = min(offset, bytes.count)
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "{"): open.append(Container(isObject: true, start: position - 1, next: .name))
            case UInt8(ascii: "["): open.append(Container(isObject: false, start: position - 1, next: .value))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if !open.isEmpty { open.removeLast() }
                valueEnded()
            case UInt8(ascii: ":"): expect(.value)
            case UInt8(ascii: ","):
                expect(open.last?.isObject == true ? .name : .value)
                if !open.isEmpty { open[open.count - 1].followsComma = true }
            case UInt8(ascii: "\""):
                isInString = true
                while position < end, isInString {
                    if bytes[position] == UInt8(ascii: "\\") { position += 1 }
                    if position < end, bytes[position] == UInt8(ascii: "\"") { isInString = false }
                    position += 1
                }
                guard !isInString else { return }
                if open.last?.next == .name { expect(.colon) } else { valueEnded() }
            case 0x20, 0x09, 0x0A, 0x0D: break
            default:
                // The rest of a word or number changes nothing.
                valueEnded()
            }
        }
    }

    private mutating func expect(_ next: Next) {
        guard !open.isEmpty else { return }
        open[open.count - 1].next = next
        open[open.count - 1].followsComma = false
    }

    private mutating func valueEnded() { expect(.comma) }

    func unexpected(_ byte: UInt8, _ source: String) -> String? {
        guard let container = open.last else { return nil }
        let isClosing = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
        if isClosing, byte != UInt8(ascii: container.isObject ? "}" : "]") {
            let mark = Character(Unicode.Scalar(byte))
            return
                "Unexpected close marker '\(mark)': expected '\(container.isObject ? "}" : "]")' (for \(container.kind) starting at \(Self.location(container.start, source)))"
        }
        let expected =
            switch container.next {
            case .name: "was expecting double-quote to start field name"
            case .colon: "was expecting a colon to separate field name and value"
            case .comma: "was expecting comma to separate \(container.kind) entries"
            case .value: isClosing ? "expected a value" : JacksonSyntaxMessage.anyValue
            }
        return JacksonSyntaxMessage.unexpected(byte, expected)
    }

    func hint(at byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "/"): Self.commentHint
        case UInt8(ascii: "'"): "JSON has double quotes only."
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            open.last?.followsComma == true ? "No comma comes after the last one." : nil
        case UInt8(ascii: "\"") where open.last?.next == .comma: "A comma is missing before this."
        default: nil
        }
    }

    /// What stands behind "Unexpected end-of-input".
    func missingEnd(_ source: String) -> String? {
        guard let container = open.last else { return isInString ? Self.openString : nil }
        if isInString { return container.next == .name ? " in field name" : Self.openString }
        if container.next == .colon || container.followsComma || (container.isObject && container.next == .value) {
            return " within/between \(container.kind) entries"
        }
        return
            ": expected close marker for \(container.kind) (start marker at \(Self.location(container.start, source)))"
    }

    private static let openString = ": was expecting closing quote for a string value"

    private static func location(_ offset: Int, _ source: String) -> String {
        let before = source.utf8.prefix(offset)
        let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
        let column =
            offset - (before.lastIndex(of: 0x0A).map { before.distance(from: before.startIndex, to: $0) + 1 } ?? 0)
        return "[Source: (String)\"\(source)\"; line: \(line), column: \(column + 1)]"
    }
}
