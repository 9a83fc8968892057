import AWSModel

/// The `pattern` step: texts of one shape are counted together, with what differs among them as tokens.
///
/// AWS: a token that tells what it is is written `<Kind-number>`, any other `<Token-number>`, numbered as they stand in the
/// pattern. Texts belong together where their punctuation is the same and most of their words are.
struct InsightsPatterns {
    private enum Word: Hashable {
        case fixed(String)
        case dynamic(String)
    }

    private struct Cluster {
        var words: [Word]
        let separators: [String]
        var count = 0
        /// In the time that `diff` compares with.
        var previous = 0
    }

    private let subject: InsightsExpression
    private let comparesTimes: Bool
    private var clusters: [Cluster] = []
    /// Clusters of one punctuation and one level: what tells of an error is no pattern with what tells of none.
    private var bySeparators: [[String]: [Int]] = [:]
    private var total = 0

    private static let mostClusters = 1_000
    /// Characters of a text that are looked at.
    private static let longest = 4_096
    /// The share of words that must be the same.
    private static let similarity = 0.6

    init(_ subject: InsightsExpression, comparesTimes: Bool) {
        self.subject = subject
        self.comparesTimes = comparesTimes
    }

    /// Columns of the answer.
    static func columns(comparesTimes: Bool) -> [String] {
        ["@pattern", "@sampleCount", "@ratio", "@severityLabel"]
            + (comparesTimes ? ["@differenceCount", "@differenceDescription"] : [])
    }

    mutating func add(_ record: InsightsRecord, isPrevious: Bool = false) {
        guard let text = record.value(of: subject)?.text else { return }
        if !isPrevious { total += 1 }
        let (words, separators) = Self.split(text.prefix(Self.longest))
        guard let index = place(words.map(Self.classified), separators) else { return }
        if isPrevious { clusters[index].previous += 1 } else { clusters[index].count += 1 }
    }

    /// The cluster that is most alike, with what differs made a token; a new one where none is.
    private mutating func place(_ words: [Word], _ separators: [String]) -> Int? {
        let key = separators + [Self.severity(words) ?? ""]
        var best: (index: Int, same: Int)?
        for index in bySeparators[key] ?? [] {
            let same = zip(clusters[index].words, words).count { $0 == $1 }
            if same > best?.same ?? -1 { best = (index, same) }
        }
        if let best, Double(best.same) >= Self.similarity * Double(words.count) {
            for (place, word) in words.enumerated() where clusters[best.index].words[place] != word {
                clusters[best.index].words[place] = .dynamic("Token")
            }
            return best.index
        }
        guard clusters.count < Self.mostClusters else { return nil }
        clusters.append(Cluster(words: words, separators: separators))
        bySeparators[key, default: []].append(clusters.count - 1)
        return clusters.count - 1
    }

    // MARK: Words

    /// Words, and what stands before the first, between them and behind the last.
    private static func split(_ text: Substring) -> (words: [String], separators: [String]) {
        var words: [String] = []
        var separators: [String] = []
        var separator = ""
        for run in text.split(omittingEmptySubsequences: false, whereSeparator: isSeparator).enumerated() {
            if run.offset > 0 {
                let before = text[text.index(before: run.element.startIndex)]
                separator.append(before)
            }
            // A colon or a full stop at the end of a word belongs to the sentence, not to the word.
            var word = run.element
            while let first = word.first, ":.".contains(first) {
                separator.append(first)
                word.removeFirst()
            }
            var tail = ""
            while let last = word.last, ":.".contains(last) {
                tail = String(last) + tail
                word.removeLast()
            }
            if !word.isEmpty {
                separators.append(separator)
                words.append(String(word))
                separator = ""
            }
            separator += tail
        }
        separators.append(separator)
        return (words, separators)
    }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "\"'`,;=|()[]{}<>".contains(character)
    }

    /// Words that can only be data are tokens from the start.
    private static func classified(_ word: String) -> Word {
        let bytes = Array(word.utf8)
        guard bytes.contains(where: isDigit) else { return .fixed(word) }
        let hyphens = bytes.indices.filter { bytes[$0] == UInt8(ascii: "-") }
        if bytes.count == 36, hyphens == [8, 13, 18, 23], bytes.allSatisfy({ isHex($0) || $0 == UInt8(ascii: "-") }) {
            return .dynamic("UUID")
        }
        let octets = word.split(separator: ".", omittingEmptySubsequences: false)
        if octets.count == 4, octets.allSatisfy({ UInt8($0) != nil }) { return .dynamic("IPAddress") }
        if isNumber(bytes) { return .dynamic("Number") }
        if hyphens.prefix(2) == [4, 7], bytes.count >= 10, bytes[..<4].allSatisfy(isDigit) {
            return .dynamic(bytes.count == 10 ? "Date" : "Timestamp")
        }
        if word.contains(":"), bytes.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) {
            return .dynamic("Time")
        }
        if bytes.count >= 16, bytes.allSatisfy(isHex) { return .dynamic("Token") }
        return .fixed(word)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    /// `12`, `-1.5`, `45ms`, `99%`.
    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        let unsigned = bytes.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let digits = unsigned.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
        let unit = String(decoding: unsigned.dropFirst(digits.count), as: UTF8.self).lowercased()
        return digits.first.map(isDigit) == true
            && ["", "%", "ms", "s", "us", "ns", "b", "kb", "mb", "gb"].contains(unit)
    }

    // MARK: The answer

    /// The most frequent pattern first.
    func records() -> [InsightsRecord] {
        let shown = clusters.filter { $0.count > 0 || (comparesTimes && $0.previous > 0) }
        return shown.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map { record($0.element) }
    }

    private func record(_ cluster: Cluster) -> InsightsRecord {
        var record = InsightsRecord()
        var text = cluster.separators[0]
        var number = 0
        for (index, word) in cluster.words.enumerated() {
            switch word {
            case .fixed(let word): text += word
            case .dynamic(let kind):
                number += 1
                text += "<\(kind)-\(number)>"
            }
            text += cluster.separators[index + 1]
        }
        record.values["@pattern"] = .text(text)
        record.values["@sampleCount"] = .number(Double(cluster.count))
        record.values["@ratio"] = .number(total == 0 ? 0 : Double(cluster.count) / Double(total))
        if let label = Self.severity(cluster.words) { record.values["@severityLabel"] = .text(label) }
        if comparesTimes {
            let change = cluster.count - cluster.previous
            record.values["@differenceCount"] = .number(Double(change))
            record.values["@differenceDescription"] = .text(
                cluster.previous == 0
                    ? "New pattern"
                    : cluster.count == 0
                        ? "Pattern no longer seen"
                        : change == 0
                            ? "No change" : "\(change > 0 ? "Increased" : "Decreased") by \(change.magnitude) events")
        }
        return record
    }

    private static func severity(_ words: [Word]) -> String? {
        let labels = [
            "FATAL": "Error", "CRITICAL": "Error", "ERROR": "Error", "WARNING": "Warning", "WARN": "Warning",
            "INFO": "Info", "DEBUG": "Debug", "TRACE": "Debug",
        ]
        for case .fixed(let word) in words {
            if let label = labels[word.uppercased()] { return label }
        }
        return nil
    }
}
