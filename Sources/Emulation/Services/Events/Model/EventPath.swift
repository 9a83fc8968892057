import AWSModel

/// The JSON paths of inputs: `$`, `$.detail.state`, `$.resources[0]`, `$.detail['a b']`.
struct EventPath: Sendable, Hashable {
    private enum Step: Sendable, Hashable {
        case member(String)
        case element(Int)
        case all
    }
    private var steps: [Step] = []

    init?(_ text: String) {
        guard text.first == "$" else { return nil }
        var rest = text.dropFirst()
        while let first = rest.first {
            if first == "." {
                rest = rest.dropFirst()
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(name == "*" ? .all : .member(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                let inner = rest[rest.index(after: rest.startIndex)..<end]
                if inner == "*" {
                    steps.append(.all)
                } else if let index = Int(inner) {
                    steps.append(.element(index))
                } else if inner.count >= 2, inner.first == inner.last, inner.first == "'" || inner.first == "\"" {
                    steps.append(.member(String(inner.dropFirst().dropLast())))
                } else {
                    return nil
                }
                rest = rest[rest.index(after: end)...]
            } else {
                return nil
            }
        }
    }

    /// Nil where the document has nothing at this place.
    func value(in document: DocumentValue) -> DocumentValue? {
        var value = document
        for (position, step) in steps.enumerated() {
            switch step {
            case .member(let name):
                guard let next = value[name] else { return nil }
                value = next
            case .element(let index):
                guard let next = value[index < 0 ? (value.list?.count ?? 0) + index : index] else { return nil }
                value = next
            case .all:
                guard let list = value.list ?? value.object?.values else { return nil }
                var rest = self
                rest.steps = Array(steps[(position + 1)...])
                return .list(list.compactMap { rest.value(in: $0) })
            }
        }
        return value
    }
}
