import AWSModel

/// One entry of a field's list in an event pattern.
enum ValueMatcher: Sendable, Hashable {
    /// A string, number, boolean or null as it stands.
    case exactly(DocumentValue)
    case exists(Bool)
    case text(TextTest)
    case numeric([NumericBound])
    case cidr(CIDRBlock)
    case anythingBut([DocumentValue])
    case anythingButText([TextTest])

    /// `leaves` are the values of the field, several where it is an array.
    func matches(_ leaves: [DocumentValue]) -> Bool {
        switch self {
        case .exists(let wanted): leaves.isEmpty != wanted
        default: leaves.contains { matches($0) }
        }
    }

    private func matches(_ leaf: DocumentValue) -> Bool {
        switch self {
        case .exactly(let value): return leaf == value
        case .exists(let wanted): return wanted
        case .text(let test): return leaf.string.map(test.holds) ?? false
        case .numeric(let bounds):
            guard let number = leaf.double else { return false }
            return bounds.allSatisfy { $0.holds(number) }
        case .cidr(let block): return leaf.string.flatMap(IPAddress.init).map(block.contains) ?? false
        case .anythingBut(let values): return !values.contains(leaf)
        case .anythingButText(let tests):
            guard let text = leaf.string else { return true }
            return !tests.contains { $0.holds(text) }
        }
    }
}

/// A test on text.
enum TextTest: Sendable, Hashable {
    case prefix(String)
    case suffix(String)
    case prefixIgnoringCase(String)
    case suffixIgnoringCase(String)
    case equalsIgnoringCase(String)
    case wildcard(Wildcard)

    func holds(_ text: String) -> Bool {
        switch self {
        case .prefix(let prefix): text.utf8.starts(with: prefix.utf8)
        case .suffix(let suffix): text.utf8.reversed().starts(with: suffix.utf8.reversed())
        case .prefixIgnoringCase(let prefix): text.lowercased().utf8.starts(with: prefix.lowercased().utf8)
        case .suffixIgnoringCase(let suffix):
            text.lowercased().utf8.reversed().starts(with: suffix.lowercased().utf8.reversed())
        case .equalsIgnoringCase(let other): text.lowercased() == other.lowercased()
        case .wildcard(let wildcard): wildcard.holds(text)
        }
    }
}

/// One comparison of a numeric match.
struct NumericBound: Sendable, Hashable {
    enum Comparison: String, Sendable {
        case equal = "="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    var comparison: Comparison
    var value: Double

    func holds(_ number: Double) -> Bool {
        switch comparison {
        case .equal: number == value
        case .less: number < value
        case .lessOrEqual: number <= value
        case .greater: number > value
        case .greaterOrEqual: number >= value
        }
    }
}

/// Text in which `*` stands for any run of characters; `\*` and `\\` are literal.
struct Wildcard: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case byte(UInt8)
        case any
    }

    private var pieces: [Piece] = []

    /// AWS refuses patterns that cost its rule engine too much; this many wildcards always do.
    private static let maximumWildcards = 5

    init(_ pattern: String) throws(EventPatternError) {
        var isEscaped = false
        var wildcards = 0
        for (position, byte) in pattern.utf8.enumerated() {
            if isEscaped {
                guard byte == UInt8(ascii: "*") || byte == UInt8(ascii: "\\") else {
                    throw EventPatternError("Invalid escape character at pos \(position - 1)")
                }
                pieces.append(.byte(byte))
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "*") {
                // AWS counts the opening quote.
                if pieces.last == .any { throw EventPatternError("Consecutive wildcard characters at pos \(position)") }
                pieces.append(.any)
                wildcards += 1
            } else {
                pieces.append(.byte(byte))
            }
        }
        if isEscaped { throw EventPatternError("Invalid escape character at pos \(pattern.utf8.count - 1)") }
        guard wildcards < Self.maximumWildcards else {
            throw EventPatternError(
                "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character"
            )
        }
    }

    /// Greedy with one point of return, so linear in practice and never exponential.
    func holds(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var position = 0
        var piece = 0
        var resumePiece: Int?
        var resumePosition = 0
        while position < bytes.count {
            if piece < pieces.count, pieces[piece] == .any {
                resumePiece = piece
                resumePosition = position
                piece += 1
            } else if piece < pieces.count, pieces[piece] == .byte(bytes[position]) {
                piece += 1
                position += 1
            } else if let resume = resumePiece {
                piece = resume + 1
                resumePosition += 1
                position = resumePosition
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { $0 == .any }
    }
}
