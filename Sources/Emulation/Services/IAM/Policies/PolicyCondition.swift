import AWSModel

/// One line of a Condition block: an operator, a key, and the values it is compared with.
public struct PolicyCondition: Sendable, Hashable {
    public enum Quantifier: Sendable, Hashable { case single, forAllValues, forAnyValue }

    /// As written: `ForAnyValue:StringLikeIfExists`.
    public let name: String
    public let key: String
    public let values: [String]
    let quantifier: Quantifier
    let test: String
    let ifExists: Bool
    let fillsVariables: Bool

    static let operators: Set<String> = [
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
        "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
        "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
        "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress",
        "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
    ]

    /// Nil where there is no such operator.
    init?(_ name: String, key: String, values: [String], fillsVariables: Bool) {
        var test = name
        var quantifier = Quantifier.single
        if let rest = Self.dropping("ForAllValues:", from: test) {
            (test, quantifier) = (rest, .forAllValues)
        } else if let rest = Self.dropping("ForAnyValue:", from: test) {
            (test, quantifier) = (rest, .forAnyValue)
        }
        ifExists = test.lowercased().hasSuffix("ifexists")
        if ifExists { test = String(test.dropLast(8)) }
        guard let known = Self.operators.first(where: { $0.lowercased() == test.lowercased() }) else { return nil }
        self.name = name
        self.key = key
        self.values = values
        self.quantifier = quantifier
        self.test = known
        self.fillsVariables = fillsVariables
    }

    private static func dropping(_ prefix: String, from text: String) -> String? {
        text.lowercased().hasPrefix(prefix.lowercased()) ? String(text.dropFirst(prefix.count)) : nil
    }

    /// `StringNotEquals` and its like: true where no value listed matches.
    private var isNegated: Bool { test.contains("Not") }

    public func holds(in context: RequestContext) -> Bool {
        let found = context[key]
        if test == "Null" {
            let isMissing = found?.isEmpty ?? true
            return values.contains { ($0.lowercased() == "true") == isMissing }
        }
        guard let found, !found.isEmpty else {
            switch quantifier {
            // AWS: true for a key that is missing or has no value.
            case .forAllValues: return true
            case .forAnyValue: return ifExists
            // AWS: a negated operator is true where the key is missing.
            case .single: return ifExists || isNegated
            }
        }
        let wanted = fillsVariables ? values.compactMap { PolicyVariables.fillText($0, context) } : values
        func matches(_ value: String) -> Bool {
            let hit =
                test.hasSuffix("Like") || test.hasPrefix("Arn")
                ? values.contains { like($0, value, context) } : wanted.contains { compare(value, $0) }
            return isNegated ? !hit : hit
        }
        switch quantifier {
        case .forAllValues: return found.allSatisfy(matches)
        case .forAnyValue: return found.contains(where: matches)
        // Keys with several values need a quantifier; without one AWS takes any for a match and all for a negation.
        case .single: return isNegated ? found.allSatisfy(matches) : found.contains(where: matches)
        }
    }

    private func like(_ pattern: String, _ value: String, _ context: RequestContext) -> Bool {
        guard test.hasPrefix("Arn") else {
            return WildcardPattern(pattern, fillsVariables: fillsVariables).matches(value, context)
        }
        // AWS: each of an ARN's six parts is matched by itself. ArnEquals behaves as ArnLike.
        let patterns = pattern.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        let parts = value.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        if pattern.contains("${") || patterns.count != 6 || parts.count != 6 {
            return WildcardPattern(pattern, fillsVariables: fillsVariables).matches(value, context)
        }
        return zip(patterns, parts).allSatisfy { WildcardPattern($0).matches($1) }
    }

    private func compare(_ value: String, _ wanted: String) -> Bool {
        switch test {
        case "StringEquals", "StringNotEquals", "BinaryEquals": return value == wanted
        case "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase": return value.lowercased() == wanted.lowercased()
        case "Bool": return value.lowercased() == wanted.lowercased()
        case "IpAddress", "NotIpAddress":
            return IPAddressRange(wanted)?.contains(value) ?? false
        case _ where test.hasPrefix("Numeric"):
            guard let left = Double(value), let right = Double(wanted) else { return false }
            return ordered(left, right)
        case _ where test.hasPrefix("Date"):
            guard let left = Self.date(value), let right = Self.date(wanted) else { return false }
            return ordered(left, right)
        default: return false
        }
    }

    private func ordered(_ left: Double, _ right: Double) -> Bool {
        if test.hasSuffix("LessThan") { return left < right }
        if test.hasSuffix("LessThanEquals") { return left <= right }
        if test.hasSuffix("GreaterThan") { return left > right }
        if test.hasSuffix("GreaterThanEquals") { return left >= right }
        return left == right
    }

    /// ISO 8601 or seconds since 1970.
    private static func date(_ text: String) -> Double? {
        Double(text) ?? Instant(iso8601: text)?.epochSeconds
            ?? (text.utf8.count == 10 ? Instant(iso8601: text + "T00:00:00Z")?.epochSeconds : nil)
    }
}

/// `203.0.113.0/24`, `2001:db8::/32`, or a single address.
struct IPAddressRange {
    private let bytes: [UInt8]
    private let prefix: Int

    init?(_ text: String) {
        let halves = text.split(separator: "/", maxSplits: 1)
        guard let first = halves.first, let bytes = Self.address(String(first)) else { return nil }
        self.bytes = bytes
        if halves.count == 2 {
            guard let prefix = Int(halves[1]), (0...bytes.count * 8).contains(prefix) else { return nil }
            self.prefix = prefix
        } else {
            prefix = bytes.count * 8
        }
    }

    func contains(_ text: String) -> Bool {
        guard let other = Self.address(text), other.count == bytes.count else { return false }
        for bit in 0..<prefix {
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            if bytes[bit / 8] & mask != other[bit / 8] & mask { return false }
        }
        return true
    }

    private static func address(_ text: String) -> [UInt8]? {
        text.contains(":") ? six(text) : four(text)
    }

    private static func four(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func six(_ text: String) -> [UInt8]? {
        var halves: [[UInt8]] = []
        for half in text.replacing("::", with: "|").split(separator: "|", omittingEmptySubsequences: false) {
            var bytes: [UInt8] = []
            for group in half.split(separator: ":") {
                if group.contains(".") {
                    guard let tail = four(String(group)) else { return nil }
                    bytes += tail
                } else {
                    guard let word = UInt16(group, radix: 16) else { return nil }
                    bytes += [UInt8(word >> 8), UInt8(word & 255)]
                }
            }
            halves.append(bytes)
        }
        if halves.count == 1 { return halves[0].count == 16 ? halves[0] : nil }
        guard halves.count == 2, halves[0].count + halves[1].count <= 14 else { return nil }
        return halves[0] + [UInt8](repeating: 0, count: 16 - halves[0].count - halves[1].count) + halves[1]
    }
}
