import AWSModel
import AWSTypes

// PutRetentionPolicy, DeleteRetentionPolicy.

extension LogsService {
    private static let allowedRetentions = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]

    func putRetentionPolicy(_ input: Logs.PutRetentionPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard Self.allowedRetentions.contains(input.retentionInDays) else {
            let allowed = Self.allowedRetentions.map(String.init).joined(separator: ", ")
            throw .invalidParameter(
                """
                1 validation error detected: Value '\(input.retentionInDays)' at 'retentionInDays' failed to satisfy \
                constraint: Member must satisfy enum value set: [\(allowed)]
                """)
        }
        let group = try group(input.logGroupName, in: call.scope)
        set(input.retentionInDays, on: group, call)
        armExpiry()
        return Unit()
    }

    func deleteRetentionPolicy(_ input: Logs.DeleteRetentionPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        set(nil, on: try group(input.logGroupName, in: call.scope), call)
        return Unit()
    }

    private func set(_ days: Int?, on group: LogGroup, _ call: Call) {
        core.attribute(call, to: group.arn, detail: days.map { "\($0) days" } ?? "never")
        group.retentionInDays = days
        save(group)
        core.changes.mark(Self.topic)
        core.changes.mark(group.arn)
    }
}
