/// What the `/` line of a list means: a substring, its inverse after `!`, a regular expression after `~`.
public struct ListFilter: Sendable {
    public let pattern: String

    private enum Rule: Sendable {
        case all
        case contains(String, inverse: Bool)
        case expression(RegularExpression, inverse: Bool)
        case invalid(String)
    }
    private let rule: Rule

    /// Case matters only if the pattern has a capital letter.
    public init(_ pattern: String) {
        self.pattern = pattern
        var rest = Substring(pattern)
        let inverse = rest.first == "!"
        if inverse { rest.removeFirst() }
        if rest.isEmpty || rest == "~" {
            rule = .all
        } else if rest.first == "~" {
            do {
                rule = .expression(try RegularExpression(String(rest.dropFirst())), inverse: inverse)
            } catch {
                rule = .invalid(error.message)
            }
        } else {
            rule = .contains(String(rest), inverse: inverse)
        }
    }

    public var isEmpty: Bool {
        if case .all = rule { return true }
        return false
    }

    /// Why the regular expression is refused. Everything is shown meanwhile.
    public var problem: String? {
        if case .invalid(let message) = rule { return message }
        return nil
    }

    /// Whether all that it lets through would have passed the old one as well.
    func narrows(_ old: ListFilter) -> Bool {
        guard case .contains(let before, inverse: false) = old.rule, case .contains(let now, inverse: false) = rule
        else {
            return false
        }
        return now.hasPrefix(before)
    }

    public func matches(_ text: String) -> Bool {
        switch rule {
        case .all, .invalid: true
        case .contains(let part, let inverse): text.firstMatch(of: part) != nil ? !inverse : inverse
        case .expression(let expression, let inverse): expression.matches(text) != inverse
        }
    }
}

/// A regular expression of the standard library, which is no more than a value behind a lock-free wall:
/// `Regex` is not `Sendable`, so the pattern is kept and compiled where it is used.
struct RegularExpression: Sendable {
    struct Failure: Error {
        let message: String
    }

    let pattern: String
    private let ignoresCase: Bool

    init(_ pattern: String) throws(Failure) {
        self.pattern = pattern
        ignoresCase = !pattern.contains(where: \.isUppercase)
        do {
            _ = try Regex(pattern)
        } catch {
            throw Failure(message: "not a regular expression")
        }
    }

    private func compiled() -> Regex<AnyRegexOutput>? {
        guard let regex = try? Regex(pattern) else { return nil }
        return ignoresCase ? regex.ignoresCase() : regex
    }

    func matches(_ text: String) -> Bool {
        guard let regex = compiled() else { return false }
        return text.firstMatch(of: regex) != nil
    }

    /// Those of `texts` that match, compiling once.
    func matcher() -> (String) -> Bool {
        guard let regex = compiled() else { return { _ in false } }
        return { $0.firstMatch(of: regex) != nil }
    }
}

extension ListFilter {
    /// A predicate for many texts: the expression is compiled once.
    public func predicate() -> (String) -> Bool {
        if case .expression(let expression, let inverse) = rule {
            let matcher = expression.matcher()
            return { matcher($0) != inverse }
        }
        return matches
    }
}

extension String {
    /// Where `part` occurs first, in bytes; without regard to ASCII case unless `part` has a capital.
    func firstMatch(of part: String) -> Int? {
        let smart = !part.contains(where: \.isUppercase)
        return ByteSearch(part, ignoresCase: smart).first(in: Array(utf8), from: 0)
    }
}

/// Finds bytes in bytes; folds ASCII case if asked.
struct ByteSearch: Sendable {
    private let needle: [UInt8]
    private let ignoresCase: Bool

    init(_ text: String, ignoresCase: Bool) {
        needle = (ignoresCase ? text.lowercased() : text).utf8.map { $0 }
        self.ignoresCase = ignoresCase
    }

    func first(in bytes: [UInt8], from start: Int) -> Int? {
        guard let head = needle.first, bytes.count - start >= needle.count else { return nil }
        let last = bytes.count - needle.count
        return bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index <= last {
                if fold(bytes[index]) == head {
                    var offset = 1
                    while offset < needle.count, fold(bytes[index + offset]) == needle[offset] { offset += 1 }
                    if offset == needle.count { return index }
                }
                index += 1
            }
            return nil
        }
    }

    var count: Int { needle.count }

    private func fold(_ byte: UInt8) -> UInt8 {
        ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
