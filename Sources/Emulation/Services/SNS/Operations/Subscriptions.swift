import AWSModel
import AWSTypes

extension SNSService {
    func subscribe(_ input: SNS.SubscribeInput, _ call: Call) throws(ServiceError) -> SNS.SubscribeResponse {
        let topic = try topic(input.topicArn, call)
        let kind = input.`protocol`
        let endpoint = input.endpoint ?? ""
        try check(endpoint, kind, topic)
        var attributes: [String: String] = [:]
        for (name, value) in (input.attributes ?? [:]).sorted(by: { $0.key < $1.key }) {
            try check(name, value, all: input.attributes ?? [:], topic, kind, endpoint, isUpdate: false)
            if !value.isEmpty { attributes[name] = Self.normal(name, value) }
        }
        if let known = topic.listeners["\(kind) \(endpoint)"] {
            for (name, value) in attributes where (known.attributes[name] ?? Self.defaults[name]) != value {
                throw .snsInvalid("Attributes Reason: Subscription already exists with different attributes")
            }
            if !known.isConfirmed { askForConfirmation(known) }
            return response(known, input)
        }
        let isConfirmed = !["http", "https", "email", "email-json"].contains(kind)
        let subscription = SNSSubscription(
            arn: "\(topic.arn):\(core.identifiers.uuid())", topicArn: topic.arn, scope: call.scope, kind: kind,
            endpoint: endpoint, attributes: attributes, isConfirmed: isConfirmed,
            token: isConfirmed ? nil : core.identifiers.hex(144), createdAt: core.now,
            principal: call.caller.principalArn)
        add(subscription)
        record(subscription)
        markChanged(topic.arn)
        startReplay(of: subscription)
        if !isConfirmed {
            askForConfirmation(subscription)
            expireLater(subscription)
        }
        return response(subscription, input)
    }

    /// AWS: what holds unless it was set; setting it is no difference.
    private static let defaults = ["RawMessageDelivery": "false", "FilterPolicyScope": "MessageAttributes"]

    /// AWS keeps a delivery policy with all its fields, and truth in small letters.
    private static func normal(_ name: String, _ value: String) -> String {
        switch name {
        case "DeliveryPolicy": DeliveryPolicy.normal(value, isTopic: false) ?? value
        case "RawMessageDelivery": value.lowercased()
        default: value
        }
    }

    private func response(_ subscription: SNSSubscription, _ input: SNS.SubscribeInput) -> SNS.SubscribeResponse {
        let isShown = subscription.isConfirmed || input.returnSubscriptionArn == true
        return SNS.SubscribeResponse(subscriptionArn: isShown ? subscription.arn : "pending confirmation")
    }

    /// AWS: one that nobody confirms vanishes after three days.
    func expireLater(_ subscription: SNSSubscription) {
        core.schedule(
            at: subscription.createdAt + .seconds(3 * 86_400),
            TimerLabel(kind: "SubscriptionExpiry", resourceArn: subscription.arn)
        ) { [weak self] in
            guard let self, !subscription.isConfirmed, subscriptions[subscription.arn] === subscription else { return }
            remove(subscription)
        }
    }

    private func check(_ endpoint: String, _ kind: String, _ topic: SNSTopic) throws(ServiceError) {
        let known = ["http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"]
        guard known.contains(kind) else {
            throw .snsInvalid("Amazon SNS does not support this protocol string: \(kind)")
        }
        if topic.isFIFO, kind != "sqs" {
            throw .snsInvalid("Invalid parameter: Endpoint Reason: Please use FIFO SQS queue")
        }
        switch kind {
        case "http", "https":
            guard endpoint.hasPrefix("\(kind)://") else {
                throw .snsInvalid("Endpoint must match the specified protocol")
            }
        case "sqs":
            guard let arn = ARN(endpoint), arn.service == "sqs" else { throw .snsInvalid("SQS endpoint ARN") }
            if !topic.isFIFO, arn.resource.hasSuffix(".fifo") {
                throw .snsInvalid(
                    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
            }
        case "lambda":
            guard ARN(endpoint)?.service == "lambda" else { throw .snsInvalid("Lambda endpoint ARN") }
        case "email", "email-json":
            guard endpoint.contains("@") else { throw .snsInvalid("Email address") }
        case "sms":
            let digits = endpoint.filter { !"./- ()".contains($0) }.drop { $0 == "+" }
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), !endpoint.contains("--"),
                !endpoint.contains("//"), !endpoint.contains(".."), endpoint.first?.isPunctuation == false,
                endpoint.last?.isNumber == true
            else {
                throw .sns("InvalidParameterException", "InvalidParameter", "Invalid SMS endpoint: \(endpoint)")
            }
        case "application":
            guard endpoints[endpoint] != nil else {
                throw .snsInvalid("Endpoint Reason: Endpoint does not exist for endpoint arn\(endpoint)")
            }
        default:
            throw .sns(
                "NotImplemented", "NotImplemented", "Skua does not implement Firehose subscriptions of SNS yet.",
                status: 501)
        }
    }

    /// Whether an attribute may have this value.
    private func check(
        _ name: String, _ value: String, all: [String: String], _ topic: SNSTopic, _ kind: String,
        _ endpoint: String, isUpdate: Bool
    ) throws(ServiceError) {
        let prefix = isUpdate ? "" : "Attributes Reason: "
        func isObject() -> Bool { (try? JSONReader.parse(value))?.object != nil }
        switch name {
        case "FilterPolicy":
            guard !value.isEmpty else { return }
            do throws(ServiceError) {
                _ = try SNSFilter(value, scope: all["FilterPolicyScope"] ?? "MessageAttributes")
            } catch {
                guard !isUpdate else { throw error }
                let reason = error.message.dropFirst("Invalid parameter: ".count)
                throw .snsInvalid(prefix + reason)
            }
        case "FilterPolicyScope":
            guard value == "MessageAttributes" || value == "MessageBody" else {
                throw .snsInvalid(
                    "\(prefix)FilterPolicyScope: Invalid value [\(value)]. Please use either MessageBody or MessageAttributes"
                )
            }
        case "RawMessageDelivery":
            guard ["true", "false"].contains(value.lowercased()) else {
                throw .snsInvalid("\(prefix)RawMessageDelivery: Invalid value [\(value)]. Must be true or false.")
            }
            if value.lowercased() == "true", !["sqs", "http", "https", "firehose"].contains(kind) {
                throw .snsInvalid("\(prefix)Delivery protocol [\(kind)] does not support raw message delivery.")
            }
        case "RedrivePolicy":
            guard !value.isEmpty else { return }
            guard isObject() else {
                throw .snsInvalid("\(prefix)RedrivePolicy: \(SNSFilter.unreadable(value))")
            }
            let target = (try? JSONReader.parse(value))?["deadLetterTargetArn"]?.string ?? ""
            guard let arn = ARN(target), arn.service == "sqs" else {
                throw .snsInvalid("\(prefix)RedrivePolicy: deadLetterTargetArn is an invalid arn")
            }
            if topic.isFIFO, endpoint.hasSuffix(".fifo"), !arn.resource.hasSuffix(".fifo") {
                throw .snsInvalid(
                    "\(prefix)RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
            }
        case "DeliveryPolicy":
            try DeliveryPolicy.check(value, prefix)
        case "ReplayPolicy":
            try checkReplay(value, on: topic, prefix)
        case "SubscriptionRoleArn": break
        default: throw .snsInvalid(isUpdate ? "AttributeName" : "Attributes Reason: Unknown attribute: \(name)")
        }
    }

    private static let hexDigits = Set("0123456789abcdef".utf8)

    func confirmSubscription(
        _ input: SNS.ConfirmSubscriptionInput, _ call: Call
    ) throws(ServiceError) -> SNS.ConfirmSubscriptionResponse {
        guard input.token.utf8.allSatisfy({ Self.hexDigits.contains($0) }) else {
            throw .sns("InvalidParameterException", "InvalidParameter", "Invalid token")
        }
        if let restored = try restore(input.token, call) {
            return SNS.ConfirmSubscriptionResponse(subscriptionArn: restored.arn)
        }
        guard let subscription = tokens[input.token],
            subscription.isConfirmed || subscription.createdAt + .seconds(2 * 86_400) > core.now
        else { throw .snsInvalid("Token") }
        // AWS: the token says which topic; of the ARN only the region must be right.
        guard let arn = ARN(input.topicArn), arn.region == subscription.scope.region,
            let topic = topics[subscription.topicArn]
        else { throw .snsInvalid("Topic") }
        core.attribute(call, to: subscription.arn)
        if !subscription.isConfirmed {
            subscription.isConfirmed = true
            topic.pending -= 1
            forgetConfirmation(subscription.arn)
            subscription.needsAuthenticationToUnsubscribe = input.authenticateOnUnsubscribe?.lowercased() == "true"
            record(subscription)
            markChanged(topic.arn)
        }
        return SNS.ConfirmSubscriptionResponse(subscriptionArn: subscription.arn)
    }

    func unsubscribe(_ input: SNS.UnsubscribeInput, _ call: Call) throws(ServiceError) -> Unit {
        try Self.check(arn: input.subscriptionArn, "SubscriptionArn")
        guard ARN(input.subscriptionArn)?.resource.contains(":") == true else {
            throw .snsInvalid("SubscriptionId")
        }
        core.attribute(call, to: input.subscriptionArn)
        // AWS: unsubscribing twice is fine.
        guard let subscription = subscriptions[input.subscriptionArn] else { return Unit() }
        guard subscription.isConfirmed else {
            throw .snsInvalid("This subscription is pending confirmation and cannot be deleted")
        }
        remove(subscription)
        offerToRestore(subscription)
        return Unit()
    }

    /// Its open deliveries go with it.
    func remove(_ subscription: SNSSubscription) {
        subscriptions[subscription.arn] = nil
        subscriptionLists[subscription.scope]?[subscription.arn] = nil
        forgetConfirmation(subscription.arn)
        endReplay(of: subscription)
        core.journal.record("DELETE FROM sns_subscriptions WHERE arn = ?", [.text(subscription.arn)])
        if let token = subscription.token { tokens[token] = nil }
        for delivery in subscription.openDeliveries.values { forget(delivery) }
        subscription.openDeliveries = [:]
        guard let topic = topics[subscription.topicArn] else { return }
        topic.subscriptions[subscription.arn] = nil
        topic.listeners[subscription.listener] = nil
        topic.deletedSubscriptions += 1
        if !subscription.isConfirmed { topic.pending -= 1 }
        record(topic)
        markChanged(topic.arn)
    }

    func listSubscriptions(
        _ input: SNS.ListSubscriptionsInput, _ call: Call
    ) throws(ServiceError) -> SNS.ListSubscriptionsResponse {
        let (page, next) = try Self.page(subscriptionLists[call.scope], after: input.nextToken)
        return SNS.ListSubscriptionsResponse(subscriptions: page.map(Self.summary), nextToken: next)
    }

    func listSubscriptionsByTopic(
        _ input: SNS.ListSubscriptionsByTopicInput, _ call: Call
    ) throws(ServiceError) -> SNS.ListSubscriptionsByTopicResponse {
        let topic = try topic(input.topicArn, call)
        let (page, next) = try Self.page(topic.subscriptions, after: input.nextToken)
        return SNS.ListSubscriptionsByTopicResponse(subscriptions: page.map(Self.summary), nextToken: next)
    }

    private static func summary(_ subscription: SNSSubscription) -> SNS.Subscription {
        SNS.Subscription(
            subscriptionArn: subscription.isConfirmed ? subscription.arn : "PendingConfirmation",
            owner: subscription.scope.accountID, protocol: subscription.kind, endpoint: subscription.endpoint,
            topicArn: subscription.topicArn)
    }

    func getSubscriptionAttributes(
        _ input: SNS.GetSubscriptionAttributesInput, _ call: Call
    ) throws(ServiceError) -> SNS.GetSubscriptionAttributesResponse {
        let subscription = try subscription(input.subscriptionArn, call)
        var attributes = subscription.attributes
        attributes["SubscriptionArn"] = subscription.arn
        attributes["TopicArn"] = subscription.topicArn
        attributes["Protocol"] = subscription.kind
        attributes["Endpoint"] = subscription.endpoint
        attributes["Owner"] = subscription.scope.accountID
        attributes["PendingConfirmation"] = String(!subscription.isConfirmed)
        let isOpen = !["http", "https", "email", "email-json"].contains(subscription.kind)
        attributes["ConfirmationWasAuthenticated"] = String(
            subscription.isConfirmed && (isOpen || subscription.needsAuthenticationToUnsubscribe))
        attributes["RawMessageDelivery"] = attributes["RawMessageDelivery"] ?? "false"
        attributes["SubscriptionPrincipal"] = subscription.principal
        attributes["ReplayStatus"] = subscription.replay?.status.rawValue
        if subscription.isHTTP {
            attributes["EffectiveDeliveryPolicy"] = subscription.delivery.document(isTopic: false)
        }
        // AWS: the scope is only shown beside a policy.
        if attributes["FilterPolicy"] == nil {
            attributes["FilterPolicyScope"] = nil
        } else if attributes["FilterPolicyScope"] == nil {
            attributes["FilterPolicyScope"] = "MessageAttributes"
        }
        return SNS.GetSubscriptionAttributesResponse(attributes: attributes)
    }

    func setSubscriptionAttributes(
        _ input: SNS.SetSubscriptionAttributesInput, _ call: Call
    ) throws(ServiceError) -> Unit {
        let subscription = try subscription(input.subscriptionArn, call)
        guard let topic = topics[subscription.topicArn] else { throw .snsSubscriptionMissing }
        let value = input.attributeValue ?? ""
        try check(
            input.attributeName, value, all: subscription.attributes, topic, subscription.kind, subscription.endpoint,
            isUpdate: true)
        subscription.attributes[input.attributeName] =
            value.isEmpty ? nil : Self.normal(input.attributeName, value)
        subscription.refresh(topicPolicy: topic.attributes["DeliveryPolicy"])
        record(subscription)
        if input.attributeName == "ReplayPolicy" { startReplay(of: subscription) }
        markChanged(subscription.topicArn)
        return Unit()
    }

    private func subscription(_ arn: String, _ call: Call) throws(ServiceError) -> SNSSubscription {
        try Self.check(arn: arn, "SubscriptionArn")
        guard let subscription = subscriptions[arn] else { throw .snsSubscriptionMissing }
        core.attribute(call, to: arn)
        return subscription
    }
}
