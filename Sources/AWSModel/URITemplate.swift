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
                labels.append((name, Self.greedy(path, from: position, to: end)))
                position = end
            }
        }
        return position == path.count ? labels : nil
    }

    /// At the path's end everything that is left, doubled and closing slashes included: they are part of S3's keys.
    private static func greedy(_ path: [Substring], from start: Int, to end: Int) -> String {
        guard end == path.count, start > 0 else { return path[start..<end].joined(separator: "/") }
        let whole = path[start].base
        let before = path[start - 1].endIndex
        guard path[start - 1].base == whole, before < whole.endIndex else {
            return path[start..<end].joined(separator: "/")
        }
        return String(whole[whole.index(after: before)...])
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

    /// An operation with what besides its template tells it from others.
    private struct Candidate {
        var operation: OperationModel
        /// AWS: S3's operations share paths; `uploadId`, or `x-amz-copy-source`, says which is meant.
        var requiredQuery: [String]
        var requiredHeaders: [String]

        init(_ operation: OperationModel) {
            self.operation = operation
            let required = operation.input?.shape.required ?? []
            requiredQuery = required.filter { $0.location == .querystring }.map(\.wireName)
            requiredHeaders = required.filter { $0.location == .header }.map(\.wireName)
        }

        var specificity: [Int] {
            operation.template.specificity + [
                requiredQuery.count + requiredHeaders.count, operation.isDeprecated ? 0 : 1,
            ]
        }
    }

    /// Most specific first, by the first segment where that is literal.
    private let routes: [Key: [Candidate]]

    init(_ operations: [OperationModel]) {
        var routes: [Key: [Candidate]] = [:]
        for operation in operations {
            var first: String?
            if case .literal(let text) = operation.template.segments.first { first = text }
            routes[Key(method: operation.method, first: first), default: []].append(Candidate(operation))
        }
        self.routes = routes.mapValues { list in
            list.sorted { $1.specificity.lexicographicallyPrecedes($0.specificity) }
        }
    }

    /// The operation whose template fits best.
    ///
    /// - Parameters:
    ///   - path: the raw path's segments, without empty ones at its ends.
    ///   - query: the value of a query parameter, nil where it is absent.
    ///   - header: likewise of a header.
    public func operation(
        method: String, path: [Substring], query: (String) -> String?, header: (String) -> String? = { _ in nil }
    ) -> OperationModel? {
        for key in [Key(method: method, first: path.first.map(String.init)), Key(method: method, first: nil)] {
            var incomplete: OperationModel?
            for candidate in routes[key] ?? [] where candidate.operation.template.match(path) != nil {
                let fits = candidate.operation.template.requiredQuery.allSatisfy { name, value in
                    guard let given = query(name) else { return false }
                    return value == nil || value == given
                }
                guard fits else { continue }
                let isComplete =
                    candidate.requiredQuery.allSatisfy { query($0) != nil }
                    && candidate.requiredHeaders.allSatisfy { header($0) != nil }
                if isComplete { return candidate.operation }
                // What is missing is for validation to say.
                incomplete = candidate.operation
            }
            if let incomplete { return incomplete }
        }
        return nil
    }
}
