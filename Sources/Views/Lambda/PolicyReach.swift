import AWSModel

/// What a policy lets somebody do, in a few words: its allowed actions and on what.
struct PolicyReach: Hashable, Sendable {
    var actions: String
    var resources: String

    init(_ text: String) {
        let statements = (try? JSONReader.parse(text))?["Statement"]
        let list = statements?.list ?? statements.map { [$0] } ?? []
        func texts(_ value: DocumentValue?) -> [String] {
            value?.list?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
        }
        var actions: [String] = []
        var resources: [String] = []
        for statement in list {
            let word = statement["Effect"]?.string == "Deny" ? "not " : ""
            actions += texts(statement["Action"]).map { word + $0 }
            actions += texts(statement["NotAction"]).map { "\(word)all but \($0)" }
            resources += texts(statement["Resource"]).map { $0 == "*" ? "everything" : ResourceName($0).name }
        }
        self.actions = Self.some(actions, atMost: 4)
        self.resources = Self.some(resources, atMost: 2)
    }

    /// The first few, each once, and how many more there are.
    private static func some(_ texts: [String], atMost limit: Int) -> String {
        var seen: Set<String> = []
        let unique = texts.filter { seen.insert($0).inserted }
        let shown = unique.prefix(limit).joined(separator: ", ")
        return unique.count > limit ? "\(shown) and \(unique.count - limit) more" : shown
    }
}
