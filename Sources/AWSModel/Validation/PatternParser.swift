/// Reads what models use of Java's regular expressions; everything returns nil at what it does not know.
struct PatternParser {
    private let text: [Unicode.Scalar]
    private var position = 0

    init(_ source: String) { text = Array(source.unicodeScalars) }

    var isAtEnd: Bool { position == text.count }

    private var current: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func skip(_ literal: String) -> Bool {
        let scalars = Array(literal.unicodeScalars)
        guard text[position...].starts(with: scalars) else { return false }
        position += scalars.count
        return true
    }

    mutating func alternatives() -> [[Pattern.Node]]? {
        var result: [[Pattern.Node]] = []
        repeat {
            guard let sequence = sequence() else { return nil }
            result.append(sequence)
        } while skip("|")
        return result
    }

    private mutating func sequence() -> [Pattern.Node]? {
        var nodes: [Pattern.Node] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            guard let atom = atom(), let node = quantified(atom) else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    private mutating func atom() -> Pattern.Node? {
        if skip("^") { return .start }
        if skip("$") { return .end }
        if skip(".") { return .set(.anyButLineEnds) }
        if skip("[") { return set().map(Pattern.Node.set) }
        let isBehind = skip("(?<=")
        if isBehind || skip("(?<!") {
            guard case .set(let set)? = atom(), skip(")") else { return nil }
            return .lookbehind(set, isNegative: !isBehind)
        }
        if skip("(") {
            let isAhead = skip("?=")
            let isNotAhead = !isAhead && skip("?!")
            if !isAhead, !isNotAhead, !skip("?:"), current == "?" { return nil }
            guard let alternatives = alternatives(), skip(")") else { return nil }
            return isAhead || isNotAhead ? .lookahead(alternatives, isNegative: isNotAhead) : .group(alternatives)
        }
        if skip("\\b") { return .wordBoundary }
        if skip("\\A") { return .start }
        if skip("\\z") || skip("\\Z") { return .end }
        if current == "\\" { return escape().map(Pattern.Node.set) }
        guard let scalar = current, !"*+?".unicodeScalars.contains(scalar) else { return nil }
        position += 1
        return .set(ScalarSet(ranges: [scalar.value...scalar.value]))
    }

    private mutating func quantified(_ atom: Pattern.Node) -> Pattern.Node? {
        var minimum = 0
        var maximum = Int.max
        if skip("+") {
            minimum = 1
        } else if skip("?") {
            maximum = 1
        } else if skip("{") {
            guard let low = number() else { return nil }
            minimum = low
            if skip(",") {
                if current != "}" {
                    guard let high = number() else { return nil }
                    maximum = high
                }
            } else {
                maximum = low
            }
            guard skip("}"), minimum <= maximum else { return nil }
        } else if !skip("*") {
            return atom
        }
        let isLazy = skip("?")
        // Possessive quantifiers only forbid going back.
        if !isLazy { _ = skip("+") }
        return .repetition(atom, minimum: minimum, maximum: maximum, isLazy: isLazy)
    }

    private mutating func number() -> Int? {
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar) { position += 1 }
        return Int(String(String.UnicodeScalarView(text[start..<position])))
    }

    /// What follows `[`.
    private mutating func set() -> ScalarSet? {
        var result = ScalarSet()
        result.isNegated = skip("^")
        var isFirst = true
        while let scalar = current {
            if scalar == "]", !isFirst {
                position += 1
                return result
            }
            isFirst = false
            if skip("&&") { return nil }
            if skip("[") {
                guard let inner = set(), result.join(inner) else { return nil }
                continue
            }
            guard let low = classAtom() else { return nil }
            guard low.single, current == "-", position + 1 < text.count, text[position + 1] != "]" else {
                guard result.join(low.set) else { return nil }
                continue
            }
            let dash = position
            position += 1
            guard let high = classAtom(), high.single, let from = low.set.ranges.first?.lowerBound,
                let to = high.set.ranges.first?.upperBound, from <= to
            else {
                // `\w-x`, or a dash before a class: the dash is itself.
                position = dash + 1
                guard result.join(low.set) else { return nil }
                result.ranges.append(45...45)
                continue
            }
            result.ranges.append(from...to)
        }
        return nil
    }

    private mutating func classAtom() -> (set: ScalarSet, single: Bool)? {
        if current == "\\" {
            guard let set = escape() else { return nil }
            let isSingle = set.ranges.count == 1 && set.ranges[0].count == 1 && !set.isNegated && set.properties.isEmpty
            return (set, isSingle)
        }
        guard let scalar = current else { return nil }
        position += 1
        return (ScalarSet(ranges: [scalar.value...scalar.value]), true)
    }

    private mutating func escape() -> ScalarSet? {
        position += 1
        guard let scalar = current else { return nil }
        position += 1
        func single(_ value: UInt32) -> ScalarSet { ScalarSet(ranges: [value...value]) }
        func negated(_ set: ScalarSet) -> ScalarSet { ScalarSet(ranges: set.ranges, isNegated: true) }
        switch scalar {
        case "d": return .digits
        case "D": return negated(.digits)
        case "w": return .word
        case "W": return negated(.word)
        case "s": return .space
        case "S": return negated(.space)
        case "t": return single(9)
        case "n": return single(10)
        case "r": return single(13)
        case "f": return single(12)
        case "x": return hexadecimal(2).map(single)
        case "u": return hexadecimal(4).map(single)
        case "p", "P": return property(isNegated: scalar == "P")
        default:
            let isLetterOrDigit = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            return isLetterOrDigit ? nil : single(scalar.value)
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt32? {
        guard position + count <= text.count else { return nil }
        defer { position += count }
        return UInt32(String(String.UnicodeScalarView(text[position..<position + count])), radix: 16)
    }

    private mutating func property(isNegated: Bool) -> ScalarSet? {
        var name = ""
        if skip("{") {
            while let scalar = current, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard skip("}") else { return nil }
        } else if let scalar = current {
            name = String(scalar)
            position += 1
        }
        var set: ScalarSet
        switch name {
        case "ASCII": set = ScalarSet(ranges: [0...127])
        case "Alpha": set = ScalarSet(ranges: [65...90, 97...122])
        case "Alnum": set = ScalarSet(ranges: [48...57, 65...90, 97...122])
        case "Digit": set = .digits
        case "Graph": set = ScalarSet(ranges: [33...126])
        case "Print": set = ScalarSet(ranges: [32...126])
        case "Space": set = .space
        default:
            guard let property = ScalarSet.Property(rawValue: name.hasPrefix("Is") ? String(name.dropFirst(2)) : name)
            else { return nil }
            set = ScalarSet(properties: [property])
        }
        set.isNegated = isNegated
        return set
    }
}
