import AWSModel
import JSONata

/// JSONata in states.
extension EvaluationScope {
    func evaluate(_ expression: StateExpression, random: inout TurnRandom) throws(StateFailure) -> DocumentValue {
        var bindings: [String: DocumentValue] = [:]
        for name in expression.variables {
            bindings[name] =
                name == "states" ? .object(statesDocument(withContext: expression.mayReadContext)) : variables[name]
        }
        var environment = JSONataEnvironment(
            now: now, random: TurnRandom(seed: random.next()), dialect: .stepFunctions, limits: Self.expressionLimits,
            digest: { MessageDigest(rawValue: $0)?.hexadecimalDigest(of: $1) })
        let result: DocumentValue?
        do throws(JSONataError) {
            result = try expression.compiled.evaluate(nil, bindings: bindings, in: &environment)
        } catch {
            // AWS: the limits have no codes.
            let reason = error.code.hasPrefix("U") ? ": \(error.message)" : ". \(error.description)"
            throw .query(
                "\(Self.opening(expression)) threw an error during evaluation\(reason)", expression.field)
        }
        guard let result else {
            if expression.yieldsFunction(bindings, &environment) {
                throw .query("\(Self.opening(expression)) returned an unsupported result type.", expression.field)
            }
            throw .query("\(Self.opening(expression)) returned nothing (undefined).", expression.field)
        }
        return result
    }

    /// The value of a field that must be of one JSON type.
    func evaluate(
        _ template: PayloadTemplate, as type: String, random: inout TurnRandom
    ) throws(StateFailure) -> DocumentValue {
        let value = try template.evaluate(in: self, random: &random)
        guard Self.typeName(value) != type else { return value }
        guard case .expression(let expression) = template else { return value }
        throw .query(
            "\(Self.opening(expression)) returned an unexpected result type. Expected '\(type)', but was '\(Self.typeName(value))' for value: \(JSONWriter.string(value))",
            expression.field)
    }

    /// AWS: expressions may be evaluated 100 deep; this is how deep a sum of a hundred numbers is.
    private static let expressionLimits = JSONataEnvironment.Limits(depth: 100)

    private static func opening(_ expression: StateExpression) -> String {
        "The JSONata expression '\(expression.source)' specified for the field '\(expression.field)'"
    }

    static func typeName(_ value: DocumentValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string, .bytes, .timestamp: "string"
        case .list: "array"
        case .object: "object"
        }
    }

    /// `$states`.
    private func statesDocument(withContext: Bool) -> DocumentObject {
        var document = DocumentObject(minimumCapacity: 4)
        document.append("input", stateInput.value)
        if withContext { document.append("context", .object(context.document)) }
        if let result { document.append("result", result.value) }
        if let errorOutput { document.append("errorOutput", errorOutput) }
        return document
    }
}

extension StateExpression {
    /// Whether what looks like nothing is a function, which no state can hold.
    fileprivate func yieldsFunction(
        _ bindings: [String: DocumentValue], _ environment: inout JSONataEnvironment
    ) -> Bool {
        guard let question = try? JSONataExpression(parsing: "$type((\(source)))") else { return false }
        return (try? question.evaluate(nil, bindings: bindings, in: &environment)) == "function"
    }
}
