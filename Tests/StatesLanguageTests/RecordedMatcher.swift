import AWSModel

/// Compares a live value with one recorded on AWS, in which volatile parts were replaced.
///
/// `<…>` inside a recorded text stands for anything, `111111111111` for an account, `date` for a time, and the case's own
/// placeholders for anything. A recorded object or list may stand for its JSON text.
struct RecordedMatcher {
    private let bare: [String]

    init(placeholders: [String]) {
        let own = placeholders.filter { !$0.hasPrefix("<") && $0 != "111111111111" }
        bare = Set(own + ["timestamp", "datetime"]).sorted { $0.count > $1.count }
    }

    func differences(_ expected: DocumentValue, _ actual: DocumentValue, at path: String = "$") -> [String] {
        if case .string(let text) = expected, bare.contains(text) { return [] }
        var actual = actual
        switch expected {
        case .object, .list:
            if let text = actual.string, let parsed = try? JSONReader.parse(text) { actual = parsed }
        case .integer, .number:
            // One recording holds bare numbers where history has texts.
            if let text = actual.string, let parsed = try? JSONReader.parse(text), parsed.double != nil {
                actual = parsed
            }
        default: break
        }
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)): return members(wanted, found, path)
        case (.list(let wanted), .list(let found)) where wanted.count == found.count:
            return zip(wanted, found).enumerated().flatMap { differences($1.0, $1.1, at: "\(path)[\($0)]") }
        case (.string(let wanted), .string(let found)):
            if wanted == found || matches(wanted, found) { return [] }
            if let a = try? JSONReader.parse(wanted), let b = try? JSONReader.parse(found), a == b {
                switch a {
                case .object, .list: return []
                default: break
                }
            }
        case (.string, _), (_, .string): break
        default: if expected == actual { return [] }
        }
        return ["\(path): wanted \(short(expected)), found \(short(actual))"]
    }

    private func members(_ wanted: DocumentObject, _ found: DocumentObject, _ path: String) -> [String] {
        var differences: [String] = []
        var extra = Set(found.keys).subtracting(wanted.keys)
        for (key, value) in wanted {
            if let other = found[key] {
                differences += self.differences(value, other, at: "\(path).\(key)")
                continue
            }
            let candidates = extra.filter { matches(key, $0) }
            if candidates.count == 1, let name = candidates.first, let other = found[name] {
                differences += self.differences(value, other, at: "\(path).\(key)")
                extra.remove(name)
            } else {
                differences.append("\(path).\(key): wanted \(short(value)), found nothing")
            }
        }
        return differences + extra.sorted().map { "\(path).\($0): not wanted: \(short(found[$0] ?? .null))" }
    }

    private func short(_ value: DocumentValue) -> String { String(JSONWriter.string(value).prefix(220)) }

    // MARK: Texts with wildcards

    private enum Piece {
        case literal([Unicode.Scalar])
        case anything
        case account
        case date
    }

    func matches(_ pattern: String, _ text: String) -> Bool {
        Self.match(pieces(pattern)[...], Array(text.unicodeScalars)[...])
    }

    private func pieces(_ pattern: String) -> [Piece] {
        let scalars = Array(pattern.unicodeScalars)
        var pieces: [Piece] = []
        var literal: [Unicode.Scalar] = []
        var position = 0
        func starts(_ word: String) -> Bool { scalars[position...].starts(with: word.unicodeScalars) }
        while position < scalars.count {
            var piece: (Piece, Int)?
            if scalars[position] == "<", let end = wildcardEnd(scalars, position) {
                piece = (.anything, end - position)
            } else if starts("111111111111") {
                piece = (.account, 12)
            } else if let word = bare.first(where: starts) {
                piece = (.anything, word.unicodeScalars.count)
            } else if starts("date") {
                piece = (.date, 4)
            }
            if let (kind, length) = piece {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = []
                pieces.append(kind)
                position += length
            } else {
                literal.append(scalars[position])
                position += 1
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return pieces
    }

    private func wildcardEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        var position = start + 1
        guard position < scalars.count, scalars[position].properties.isAlphabetic else { return nil }
        while position < scalars.count {
            let scalar = scalars[position]
            if scalar == ">" { return position + 1 }
            guard scalar.isASCII,
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "_.:- ".unicodeScalars.contains(scalar)
            else { return nil }
            position += 1
        }
        return nil
    }

    private static func match(_ pieces: ArraySlice<Piece>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .literal(let scalars):
            return text.starts(with: scalars) && match(rest, text.dropFirst(scalars.count))
        case .account:
            return text.count >= 12 && text.prefix(12).allSatisfy { $0.properties.numericType != nil }
                && match(rest, text.dropFirst(12))
        case .anything:
            for length in 0...text.count where match(rest, text.dropFirst(length)) { return true }
            return false
        case .date:
            if text.starts(with: "date".unicodeScalars), match(rest, text.dropFirst(4)) { return true }
            let allowed = Set("-+0123456789T:.,Z ".unicodeScalars)
            let run = text.prefix { allowed.contains($0) }.count
            for length in stride(from: run, to: 0, by: -1) where match(rest, text.dropFirst(length)) { return true }
            return false
        }
    }
}
