#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Numbers as JavaScript writes them.
enum NumberText {
    /// The shortest text that reads back the same, with JavaScript's choice of exponents.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        if value == 0 { return "0" }
        if value.magnitude < 1e15, value.rounded() == value { return String(Int64(value)) }
        let (digits, exponent) = parts(value.magnitude.description)
        let sign = value < 0 ? "-" : ""
        // The value is 0.DIGITS × 10^exponent.
        switch exponent {
        case 1...21:
            if digits.count <= exponent {
                return sign + digits + String(repeating: "0", count: exponent - digits.count)
            }
            return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
        case -5...0: return sign + "0." + String(repeating: "0", count: -exponent) + digits
        default:
            let power = exponent - 1
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            return sign + digits.prefix(1) + fraction + "e" + (power < 0 ? "-" : "+") + String(abs(power))
        }
    }

    /// Significant digits without leading and trailing zeros, and where the decimal point stands before them.
    private static func parts(_ description: String) -> (String, Int) {
        var mantissa = Substring(description)
        var exponent = 0
        if let mark = description.firstIndex(of: "e") {
            mantissa = description[..<mark]
            exponent = Int(description[description.index(after: mark)...]) ?? 0
        }
        let pieces = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(pieces[0])
        var digits = whole + (pieces.count > 1 ? String(pieces[1]) : "")
        exponent += whole.count
        while digits.first == "0", digits.count > 1 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.last == "0", digits.count > 1 { digits.removeLast() }
        return (digits, exponent)
    }

    /// C's formatting of one number: `%.*e` and `%.*f`.
    static func formatted(_ format: String, _ precision: Int, _ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 512)
        let count = withVaList([Int32(clamping: precision), value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(
            decoding: buffer[..<max(0, min(Int(count), buffer.count - 1))].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Rounded to 15 significant digits, which hides what binary fractions add.
    static func rounded(_ value: Double) -> Double {
        if value.rounded() == value, value.magnitude < 1e15 { return value }
        return Double(formatted("%.*e", 14, value)) ?? value
    }
}

extension Evaluator {
    /// `$string`: text as it is, everything else as JSON.
    func text(_ value: Value, isPretty: Bool = false) throws(JSONataError) -> String {
        switch value {
        case .string(let text): return text
        case .function, .undefined: return ""
        case .whole(let number): return String(number)
        case .number(let number):
            guard number.isFinite else {
                // AWS names it.
                if dialect == .stepFunctions { return NumberText.text(number) }
                throw JSONataError("D3001")
            }
            return NumberText.text(NumberText.rounded(number))
        default:
            var result = ""
            var value = value
            if case .array(let array) = value, array.isOuterWrapper { value = array[0] }
            try write(value, to: &result, isPretty: isPretty, level: 0)
            return result
        }
    }

    /// As messages show a value: JSON, texts in quotes.
    func quoted(_ value: Value) throws(JSONataError) -> String {
        guard case .string(let string) = value else { return try text(value) }
        var result = ""
        Self.write(string, to: &result)
        return result
    }

    private func write(
        _ value: Value, to text: inout String, isPretty: Bool, level: Int
    ) throws(JSONataError) {
        guard level < 300 else { throw JSONataError("U1001") }
        try spend()
        let indent = isPretty ? "\n" + String(repeating: "  ", count: level + 1) : ""
        let outdent = isPretty ? "\n" + String(repeating: "  ", count: level) : ""
        switch value {
        case .undefined, .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .whole(let number): text += String(number)
        case .number(let number): text += NumberText.text(NumberText.rounded(try Self.finite(number)))
        case .string(let string): Self.write(string, to: &text)
        case .function: text += "\"\""
        case .array(let array):
            text += "["
            for (index, item) in array.items.enumerated() {
                text += (index > 0 ? "," : "") + indent
                try write(item, to: &text, isPretty: isPretty, level: level + 1)
            }
            text += (array.count > 0 ? outdent : "") + "]"
        case .object(let object):
            text += "{"
            var isFirst = true
            for (key, member) in zip(object.keys, object.values) where !member.isUndefined {
                text += (isFirst ? "" : ",") + indent
                isFirst = false
                Self.write(key, to: &text)
                text += isPretty ? ": " : ":"
                try write(member, to: &text, isPretty: isPretty, level: level + 1)
            }
            text += (isFirst ? "" : outdent) + "}"
        }
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case _ where scalar.value < 0x20:
                text += (scalar.value < 0x10 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
            case _ where SurrogateText.isLone(scalar):
                text += "\\u" + String(scalar.value - SurrogateText.base + 0xD800, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
