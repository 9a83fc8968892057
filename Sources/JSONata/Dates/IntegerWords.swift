#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whole numbers as English words, Roman numerals and letters.
enum IntegerWords {
    private static let few = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ]
    private static let fewth = [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ]
    private static let tens = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"]
    private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

    static func words(_ value: Double, isOrdinal: Bool) -> String { words(value, isOrdinal, follows: false, level: 0) }

    private static func words(_ value: Double, _ isOrdinal: Bool, follows: Bool, level: Int) -> String {
        if value <= 19 {
            let index = Int(max(0, value))
            return (follows ? " and " : "") + (isOrdinal ? fewth[index] : few[index])
        }
        if value < 100 {
            let text = (follows ? " and " : "") + tens[Int(value) / 10 - 2]
            let rest = Int(value) % 10
            if rest > 0 { return text + "-" + words(Double(rest), isOrdinal, follows: false, level: level) }
            return isOrdinal ? text.dropLast() + "ieth" : text
        }
        if value < 1000 {
            let text = (follows ? ", " : "") + few[Int(value) / 100] + " Hundred"
            let rest = Int(value) % 100
            if rest > 0 { return text + words(Double(rest), isOrdinal, follows: true, level: level) }
            return isOrdinal ? text + "th" : text
        }
        let magnitude = min(magnitudes.count, Int(log10(value) / 3))
        let factor = pow(10, Double(magnitude * 3))
        let count = (value / factor).rounded(.down)
        let rest = value - count * factor
        let head = level < 40 ? words(count, false, follows: false, level: level + 1) : ""
        let text = (follows ? ", " : "") + head + " " + magnitudes[magnitude - 1]
        if rest > 0 { return text + words(rest, isOrdinal, follows: true, level: level + 1) }
        return isOrdinal ? text + "th" : text
    }

    private static let values: [String: Double] = {
        var result: [String: Double] = [:]
        for (index, word) in few.enumerated() { result[word.lowercased()] = Double(index) }
        for (index, word) in fewth.enumerated() { result[word.lowercased()] = Double(index) }
        for (index, word) in tens.enumerated() {
            let lower = word.lowercased()
            result[lower] = Double((index + 2) * 10)
            result[lower.dropLast() + "ieth"] = Double((index + 2) * 10)
        }
        result["hundredth"] = 100
        for (index, word) in magnitudes.enumerated() {
            let lower = word.lowercased()
            result[lower] = pow(10, Double((index + 1) * 3))
            result[lower + "th"] = pow(10, Double((index + 1) * 3))
        }
        return result
    }()

    /// Every word that may stand in a number, longest first, for patterns.
    static var vocabulary: [String] { values.keys.sorted { ($0.count, $1) > ($1.count, $0) } }

    static func number(_ text: String) -> Double? {
        var segments = [0.0]
        for word in text.lowercased().split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }) where word != "and"
        {
            guard let value = values[String(word)] else { return nil }
            var top = segments.removeLast()
            if value < 100 {
                if top >= 1000 {
                    segments.append(top)
                    top = 0
                }
                segments.append(top + value)
            } else {
                segments.append(top * value)
            }
        }
        return segments.reduce(0, +)
    }

    private static let numerals: [(Int, String)] = [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]

    static func roman(_ value: Double) -> String {
        var rest = Int(min(max(value, 0), 100_000))
        var text = ""
        for (number, numeral) in numerals {
            while rest >= number {
                text += numeral
                rest -= number
            }
        }
        return text
    }

    static func number(roman text: String) -> Double {
        let digits: [Character: Double] = ["i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000]
        var (total, highest) = (0.0, 0.0)
        for character in text.lowercased().reversed() {
            let value = digits[character] ?? 0
            if value < highest {
                total -= value
            } else {
                highest = value
                total += value
            }
        }
        return total
    }

    static func letters(_ value: Double) -> String {
        var rest = Int(min(max(value, 0), 1e15))
        var text: [UInt8] = []
        while rest > 0 {
            rest -= 1
            text.append(UInt8(97 + rest % 26))
            rest /= 26
        }
        return String(decoding: text.reversed(), as: UTF8.self)
    }

    static func number(letters text: String) -> Double {
        text.lowercased().utf8.reduce(0) { $0 * 26 + Double($1) - 96 }
    }
}
