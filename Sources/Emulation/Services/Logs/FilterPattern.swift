import AWSModel

/// CloudWatch Logs' filter pattern, for searches, metric filters and subscription filters.
///
/// Three forms: terms (`ERROR -timeout ?"a b" %re+%`), JSON (`{ $.level = "error" && $.n > 1 }`) and space-delimited
/// fields (`[ip, user, ..., status = 4*]`). All are case-sensitive.
struct FilterPattern {
    private enum Form {
        case everything
        case terms(FilterTerms)
        case json(FilterCondition<JSONSelector>)
        case fields(FieldsPattern)
    }

    private let form: Form

    /// Throws InvalidParameterException for a pattern that AWS would not take.
    init(_ text: String) throws(ServiceError) {
        var reader = FilterReader(text)
        reader.skipSpaces()
        switch reader.peek {
        case nil: form = .everything
        case UInt8(ascii: "{"):
            reader.advance()
            let condition = try FilterCondition<JSONSelector>.parse(&reader) { reader throws(ServiceError) in
                try JSONSelector(&reader)
            }
            try reader.expect("}")
            try reader.expectEnd()
            form = .json(condition)
        case UInt8(ascii: "["):
            form = .fields(try FieldsPattern(&reader))
        default: form = .terms(try FilterTerms(&reader))
        }
    }

    /// What the pattern takes out of a line that matches: fields by name, or the JSON values that it compares.
    func extractedValues(of message: String) -> [String: String] {
        switch form {
        case .everything, .terms: return [:]
        case .fields(let fields): return fields.values(in: message)
        case .json(let condition):
            guard let document = try? JSONReader.parse(message) else { return [:] }
            var values: [String: String] = [:]
            for selector in condition.subjects {
                if let value = selector.values(in: document).first { values[selector.text] = value.plainText }
            }
            return values
        }
    }

    /// What `$.latency` or `$bytes` stands for in a line; nil where there is nothing.
    func value(of name: String, in message: String) -> String? {
        if name.hasPrefix("$.") || name.hasPrefix("$[") {
            var reader = FilterReader(name)
            guard let selector = try? JSONSelector(&reader), let document = try? JSONReader.parse(message) else {
                return nil
            }
            return selector.values(in: document).first?.plainText
        }
        if case .fields(let fields) = form { return fields.values(in: message)[name] }
        return nil
    }

    func matches(_ message: String) -> Bool {
        switch form {
        case .everything: true
        case .terms(let terms): terms.matches(message)
        case .fields(let fields): fields.matches(message)
        case .json(let condition):
            // Most lines are not JSON at all: look before parsing.
            if message.utf8.first(where: { !FilterReader.isSpace($0) }) == UInt8(ascii: "{"),
                let document = try? JSONReader.parse(message)
            {
                condition.isTrue { selector, operand in operand.matches(selector.values(in: document)) }
            } else {
                false
            }
        }
    }
}

extension DocumentValue {
    /// A value as text: a string without quotation marks, anything else as JSON.
    var plainText: String { string ?? JSONWriter.string(self) }
}

/// Reads a pattern byte by byte; its errors are worded as AWS's.
struct FilterReader {
    let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func advance() { position += 1 }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    mutating func skipSpaces() {
        while let byte = peek, Self.isSpace(byte) { position += 1 }
    }

    /// Skips spaces, then takes `text` if it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        skipSpaces()
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
        position += count
        return true
    }

    /// Like ``take(_:)`` for a word in any case that ends there.
    mutating func takeWord(_ word: String) -> Bool {
        skipSpaces()
        let expected = Array(word.utf8)
        let end = position + expected.count
        guard end <= bytes.count, end == bytes.count || !Self.isWord(bytes[end]) else { return false }
        for (index, byte) in expected.enumerated() where bytes[position + index] & 0xDF != byte { return false }
        position = end
        return true
    }

    mutating func expect(_ text: StaticString) throws(ServiceError) {
        guard take(text) else { throw unexpected }
    }

    mutating func expectEnd() throws(ServiceError) {
        skipSpaces()
        if peek != nil { throw unexpected }
    }

    mutating func read(while isIncluded: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = peek, isIncluded(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// The text up to `quote`, which opened it; a backslash takes the next character as it is.
    mutating func readQuoted(_ quote: UInt8) throws(ServiceError) -> String {
        advance()
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let next = peek, quote != UInt8(ascii: "%") || next == quote {
                text.append(next)
                position += 1
            } else {
                text.append(byte)
            }
        }
        throw .invalidParameter("Invalid filter pattern: a quotation is not closed.")
    }

    /// `%…%` as a regular expression.
    mutating func readExpression() throws(ServiceError) -> FilterExpression {
        try FilterExpression(try readQuoted(UInt8(ascii: "%")))
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: byte >= 0x80
        }
    }

    /// AWS names the character at which it stopped.
    var unexpected: ServiceError {
        guard peek != nil else { return .invalidParameter("Invalid filter pattern: it ends too early.") }
        let rest = String(decoding: bytes[position...], as: UTF8.self)
        return .invalidParameter("Invalid character(s) in term '\(rest.prefix(1))'")
    }
}

/// A regular expression between percent signs. AWS: letters, digits, `:_#=@/;,-` and `^ $ ? [ ] { } | \ * + .` only.
struct FilterExpression {
    private let regex: Regex<AnyRegexOutput>

    init(_ text: String) throws(ServiceError) {
        let allowed = Set(":_#=@/;,-^$?[]{}|\\*+. ".utf8)
        for byte in text.utf8 where !(FilterReader.isWord(byte) && byte < 0x80) && !allowed.contains(byte) {
            throw .invalidParameter("Invalid character(s) in term '\(Character(UnicodeScalar(byte)))'")
        }
        do {
            regex = try Regex(text)
        } catch {
            throw .invalidParameter("Invalid regular expression in filter pattern: %\(text)%")
        }
    }

    func matches(_ text: String) -> Bool { (try? regex.firstMatch(in: text)) != nil }
}
