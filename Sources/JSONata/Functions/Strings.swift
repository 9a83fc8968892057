extension Library {
    static let strings: [Entry] = [
        (
            "string", "<x-b?:s>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                if arguments.at(0).isUndefined { return .undefined }
                return .string(try evaluator.text(arguments.at(0), isPretty: arguments.at(1).isTrue))
            }
        ),
        (
            "length", "<s-:n>",
            { _, arguments, _ in arguments.string(0).map { .number(Double($0.unicodeScalars.count)) } ?? .undefined }
        ),
        (
            "lowercase", "<s-:s>",
            { _, arguments, _ in arguments.string(0).map { .string($0.lowercased()) } ?? .undefined }
        ),
        (
            "uppercase", "<s-:s>",
            { _, arguments, _ in arguments.string(0).map { .string($0.uppercased()) } ?? .undefined }
        ),
        ("substring", "<s-nn?:s>", { _, arguments, _ in substring(arguments) }),
        (
            "substringBefore", "<s-s:s>",
            { _, arguments, _ in divided(arguments) { text, range in text[..<range.lowerBound] } }
        ),
        (
            "substringAfter", "<s-s:s>",
            { _, arguments, _ in divided(arguments) { text, range in text[range.upperBound...] } }
        ),
        (
            "trim", "<s-:s>",
            { _, arguments, _ in
                guard let text = arguments.string(0) else { return .undefined }
                let words = text.unicodeScalars.split { " \t\n\r".unicodeScalars.contains($0) }
                return .string(words.map { String($0) }.joined(separator: " "))
            }
        ),
        (
            "pad", "<s-ns?:s>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0), let width = arguments.integer(1) else { return .undefined }
                let filler = arguments.string(2).flatMap { $0.isEmpty ? nil : $0 } ?? " "
                let missing = abs(width) - text.unicodeScalars.count
                guard missing > 0 else { return .string(text) }
                try evaluator.spend(missing)
                let scalars = Array(filler.unicodeScalars)
                var padding = String.UnicodeScalarView()
                for index in 0..<missing { padding.append(scalars[index % scalars.count]) }
                return .string(width < 0 ? String(padding) + text : text + String(padding))
            }
        ),
        (
            "join", "<a<s>s?:s>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard case .array(let array) = arguments.at(0) else { return .undefined }
                let result = array.items.compactMap(\.string).joined(separator: arguments.string(1) ?? "")
                try evaluator.spend(result.utf8.count / 16)
                return .string(result)
            }
        ),
    ]

    private static func substring(_ arguments: [Value]) -> Value {
        guard let text = arguments.string(0), let given = arguments.integer(1) else { return .undefined }
        let scalars = Array(text.unicodeScalars)
        let start = given < 0 ? max(0, scalars.count + given) : min(given, scalars.count)
        var end = scalars.count
        if let length = arguments.number(2) {
            if length.isNaN || length <= 0 { return .string("") }
            end = min(scalars.count, start + Int(min(length, 1e15).rounded(.up)))
        }
        guard start < end else { return .string("") }
        return .string(String(String.UnicodeScalarView(scalars[start..<end])))
    }

    private static func divided(
        _ arguments: [Value], _ part: (String, Range<String.Index>) -> Substring
    ) -> Value {
        guard let text = arguments.string(0) else { return .undefined }
        guard let mark = arguments.string(1) else { return .string(text) }
        guard let range = text.range(of: mark, from: text.startIndex) else { return .string(text) }
        return .string(String(part(text, range)))
    }
}
