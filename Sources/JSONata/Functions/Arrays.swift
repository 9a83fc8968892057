extension Library {
    static let arrays: [Entry] = [
        ("count", "<a:n>", { _, arguments, _ in .number(Double(arguments.at(0).array?.count ?? 0)) }),
        (
            "append", "<xx:a>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                try evaluator.spend((arguments.at(0).array?.count ?? 1) + (arguments.at(1).array?.count ?? 1))
                return evaluator.appended(arguments.at(0), arguments.at(1))
            }
        ),
        ("exists", "<x:b>", { _, arguments, _ in .bool(!arguments.at(0).isUndefined) }),
        (
            "reverse", "<a:a>",
            { _, arguments, _ in
                guard let array = arguments.at(0).array, array.count > 1 else { return arguments.at(0) }
                return .list(array.items.reversed())
            }
        ),
        (
            "shuffle", "<a:a>",
            { evaluator, arguments, _ in
                guard let array = arguments.at(0).array, array.count > 1 else { return arguments.at(0) }
                var items = array.items
                for index in stride(from: items.count - 1, to: 0, by: -1) {
                    items.swapAt(index, Int(evaluator.fraction() * Double(index + 1)))
                }
                return .list(items)
            }
        ),
        (
            "distinct", "<x:x>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array, array.count > 1 else { return arguments.at(0) }
                var results: [Value] = []
                var texts: Set<String> = []
                var numbers: Set<Double> = []
                for item in array.items {
                    switch item {
                    case .string(let text): if texts.insert(text).inserted { results.append(item) }
                    case .number(let number): if numbers.insert(number).inserted { results.append(item) }
                    default:
                        try evaluator.spend(results.count)
                        if !results.contains(where: { $0.isDeepEqual(to: item) }) { results.append(item) }
                    }
                }
                return .array(ArrayValue(results, isSequence: array.isSequence))
            }
        ),
        (
            "zip", "<a+>",
            { _, arguments, _ in
                let columns = arguments.map { $0.array?.items ?? [] }
                let length = columns.map(\.count).min() ?? 0
                return .list((0..<length).map { row in .list(columns.map { $0[row] }) })
            }
        ),
        (
            "sort", "<af?:a>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in try sort(evaluator, arguments) }
        ),
    ]

    private static func sort(_ evaluator: Evaluator, _ arguments: [Value]) throws(JSONataError) -> Value {
        guard let array = arguments.at(0).array else { return .undefined }
        guard array.count > 1 else { return arguments.at(0) }
        if case .function(let comparator) = arguments.at(1) {
            return .list(
                try evaluator.mergeSorted(array.items) { (a: Value, b: Value) throws(JSONataError) -> Bool in
                    try evaluator.apply(.function(comparator), [a, b], input: .undefined).isTrue
                })
        }
        let areNumbers = array.items.allSatisfy { $0.number != nil }
        guard areNumbers || array.items.allSatisfy({ $0.string != nil }) else { throw JSONataError("D3070") }
        return .list(
            try evaluator.mergeSorted(array.items) { (a: Value, b: Value) throws(JSONataError) -> Bool in
                switch (a, b) {
                case (.number(let x), .number(let y)): x > y
                case (.string(let x), .string(let y)): y.isOrderedBefore(x)
                default: false
                }
            })
    }
}
