#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Library {
    static let numbers: [Entry] = [
        (
            "number", "<(nsb)-:n>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in try number(evaluator, arguments.at(0)) }
        ),
        ("abs", "<n-:n>", { _, arguments, _ in arguments.number(0).map { .number($0.magnitude) } ?? .undefined }),
        (
            "floor", "<n-:n>",
            { _, arguments, _ in arguments.number(0).map { .number($0.rounded(.down)) } ?? .undefined }
        ),
        ("ceil", "<n-:n>", { _, arguments, _ in arguments.number(0).map { .number($0.rounded(.up)) } ?? .undefined }),
        (
            "round", "<n-n?:n>",
            { _, arguments, _ in
                arguments.number(0).map { .number(rounded($0, arguments.integer(1) ?? 0)) } ?? .undefined
            }
        ),
        (
            "sqrt", "<n-:n>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let value = arguments.number(0) else { return .undefined }
                guard value >= 0 else { throw JSONataError("D3060", value: NumberText.text(value)) }
                return .number(value.squareRoot())
            }
        ),
        (
            "power", "<n-n:n>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let base = arguments.number(0) else { return .undefined }
                guard let exponent = arguments.number(1) else {
                    throw JSONataError("D3061", value: "base=\(NumberText.text(base)), exponent=undefined")
                }
                let result = pow(base, exponent)
                guard result.isFinite else {
                    throw JSONataError(
                        "D3061", value: "base=\(NumberText.text(base)), exponent=\(NumberText.text(exponent))")
                }
                return .number(result)
            }
        ),
        ("random", "<:n>", { evaluator, _, _ in .number(evaluator.fraction()) }),
        (
            "formatBase", "<n-n?:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let value = arguments.number(0) else { return .undefined }
                let radix = rounded(arguments.number(1) ?? 10, 0)
                guard radix >= 2, radix <= 36 else { throw JSONataError("D3100", value: NumberText.text(radix)) }
                let whole = rounded(value, 0)
                guard let integer = Int64(exactly: whole) else { return .string(NumberText.text(whole)) }
                return .string(String(integer, radix: Int(radix)))
            }
        ),
        (
            "sum", "<a<n>:n>",
            { _, arguments, _ in
                arguments.at(0).array.map { .number($0.items.reduce(0) { $0 + ($1.number ?? 0) }) } ?? .undefined
            }
        ),
        (
            "max", "<a<n>:n>",
            { _, arguments, _ in
                arguments.at(0).array?.items.compactMap(\.number).max().map { .number($0) } ?? .undefined
            }
        ),
        (
            "min", "<a<n>:n>",
            { _, arguments, _ in
                arguments.at(0).array?.items.compactMap(\.number).min().map { .number($0) } ?? .undefined
            }
        ),
        (
            "average", "<a<n>:n>",
            { _, arguments, _ in
                guard let array = arguments.at(0).array, array.count > 0 else { return .undefined }
                return .number(array.items.reduce(0) { $0 + ($1.number ?? 0) } / Double(array.count))
            }
        ),
    ]

    /// JavaScript's Math.round: halves go up.
    private static func halfUp(_ value: Double) -> Double { (value + 0.5).rounded(.down) }

    private static func number(_ evaluator: Evaluator, _ value: Value) throws(JSONataError) -> Value {
        switch value {
        case .number, .whole: return value
        case .bool(let isTrue): return .number(isTrue ? 1 : 0)
        case .string(let text):
            guard let number = parsed(text), number.isFinite else {
                throw JSONataError("D3030", value: text)
            }
            return .number(number)
        default: return .undefined
        }
    }

    /// A JSON number, leading zeros allowed, or one in base 2, 8 or 16.
    private static func parsed(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0") {
            let radix: Int? =
                switch bytes[1] | 0x20 {
                case UInt8(ascii: "x"): 16
                case UInt8(ascii: "o"): 8
                case UInt8(ascii: "b"): 2
                default: nil
                }
            if let radix {
                var value = 0.0
                for byte in bytes[2...] {
                    guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
                    value = value * Double(radix) + Double(digit)
                }
                return value
            }
        }
        var index = bytes.first == UInt8(ascii: "-") ? 1 : 0
        func digits() -> Bool {
            let start = index
            while index < bytes.count, (48...57).contains(bytes[index]) { index += 1 }
            return index > start
        }
        guard digits() else { return nil }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard digits() else { return nil }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard digits() else { return nil }
        }
        return index == bytes.count ? Double(text) : nil
    }

    /// Half to even, at a decimal place.
    static func rounded(_ value: Double, _ precision: Int) -> Double {
        func shifted(_ number: Double, _ places: Int) -> Double {
            let text = NumberText.text(number).split(separator: "e", maxSplits: 1)
            let exponent = (text.count > 1 ? Int(text[1]) ?? 0 : 0) + places
            return Double("\(text[0])e\(exponent)") ?? number
        }
        let moved = precision == 0 ? value : shifted(value, precision)
        var result = halfUp(moved)
        if (result - moved).magnitude == 0.5, result.truncatingRemainder(dividingBy: 2).magnitude == 1 { result -= 1 }
        if precision != 0 { result = shifted(result, -precision) }
        return result == 0 ? 0 : result
    }
}

extension Evaluator {
    /// Uniform in 0 ..< 1.
    func fraction() -> Double {
        var generator: any RandomNumberGenerator & Sendable = random
        let value = Double(generator.next() >> 11) * 0x1p-53
        random = generator
        return value
    }
}
