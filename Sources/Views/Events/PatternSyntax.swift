import AWSModel

/// What a pattern or filter policy may not look like, said while it is typed. The service has the last word.
enum PatternSyntax {
    private static let operators: Set<String> = [
        "prefix", "suffix", "anything-but", "exists", "numeric", "cidr", "wildcard", "equals-ignore-case",
    ]

    /// - Parameter allowsSingles: a value without a list, as filter policies on attributes may have.
    static func problem(_ text: String, allowsSingles: Bool = false) -> String? {
        guard let value = try? JSONReader.parse(text) else { return nil }
        guard let object = value.object else { return "A JSON object is needed: { \"field\": [\"value\"] }" }
        if object.isEmpty { return "It asks for nothing: name at least one field" }
        return problem(in: object, at: "", allowsSingles)
    }

    private static func problem(in object: DocumentObject, at path: String, _ allowsSingles: Bool) -> String? {
        for (name, value) in object {
            let here = path.isEmpty ? name : "\(path).\(name)"
            if name == "$or" {
                guard let list = value.list, list.count > 1, list.allSatisfy({ $0.object != nil }) else {
                    return "\(here) needs a list of at least two objects"
                }
                for choice in list {
                    if let found = problem(in: choice.object ?? [:], at: path, allowsSingles) { return found }
                }
            } else if let inner = value.object {
                if inner.isEmpty { return "\(here) is an empty object" }
                if let found = problem(in: inner, at: here, allowsSingles) { return found }
            } else if let list = value.list {
                if list.isEmpty { return "\(here) has an empty list: nothing would match" }
                for item in list {
                    if let found = problem(of: item, at: here) { return found }
                }
            } else if !allowsSingles {
                return "\(here) needs a list: [\(JSONWriter.string(value))]"
            }
        }
        return nil
    }

    private static func problem(of item: DocumentValue, at path: String) -> String? {
        if item.list != nil { return "\(path) has a list within its list" }
        guard let object = item.object else { return nil }
        guard object.count == 1, let (name, value) = object.first(where: { _ in true }) else {
            return "\(path): one operator in each object"
        }
        guard operators.contains(name) else { return "\(path): there is no operator “\(name)”" }
        if name == "exists", value.bool == nil { return "\(path): exists takes true or false" }
        if name == "numeric", value.list == nil { return "\(path): numeric takes a list such as [\">\", 100]" }
        return nil
    }

    /// AWS: 5 keys, and 150 combinations, in a filter policy.
    static func filterPolicyProblem(_ text: String, isOnBody: Bool) -> String? {
        if text.isEmpty { return nil }
        if let found = problem(text, allowsSingles: !isOnBody) { return found }
        guard let policy = (try? JSONReader.parse(text))?.object else { return nil }
        if policy.count > 5 { return "At most 5 keys, this has \(policy.count)" }
        if !isOnBody, let nested = policy.first(where: { $0.0 != "$or" && $0.1.object != nil }) {
            return "“\(nested.0)” is nested: that works on the message body only"
        }
        return nil
    }
}
