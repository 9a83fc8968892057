/// A picture of numbers as in XPath's `format-number`: `#,##0.00`, `0.0e0`.
struct NumberPicture {
    /// One half of a picture: for numbers from zero on, or for negative ones.
    private struct Half {
        var prefix: [Unicode.Scalar] = []
        var suffix: [Unicode.Scalar] = []
        var active: [Unicode.Scalar] = []
        var mantissa: [Unicode.Scalar] = []
        var exponent: [Unicode.Scalar]?
        var integer: [Unicode.Scalar] = []
        var fraction: [Unicode.Scalar] = []
        var picture: [Unicode.Scalar] = []
    }

    private let decimal, grouping, exponentMark, percent, perMille, zero, digit, separator: String
    private let minus: String
    private var halves: [Half] = []

    init(_ picture: String, options: ObjectValue?) throws(JSONataError) {
        func option(_ name: String, _ standard: String) -> String { options?[name].string ?? standard }
        decimal = option("decimal-separator", ".")
        grouping = option("grouping-separator", ",")
        exponentMark = option("exponent-separator", "e")
        minus = option("minus-sign", "-")
        percent = option("percent", "%")
        perMille = option("per-mille", "‰")
        zero = option("zero-digit", "0")
        digit = option("digit", "#")
        separator = option("pattern-separator", ";")
        var parts: [String] = []
        var rest = picture[...]
        while let range = String(rest).range(of: separator, from: String(rest).startIndex), !separator.isEmpty {
            let text = String(rest)
            parts.append(String(text[..<range.lowerBound]))
            rest = text[range.upperBound...]
        }
        parts.append(String(rest))
        guard parts.count <= 2 else { throw JSONataError("D3080") }
        for part in parts {
            let half = split(Array(part.unicodeScalars))
            try check(half)
            halves.append(half)
        }
        if halves.count == 1 {
            var negative = halves[0]
            negative.prefix = Array(minus.unicodeScalars) + negative.prefix
            halves.append(negative)
        }
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        guard let first = zero.unicodeScalars.first?.value else { return false }
        return scalar.value >= first && scalar.value < first + 10
    }

    private func isOptional(_ scalar: Unicode.Scalar) -> Bool { String(scalar) == digit }

    private func isActive(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || [decimal, exponentMark, grouping, digit, separator].contains(String(scalar))
    }

    private func split(_ picture: [Unicode.Scalar]) -> Half {
        var half = Half()
        half.picture = picture
        func isBody(_ scalar: Unicode.Scalar) -> Bool { isActive(scalar) && String(scalar) != exponentMark }
        let start = picture.firstIndex(where: isBody) ?? picture.count
        let end = (picture.lastIndex(where: isBody) ?? start - 1) + 1
        half.prefix = Array(picture[..<start])
        half.suffix = Array(picture[max(start, end)...])
        half.active = Array(picture[start..<max(start, end)])
        if start == picture.count {
            // Without any such character the whole is taken for the number, and refused.
            (half.prefix, half.suffix, half.active) = ([], [], picture)
        }
        half.mantissa = half.active
        if let mark = half.active.firstIndex(where: { String($0) == exponentMark }) {
            half.mantissa = Array(half.active[..<mark])
            half.exponent = Array(half.active[(mark + 1)...])
        }
        half.integer = half.mantissa
        if let point = half.mantissa.firstIndex(where: { String($0) == decimal }) {
            half.integer = Array(half.mantissa[..<point])
            half.fraction = Array(half.mantissa[(point + 1)...])
        }
        return half
    }

    /// The reference looks at everything and tells the last that is wrong.
    private func check(_ half: Half) throws(JSONataError) {
        let text = String(String.UnicodeScalarView(half.picture))
        func count(_ mark: String) -> Int { mark.isEmpty ? 0 : occurrences(of: mark, in: text) }
        let group: (Unicode.Scalar) -> Bool = { String($0) == grouping }
        var code: String?
        if count(decimal) > 1 { code = "D3081" }
        if count(percent) > 1 { code = "D3082" }
        if count(perMille) > 1 { code = "D3083" }
        if count(percent) > 0, count(perMille) > 0 { code = "D3084" }
        if !half.mantissa.contains(where: { isDigit($0) || isOptional($0) }) { code = "D3085" }
        if half.active.contains(where: { !isActive($0) }) { code = "D3086" }
        if let point = half.picture.firstIndex(where: { String($0) == decimal }) {
            let isBefore = point > 0 && group(half.picture[point - 1])
            let isAfter = point + 1 < half.picture.count && group(half.picture[point + 1])
            if isBefore || isAfter { code = "D3087" }
        } else if let last = half.integer.last, group(last) {
            code = "D3088"
        }
        if count(grouping + grouping) > 0 { code = "D3089" }
        if let mark = half.integer.firstIndex(where: isOptional), half.integer[..<mark].contains(where: isDigit) {
            code = "D3090"
        }
        if let mark = half.fraction.lastIndex(where: isOptional), half.fraction[mark...].contains(where: isDigit) {
            code = "D3091"
        }
        if let exponent = half.exponent {
            if !exponent.isEmpty, count(percent) + count(perMille) > 0 { code = "D3092" }
            if exponent.isEmpty || !exponent.allSatisfy(isDigit) { code = "D3093" }
        }
        if let code { throw JSONataError(code) }
    }

    private func occurrences(of mark: String, in text: String) -> Int {
        var count = 0
        var position = text.startIndex
        while let range = text.range(of: mark, from: position) {
            count += 1
            position = range.upperBound
        }
        return count
    }

    func format(_ value: Double) throws(JSONataError) -> String {
        guard value.isFinite else { throw JSONataError("D1001", value: NumberText.text(value)) }
        let half = halves[value >= 0 ? 0 : 1]
        let text = String(String.UnicodeScalarView(half.picture))
        let scaling = half.integer.count(where: isDigit)
        var wholeDigits = scaling
        var least = half.fraction.count(where: isDigit)
        var most = half.fraction.count { isDigit($0) || isOptional($0) }
        if wholeDigits == 0, most == 0 {
            if half.exponent != nil { (least, most) = (1, 1) } else { wholeDigits = 1 }
        }
        if half.exponent != nil, wholeDigits == 0, half.integer.contains(where: isOptional) { wholeDigits = 1 }
        if wholeDigits == 0, least == 0 { least = 1 }

        var number = value.magnitude
        if occurrences(of: percent, in: text) > 0 {
            number *= 100
        } else if occurrences(of: perMille, in: text) > 0 {
            number *= 1000
        }
        var power = 0
        if half.exponent != nil, number > 0, number.isFinite {
            let upper = (0..<scaling).reduce(1.0) { result, _ in result * 10 }
            while number < upper / 10 {
                number *= 10
                power -= 1
            }
            while number > upper {
                number /= 10
                power += 1
            }
        }
        let plain = NumberText.formatted("%.*f", most, Library.rounded(number, most))
        let pieces = plain.split(separator: ".", omittingEmptySubsequences: false)
        var whole = Array(String(pieces[0].drop { $0 == "0" }).unicodeScalars)
        var fraction = Array((pieces.count > 1 ? String(pieces[1]) : "").unicodeScalars)
        while fraction.count > least, fraction.last == "0" { fraction.removeLast() }
        while whole.count < wholeDigits { whole.insert("0", at: 0) }
        while fraction.count < least { fraction.append("0") }

        var result = localised(grouped(whole, by: half.integer))
        if !fraction.isEmpty { result += decimal + localised(grouped(fraction, after: half.fraction)) }
        if let exponent = half.exponent {
            var digits = Array(String(abs(power)).unicodeScalars)
            while digits.count < exponent.count { digits.insert("0", at: 0) }
            result += exponentMark + (power < 0 ? minus : "") + localised(digits)
        }
        return String(String.UnicodeScalarView(half.prefix)) + result + String(String.UnicodeScalarView(half.suffix))
    }

    private func localised(_ scalars: [Unicode.Scalar]) -> String {
        let first = zero.unicodeScalars.first?.value ?? 48
        let mapped = scalars.map { scalar in
            (48...57).contains(scalar.value) ? Unicode.Scalar(scalar.value - 48 + first) ?? scalar : scalar
        }
        return String(String.UnicodeScalarView(mapped))
    }

    /// Separators of the whole part, counted from the decimal point; regular ones go on to the left.
    private func grouped(_ digits: [Unicode.Scalar], by picture: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var positions: [Int] = []
        var count = 0
        for scalar in picture.reversed() {
            if String(scalar) == grouping { positions.append(count) } else { count += 1 }
        }
        guard !positions.isEmpty, let mark = grouping.unicodeScalars.first else { return digits }
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        let factor = positions.reduce(0, divisor)
        if factor > 0, (1...positions.count).allSatisfy({ positions.contains($0 * factor) }) {
            positions = digits.count > factor ? Array(stride(from: factor, to: digits.count, by: factor)) : []
        }
        var result = digits
        for position in positions where position < digits.count {
            result.insert(mark, at: digits.count - position)
        }
        return result
    }

    private func grouped(_ digits: [Unicode.Scalar], after picture: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard let mark = grouping.unicodeScalars.first else { return digits }
        var result = digits
        for (index, scalar) in picture.enumerated() where String(scalar) == grouping && index < result.count {
            result.insert(mark, at: index)
        }
        return result
    }
}
