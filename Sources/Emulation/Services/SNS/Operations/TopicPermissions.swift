import AWSModel
import AWSTypes

extension SNSService {
    private static let ownerActions = [
        "GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe",
        "ListSubscriptionsByTopic", "Publish",
    ]

    func policy(of topic: SNSTopic) -> String {
        if let policy = topic.attributes["Policy"] { return policy }
        let statement: DocumentObject = [
            "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": ["AWS": "*"],
            "Action": .list(Self.ownerActions.map { .string("SNS:\($0)") }), "Resource": .string(topic.arn),
            "Condition": ["StringEquals": ["AWS:SourceOwner": .string(topic.scope.accountID)]],
        ]
        return JSONWriter.string([
            "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": .list([.object(statement)]),
        ])
    }

    func addPermission(_ input: SNS.AddPermissionInput, _ call: Call) throws(ServiceError) -> Unit {
        let topic = try topic(input.topicArn, call)
        var policy = (try? JSONReader.parse(policy(of: topic)))?.object ?? [:]
        var statements = policy.list("Statement") ?? []
        guard !statements.contains(where: { $0["Sid"]?.string == input.label }) else {
            throw .snsInvalid("Statement already exists")
        }
        guard input.actionName.allSatisfy(Self.ownerActions.contains) else {
            throw .snsInvalid("Policy statement action out of service scope!")
        }
        func oneOrList(_ texts: [String]) -> DocumentValue {
            texts.count == 1 ? .string(texts[0]) : .list(texts.map { .string($0) })
        }
        let principals = input.awsAccountId.map { "arn:\(topic.scope.partition):iam::\($0):root" }
        statements.append([
            "Sid": .string(input.label), "Effect": "Allow", "Principal": ["AWS": oneOrList(principals)],
            "Action": oneOrList(input.actionName.map { "SNS:\($0)" }), "Resource": .string(topic.arn),
        ])
        policy["Statement"] = .list(statements)
        topic.attributes["Policy"] = JSONWriter.string(.object(policy))
        record(topic)
        return Unit()
    }

    func removePermission(_ input: SNS.RemovePermissionInput, _ call: Call) throws(ServiceError) -> Unit {
        let topic = try topic(input.topicArn, call)
        var policy = (try? JSONReader.parse(policy(of: topic)))?.object ?? [:]
        policy["Statement"] = .list((policy.list("Statement") ?? []).filter { $0["Sid"]?.string != input.label })
        topic.attributes["Policy"] = JSONWriter.string(.object(policy))
        record(topic)
        return Unit()
    }

    // MARK: Tags

    static let tooManyTags = ServiceError.sns(
        "TagLimitExceededException", "TagLimitExceeded",
        "Could not complete request: tag quota of per resource exceeded")

    static func check(tags: [SNS.Tag]) throws(ServiceError) {
        guard Set(tags.map(\.key)).count == tags.count else {
            throw .snsInvalid("Duplicated keys are not allowed.")
        }
    }

    func tagResource(_ input: SNS.TagResourceRequest, _ call: Call) throws(ServiceError) -> SNS.TagResourceResponse {
        let topic = try tagged(input.resourceArn, call)
        try Self.check(tags: input.tags)
        var tags = topic.tags
        for tag in input.tags { tags[tag.key] = tag.value }
        guard tags.count <= 50 else { throw Self.tooManyTags }
        topic.tags = tags
        record(topic)
        return SNS.TagResourceResponse()
    }

    func untagResource(
        _ input: SNS.UntagResourceRequest, _ call: Call
    ) throws(ServiceError) -> SNS.UntagResourceResponse {
        let topic = try tagged(input.resourceArn, call)
        for key in input.tagKeys { topic.tags[key] = nil }
        record(topic)
        return SNS.UntagResourceResponse()
    }

    func listTagsForResource(
        _ input: SNS.ListTagsForResourceRequest, _ call: Call
    ) throws(ServiceError) -> SNS.ListTagsForResourceResponse {
        let topic = try tagged(input.resourceArn, call)
        return SNS.ListTagsForResourceResponse(
            tags: topic.tags.sorted { $0.key < $1.key }.map { SNS.Tag(key: $0.key, value: $0.value) })
    }

    private func tagged(_ arn: String, _ call: Call) throws(ServiceError) -> SNSTopic {
        guard let topic = topics[arn] else { throw .snsResourceMissing }
        core.attribute(call, to: arn)
        return topic
    }
}
