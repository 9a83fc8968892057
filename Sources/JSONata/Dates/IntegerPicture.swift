/// How a whole number is written, by XPath's `format-integer` pictures: `#,##0`, `I`, `w;o`.
struct IntegerPicture {
    enum Style { case letters, roman, words, decimal }
    enum Casing { case upper, lower, title }

    private(set) var style = Style.decimal
    private(set) var casing = Casing.lower
    private(set) var isOrdinal = false
    private(set) var zero: UInt32 = 48
    var mandatoryDigits = 0
    private(set) var optionalDigits = 0
    /// Width of a number that another number follows at once.
    var parseWidth: Int?
    private(set) var separators: [(position: Int, character: Unicode.Scalar)] = []
    private var repetition = 0

    private static let zeros: [UInt32] = [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ]

    init(_ picture: String) throws(JSONataError) {
        var primary = picture
        if let mark = picture.lastIndex(of: ";") {
            primary = String(picture[..<mark])
            isOrdinal = picture[picture.index(after: mark)...].first == "o"
        }
        switch primary {
        case "A", "a":
            style = .letters
            casing = primary == "A" ? .upper : .lower
        case "I", "i":
            style = .roman
            casing = primary == "I" ? .upper : .lower
        case "W", "w", "Ww":
            style = .words
            casing = primary == "W" ? .upper : primary == "w" ? .lower : .title
        default: try decimal(primary)
        }
    }

    private mutating func decimal(_ picture: String) throws(JSONataError) {
        var group: UInt32?
        var position = 0
        for scalar in picture.unicodeScalars.reversed() {
            if let zero = Self.zeros.first(where: { $0 <= scalar.value && scalar.value <= $0 + 9 }) {
                if let group, group != zero { throw JSONataError("D3131") }
                group = zero
                mandatoryDigits += 1
                position += 1
            } else if scalar == "#" {
                optionalDigits += 1
                position += 1
            } else {
                separators.append((position, scalar))
            }
        }
        guard let group else { throw JSONataError("D3130", value: picture) }
        zero = group
        repetition = regularRepetition()
    }

    /// Every how many digits a separator stands, if regularly.
    private func regularRepetition() -> Int {
        guard let first = separators.first, separators.allSatisfy({ $0.character == first.character }) else { return 0 }
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        let factor = separators.map(\.position).reduce(0, divisor)
        guard factor > 0 else { return 0 }
        for index in 1..<separators.count + 1 where !separators.contains(where: { $0.position == index * factor }) {
            return 0
        }
        return factor
    }

    func format(_ value: Double) throws(JSONataError) -> String {
        let magnitude = value.magnitude
        var text: String
        switch style {
        case .letters: text = cased(IntegerWords.letters(magnitude))
        case .roman: text = cased(IntegerWords.roman(magnitude))
        case .words: text = cased(IntegerWords.words(magnitude, isOrdinal: isOrdinal))
        case .decimal: text = digits(magnitude)
        }
        return value < 0 ? "-" + text : text
    }

    private func cased(_ text: String) -> String {
        switch casing {
        case .upper: text.uppercased()
        case .lower: text.lowercased()
        case .title: text
        }
    }

    private func digits(_ value: Double) -> String {
        var scalars = Array(NumberText.text(value).unicodeScalars)
        if scalars.count < mandatoryDigits {
            scalars = Array(repeating: "0", count: mandatoryDigits - scalars.count) + scalars
        }
        let plain = scalars
        if zero != 48 {
            scalars = scalars.map { (48...57).contains($0.value) ? Unicode.Scalar($0.value - 48 + zero) ?? $0 : $0 }
        }
        if repetition > 0, let separator = separators.first?.character {
            for index in stride(from: 1, through: (plain.count - 1) / repetition, by: 1) {
                scalars.insert(separator, at: plain.count - index * repetition)
            }
        } else {
            for separator in separators where plain.count > separator.position {
                scalars.insert(separator.character, at: plain.count - separator.position)
            }
        }
        var text = String(String.UnicodeScalarView(scalars))
        if isOrdinal {
            let isTeen = plain.count > 1 && plain[plain.count - 2] == "1"
            let suffixes: [Unicode.Scalar: String] = ["1": "st", "2": "nd", "3": "rd"]
            text += isTeen ? "th" : plain.last.flatMap { suffixes[$0] } ?? "th"
        }
        return text
    }

    /// A pattern that such a number matches.
    var pattern: String {
        switch style {
        case .letters: return casing == .upper ? "[A-Z]+" : "[a-z]+"
        case .roman: return casing == .upper ? "[MDCLXVI]+" : "[mdclxvi]+"
        case .words:
            return "(?:" + (IntegerWords.vocabulary + ["and", "[\\-, ]"]).joined(separator: "|") + ")+"
        case .decimal:
            var text = parseWidth.map { "[0-9]{\($0)}" } ?? "[0-9]+"
            if zero != 48 || !separators.isEmpty { text = "[^ ]+" }
            return text + (isOrdinal ? "(?:th|st|nd|rd)" : "")
        }
    }

    func parse(_ text: String) throws(JSONataError) -> Double? {
        switch style {
        case .letters: return IntegerWords.number(letters: text)
        case .roman: return IntegerWords.number(roman: text)
        case .words: return IntegerWords.number(text)
        case .decimal:
            var scalars = String.UnicodeScalarView()
            for scalar in isOrdinal ? String(text.dropLast(2)).unicodeScalars : text.unicodeScalars {
                if separators.contains(where: { $0.character == scalar }) { continue }
                let isDigit = scalar.value >= zero && scalar.value < zero + 10
                scalars.append(isDigit ? Unicode.Scalar(scalar.value - zero + 48) ?? scalar : scalar)
            }
            return Double(String(scalars)).flatMap { $0.isFinite ? $0 : nil }
        }
    }
}
