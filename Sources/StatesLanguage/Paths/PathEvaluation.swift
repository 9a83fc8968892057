import AWSModel

/// What a path finds. The rules, and the words for a miss, are Jayway JsonPath's, on which AWS builds.
enum PathEvaluation {
    /// The value at a definite path, or the list of all matches of another.
    /// - Parameter root: what `$` means in filters.
    static func value(
        of segments: [JSONPath.Segment], in node: DocumentValue, root: DocumentValue, _ budget: PathBudget
    ) throws(PathMiss) -> DocumentValue {
        try budget.descend()
        defer { budget.ascend() }
        if case .function(let function, let arguments)? = segments.last {
            return try PathFunctions.value(function, arguments, of: segments.dropLast(), in: node, root: root, budget)
        }
        var current = node
        for (position, segment) in segments.enumerated() {
            switch segment {
            case .property(let name):
                guard case .object(let object) = current else {
                    throw notAnObject(current, [name], segments[..<position])
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
                var walk = Walk(all: segments, root: root, budget: budget)
                try walk.evaluate(position, current, isDefinite: true)
                guard isDefinite(segments[...]) else { return .list(walk.matches) }
                guard let match = walk.matches.last else { throw noResults(segments) }
                return match
            }
        }
        return current
    }

    /// Jayway: several names at the end are one place, as they are merged into one object.
    static func isDefinite(_ segments: ArraySlice<JSONPath.Segment>) -> Bool {
        segments.indices.allSatisfy {
            switch segments[$0] {
            case .property, .index, .function: true
            case .properties: $0 == segments.endIndex - 1
            default: false
            }
        }
    }

    static func place(_ index: Int, in list: [DocumentValue]) -> Int? {
        let place = index < 0 ? list.count + index : index
        return list.indices.contains(place) ? place : nil
    }

    /// One evaluation of an indefinite path, token by token as Jayway goes.
    private struct Walk {
        let all: [JSONPath.Segment]
        let root: DocumentValue
        let budget: PathBudget
        var matches: [DocumentValue] = []

        init(all: [JSONPath.Segment], root: DocumentValue, budget: PathBudget) {
            self.all = all
            self.root = root
            self.budget = budget
        }

        /// - Parameter isDefinite: whether everything before `position` names one place; if not, what is missing is
        ///   passed over.
        mutating func evaluate(_ position: Int, _ node: DocumentValue, isDefinite: Bool) throws(PathMiss) {
            try budget.descend()
            defer { budget.ascend() }
            guard position < all.count else {
                matches.append(node)
                return
            }
            let isLeaf = position == all.count - 1
            switch all[position] {
            case .property(let name):
                guard case .object(let object) = node else {
                    if !isDefinite { return }
                    throw notAnObject(node, [name], all[..<position])
                }
                guard let next = object[name] else {
                    if isLeaf || !isDefinite { return }
                    throw PathMiss(message: "Missing property in path \(text(all[...position]))")
                }
                try evaluate(position + 1, next, isDefinite: isDefinite)
            case .properties(let names):
                guard case .object(let object) = node else {
                    if !isDefinite { return }
                    throw notAnObject(node, names, all[..<position])
                }
                // Jayway: several names at the end make one object of them.
                if isLeaf {
                    var picked = DocumentObject()
                    for name in names { if let value = object[name] { picked[name] = value } }
                    matches.append(.object(picked))
                    return
                }
                for name in names {
                    if let next = object[name] { try evaluate(position + 1, next, isDefinite: false) }
                }
            case .index(let index): try elements([index], position, node, isDefinite: isDefinite, staysDefinite: true)
            case .indices(let indices):
                try elements(indices, position, node, isDefinite: isDefinite, staysDefinite: false)
            case .slice(let from, let to):
                guard case .list(let list) = node else {
                    try elements([], position, node, isDefinite: isDefinite, staysDefinite: false)
                    return
                }
                try elements(
                    Self.slice(list.count, from, to), position, node, isDefinite: isDefinite, staysDefinite: false)
            case .wildcard:
                for child in children(of: node) { try evaluate(position + 1, child, isDefinite: false) }
            case .filter(let filter):
                switch node {
                case .list(let list):
                    for element in list where filter.accepts(element, root: root, budget) {
                        try evaluate(position + 1, element, isDefinite: false)
                    }
                case .object:
                    if filter.accepts(node, root: root, budget) { try evaluate(position + 1, node, isDefinite: false) }
                default:
                    guard isDefinite else { return }
                    throw PathMiss(
                        message:
                            "Filter: [?] can not be applied to primitives. Current context is: \(JSONWriter.string(node))"
                    )
                }
            case .function: return
            case .descendants: try scan(position + 1, node)
            }
        }

        private mutating func elements(
            _ indices: some Sequence<Int>, _ position: Int, _ node: DocumentValue, isDefinite: Bool,
            staysDefinite: Bool
        ) throws(PathMiss) {
            guard case .list(let list) = node else {
                if !isDefinite { return }
                throw notAnArray(node, all[position], all[..<position])
            }
            for index in indices {
                guard let place = place(index, in: list) else { continue }
                try evaluate(position + 1, list[place], isDefinite: isDefinite && staysDefinite)
            }
        }

        /// Jayway: bounds of which only one is given count from the end where they are negative; of two they do not,
        /// but each index between them does.
        private static func slice(_ count: Int, _ from: Int?, _ to: Int?) -> Range<Int> {
            guard count > 0 else { return 0..<0 }
            switch (from, to) {
            case (let from?, let to?):
                let end = min(count, to)
                let start = max(from, -count)
                return start < end ? start..<end : 0..<0
            case (let from?, nil):
                let start = max(0, from < 0 ? count + from : from)
                return start < count ? start..<count : 0..<0
            default:
                let to = to ?? count
                return 0..<max(0, min(count, to < 0 ? count + to : to))
            }
        }

        /// `..`: what follows is tried on every object and array below, from the top.
        private mutating func scan(_ position: Int, _ node: DocumentValue) throws(PathMiss) {
            try budget.descend()
            defer { budget.ascend() }
            switch node {
            case .object:
                if fits(position, node) { try evaluate(position, node, isDefinite: false) }
            case .list(let list):
                if fits(position, node) {
                    if position == all.count - 1 {
                        try evaluate(position, node, isDefinite: false)
                    } else {
                        // Jayway: whatever the token was, the rest is tried on every element.
                        for element in list { try evaluate(position + 1, element, isDefinite: false) }
                    }
                }
            default: return
            }
            for child in children(of: node) { try scan(position, child) }
        }

        private func fits(_ position: Int, _ node: DocumentValue) -> Bool {
            // Nothing follows where a function was asked of all that a scan finds.
            guard position < all.count else { return false }
            return switch all[position] {
            case .property(let name): node.object?.contains(name) ?? false
            case .properties(let names):
                position == all.count - 1
                    ? node.object.map { object in names.allSatisfy(object.contains) } ?? false : node.object != nil
            case .index, .indices, .slice: node.list != nil
            case .wildcard: true
            case .filter(let filter): filter.accepts(node, root: root, budget)
            case .function, .descendants: false
            }
        }
    }

    static func children(of node: DocumentValue) -> [DocumentValue] {
        switch node {
        case .list(let list): list
        case .object(let object): object.values
        default: []
        }
    }

    // MARK: Words

    private static func noResults(_ segments: [JSONPath.Segment]) -> PathMiss {
        PathMiss(message: "No results for path: \(text(segments[...]))")
    }

    private static func notAnObject(
        _ node: DocumentValue, _ names: [String], _ upstream: ArraySlice<JSONPath.Segment>
    ) -> PathMiss {
        PathMiss(
            message:
                "Expected to find an object with property \(text(.properties(names))) in path \(text(upstream)) but found "
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
        case .function(let function, _): ".\(function.rawValue)()"
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
