import AWSModel

/// Where to jump to, as people write it: `90s`, `15m`, `1h 30m`, `2d`, `14:30`, `2026-11-24`, `2026-11-24 09:00`,
/// `2026-11-24T09:00:00Z`. Times are UTC; a time of day is the next one.
struct JumpTarget: Hashable, Sendable {
    let instant: Instant

    struct Failure: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    init(_ text: String, now: Instant) throws(Failure) {
        let words = text.lowercased().split(separator: " ").joined(separator: " ")
        guard !words.isEmpty else { throw Failure(description: "Say a duration such as 15m, or a time") }
        if let seconds = Self.duration(words) {
            guard seconds <= 3.2e9 else { throw Failure(description: "That is more than a hundred years") }
            instant = now + .microseconds(Int64(seconds * 1_000_000))
        } else if let time = Self.time(words, now: now) {
            guard time > now else { throw Failure(description: "That is past: the clock cannot go back") }
            instant = time
        } else {
            throw Failure(description: "Not a duration (90s, 15m, 24h, 2d) nor a time (14:30, 2026-11-24 09:00)")
        }
    }

    /// Seconds; nil where the text is no duration. A bare number is seconds.
    private static func duration(_ text: String) -> Double? {
        let compact = text.filter { $0 != " " }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var total = 0.0
        var digits = ""
        var isUnitSeen = false
        for character in compact.hasPrefix("+") ? compact.dropFirst() : compact[...] {
            if let unit = units[character] {
                guard let number = Double(digits), number >= 0 else { return nil }
                total += number * unit
                digits = ""
                isUnitSeen = true
            } else if character.isASCII, character.isNumber || character == "." {
                digits.append(character)
            } else {
                return nil
            }
        }
        if !digits.isEmpty {
            guard !isUnitSeen, let number = Double(digits) else { return nil }
            total = number
        }
        return total > 0 ? total : nil
    }

    private static func time(_ text: String, now: Instant) -> Instant? {
        if let instant = Instant(iso8601: text) { return instant }
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "t" }).map(String.init)
        if parts.count == 1, let seconds = timeOfDay(parts[0]) {
            let midnight = now.microseconds - now.microseconds % 86_400_000_000
            let today = Instant(microseconds: midnight + Int64(seconds) * 1_000_000)
            return today > now ? today : today + .seconds(86_400)
        }
        guard let first = parts.first, parts.count <= 2, let day = Instant(iso8601: "\(first)T00:00:00Z") else {
            return nil
        }
        if parts.count == 1 { return day }
        return timeOfDay(parts[1]).map { day + .seconds($0) }
    }

    /// Seconds since midnight of `14:30` or `14:30:05`.
    private static func timeOfDay(_ text: String) -> Int? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), fields.allSatisfy({ (1...2).contains($0.count) }) else { return nil }
        let numbers = fields.compactMap { Int($0) }
        guard numbers.count == fields.count, (0..<24).contains(numbers[0]),
            numbers.dropFirst().allSatisfy({ (0..<60).contains($0) })
        else { return nil }
        return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
    }
}
