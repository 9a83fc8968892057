import AWSModel

/// The little of JMESPath that paginators and waiters use: `A.B`, `A[]`, `A || B`, and ``length(A[]) > `0` ``.
struct DocumentPath {
    private enum Step {
        case member(String)
        case flatten
    }

    private var alternatives: [[Step]] = []
    /// For `length(…) > n`.
    private var lengthAbove: Int?

    init(_ text: String) {
        var path = Substring(text)
        if path.hasPrefix("length("), let close = path.firstIndex(of: ")") {
            let comparison = path[path.index(after: close)...].filter { $0 != " " && $0 != "`" }
            if comparison.hasPrefix(">"), let bound = Int(comparison.dropFirst()) { lengthAbove = bound }
            path = path[path.index(path.startIndex, offsetBy: "length(".count)..<close]
        }
        for alternative in path.split(separator: "|") {
            var steps: [Step] = []
            for part in alternative.filter({ $0 != " " }).split(separator: ".") {
                if part.hasSuffix("[]") {
                    steps += [.member(String(part.dropLast(2))), .flatten]
                } else {
                    steps.append(.member(String(part)))
                }
            }
            alternatives.append(steps)
        }
    }

    /// Null where nothing is there.
    func value(in document: DocumentObject) -> DocumentValue {
        var result = DocumentValue.null
        for steps in alternatives {
            result = Self.value(steps[...], .object(document))
            if !result.isNull { break }
        }
        if let lengthAbove { return .bool((result.list?.count ?? 0) > lengthAbove) }
        return result
    }

    private static func value(_ steps: ArraySlice<Step>, _ value: DocumentValue) -> DocumentValue {
        guard let first = steps.first else { return value }
        switch first {
        case .member(let name): return Self.value(steps.dropFirst(), value[name] ?? .null)
        case .flatten:
            guard let list = value.list else { return .null }
            return .list(list.map { Self.value(steps.dropFirst(), $0) }.filter { !$0.isNull })
        }
    }
}
