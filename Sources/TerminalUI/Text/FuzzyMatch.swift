/// Ranks entries against a few typed letters, in order but not necessarily adjacent.
public enum FuzzyMatch {
    public struct Result: Hashable, Sendable {
        /// Higher is better.
        public let score: Int
        /// Which characters of the text matched, by offset.
        public let positions: [Int]
    }

    /// `nil` if `pattern`'s letters do not occur in `text` in order. An empty pattern matches with 0.
    public static func score(of pattern: String, in text: String) -> Int? {
        match(pattern, in: text)?.score
    }

    /// Letters at the start of a word and runs of letters count more; letters skipped in front count less.
    public static func match(_ pattern: String, in text: String) -> Result? {
        let wanted = pattern.lowercased().filter { $0 != " " }.map { $0 }
        if wanted.isEmpty { return Result(score: 0, positions: []) }
        let letters = Array(text)
        let folded = Array(text.lowercased())
        guard folded.count == letters.count else { return nil }
        // The whole pattern in one piece beats any scattering.
        if let start = firstRun(of: wanted, in: folded) {
            let atWord = start == 0 || !isWord(folded[start - 1])
            let score = 100 + wanted.count * 10 + (atWord ? 50 : 0) + (start == 0 ? 30 : 0) - min(start, 20)
            return Result(score: score, positions: Array(start..<start + wanted.count))
        }
        var positions: [Int] = []
        var score = 0
        var from = 0
        for letter in wanted {
            guard let index = best(letter, in: folded, letters: letters, from: from, previous: positions.last)
            else { return nil }
            if let last = positions.last, last + 1 == index { score += 8 }
            if isWordStart(index, folded, letters) { score += 10 }
            score -= min(3, index - from)
            positions.append(index)
            from = index + 1
        }
        return Result(score: score, positions: positions)
    }

    private static func best(
        _ letter: Character, in folded: [Character], letters: [Character], from: Int, previous: Int?
    ) -> Int? {
        var first: Int?
        for index in from..<max(from, folded.count) where folded[index] == letter {
            if first == nil { first = index }
            if previous.map({ $0 + 1 == index }) ?? false { return index }
            if isWordStart(index, folded, letters) { return index }
        }
        return first
    }

    private static func firstRun(of wanted: [Character], in text: [Character]) -> Int? {
        guard wanted.count <= text.count else { return nil }
        var fallback: Int?
        for start in 0...(text.count - wanted.count) where text[start..<start + wanted.count].elementsEqual(wanted) {
            if start == 0 || !isWord(text[start - 1]) { return start }
            if fallback == nil { fallback = start }
        }
        return fallback
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }

    private static func isWordStart(_ index: Int, _ folded: [Character], _ letters: [Character]) -> Bool {
        if index == 0 { return true }
        if !isWord(folded[index - 1]) { return true }
        return letters[index].isUppercase && letters[index - 1].isLowercase
    }
}
