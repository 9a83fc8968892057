import AWSModel

/// What a state sets, and how much of it an execution may keep.
extension Execution {
    /// AWS: the variables of all branches together hold at most 10 MiB.
    static let maximumVariableBytes = 10 * 1_024 * 1_024

    /// The variables that a state sets, all computed from what was before.
    /// AWS: each, and all of one Assign together, may hold 256 KiB.
    func assigned(
        _ template: PayloadTemplate?, of branch: Branch, _ scope: EvaluationScope, _ turn: inout ExecutionTurn
    ) throws(StateFailure) -> DocumentObject? {
        guard let template else { return nil }
        let value = try template.evaluate(in: scope, random: &turn.random)
        guard !Payload(value).isTooLarge else {
            throw .variablesTooLarge("sets variables of more than \(Payload.maximumBytes) bytes")
        }
        guard let assigned = value.object, !assigned.isEmpty else { return value.object }
        var total = 0
        for other in branches.values where other.id != branch.id { total += Self.bytes(other.variableBytes) }
        var own = branch.variableBytes
        for (name, value) in assigned { own[name] = JSONWriter.string(value).utf8.count }
        guard total + Self.bytes(own) <= Self.maximumVariableBytes else {
            throw .variablesTooLarge(
                "brings the execution's variables to more than \(Self.maximumVariableBytes) bytes")
        }
        return assigned
    }

    private static func bytes(_ sizes: [String: Int]) -> Int { sizes.values.reduce(0, +) }
}

extension StateFailure {
    /// The name is AWS's, the words are ours: no recording tells AWS's.
    static func variablesTooLarge(_ what: String) -> StateFailure {
        var failure = StateFailure(
            error: "States.DataLimitExceeded", cause: "The state \(what), the service limit.", isFatal: true)
        failure.needsStateName = true
        return failure
    }
}
