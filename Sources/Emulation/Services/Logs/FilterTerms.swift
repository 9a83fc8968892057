import AWSModel

/// Words that must, may or must not be in a line.
struct FilterTerms {
    private enum Term {
        case text([UInt8])
        case expression(FilterExpression)

        func matches(_ message: String) -> Bool {
            switch self {
            case .text(let bytes): message.containsBytes(bytes)
            case .expression(let expression): expression.matches(message)
            }
        }
    }

    private var required: [Term] = []
    private var optional: [Term] = []
    private var excluded: [Term] = []

    init(_ reader: inout FilterReader) throws(ServiceError) {
        reader.skipSpaces()
        while let byte = reader.peek {
            switch byte {
            case UInt8(ascii: "?"):
                reader.advance()
                optional.append(try Self.term(&reader))
            case UInt8(ascii: "-"):
                reader.advance()
                excluded.append(try Self.term(&reader))
            default: required.append(try Self.term(&reader))
            }
            reader.skipSpaces()
        }
    }

    private static func term(_ reader: inout FilterReader) throws(ServiceError) -> Term {
        switch reader.peek {
        case UInt8(ascii: "\""): return .text(Array(try reader.readQuoted(UInt8(ascii: "\"")).utf8))
        case UInt8(ascii: "%"): return .expression(try reader.readExpression())
        default:
            // AWS: anything but letters, digits and underscores needs quotation marks.
            let word = reader.read(while: FilterReader.isWord)
            if let next = reader.peek, !FilterReader.isSpace(next) { throw reader.unexpected }
            guard !word.isEmpty else { throw reader.unexpected }
            return .text(Array(word.utf8))
        }
    }

    /// AWS: beside other terms, those with a question mark do not count.
    func matches(_ message: String) -> Bool {
        if excluded.contains(where: { $0.matches(message) }) { return false }
        if required.isEmpty, excluded.isEmpty { return optional.contains { $0.matches(message) } }
        return required.allSatisfy { $0.matches(message) }
    }
}

extension String {
    /// Whether the bytes of `part` are in this string, one after another.
    func containsBytes(_ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        var copy = self
        return copy.withUTF8 { text in
            guard text.count >= part.count else { return false }
            for start in 0...(text.count - part.count) where text[start] == first {
                var offset = 1
                while offset < part.count, text[start + offset] == part[offset] { offset += 1 }
                if offset == part.count { return true }
            }
            return false
        }
    }

    /// Whether this string fits a pattern in which `*` stands for any characters.
    func matchesWildcards(_ pattern: [UInt8]) -> Bool {
        let star = UInt8(ascii: "*")
        var copy = self
        return copy.withUTF8 { text in
            var (at, place) = (0, 0)
            var (starAt, resume) = (-1, 0)
            while at < text.count {
                if place < pattern.count, pattern[place] == star {
                    (starAt, resume) = (place, at)
                    place += 1
                } else if place < pattern.count, pattern[place] == text[at] {
                    at += 1
                    place += 1
                } else if starAt >= 0 {
                    resume += 1
                    at = resume
                    place = starAt + 1
                } else {
                    return false
                }
            }
            return pattern[place...].allSatisfy { $0 == star }
        }
    }
}
