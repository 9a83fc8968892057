import AWSModel
import AWSTypes

extension SNSService {
    func createTopic(_ input: SNS.CreateTopicInput, _ call: Call) throws(ServiceError) -> SNS.CreateTopicResponse {
        if input.dataProtectionPolicy?.isEmpty == false { throw Self.noDataProtection }
        let wanted = input.attributes ?? [:]
        let isFIFO = wanted["FifoTopic"]?.lowercased() == "true"
        let base = input.name.hasSuffix(".fifo") && isFIFO ? input.name.dropLast(5) : Substring(input.name)
        guard (1...256).contains(input.name.utf8.count), !base.isEmpty,
            base.utf8.allSatisfy(BatchValidation.isNameByte), isFIFO == input.name.hasSuffix(".fifo")
        else { throw .snsInvalid("Topic Name") }
        let arn = call.scope.arn("sns", input.name)
        core.attribute(call, to: arn)
        try Self.check(tags: input.tags ?? [])
        let tags = Dictionary((input.tags ?? []).map { ($0.key, $0.value) }) { _, last in last }
        if let topic = topics[arn] {
            for (name, value) in wanted where value != (topic.attributes[name] ?? Self.defaults[name] ?? "") {
                throw .snsInvalid("Attributes Reason: Topic already exists with different attributes")
            }
            guard input.tags == nil || tags == topic.tags else {
                throw .snsInvalid("Tags Reason: Topic already exists with different tags")
            }
            return SNS.CreateTopicResponse(topicArn: arn)
        }
        guard tags.count <= 50 else { throw Self.tooManyTags }
        let topic = SNSTopic(name: input.name, scope: call.scope, attributes: [:], tags: tags)
        for (name, value) in wanted.sorted(by: { $0.key < $1.key }) { try set(name, value, on: topic, isNew: true) }
        if isFIFO {
            topic.attributes["FifoTopic"] = "true"
            if topic.attributes["ContentBasedDeduplication"] == nil {
                topic.attributes["ContentBasedDeduplication"] = "false"
            }
        }
        add(topic)
        record(topic)
        setArchive(of: topic)
        markChanged(arn)
        return SNS.CreateTopicResponse(topicArn: arn)
    }

    /// AWS: a topic that isn't there is deleted as well.
    func deleteTopic(_ input: SNS.DeleteTopicInput, _ call: Call) throws(ServiceError) -> Unit {
        try Self.check(arn: input.topicArn)
        try check(regionOf: input.topicArn, call)
        core.attribute(call, to: input.topicArn)
        guard let topic = topics[input.topicArn] else { return Unit() }
        if topic.archive != nil {
            throw .sns(
                "InvalidStateException", "InvalidState", "Invalid state: Cannot delete a topic with an ArchivePolicy")
        }
        for subscription in topic.subscriptions.values { remove(subscription) }
        topics[topic.arn] = nil
        topicLists[topic.scope]?[topic.arn] = nil
        for table in ["sns_topics WHERE arn", "sns_sequences WHERE topic", "sns_deduplications WHERE topic"] {
            core.journal.record("DELETE FROM \(table) = ?", [.text(topic.arn)])
        }
        markChanged(topic.arn)
        return Unit()
    }

    func listTopics(_ input: SNS.ListTopicsInput, _ call: Call) throws(ServiceError) -> SNS.ListTopicsResponse {
        let (page, next) = try Self.page(topicLists[call.scope], after: input.nextToken)
        return SNS.ListTopicsResponse(topics: page.map { SNS.Topic(topicArn: $0.arn) }, nextToken: next)
    }

    func getTopicAttributes(
        _ input: SNS.GetTopicAttributesInput, _ call: Call
    ) throws(ServiceError) -> SNS.GetTopicAttributesResponse {
        let topic = try topic(input.topicArn, call)
        var attributes = topic.attributes
        attributes["TopicArn"] = topic.arn
        attributes["BeginningArchiveTime"] = topic.archive?.beginning(at: core.now).iso8601()
        attributes["Owner"] = topic.scope.accountID
        attributes["SubscriptionsConfirmed"] = String(topic.subscriptions.count - topic.pending)
        attributes["SubscriptionsPending"] = String(topic.pending)
        attributes["SubscriptionsDeleted"] = String(topic.deletedSubscriptions)
        attributes["DisplayName"] = attributes["DisplayName"] ?? ""
        attributes["Policy"] = policy(of: topic)
        attributes["EffectiveDeliveryPolicy"] =
            DeliveryPolicy(kind: "http", text: nil, topicPolicy: attributes["DeliveryPolicy"]).document(isTopic: true)
        return SNS.GetTopicAttributesResponse(attributes: attributes)
    }

    func setTopicAttributes(_ input: SNS.SetTopicAttributesInput, _ call: Call) throws(ServiceError) -> Unit {
        let topic = try topic(input.topicArn, call)
        try set(input.attributeName, input.attributeValue ?? "", on: topic, isNew: false)
        record(topic)
        if input.attributeName == "ArchivePolicy" { setArchive(of: topic) }
        if input.attributeName == "DeliveryPolicy" {
            for subscription in topic.subscriptions.values {
                subscription.refresh(topicPolicy: topic.attributes["DeliveryPolicy"])
            }
        }
        markChanged(topic.arn)
        return Unit()
    }

    private static let defaults = ["DisplayName": "", "FifoTopic": "false", "ContentBasedDeduplication": "false"]
    static let noDataProtection = ServiceError.sns(
        "NotImplemented", "NotImplemented", "Skua leaves data protection policies of SNS out.", status: 501)

    private func set(_ name: String, _ value: String, on topic: SNSTopic, isNew: Bool) throws(ServiceError) {
        let feedback = ["Application", "HTTP", "Lambda", "SQS", "Firehose"].flatMap { kind in
            ["SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"].map { kind + $0 }
        }
        switch name {
        case "FifoTopic":
            guard isNew else { throw .snsInvalid("AttributeName") }
            return
        case "ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy":
            guard topic.isFIFO || value == "false" else { throw .snsInvalid("AttributeName") }
            if name == "ArchivePolicy" { _ = try TopicArchive.retention(value) }
        case "DeliveryPolicy": try DeliveryPolicy.check(value, "")
        case "Policy":
            guard value.isEmpty || (try? JSONReader.parse(value))?.object != nil else {
                throw .snsInvalid("Policy Error: null")
            }
        case "SignatureVersion":
            guard value == "1" || value == "2" else {
                throw .snsInvalid("SignatureVersion Reason: Invalid value [\(value)]")
            }
        case "DisplayName":
            guard value.unicodeScalars.count <= 100 else { throw .snsInvalid("DisplayName") }
        case "KmsMasterKeyId", "TracingConfig": break
        default:
            guard feedback.contains(name) else { throw .snsInvalid("AttributeName") }
        }
        let kept = name == "DeliveryPolicy" ? DeliveryPolicy.normal(value, isTopic: true) : value
        topic.attributes[name] = kept == "" && name != "DisplayName" ? nil : kept
    }
}
