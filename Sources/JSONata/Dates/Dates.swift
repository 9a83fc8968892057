import AWSModel

extension Library {
    static let dates: [Entry] = [
        (
            "now", "<s?s?:s>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                .string(
                    try DatePicture.format(
                        Double(evaluator.now.epochMilliseconds), arguments.string(0), arguments.string(1)))
            }
        ),
        ("millis", "<:n>", { evaluator, _, _ in .number(Double(evaluator.now.epochMilliseconds)) }),
        (
            "fromMillis", "<n-s?s?:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let millis = arguments.number(0) else { return .undefined }
                return .string(try DatePicture.format(millis, arguments.string(1), arguments.string(2)))
            }
        ),
        (
            "toMillis", "<s-s?:n>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { return .undefined }
                let now = Double(evaluator.now.epochMilliseconds)
                return try DatePicture.parse(text, arguments.string(1), now: now).map { .number($0) } ?? .undefined
            }
        ),
        (
            "formatInteger", "<n-s:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let value = arguments.number(0) else { return .undefined }
                guard value.isFinite else { throw JSONataError("D1001", value: NumberText.text(value)) }
                return .string(try IntegerPicture(arguments.string(1) ?? "").format(value.rounded(.down)))
            }
        ),
        (
            "parseInteger", "<s-s:n>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { return .undefined }
                if let number = try IntegerPicture(arguments.string(1) ?? "").parse(text) { return .number(number) }
                // AWS: what cannot be read is not a number, where the reference has nothing.
                return evaluator.dialect == .stepFunctions ? .number(.nan) : .undefined
            }
        ),
        (
            "formatNumber", "<n-so?:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                guard let value = arguments.number(0) else { return .undefined }
                return .string(
                    try NumberPicture(arguments.string(1) ?? "", options: arguments.at(2).object).format(value))
            }
        ),
    ]
}
