import AWSModel

extension Library {
    /// What AWS Step Functions adds to JSONata.
    static let stepFunctionsOnly: [Entry] = [
        (
            "partition", "<an:a>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array, let size = arguments.integer(1) else { return .undefined }
                guard size > 0 else {
                    throw JSONataError(
                        code: "D3000", message: "The chunk size must be a positive integer", token: "partition")
                }
                try evaluator.spend(array.count)
                return .list(
                    stride(from: 0, to: array.count, by: size).map { start in
                        .list(Array(array.items[start..<min(start + size, array.count)]))
                    })
            }
        ),
        (
            "range", "<nnn:a>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let first = arguments.number(0), let last = arguments.number(1), let step = arguments.number(2)
                else { return .undefined }
                let size = (((last - first) / step).magnitude).rounded(.down) + 1
                guard step != 0, size <= 1e7 else {
                    throw JSONataError("D2014", token: "range", value: NumberText.text(size))
                }
                let values = Array(stride(from: first, through: last, by: step))
                try evaluator.spend(values.count)
                return .sequence(values.map { .number($0) })
            }
        ),
        (
            "hash", "<s-s:s>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0), let algorithm = arguments.string(1) else { return .undefined }
                guard let digest = evaluator.digest?(algorithm, Array(text.utf8)) else {
                    throw JSONataError(
                        code: "D3000", message: "Unsupported hash algorithm: \(algorithm)", token: "hash")
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
            "random", "<n?:n>",
            { evaluator, arguments, _ in
                guard let seed = arguments.number(0) else { return .number(evaluator.fraction()) }
                // One step of SplitMix64 (Vigna 2015): the same seed, the same number.
                var z = seed.bitPattern &+ 0x9E37_79B9_7F4A_7C15
                z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
                return .number(Double((z ^ z >> 31) >> 11) * 0x1p-53)
            }
        ),
        (
            "parse", "<s-:x>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { return .undefined }
                do throws(JSONSyntaxError) {
                    return Value(try JSONReader.parse(text, loneSurrogates: .carried))
                } catch {
                    throw JSONataError(code: "D3000", message: "Invalid JSON: \(error)", token: "parse")
                }
            }
        ),
    ]
}
