import AWSModel

extension Library {
    /// What AWS Step Functions adds to JSONata.
    static let stepFunctionsOnly: [Entry] = [
        (
            "partition", "<x?x?:x>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                let value = arguments.at(0)
                if value.isUndefined { return .undefined }
                guard let array = value.array else {
                    throw JSONataError(
                        code: "T0412", message: "Argument 1 of function \"partition\" must be an array of undefined",
                        token: "partition")
                }
                if array.count == 0 { return .undefined }
                guard let size = try whole(arguments.at(1), 2) else { return .list([.list(array.items)]) }
                if size == 0 { return .undefined }
                guard size > 0 else {
                    throw JSONataError(
                        code: "D3137", message: "Second argument must be zero or greater", token: "partition")
                }
                try evaluator.spend(array.count)
                return .list(
                    stride(from: 0, to: array.count, by: min(size, array.count)).map { start in
                        .list(Array(array.items[start..<min(start + min(size, array.count), array.count)]))
                    })
            }
        ),
        (
            "range", "<x?x?x?:x>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let first = try whole(arguments.at(0), 1) else { throw JSONataError("T0410", index: 1) }
                guard let last = try whole(arguments.at(1), 2) else { throw JSONataError("T0410", index: 2) }
                guard let step = try whole(arguments.at(2), 3), step != 0, step > 0 ? first <= last : first >= last
                else { return .undefined }
                let size = ((Double(last) - Double(first)) / Double(step)).rounded(.down) + 1
                // AWS: what it makes at most, as measured.
                guard size <= 360_145 else { throw JSONataError("U1003") }
                try evaluator.spend(Int(size))
                return .sequence((0..<Int(size)).map { .number(Double(first) + Double($0) * Double(step)) })
            }
        ),
        (
            "hash", "<x?x?:x>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { throw JSONataError("T0410", index: 1) }
                if arguments.at(1).isUndefined { return .undefined }
                guard let algorithm = arguments.string(1) else { throw JSONataError("T0410", index: 2) }
                guard let digest = evaluator.digest?(algorithm, Array(text.utf8)) else {
                    throw JSONataError(
                        code: "D3137",
                        message:
                            "Hash algorithm '\(algorithm)' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5",
                        token: "hash")
                }
                return .string(digest)
            }
        ),
        (
            "uuid", "<:s>",
            { evaluator, _, _ in
                var bytes = (0..<16).map { _ in UInt8(evaluator.fraction() * 256) }
                bytes[6] = bytes[6] & 0x0F | 0x40
                bytes[8] = bytes[8] & 0x3F | 0x80
                var text = ""
                for (index, byte) in bytes.enumerated() {
                    if [4, 6, 8, 10].contains(index) { text += "-" }
                    text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }
                return .string(text)
            }
        ),
        (
            "random", "<x?:x>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let seed = try whole(arguments.at(0), 1) else { return .number(evaluator.fraction()) }
                // AWS draws from Java's generator, a linear congruential one of 48 bits: the same seed, the same number.
                let mask: UInt64 = 1 << 48 - 1
                var state = (UInt64(bitPattern: Int64(seed)) ^ 0x5_DEEC_E66D) & mask
                func next(_ bits: UInt64) -> UInt64 {
                    state = (state &* 0x5_DEEC_E66D &+ 0xB) & mask
                    return state >> (48 - bits)
                }
                let high = next(26) << 27
                return .number(Double(high + next(27)) * 0x1p-53)
            }
        ),
        (
            "parse", "<x?:x>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                if arguments.at(0).isUndefined { return .undefined }
                guard let text = arguments.string(0) else { throw JSONataError("T0410", index: 1) }
                do throws(JSONSyntaxError) {
                    return Value(try JSONReader.parse(text, loneSurrogates: .carried))
                } catch {
                    throw JSONataError(code: "D3137", message: "Invalid JSON", token: "parse")
                }
            }
        ),
    ]

    /// A whole number, what is behind its point cut off; nil where there is none.
    private static func whole(_ value: Value, _ index: Int) throws(JSONataError) -> Int? {
        switch value.plain {
        case .undefined: return nil
        case .number(let number):
            return Int(exactly: number.rounded(.towardZero)) ?? (number > 0 ? .max : number < 0 ? .min : 0)
        default: throw JSONataError("T0410", index: index)
        }
    }
}
