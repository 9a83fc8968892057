import AWSModel

/// What is valid and probably not meant. AWS names three such mistakes.
extension DefinitionParser {
    mutating func warn(_ code: Diagnostic.Code, _ message: String, at location: String) {
        warnings.append(Diagnostic(code, message, at: location))
    }

    /// Of a state in JSONPath: JSONata has no names that end in `.$` or `Path`.
    mutating func noteWarnings(_ document: DocumentObject, _ type: StateType, at location: String) {
        for field in ["Parameters", "ResultSelector", "ItemSelector", "Assign"] {
            noteMissingDollars(document[field], at: "\(location)/\(field)")
        }
        for owner in ["Catch", "Choices"] {
            for (index, entry) in (document.list(owner) ?? []).enumerated() {
                noteMissingDollars(entry["Assign"], at: "\(location)/\(owner)[\(index)]/Assign")
            }
        }
        for (index, rule) in (document.list("Choices") ?? []).enumerated() {
            noteMissingPaths(inRule: rule, at: "\(location)/Choices[\(index)]")
        }
        for field in Self.fieldsWithPathTwin {
            if let text = document.string(field), Self.looksLikePath(text) {
                noteMissingPath(field, at: "\(location)/\(field)")
            }
        }
        if type == .pass, let result = document["Result"], Self.holdsPath(result) {
            warn(
                .passResultIsStatic,
                "The field 'Result' holds what looks like a JSONPath, but a Pass state's Result is taken as it stands; use 'Parameters'",
                at: "\(location)/Result")
        }
    }

    private static let fieldsWithPathTwin = [
        "Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "Error", "Cause", "MaxConcurrency",
        "ToleratedFailureCount", "ToleratedFailurePercentage",
    ]

    private mutating func noteMissingDollars(_ value: DocumentValue?, at location: String) {
        switch value {
        case .object(let object):
            for (key, child) in object where !key.hasSuffix(".$") {
                if let text = child.string {
                    guard Self.looksLikePath(text) || Self.looksLikeCall(text) else { continue }
                    warn(
                        .noDollar,
                        "The value of the field '\(key)' looks like a JSONPath or an intrinsic function, but the field's name does not end with '.$'",
                        at: "\(location)/\(key)")
                } else {
                    noteMissingDollars(child, at: "\(location)/\(key)")
                }
            }
        case .list(let list):
            for (index, child) in list.enumerated() { noteMissingDollars(child, at: "\(location)[\(index)]") }
        default: break
        }
    }

    private mutating func noteMissingPaths(inRule rule: DocumentValue, at location: String) {
        guard let rule = rule.object else { return }
        for (key, value) in rule {
            switch (key, value) {
            case ("And", .list(let inner)), ("Or", .list(let inner)):
                for (index, rule) in inner.enumerated() {
                    noteMissingPaths(inRule: rule, at: "\(location)/\(key)[\(index)]")
                }
            case ("Not", let inner): noteMissingPaths(inRule: inner, at: "\(location)/Not")
            case (_, .string(let text))
            where key.contains("Equals") || key.hasSuffix("LessThan") || key.hasSuffix("GreaterThan"):
                if !key.hasSuffix("Path"), Self.looksLikePath(text) {
                    noteMissingPath(key, at: "\(location)/\(key)")
                }
            default: break
            }
        }
    }

    private mutating func noteMissingPath(_ field: String, at location: String) {
        warn(
            .noPath,
            "The value of the field '\(field)' looks like a path, but the field's name does not end with 'Path'",
            at: location)
    }

    private static func holdsPath(_ value: DocumentValue) -> Bool {
        switch value {
        case .string(let text): looksLikePath(text) || looksLikeCall(text)
        case .list(let list): list.contains(where: holdsPath)
        case .object(let object): object.contains { $0.hasSuffix(".$") || holdsPath($1) }
        default: false
        }
    }

    /// `$5` is money.
    private static func looksLikePath(_ text: String) -> Bool {
        let opens = text == "$" || ["$.", "$[", "$$."].contains { text.hasPrefix($0) }
        return opens && (try? JSONPath(parsing: text)) != nil
    }

    private static func looksLikeCall(_ text: String) -> Bool {
        IntrinsicExpression.looksLikeCall(text) && (try? IntrinsicExpression(parsing: text)) != nil
    }
}

/// What a writer may have meant by a name that is not known here.
enum Spelling {
    static func hint(for word: String, among known: some Collection<String>) -> String? {
        if let same = known.first(where: { $0.lowercased() == word.lowercased() }) {
            return "Did you mean '\(same)'? Names are case-sensitive."
        }
        let near = known.map { (word: $0, distance: distance(word, $0)) }.min {
            ($0.distance, $0.word) < ($1.distance, $1.word)
        }
        guard let near, near.distance <= max(1, min(word.count, near.word.count) / 4) else { return nil }
        return "Did you mean '\(near.word)'?"
    }

    /// Levenshtein's distance of two short words.
    private static func distance(_ first: String, _ second: String) -> Int {
        let a = Array(first.lowercased().unicodeScalars.prefix(80))
        let b = Array(second.lowercased().unicodeScalars)
        var row = Array(0...b.count)
        for (i, scalar) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let cost = min(diagonal + (scalar == other ? 0 : 1), row[j] + 1, row[j + 1] + 1)
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[b.count]
    }
}
