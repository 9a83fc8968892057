import AWSModel
import AWSTypes

// One attempt at one subscriber, for each protocol.
extension SNSService {
    /// Requests on their way to one HTTP endpoint at once; more wait here.
    private static let maximumRequests = 20
    private static let plainText = "text/plain; charset=UTF-8"

    func send(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ cause: Cause,
        _ completion: @escaping (Outcome) -> Void
    ) {
        switch subscription.kind {
        case "sqs": sendToQueue(delivery, subscription, cause, completion)
        case "lambda": invoke(delivery, subscription, cause, completion)
        case "http", "https": post(delivery, subscription, completion)
        case "application":
            let body = delivery.message.body(for: platform(of: subscription.endpoint))
            completion(push(body, to: subscription.endpoint, delivery.message.subject, topic: subscription.topicArn))
        case "sms":
            if settings[subscription.scope]?.optedOut.contains(subscription.endpoint) == true {
                return completion(.refused("Phone number is opted out"))
            }
            keep(
                "sms", to: subscription.endpoint, subject: "", delivery.message.body(for: "sms"),
                topic: subscription.topicArn, subscription.scope)
            completion(.delivered(status: 200))
        default: mail(delivery, subscription, completion)
        }
    }

    /// AWS: attributes become the queue message's own with raw delivery only, ten at most.
    func request(to arn: ARN, body: String, _ message: SNSMessage, isRaw: Bool) -> SQS.SendMessageRequest {
        let isFIFO = arn.resource.hasSuffix(".fifo")
        var attributes: [String: SQS.MessageAttributeValue] = [:]
        if isRaw {
            attributes = message.attributes.mapValues {
                SQS.MessageAttributeValue(
                    stringValue: $0.stringValue, binaryValue: $0.binaryValue,
                    dataType: $0.dataType == "String.Array" ? "String" : $0.dataType)
            }
            if message.isReplayed, attributes.count < 10 {
                attributes["Replayed"] = SQS.MessageAttributeValue(stringValue: "true", dataType: "String")
            }
        }
        return SQS.SendMessageRequest(
            queueUrl: "\(core.configuration.endpoint)/\(arn.accountID)/\(arn.resource)", messageBody: body,
            messageAttributes: attributes.isEmpty ? nil : attributes,
            messageDeduplicationId: isFIFO ? message.deduplicationID ?? message.messageID : nil,
            // AWS: a standard queue gets the group of a standard topic's message, and none from a FIFO topic.
            messageGroupId: isFIFO
                ? message.groupID ?? message.messageID : message.sequence == nil ? message.groupID : nil)
    }

    private func sendToQueue(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ cause: Cause,
        _ completion: @escaping (Outcome) -> Void
    ) {
        let message = delivery.message
        guard let arn = ARN(subscription.endpoint) else { return completion(.refused("Invalid queue ARN")) }
        if subscription.isRaw, message.attributes.count > 10 {
            return completion(.refused("Raw message delivery allows at most 10 message attributes"))
        }
        let body = subscription.isRaw ? message.body(for: "sqs") : envelope(message, subscription).text
        var caller = caller(subscription)
        caller.scope.region = arn.region
        caller.traceHeader = message.traceHeader
        core.call(
            SQS.sendMessage, request(to: arn, body: body, message, isRaw: subscription.isRaw), caller: caller,
            cause: cause
        ) { result in
            switch result {
            case .success: completion(.delivered(status: 200))
            case .failure(let error): completion(Self.outcome(of: error))
            }
        }
    }

    /// AWS: what the subscriber's own state refuses is not tried again; throttles and faults are.
    private static func outcome(of error: ServiceError) -> Outcome {
        let isThrottle = error.status == 429 || error.code.contains("Throttl") || error.code == "OverLimit"
        let text = "\(error.code): \(error.message)"
        return error.fault == .server || isThrottle ? .failed(text) : .refused(text)
    }

    private func invoke(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ cause: Cause,
        _ completion: @escaping (Outcome) -> Void
    ) {
        let message = delivery.message
        let fields = envelope(message, subscription).fields
        func value(_ name: String) -> DocumentValue { fields.first { $0.name == name }?.value ?? .null }
        let event: DocumentObject = [
            "Records": [
                [
                    "EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": .string(subscription.arn),
                    "Sns": [
                        "Type": "Notification", "MessageId": .string(message.messageID),
                        "TopicArn": .string(message.topicArn), "Subject": message.subject.map { .string($0) } ?? .null,
                        "Message": .string(message.body(for: "lambda")), "Timestamp": value("Timestamp"),
                        "SignatureVersion": value("SignatureVersion"), "Signature": value("Signature"),
                        "SigningCertUrl": value("SigningCertURL"), "UnsubscribeUrl": value("UnsubscribeURL"),
                        "MessageAttributes": .object(Self.attributes(message)),
                    ],
                ]
            ]
        ]
        var caller = caller(subscription)
        if let arn = ARN(subscription.endpoint) { caller.scope.region = arn.region }
        core.call(
            Lambda.invoke,
            Lambda.InvocationRequest(
                functionName: subscription.endpoint, invocationType: "Event",
                payload: JSONWriter.bytes(.object(event))),
            caller: caller, cause: cause
        ) { result in
            switch result {
            case .success: completion(.delivered(status: 202))
            case .failure(let error): completion(Self.outcome(of: error))
            }
        }
    }

    // MARK: HTTP

    private func post(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ completion: @escaping (Outcome) -> Void
    ) {
        if let rate = subscription.delivery.maximumReceivesPerSecond, rate > 0 {
            let slot = max(core.now, subscription.nextRequestAt ?? core.now)
            subscription.nextRequestAt = slot + .milliseconds(Int(1000 / rate))
            if slot > core.now {
                core.schedule(at: slot, TimerLabel(kind: "DeliveryThrottle", resourceArn: subscription.arn)) {
                    [weak self] in self?.enqueue(delivery, subscription, completion)
                }
                return
            }
        }
        enqueue(delivery, subscription, completion)
    }

    private func enqueue(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ completion: @escaping (Outcome) -> Void
    ) {
        guard subscription.requestsOut < Self.maximumRequests else {
            subscription.waitingPosts.append { [weak self] in self?.enqueue(delivery, subscription, completion) }
            return
        }
        let message = delivery.message
        let body = subscription.isRaw ? message.body(for: subscription.kind) : envelope(message, subscription).text
        subscription.requestsOut += 1
        core.start(.http(request(body, message.messageID, "Notification", subscription))) { [weak self] event in
            guard let self, case .http(let result) = event else { return }
            subscription.requestsOut -= 1
            if !subscription.waitingPosts.isEmpty { core.later(subscription.waitingPosts.removeFirst()) }
            completion(Self.outcome(of: result))
        }
    }

    static func outcome(of result: OutgoingResult) -> Outcome {
        switch result {
        case .failure(let failure): return .failed(failure.message)
        case .success(let response):
            if (200..<300).contains(response.status) { return .delivered(status: response.status) }
            let text = "The endpoint answered \(response.status)."
            // AWS: 4xx other than 429 is a permanent failure.
            let isPermanent = (400..<500).contains(response.status) && response.status != 429
            return isPermanent ? .refused(text) : .failed(text)
        }
    }

    func request(
        _ body: String, _ messageID: String, _ type: String, _ subscription: SNSSubscription
    ) -> OutgoingRequest {
        typealias Header = OutgoingRequest.Header
        var headers = [
            Header("x-amz-sns-message-type", type), Header("x-amz-sns-message-id", messageID),
            Header("x-amz-sns-topic-arn", subscription.topicArn),
            Header(
                "Content-Type",
                type == "Notification"
                    ? subscription.delivery.contentType ?? Self.plainText : Self.plainText),
            Header("User-Agent", "Amazon Simple Notification Service Agent"),
            Header("Accept-Encoding", "gzip,deflate"),
        ]
        if type != "SubscriptionConfirmation" {
            headers.append(Header("x-amz-sns-subscription-arn", subscription.arn))
            if subscription.isRaw, type == "Notification" { headers.append(Header("x-amz-sns-rawdelivery", "true")) }
        }
        return OutgoingRequest(url: subscription.endpoint, headers: headers, body: Array(body.utf8))
    }

    // MARK: The outbox

    private func mail(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ completion: (Outcome) -> Void
    ) {
        let message = delivery.message
        let text =
            subscription.kind == "email-json"
            ? envelope(message, subscription).text
            : message.body(for: "email")
                + "\n\n--\nIf you wish to stop receiving notifications from this topic, please visit:\n\(unsubscribeURL(subscription))\n"
        keep(
            subscription.kind, to: subscription.endpoint, subject: message.subject ?? "AWS Notification Message", text,
            topic: subscription.topicArn, subscription.scope)
        completion(.delivered(status: 200))
    }

    func platform(of endpointArn: String) -> String {
        let parts = endpointArn.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : "default"
    }

    func push(_ body: String, to endpointArn: String, _ subject: String?, topic: String) -> Outcome {
        guard let endpoint = endpoints[endpointArn], let arn = ARN(endpointArn) else {
            return .refused("Endpoint does not exist")
        }
        guard endpoint.attributes["Enabled"]?.lowercased() != "false" else { return .refused("Endpoint is disabled") }
        keep(
            "push", to: endpointArn, subject: subject ?? "", body, topic: topic,
            Scope(accountID: arn.accountID, region: arn.region))
        return .delivered(status: 200)
    }
}
