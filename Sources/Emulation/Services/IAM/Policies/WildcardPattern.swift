import AWSModel

/// A pattern with `*` (any run of characters) and `?` (any one), as actions, resources and StringLike have it.
public struct WildcardPattern: Sendable, Hashable {
    public let text: String
    private let ignoresCase: Bool
    /// Whether the text names policy variables (`${aws:username}`), which Version 2012-10-17 fills in.
    private let hasVariables: Bool

    public init(_ text: String, ignoresCase: Bool = false, fillsVariables: Bool = false) {
        self.text = text
        self.ignoresCase = ignoresCase
        hasVariables = fillsVariables && text.contains("${")
    }

    public var matchesAll: Bool { text == "*" }

    public func matches(_ candidate: String, _ context: RequestContext? = nil) -> Bool {
        if matchesAll { return true }
        if hasVariables {
            guard let filled = PolicyVariables.fill(text, context ?? RequestContext()) else { return false }
            return Self.matches(filled, Self.tokens(candidate), ignoresCase)
        }
        var candidate = candidate
        var pattern = text
        return pattern.withUTF8 { pattern in
            candidate.withUTF8 { Self.matches(pattern, $0, ignoresCase) }
        }
    }

    /// One character of a pattern; those that came out of a variable stand for themselves.
    enum Token: Hashable {
        case byte(UInt8)
        case any
        case run
    }

    private static func tokens(_ text: String) -> [Token] { text.utf8.map(Token.byte) }

    private static func folded(_ byte: UInt8, _ ignoresCase: Bool) -> UInt8 {
        ignoresCase && (65...90).contains(byte) ? byte + 32 : byte
    }

    /// Greedy with one point to go back to: linear for the patterns people write.
    private static func matches(
        _ pattern: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, _ ignoresCase: Bool
    ) -> Bool {
        var position = 0
        var index = 0
        var star = -1
        var resume = 0
        while index < text.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = position
                resume = index
                position += 1
            } else if position < pattern.count,
                pattern[position] == UInt8(ascii: "?")
                    || folded(pattern[position], ignoresCase) == folded(text[index], ignoresCase)
            {
                position += 1
                index += 1
            } else if star >= 0 {
                resume += 1
                index = resume
                position = star + 1
            } else {
                return false
            }
        }
        while position < pattern.count, pattern[position] == UInt8(ascii: "*") { position += 1 }
        return position == pattern.count
    }

    private static func matches(_ pattern: [Token], _ text: [Token], _ ignoresCase: Bool) -> Bool {
        var position = 0
        var index = 0
        var star = -1
        var resume = 0
        func equal(_ left: Token, _ right: Token) -> Bool {
            guard case .byte(let a) = left, case .byte(let b) = right else { return false }
            return folded(a, ignoresCase) == folded(b, ignoresCase)
        }
        while index < text.count {
            if position < pattern.count, pattern[position] == .run {
                star = position
                resume = index
                position += 1
            } else if position < pattern.count, pattern[position] == .any || equal(pattern[position], text[index]) {
                position += 1
                index += 1
            } else if star >= 0 {
                resume += 1
                index = resume
                position = star + 1
            } else {
                return false
            }
        }
        while position < pattern.count, pattern[position] == .run { position += 1 }
        return position == pattern.count
    }
}

/// `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the characters themselves.
enum PolicyVariables {
    /// Nil where a variable has no single value: AWS lets the element match nothing then.
    static func fill(_ text: String, _ context: RequestContext) -> [WildcardPattern.Token]? {
        var tokens: [WildcardPattern.Token] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "{"),
                let end = rest.firstIndex(of: UInt8(ascii: "}"))
            {
                let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
                rest = rest[(end + 1)...]
                guard let value = value(of: name, context) else { return nil }
                tokens += value.utf8.map(WildcardPattern.Token.byte)
            } else if byte == UInt8(ascii: "*") {
                tokens.append(.run)
            } else if byte == UInt8(ascii: "?") {
                tokens.append(.any)
            } else {
                tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    /// The keys that a text asks for: `aws:username` of `${aws:username}`.
    static func names(in text: String) -> [String] {
        text.split(separator: "${", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            guard let end = rest.firstIndex(of: "}") else { return nil }
            let name = rest[..<end].split(separator: ",").first.map(String.init) ?? ""
            return name.contains(":") ? name : nil
        }
    }

    /// The same for values that know no wildcards.
    static func fillText(_ text: String, _ context: RequestContext) -> String? {
        guard text.contains("${") else { return text }
        guard let tokens = fill(text, context) else { return nil }
        let bytes = tokens.map { token -> UInt8 in
            switch token {
            case .byte(let byte): byte
            case .run: UInt8(ascii: "*")
            case .any: UInt8(ascii: "?")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func value(of name: String, _ context: RequestContext) -> String? {
        if name == "*" || name == "?" || name == "$" { return name }
        let halves = name.split(separator: ",", maxSplits: 1)
        guard let key = halves.first else { return nil }
        if let values = context[String(key)] { return values.count == 1 ? values[0] : nil }
        guard halves.count == 2 else { return nil }
        let fallback = halves[1].drop { $0 == " " }
        guard fallback.first == "'", fallback.last == "'", fallback.count >= 2 else { return nil }
        return String(fallback.dropFirst().dropLast())
    }
}
