import AWSModel

/// What AWS refuses in the policies that a caller gives a queue. Policies that are stored already are read without it.
enum QueuePolicyCheck {
    static func check(_ attributes: [String: String]) throws(ServiceError) {
        if let text = attributes["Policy"], !text.isEmpty { try checkPolicy(text) }
        if let text = attributes["RedrivePolicy"], !isMade(text, of: ["deadLetterTargetArn", "maxReceiveCount"]) {
            _ = try RedrivePolicy(text)
            throw .invalidParameterValue(
                text, "RedrivePolicy",
                "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].")
        }
        if let text = attributes["RedriveAllowPolicy"], !isMade(text, of: ["redrivePermission", "sourceQueueArns"]) {
            throw RedriveAllowPolicy.unsupportedFormat
        }
    }

    /// Whether a text, if it is a JSON object at all, has only these members.
    private static func isMade(_ text: String, of names: Set<String>) -> Bool {
        (try? JSONReader.parse(text))?.object?.allSatisfy { names.contains($0.0) } ?? true
    }

    private static let members: Set<String> = ["Version", "Id", "Statement"]
    private static let statementMembers: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    private static func checkPolicy(_ text: String) throws(ServiceError) {
        guard let policy = (try? JSONReader.parse(text))?.object, policy.allSatisfy({ members.contains($0.0) }),
            ["2008-10-17", "2012-10-17"].contains(policy.string("Version") ?? "2012-10-17"),
            let statement = policy["Statement"]
        else { throw .invalidAttributeValue("Policy") }
        let statements = statement.list ?? [statement]
        guard statements.count <= 20 else {
            throw .plainQueue(
                "OverLimit",
                "\(statements.count) statements were found in the submitted policy, max allowed is 20", status: 403)
        }
        guard !statements.isEmpty, statements.allSatisfy({ $0.object.map(isStatement) ?? false }) else {
            throw .invalidAttributeValue("Policy")
        }
    }

    private static func isStatement(_ statement: DocumentObject) -> Bool {
        statement.allSatisfy { statementMembers.contains($0.0) }
            && ["Allow", "Deny"].contains(statement.string("Effect") ?? "")
            && (statement["Action"] ?? statement["NotAction"]) != nil
    }
}
