import AWSModel

/// What a path finds. The rules, and the words for a miss, are Jayway JsonPath's, on which AWS builds.
enum PathEvaluation {
    /// The value at a definite path, or the list of all matches of another.
    static func value(of segments: [JSONPath.Segment], in root: DocumentValue) throws(PathMiss) -> DocumentValue {
        var current = root
        for (position, segment) in segments.enumerated() {
            switch segment {
            case .property(let name):
                guard case .object(let object) = current else {
                    throw notAnObject(current, name, segments[..<position])
                }
                guard let next = object[name] else {
                    throw position == segments.count - 1
                        ? noResults(segments)
                        : PathMiss(message: "Missing property in path \(text(segments[...position]))")
                }
                current = next
            case .index(let index):
                guard case .list(let list) = current else { throw notAnArray(current, segment, segments[..<position]) }
                guard let place = place(index, in: list) else { throw noResults(segments) }
                current = list[place]
            default:
                var matches: [DocumentValue] = []
                try collect(segments[position...], current, root: root, lenient: false, all: segments, into: &matches)
                return .list(matches)
            }
        }
        return current
    }

    private static func place(_ index: Int, in list: [DocumentValue]) -> Int? {
        let place = index < 0 ? list.count + index : index
        return list.indices.contains(place) ? place : nil
    }

    /// - Parameter lenient: true below an indefinite segment, where what is missing is passed over.
    private static func collect(
        _ segments: ArraySlice<JSONPath.Segment>, _ node: DocumentValue, root: DocumentValue, lenient: Bool,
        all: [JSONPath.Segment], into matches: inout [DocumentValue]
    ) throws(PathMiss) {
        guard let segment = segments.first else {
            matches.append(node)
            return
        }
        let rest = segments.dropFirst()
        switch segment {
        case .property(let name):
            guard case .object(let object) = node else {
                if lenient { return }
                throw notAnObject(node, name, all[..<segments.startIndex])
            }
            guard let next = object[name] else { return }
            try collect(rest, next, root: root, lenient: lenient, all: all, into: &matches)
        case .properties(let names):
            guard case .object(let object) = node else {
                if lenient { return }
                throw notAnObject(node, names.first ?? "", all[..<segments.startIndex])
            }
            // Jayway: several names at the end make one object of them.
            if rest.isEmpty {
                var picked = DocumentObject()
                for name in names { if let value = object[name] { picked[name] = value } }
                matches.append(.object(picked))
            } else {
                for name in names {
                    if let next = object[name] {
                        try collect(rest, next, root: root, lenient: true, all: all, into: &matches)
                    }
                }
            }
        case .index(let index):
            try collectIndices([index], segments, node, root: root, lenient: lenient, all: all, into: &matches)
        case .indices(let indices):
            try collectIndices(indices, segments, node, root: root, lenient: lenient, all: all, into: &matches)
        case .slice(let from, let to):
            guard case .list(let list) = node else {
                if lenient { return }
                throw notAnArray(node, segment, all[..<segments.startIndex])
            }
            for element in slice(list, from, to) {
                try collect(rest, element, root: root, lenient: true, all: all, into: &matches)
            }
        case .wildcard:
            for child in children(of: node) {
                try collect(rest, child, root: root, lenient: true, all: all, into: &matches)
            }
        case .filter(let filter):
            let candidates: [DocumentValue] =
                switch node {
                case .list(let list): list
                case .object: [node]
                default: []
                }
            for candidate in candidates where filter.accepts(candidate, root: root) {
                try collect(rest, candidate, root: root, lenient: true, all: all, into: &matches)
            }
        case .descendants:
            try scan(rest, node, root: root, all: all, into: &matches)
        }
    }

    private static func collectIndices(
        _ indices: [Int], _ segments: ArraySlice<JSONPath.Segment>, _ node: DocumentValue, root: DocumentValue,
        lenient: Bool, all: [JSONPath.Segment], into matches: inout [DocumentValue]
    ) throws(PathMiss) {
        guard case .list(let list) = node else {
            if lenient { return }
            throw notAnArray(node, segments[segments.startIndex], all[..<segments.startIndex])
        }
        for index in indices {
            guard let place = place(index, in: list) else { continue }
            try collect(
                segments.dropFirst(), list[place], root: root, lenient: lenient || indices.count > 1, all: all,
                into: &matches)
        }
    }

    private static func scan(
        _ rest: ArraySlice<JSONPath.Segment>, _ node: DocumentValue, root: DocumentValue, all: [JSONPath.Segment],
        into matches: inout [DocumentValue]
    ) throws(PathMiss) {
        // A filter below `..` looks at the elements of arrays only; the node itself comes up with its parent.
        if case .filter = rest.first, case .object = node {
        } else {
            try collect(rest, node, root: root, lenient: true, all: all, into: &matches)
        }
        for child in children(of: node) { try scan(rest, child, root: root, all: all, into: &matches) }
    }

    private static func children(of node: DocumentValue) -> [DocumentValue] {
        switch node {
        case .list(let list): list
        case .object(let object): object.values
        default: []
        }
    }

    private static func slice(_ list: [DocumentValue], _ from: Int?, _ to: Int?) -> ArraySlice<DocumentValue> {
        func bound(_ index: Int) -> Int { min(max(index < 0 ? list.count + index : index, 0), list.count) }
        let start = bound(from ?? 0)
        let end = bound(to ?? list.count)
        return start < end ? list[start..<end] : []
    }

    // MARK: Words

    private static func noResults(_ segments: [JSONPath.Segment]) -> PathMiss {
        PathMiss(message: "No results for path: \(text(segments[...]))")
    }

    private static func notAnObject(
        _ node: DocumentValue, _ name: String, _ upstream: ArraySlice<JSONPath.Segment>
    ) -> PathMiss {
        PathMiss(
            message: "Expected to find an object with property ['\(name)'] in path \(text(upstream)) but found "
                + "'\(typeName(node))'. This is not a json object according to the JsonProvider: "
                + "'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.")
    }

    private static func notAnArray(
        _ node: DocumentValue, _ segment: JSONPath.Segment, _ upstream: ArraySlice<JSONPath.Segment>
    ) -> PathMiss {
        if node.isNull { return PathMiss(message: "The path \(text(upstream)) is null") }
        return PathMiss(
            message:
                "Filter: \(text(segment)) can only be applied to arrays. Current context is: \(JSONWriter.string(node))"
        )
    }

    private static func typeName(_ value: DocumentValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "java.lang.Boolean"
        case .integer, .timestamp: "java.lang.Integer"
        case .number: "java.lang.Double"
        case .string, .bytes: "java.lang.String"
        case .list: "com.fasterxml.jackson.databind.node.ArrayNode"
        case .object: "com.fasterxml.jackson.databind.node.ObjectNode"
        }
    }

    static func text(_ segments: ArraySlice<JSONPath.Segment>) -> String {
        segments.reduce(into: "$") { $0 += text($1) }
    }

    private static func text(_ segment: JSONPath.Segment) -> String {
        switch segment {
        case .property(let name): "['\(name)']"
        case .properties(let names): "[" + names.map { "'\($0)'" }.joined(separator: ",") + "]"
        case .index(let index): "[\(index)]"
        case .indices(let indices): "[" + indices.map(String.init).joined(separator: ",") + "]"
        case .slice(let from, let to): "[\(from.map(String.init) ?? ""):\(to.map(String.init) ?? "")]"
        case .wildcard: "[*]"
        case .filter: "[?]"
        case .descendants: ".."
        }
    }
}

extension JSONPath {
    /// Puts `value` where this reference path points, making the objects that are missing on the way.
    func placing(_ value: DocumentValue, in document: DocumentValue) throws(PathMiss) -> DocumentValue {
        try Self.place(value, segments[...], document)
    }

    private static func place(
        _ value: DocumentValue, _ segments: ArraySlice<Segment>, _ node: DocumentValue
    ) throws(PathMiss) -> DocumentValue {
        guard let segment = segments.first else { return value }
        switch (segment, node) {
        case (.property(let name), .object(var object)):
            object[name] = try place(value, segments.dropFirst(), object[name] ?? .object([:]))
            return .object(object)
        case (.index(let index), .list(var list)) where list.indices.contains(index):
            list[index] = try place(value, segments.dropFirst(), list[index])
            return .list(list)
        default:
            throw PathMiss(message: PathEvaluation.text(segments))
        }
    }
}
