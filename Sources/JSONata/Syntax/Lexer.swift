import AWSModel

/// One word of an expression.
struct Token {
    enum Kind { case name, variable, symbol, word, string, number, value, regex, end }
    var kind: Kind
    var text: String
    var number: Double = 0
    var position: Int
    var regex: RegularExpression?

    /// What the grammar asks for: operators by their text, everything else by its kind.
    func isSymbol(_ text: String) -> Bool { (kind == .symbol || kind == .word) && self.text == text }
}

/// Splits an expression into tokens, on request: whether `/` divides or opens a pattern depends on what came before.
struct Lexer {
    private let source: [UInt16]
    private(set) var position = 0

    init(_ text: String) { source = Array(text.utf16) }

    private static let singles = Set(".[]{}(),@#;:?+-*/%|=<>^&!~".utf16)
    private static let doubles: Set<String> = ["..", ":=", "!=", ">=", "<=", "**", "~>"]
    private static let spaces = Set(" \t\n\r\u{0B}".utf16)

    private func character(_ index: Int) -> UInt16 { index < source.count ? source[index] : 0 }
    private func text(_ range: Range<Int>) -> String { String(decoding: source[range], as: UTF16.self) }

    mutating func next(isOperatorAllowed: Bool) throws(JSONataError) -> Token {
        try skipSpacesAndComments()
        guard position < source.count else { return Token(kind: .end, text: "(end)", position: source.count) }
        let start = position
        let current = source[position]
        if !isOperatorAllowed, current == UInt16(ascii: "/") { return try regularExpression() }
        if position + 1 < source.count {
            let pair = text(position..<position + 2)
            if Self.doubles.contains(pair) {
                position += 2
                return Token(kind: .symbol, text: pair, position: position)
            }
        }
        if Self.singles.contains(current) {
            position += 1
            return Token(kind: .symbol, text: text(start..<position), position: position)
        }
        switch current {
        case UInt16(ascii: "\""), UInt16(ascii: "'"): return try string(closedBy: current)
        case UInt16(ascii: "0")...UInt16(ascii: "9"): return try number()
        case UInt16(ascii: "`"):
            position += 1
            guard let end = source[position...].firstIndex(of: current) else {
                position = source.count
                throw JSONataError("S0105", position: position)
            }
            let name = text(position..<end)
            position = end + 1
            return Token(kind: .name, text: name, position: position)
        default: return name()
        }
    }

    private mutating func skipSpacesAndComments() throws(JSONataError) {
        while position < source.count {
            if Self.spaces.contains(source[position]) {
                position += 1
            } else if source[position] == UInt16(ascii: "/"), character(position + 1) == UInt16(ascii: "*") {
                let start = position
                position += 2
                while !(character(position) == UInt16(ascii: "*") && character(position + 1) == UInt16(ascii: "/")) {
                    position += 1
                    if position >= source.count { throw JSONataError("S0106", position: start) }
                }
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func name() -> Token {
        let start = position
        while position < source.count, !Self.spaces.contains(source[position]),
            !Self.singles.contains(source[position])
        {
            position += 1
        }
        if source[start] == UInt16(ascii: "$") {
            return Token(kind: .variable, text: text(start + 1..<position), position: position)
        }
        let word = text(start..<position)
        let kind: Token.Kind =
            switch word {
            case "or", "in", "and": .word
            case "true", "false", "null": .value
            default: .name
            }
        return Token(kind: kind, text: word, position: position)
    }

    private mutating func number() throws(JSONataError) -> Token {
        let start = position
        func isDigit(_ index: Int) -> Bool { (48...57).contains(character(index)) }
        if source[position] == UInt16(ascii: "0") { position += 1 } else { while isDigit(position) { position += 1 } }
        if character(position) == UInt16(ascii: "."), isDigit(position + 1) {
            position += 1
            while isDigit(position) { position += 1 }
        }
        if character(position) | 0x20 == UInt16(ascii: "e") {
            let sign = character(position + 1)
            let digits = position + (sign == UInt16(ascii: "+") || sign == UInt16(ascii: "-") ? 2 : 1)
            if isDigit(digits) {
                position = digits
                while isDigit(position) { position += 1 }
            }
        }
        let word = text(start..<position)
        guard let value = Double(word), value.isFinite else {
            throw JSONataError("S0102", position: position, token: word)
        }
        return Token(kind: .number, text: word, number: value, position: position)
    }

    private mutating func string(closedBy quote: UInt16) throws(JSONataError) -> Token {
        position += 1
        var units: [UInt16] = []
        while position < source.count {
            let current = source[position]
            if current == UInt16(ascii: "\\") {
                position += 1
                try escape(into: &units)
            } else if current == quote {
                position += 1
                return Token(kind: .string, text: SurrogateText.string(units), position: position)
            } else {
                units.append(current)
            }
            position += 1
        }
        throw JSONataError("S0101", position: position)
    }

    private func escape(into units: inout [UInt16], code: UInt16) -> Bool {
        switch code {
        case UInt16(ascii: "\""), UInt16(ascii: "\\"), UInt16(ascii: "/"): units.append(code)
        case UInt16(ascii: "b"): units.append(8)
        case UInt16(ascii: "f"): units.append(12)
        case UInt16(ascii: "n"): units.append(10)
        case UInt16(ascii: "r"): units.append(13)
        case UInt16(ascii: "t"): units.append(9)
        default: return false
        }
        return true
    }

    private mutating func escape(into units: inout [UInt16]) throws(JSONataError) {
        let code = character(position)
        if escape(into: &units, code: code) { return }
        guard code == UInt16(ascii: "u") else {
            let token = position < source.count ? text(position..<position + 1) : ""
            throw JSONataError("S0103", position: position, token: token)
        }
        guard position + 4 < source.count, let unit = UInt16(text(position + 1..<position + 5), radix: 16),
            character(position + 1) != UInt16(ascii: "+")
        else { throw JSONataError("S0104", position: position) }
        units.append(unit)
        position += 4
    }

    /// `/pattern/flags`: a slash ends it outside of brackets and not after a backslash.
    private mutating func regularExpression() throws(JSONataError) -> Token {
        position += 1
        let start = position
        var depth = 0
        while position < source.count {
            let current = source[position]
            let isEscaped =
                source[position - 1] == UInt16(ascii: "\\") && character(position - 2) != UInt16(ascii: "\\")
            if current == UInt16(ascii: "/"), !isEscaped, depth == 0 {
                let pattern = text(start..<position)
                if pattern.isEmpty { throw JSONataError("S0301", position: position) }
                position += 1
                let flagStart = position
                while [UInt16(ascii: "i"), UInt16(ascii: "m")].contains(character(position)) { position += 1 }
                let flags = text(flagStart..<position)
                let regex = try RegularExpression(pattern: pattern, flags: flags, position: position)
                return Token(kind: .regex, text: pattern, position: position, regex: regex)
            }
            if !isEscaped {
                if current == UInt16(ascii: "(") || current == UInt16(ascii: "[") || current == UInt16(ascii: "{") {
                    depth += 1
                }
                if current == UInt16(ascii: ")") || current == UInt16(ascii: "]") || current == UInt16(ascii: "}") {
                    depth -= 1
                }
            }
            position += 1
        }
        throw JSONataError("S0302", position: position)
    }
}

extension UInt16 {
    init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}

/// Lone surrogates, which a JavaScript string may hold and a Swift one may not, live in a private plane.
enum SurrogateText {
    static let base = JSONReader.LoneSurrogates.carrierBase

    static func string(_ units: [UInt16]) -> String {
        var text = String.UnicodeScalarView()
        var index = 0
        while index < units.count {
            let unit = units[index]
            if UTF16.isLeadSurrogate(unit), index + 1 < units.count, UTF16.isTrailSurrogate(units[index + 1]) {
                let code = 0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(units[index + 1]) - 0xDC00)
                if let scalar = Unicode.Scalar(code) { text.append(scalar) }
                index += 1
            } else if let scalar = Unicode.Scalar(UInt32(unit)) {
                text.append(scalar)
            } else if let scalar = Unicode.Scalar(base + UInt32(unit) - 0xD800) {
                text.append(scalar)
            }
            index += 1
        }
        return String(text)
    }

    static func isLone(_ scalar: Unicode.Scalar) -> Bool { (base..<base + 0x800).contains(scalar.value) }
}
