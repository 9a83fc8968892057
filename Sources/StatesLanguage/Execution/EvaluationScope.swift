import AWSModel

/// What the expressions of a state see.
struct EvaluationScope {
    var data: Payload
    var context: ContextObject
    /// Visible variables: the branch's own over those of the branches around it.
    var variables: [String: DocumentValue] = [:]
    /// `$states.input`, whatever `data` has become meanwhile.
    var stateInput = Payload.emptyObject
    /// `$states.result` and `$states.errorOutput`, where there are any.
    var result: Payload?
    var errorOutput: DocumentValue?
    /// What `$now()` tells.
    var now = Instant.epoch

    func root(_ path: JSONPath) throws(PathMiss) -> DocumentValue {
        switch path.root {
        case .data: return data.value
        case .context: return .object(context.document)
        case .variable(let name):
            guard let value = variables[name] else { throw PathMiss(message: "No results for path: $\(name)") }
            return value
        }
    }

    func lookUp(_ path: JSONPath) throws(PathMiss) -> DocumentValue {
        let root = try root(path)
        if path.segments.isEmpty { return root }
        let budget = PathBudget()
        let value = try PathEvaluation.value(of: path.segments, in: root, root: root, budget)
        guard !budget.isExhausted else { throw PathBudget.miss }
        return value
    }

    /// The value that InputPath, OutputPath, ItemsPath and the like point at.
    func value(atPathField path: JSONPath) throws(StateFailure) -> DocumentValue {
        do throws(PathMiss) {
            return try lookUp(path)
        } catch {
            throw .runtime("Invalid path '\(path.source)' : \(error.message)")
        }
    }

    /// The value for a field of a payload template, or one that ends in `Path`.
    func value(at path: JSONPath, field: String) throws(StateFailure) -> DocumentValue {
        do throws(PathMiss) {
            return try lookUp(path)
        } catch {
            throw .runtime(
                "The JSONPath '\(path.source)' specified for the field '\(field)' could not be found in the input '\(data.text)'"
            )
        }
    }

    func value(at path: JSONPath, inCall source: String) throws(StateFailure) -> DocumentValue {
        do throws(PathMiss) {
            return try lookUp(path)
        } catch {
            throw .runtime(
                "The JsonPath argument for the field '\(source)' could not be found in the input '\(data.text)'")
        }
    }
}

/// The context object, `$$`.
struct ContextObject {
    var execution: DocumentObject
    var stateMachine: DocumentObject
    var stateName: String
    var enteredTime: Instant
    var retryCount: Int?
    var taskToken: String?
    var mapItem: (index: Int, value: DocumentValue)?
    /// What a test of a state gives instead.
    var replacement: DocumentObject?

    var document: DocumentObject {
        if let replacement { return replacement }
        var document = DocumentObject(minimumCapacity: 5)
        document.append("Execution", .object(execution))
        if let mapItem {
            document.append("Map", ["Item": ["Index": .integer(Int64(mapItem.index)), "Value": mapItem.value]])
        }
        document.append("StateMachine", .object(stateMachine))
        var state: DocumentObject = ["Name": .string(stateName), "EnteredTime": .string(enteredTime.iso8601())]
        if let retryCount { state.append("RetryCount", .integer(Int64(retryCount))) }
        document.append("State", .object(state))
        if let taskToken { document.append("Task", ["Token": .string(taskToken)]) }
        return document
    }
}
