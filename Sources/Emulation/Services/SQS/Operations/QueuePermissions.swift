import AWSModel
import AWSTypes

// AddPermission and RemovePermission are kept as what they are: statements of the queue's policy.
extension SQSService {
    /// AWS: the actions that a statement made by AddPermission may allow.
    private static let sharedActions: Set<String> = [
        "*", "SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes",
        "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue",
    ]
    /// AWS: those that no other account may call, whatever a policy says.
    private static let ownActions: Set<String> = [
        "AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues",
        "ListQueueTags", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue",
    ]

    func addPermission(_ input: SQS.AddPermissionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        guard !input.label.isEmpty else { throw .missingParameter("Label") }
        guard input.label.utf8.count <= 80, input.label.utf8.allSatisfy(BatchValidation.isNameByte) else {
            throw .invalidParameterValue(
                input.label, "Label",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.")
        }
        guard !input.actions.isEmpty else { throw .missingParameter("Actions") }
        guard !input.awsAccountIds.isEmpty else {
            throw .invalidParameterValue("[]", "PrincipalId", "Unable to verify.")
        }
        for account in input.awsAccountIds
        where account.utf8.count != 12 || !account.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw .invalidParameterValue(account, "PrincipalId", "Unable to verify.")
        }
        for action in input.actions where !Self.sharedActions.contains(action) {
            throw .invalidParameterValue(
                "SQS:\(action)", "ActionName",
                Self.ownActions.contains(action)
                    ? "Only the queue owner is allowed to invoke this action."
                    : "Please refer to the appropriate WSDL for a list of valid actions. ")
        }
        guard input.actions.count <= 7 else {
            throw .plainQueue(
                "OverLimit", "\(input.actions.count) Actions were found, maximum allowed is 7.", status: 403)
        }
        var policy = policy(of: queue)
        var statements = policy.list("Statement") ?? []
        guard !statements.contains(where: { $0["Sid"]?.string == input.label }) else {
            throw .invalidParameterValue(input.label, "Label", "Already exists.")
        }
        guard statements.count < 20 else {
            throw .plainQueue(
                "OverLimit", "\(statements.count + 1) Statements were found, maximum allowed is 20.", status: 403)
        }
        let principals = input.awsAccountIds.map { "arn:\(queue.scope.partition):iam::\($0):root" }
        statements.append([
            "Sid": .string(input.label), "Effect": "Allow", "Principal": ["AWS": Self.oneOrList(principals)],
            "Action": Self.oneOrList(input.actions.map { "SQS:\($0)" }), "Resource": .string(queue.arn),
        ])
        policy["Statement"] = .list(statements)
        store(policy, in: queue)
        return Unit()
    }

    func removePermission(_ input: SQS.RemovePermissionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        guard !input.label.isEmpty else { throw .missingParameter("Label") }
        var policy = policy(of: queue)
        let statements = policy.list("Statement") ?? []
        let rest = statements.filter { $0["Sid"]?.string != input.label }
        guard rest.count < statements.count else {
            throw .invalidParameterValue(input.label, "Label", "can't find label on existing policy.")
        }
        policy["Statement"] = .list(rest)
        store(rest.isEmpty ? nil : policy, in: queue)
        return Unit()
    }

    private func policy(of queue: Queue) -> DocumentObject {
        if let text = queue.attributes.policy, let policy = (try? JSONReader.parse(text))?.object {
            var policy = policy
            // A policy may have a single statement without a list around it.
            if case .object(let single) = policy["Statement"] { policy["Statement"] = .list([.object(single)]) }
            return policy
        }
        return ["Version": "2008-10-17", "Id": .string("\(queue.arn)/SQSDefaultPolicy"), "Statement": []]
    }

    private func store(_ policy: DocumentObject?, in queue: Queue) {
        queue.attributes.policy = policy.map { JSONWriter.string(.object($0)) }
        queue.modifiedAt = core.now
        record(queue)
        markChanged(queue)
    }

    /// AWS writes a single value without a list.
    private static func oneOrList(_ values: [String]) -> DocumentValue {
        values.count == 1 ? .string(values[0]) : .list(values.map(DocumentValue.string))
    }
}
