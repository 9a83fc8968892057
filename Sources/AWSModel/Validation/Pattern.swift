/// A regular expression of a service's model, read as Java reads it, matched against the whole text.
///
/// Own, because models use little of the language, and because a text from outside must not be able to make the
/// matching take for ever: after ``stepLimit`` steps the text counts as matching.
public struct Pattern: Sendable {
    public let source: String
    private let alternatives: [[Node]]

    static let stepLimit = 200_000

    indirect enum Node: Sendable {
        case set(ScalarSet)
        case start
        case end
        case wordBoundary
        case group([[Node]])
        case lookahead([[Node]], isNegative: Bool)
        /// What the character before must or must not be.
        case lookbehind(ScalarSet, isNegative: Bool)
        case repetition(Node, minimum: Int, maximum: Int, isLazy: Bool)
    }

    /// Nil where the expression uses what no service's model was seen to use.
    public init?(_ source: String) {
        self.source = source
        var parser = PatternParser(source)
        guard let alternatives = parser.alternatives(), parser.isAtEnd else { return nil }
        self.alternatives = alternatives
    }

    public func matches(_ text: String) -> Bool {
        var matcher = Matcher(text: Array(text.unicodeScalars), steps: 0)
        let end = matcher.text.count
        return matcher.any(alternatives, 0) { $1 == end } || matcher.isExhausted
    }

    private struct Matcher {
        let text: [Unicode.Scalar]
        var steps: Int

        var isExhausted: Bool { steps > Pattern.stepLimit }

        typealias Continuation = (inout Matcher, Int) -> Bool

        mutating func any(_ alternatives: [[Node]], _ position: Int, _ then: Continuation) -> Bool {
            for nodes in alternatives where sequence(nodes[...], position, then) { return true }
            return false
        }

        mutating func sequence(_ nodes: ArraySlice<Node>, _ position: Int, _ then: Continuation) -> Bool {
            steps += 1
            if isExhausted { return false }
            guard let first = nodes.first else { return then(&self, position) }
            let rest = nodes.dropFirst()
            switch first {
            case .set(let set):
                guard position < text.count, set.contains(text[position]) else { return false }
                return sequence(rest, position + 1, then)
            case .start: return position == 0 && sequence(rest, position, then)
            case .end: return position == text.count && sequence(rest, position, then)
            case .wordBoundary:
                let before = position > 0 && ScalarSet.word.contains(text[position - 1])
                let after = position < text.count && ScalarSet.word.contains(text[position])
                return before != after && sequence(rest, position, then)
            case .group(let alternatives):
                return any(alternatives, position) { $0.sequence(rest, $1, then) }
            case .lookahead(let alternatives, let isNegative):
                return any(alternatives, position) { _, _ in true } != isNegative && sequence(rest, position, then)
            case .lookbehind(let set, let isNegative):
                let found = position > 0 && set.contains(text[position - 1])
                return found != isNegative && sequence(rest, position, then)
            case .repetition(.set(let set), let minimum, let maximum, let isLazy):
                return run(of: set, minimum, maximum, isLazy, position) { $0.sequence(rest, $1, then) }
            case .repetition(let node, let minimum, let maximum, let isLazy):
                return again(node, 0, minimum, maximum, isLazy, position) { $0.sequence(rest, $1, then) }
            }
        }

        /// Runs of single characters, the common case, without recursion.
        private mutating func run(
            of set: ScalarSet, _ minimum: Int, _ maximum: Int, _ isLazy: Bool, _ position: Int, _ then: Continuation
        ) -> Bool {
            var longest = 0
            while longest < maximum, position + longest < text.count, set.contains(text[position + longest]) {
                longest += 1
            }
            guard longest >= minimum else { return false }
            var count = isLazy ? minimum : longest
            while count >= minimum, count <= longest {
                steps += 1
                if isExhausted { return false }
                if then(&self, position + count) { return true }
                count += isLazy ? 1 : -1
            }
            return false
        }

        private mutating func again(
            _ node: Node, _ count: Int, _ minimum: Int, _ maximum: Int, _ isLazy: Bool, _ position: Int,
            _ then: Continuation
        ) -> Bool {
            func once(_ matcher: inout Matcher) -> Bool {
                guard count < maximum else { return false }
                return matcher.sequence([node][...], position) { matcher, end in
                    // An empty repetition would go on for ever.
                    (end > position || count < minimum)
                        && matcher.again(node, count + 1, minimum, maximum, isLazy, end, then)
                }
            }
            if count >= minimum, isLazy, then(&self, position) { return true }
            if once(&self) { return true }
            return count >= minimum && !isLazy && then(&self, position)
        }
    }
}

/// A character class.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var properties: [Property] = []
    var isNegated = false

    enum Property: String, Sendable {
        case letter = "L"
        case mark = "M"
        case separator = "Z"
        case number = "N"
        case symbol = "S"
        case punctuation = "P"
        case other = "C"
        case upper = "Lu"
        case lower = "Ll"
        case decimal = "Nd"

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch (self, scalar.properties.generalCategory) {
            case (.letter, .uppercaseLetter), (.letter, .lowercaseLetter), (.letter, .titlecaseLetter),
                (.letter, .modifierLetter), (.letter, .otherLetter), (.mark, .nonspacingMark), (.mark, .spacingMark),
                (.mark, .enclosingMark), (.separator, .spaceSeparator), (.separator, .lineSeparator),
                (.separator, .paragraphSeparator), (.number, .decimalNumber), (.number, .letterNumber),
                (.number, .otherNumber), (.symbol, .mathSymbol), (.symbol, .currencySymbol),
                (.symbol, .modifierSymbol), (.symbol, .otherSymbol), (.punctuation, .connectorPunctuation),
                (.punctuation, .dashPunctuation), (.punctuation, .openPunctuation),
                (.punctuation, .closePunctuation), (.punctuation, .initialPunctuation),
                (.punctuation, .finalPunctuation), (.punctuation, .otherPunctuation), (.other, .control),
                (.other, .format), (.other, .surrogate), (.other, .privateUse), (.other, .unassigned),
                (.upper, .uppercaseLetter), (.lower, .lowercaseLetter), (.decimal, .decimalNumber):
                true
            default: false
            }
        }
    }

    static let digits = ScalarSet(ranges: [48...57])
    static let word = ScalarSet(ranges: [48...57, 65...90, 95...95, 97...122])
    static let space = ScalarSet(ranges: [9...13, 32...32])
    /// AWS's patterns mean lines when they say `.`.
    static let anyButLineEnds = ScalarSet(ranges: [10...10, 13...13, 0x85...0x85, 0x2028...0x2029], isNegated: true)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let found =
            ranges.contains { $0.contains(scalar.value) } || properties.contains { $0.contains(scalar) }
        return found != isNegated
    }

    /// Nil where a negated set would have to be joined, which models do not do.
    mutating func join(_ other: ScalarSet) -> Bool {
        if other.isNegated {
            guard other.properties.isEmpty else { return false }
            var next: UInt32 = 0
            for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
                if range.lowerBound > next { ranges.append(next...range.lowerBound - 1) }
                next = max(next, range.upperBound + 1)
            }
            ranges.append(next...0x10FFFF)
        } else {
            ranges += other.ranges
            properties += other.properties
        }
        return true
    }
}
