/// The path of a REST operation: `/2015-03-31/functions/{FunctionName}/aliases/{Name}`, `/{Bucket}/{Key+}?acl`.
public struct URITemplate: Sendable, Hashable {
    public enum Segment: Sendable, Hashable {
        case literal(String)
        case label(String)
        /// Takes one segment or more.
        case greedy(String)
    }

    public let segments: [Segment]
    /// What the query must contain for the template to match; a nil value means any.
    public let requiredQuery: [(name: String, value: String?)]
    /// AWS: some Lambda paths end in a slash; servers take them with and without.
    public let endsInSlash: Bool

    public init(_ text: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first ?? ""
        endsInSlash = path.count > 1 && path.hasSuffix("/")
        segments = path.split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(String(segment)) }
            let name = segment.dropFirst().dropLast()
            return name.hasSuffix("+") ? .greedy(String(name.dropLast())) : .label(String(name))
        }
        requiredQuery = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(pair[0]), pair.count > 1 ? String(pair[1]) : nil)
        }
    }

    /// The labels' raw (still percent-encoded) values, where the path's segments match.
    public func match(_ path: [Substring]) -> [(name: String, value: String)]? {
        var labels: [(name: String, value: String)] = []
        var position = 0
        for (index, segment) in segments.enumerated() {
            guard position < path.count else { return nil }
            switch segment {
            case .literal(let text):
                guard path[position] == text else { return nil }
                position += 1
            case .label(let name):
                guard !path[position].isEmpty else { return nil }
                labels.append((name, String(path[position])))
                position += 1
            case .greedy(let name):
                let end = path.count - (segments.count - index - 1)
                guard end > position else { return nil }
                labels.append((name, path[position..<end].joined(separator: "/")))
                position = end
            }
        }
        return position == path.count ? labels : nil
    }

    /// Higher where the template says more: literals count before labels, labels before greedy ones.
    var specificity: [Int] {
        segments.map { segment in
            switch segment {
            case .literal: 3
            case .label: 2
            case .greedy: 1
            }
        } + [0, requiredQuery.count]
    }

    public static func == (left: URITemplate, right: URITemplate) -> Bool {
        left.segments == right.segments && left.endsInSlash == right.endsInSlash
            && left.requiredQuery.elementsEqual(right.requiredQuery) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(segments) }
}

/// A REST service's operations, by method and path.
public struct RouteTable: Sendable {
    private struct Key: Hashable {
        var method: String
        var first: String?
    }

    /// Most specific first, by the first segment where that is literal.
    private let routes: [Key: [OperationModel]]

    init(_ operations: [OperationModel]) {
        var routes: [Key: [OperationModel]] = [:]
        for operation in operations {
            var first: String?
            if case .literal(let text) = operation.template.segments.first { first = text }
            routes[Key(method: operation.method, first: first), default: []].append(operation)
        }
        self.routes = routes.mapValues { list in
            list.sorted {
                $1.template.specificity.lexicographicallyPrecedes($0.template.specificity)
            }
        }
    }

    /// The operation whose template fits best.
    ///
    /// - Parameters:
    ///   - path: the raw path's segments, without empty ones at its ends.
    ///   - query: the value of a query parameter, nil where it is absent.
    public func operation(method: String, path: [Substring], query: (String) -> String?) -> OperationModel? {
        for key in [Key(method: method, first: path.first.map(String.init)), Key(method: method, first: nil)] {
            for operation in routes[key] ?? [] where operation.template.match(path) != nil {
                let fits = operation.template.requiredQuery.allSatisfy { name, value in
                    guard let given = query(name) else { return false }
                    return value == nil || value == given
                }
                if fits { return operation }
            }
        }
        return nil
    }
}
