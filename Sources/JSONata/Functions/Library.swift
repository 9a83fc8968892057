/// The functions an expression finds under `$name`, each with the reference's signature.
enum Library {
    struct Definition: Sendable {
        let signature: Signature?
        let arity: Int
        let body: FunctionValue.Native
    }

    typealias Entry = (name: String, signature: String?, body: FunctionValue.Native)

    static func definition(named name: String, dialect: JSONataEnvironment.Dialect) -> Definition? {
        switch dialect {
        case .standard: standard[name]
        case .stepFunctions: stepFunctions[name] ?? (name == "eval" ? nil : standard[name])
        }
    }

    private static let standard = table(
        strings + matching + encodings + numbers + arrays + higherOrder + objects + dates + general)
    private static let stepFunctions = table(stepFunctionsOnly)

    private static func table(_ entries: [Entry]) -> [String: Definition] {
        var result: [String: Definition] = [:]
        for entry in entries {
            let signature = entry.signature.flatMap { try? Signature(parsing: $0) }
            // As many as `$map` would pass; `$string` has its second only for the asking.
            let arity = entry.name == "string" ? 1 : signature?.parameters.count ?? 1
            result[entry.name] = Definition(signature: signature, arity: arity, body: entry.body)
        }
        return result
    }
}

extension [Value] {
    /// An argument, undefined where it was not given.
    func at(_ index: Int) -> Value { index < count ? self[index] : .undefined }
    func string(_ index: Int) -> String? { at(index).string }
    func number(_ index: Int) -> Double? { at(index).number }
    /// An argument as an integer of reasonable size.
    func integer(_ index: Int) -> Int? {
        number(index).map { Int(Swift.max(-1e15, Swift.min(1e15, $0.isNaN ? 0 : $0))) }
    }
}
