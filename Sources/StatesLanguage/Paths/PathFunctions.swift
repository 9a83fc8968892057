import AWSModel

/// `$.numbers.sum()`: what Jayway can ask of the end of a path.
enum PathFunctions {
    static func value(
        _ function: JSONPath.PathFunction, _ arguments: [PathFilter.Operand], of segments: [JSONPath.Segment],
        in node: DocumentValue, root: DocumentValue, _ budget: PathBudget
    ) throws(PathMiss) -> DocumentValue {
        let subject = try PathEvaluation.value(of: segments, in: node, root: root, budget)
        var values: [DocumentValue] = []
        for argument in arguments {
            guard let value = PathFilter.value(of: argument, node, root, budget) else { continue }
            values.append(value)
        }
        // Jayway: after a scan the function gets all that was found; after any other indefinite step, each alone.
        if segments.first != .descendants, !PathEvaluation.isDefinite(segments[...]), let list = subject.list {
            var results: [DocumentValue] = []
            for element in list {
                for value in values { try budget.spend(onAllOf: value) }
                results.append(try apply(function, element, values))
            }
            return .list(results)
        }
        return try apply(function, subject, values)
    }

    private static func apply(
        _ function: JSONPath.PathFunction, _ subject: DocumentValue, _ arguments: [DocumentValue]
    ) throws(PathMiss) -> DocumentValue {
        switch function {
        case .length, .size:
            switch arguments.first ?? subject {
            case .list(let list): return .integer(Int64(list.count))
            case .object(let object): return .integer(Int64(object.count))
            default: return .null
            }
        case .keys: return subject.object.map { .list($0.keys.map { .string($0) }) } ?? .null
        case .concat:
            let parts = (subject.list ?? []) + arguments.flatMap { $0.list ?? [$0] }
            return .string(parts.compactMap { $0.string ?? ($0.double == nil ? nil : JSONWriter.string($0)) }.joined())
        case .append: return subject.list.map { .list($0 + arguments) } ?? subject
        case .first: return try element(0, subject)
        case .last: return try element(-1, subject)
        case .index: return try element(Int(arguments.first?.integer ?? 0), subject)
        case .avg, .stddev, .sum, .min, .max: return .number(try aggregate(function, subject, arguments))
        }
    }

    private static func element(_ index: Int, _ subject: DocumentValue) throws(PathMiss) -> DocumentValue {
        guard let list = subject.list, let place = PathEvaluation.place(index, in: list) else { throw empty }
        return list[place]
    }

    private static func aggregate(
        _ function: JSONPath.PathFunction, _ subject: DocumentValue, _ arguments: [DocumentValue]
    ) throws(PathMiss) -> Double {
        let numbers = ((subject.list ?? []) + arguments.flatMap { $0.list ?? [$0] }).compactMap(\.double)
        guard !numbers.isEmpty else { throw empty }
        let sum = numbers.reduce(0, +)
        let count = Double(numbers.count)
        switch function {
        case .sum: return sum
        case .min: return numbers.reduce(.infinity, Swift.min)
        case .max: return numbers.reduce(-.infinity, Swift.max)
        case .stddev:
            let squares = numbers.reduce(0) { $0 + $1 * $1 }
            return Swift.max(squares / count - sum * sum / count / count, 0).squareRoot()
        default: return sum / count
        }
    }

    private static let empty = PathMiss(
        message: "Aggregation function attempted to calculate value using empty array")
}
