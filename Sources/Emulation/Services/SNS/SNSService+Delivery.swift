import AWSModel
import AWSTypes

// From an accepted message to each subscriber, with retries and dead letters.
extension SNSService {
    /// Takes a checked message in and starts its deliveries. What settles within the turn is never stored: the
    /// receiving service's rows are in the same commit.
    func accept(_ draft: SNSDraft, on topic: SNSTopic, _ call: Call) -> (messageID: String, sequence: String?) {
        count("NumberOfMessagesPublished", of: topic)
        count("PublishSize", Double(draft.size), of: topic, unit: "Bytes")
        topic.published += 1
        var sequence: String?
        let messageID: String
        if topic.isFIFO, let key = draft.deduplicationID {
            for old in topic.forgetOldDuplicates(at: core.now) {
                core.journal.record(
                    "DELETE FROM sns_deduplications WHERE topic = ? AND name = ?", [.text(topic.arn), .text(old)])
            }
            let known = topic.isHighThroughput ? "\(draft.groupID ?? "")/\(key)" : key
            if let first = topic.deduplication[known] { return (first.messageID, first.sequence) }
            messageID = core.identifiers.uuid()
            let next = topic.nextSequence()
            sequence = next
            topic.deduplication[known] = (messageID, next, core.now)
            topic.deduplicationOrder.append((known, core.now))
            core.journal.record(
                "INSERT OR REPLACE INTO sns_deduplications VALUES (?, ?, ?, ?, ?)",
                [.text(topic.arn), .text(known), .text(messageID), .text(next), .instant(core.now)])
            core.journal.record(
                "INSERT OR REPLACE INTO sns_sequences VALUES (?, ?)", [.text(topic.arn), .integer(topic.lastSequence)])
        } else {
            messageID = core.identifiers.uuid()
        }
        let message = SNSMessage(
            id: nextID(), messageID: messageID, topicArn: topic.arn, text: draft.text, subject: draft.subject,
            isStructured: draft.isStructured, attributes: draft.attributes, groupID: draft.groupID,
            deduplicationID: draft.deduplicationID, sequence: sequence, publishedAt: core.now, cause: call.cause,
            traceHeader: call.caller.traceHeader)
        archive(message, on: topic)
        fanOut(message, from: topic)
        markChanged(topic.arn)
        return (messageID, sequence)
    }

    /// To one subscriber, unless it is not confirmed, its filter keeps the message out, or a replay holds it back.
    func offer(_ message: SNSMessage, to subscription: SNSSubscription, of topic: SNSTopic) {
        guard subscription.isConfirmed else { return }
        if let replay = subscription.replay, replay.holdsBackNewMessages { return stepLater(subscription) }
        if let clause = subscription.filter?.mismatch(message) {
            subscription.filteredOut += 1
            subscription.lastDrop = FilteredMessage(
                messageID: message.messageID, clause: clause, firstAt: subscription.lastDrop?.firstAt ?? core.now)
            note(.filtered, message, subscription, attempt: 0, clause: clause)
            _ = core.record(
                .delivery, service: "sns", action: "FilteredOut", resource: subscription.arn, cause: message.cause,
                detail: "\(message.messageID) for \(subscription.endpoint): none matches \(clause)")
            count("NumberOfNotificationsFilteredOut", of: topic)
            return
        }
        begin(message, to: subscription)
    }

    func begin(_ message: SNSMessage, to subscription: SNSSubscription) {
        let delivery = SNSDelivery(
            id: nextID(), message: message, subscriptionArn: subscription.arn, due: core.now)
        message.openDeliveries += 1
        messages[message.id] = message
        deliveries[delivery.id] = delivery
        subscription.openDeliveries[delivery.id] = delivery
        enter(delivery, subscription)
        // What did not settle within the turn goes on after a restart.
        if deliveries[delivery.id] === delivery, !delivery.isStored { record(delivery) }
    }

    /// A FIFO group goes to a subscriber one message at a time.
    private func enter(_ delivery: SNSDelivery, _ subscription: SNSSubscription) {
        guard let group = delivery.message.sequence == nil ? nil : delivery.message.groupID else {
            return attempt(delivery, subscription)
        }
        if subscription.waitingGroups[group] != nil {
            subscription.waitingGroups[group]?.append(delivery)
        } else {
            subscription.waitingGroups[group] = []
            attempt(delivery, subscription)
        }
    }

    func resume(_ delivery: SNSDelivery) {
        guard let subscription = subscriptions[delivery.subscriptionArn] else { return forget(delivery) }
        if delivery.attempts > 0 {
            if let group = delivery.message.sequence == nil ? nil : delivery.message.groupID,
                subscription.waitingGroups[group] == nil
            {
                subscription.waitingGroups[group] = []
            }
            wait(delivery, subscription)
        } else {
            enter(delivery, subscription)
        }
    }

    private func wait(_ delivery: SNSDelivery, _ subscription: SNSSubscription) {
        core.schedule(at: delivery.due, TimerLabel(kind: "DeliveryRetry", resourceArn: subscription.arn)) {
            [weak self] in
            guard let self, deliveries[delivery.id] === delivery else { return }
            attempt(delivery, subscription)
        }
    }

    private func attempt(_ delivery: SNSDelivery, _ subscription: SNSSubscription) {
        guard subscriptions[subscription.arn] === subscription else { return settle(delivery, subscription) }
        let cause = core.record(
            .delivery, service: "sns", action: "Deliver", resource: subscription.endpoint,
            cause: delivery.message.cause,
            detail: "\(delivery.message.messageID) by \(subscription.kind), attempt \(delivery.attempts + 1)")
        send(delivery, subscription, cause) { [weak self] outcome in
            self?.ended(delivery, subscription, outcome, cause)
        }
    }

    /// What became of one attempt.
    enum Outcome {
        case delivered(status: Int)
        /// AWS: the client's fault is not tried again.
        case refused(String)
        case failed(String)
    }

    private func ended(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ outcome: Outcome, _ cause: Cause
    ) {
        guard deliveries[delivery.id] === delivery else { return }
        delivery.attempts += 1
        let topic = topics[subscription.topicArn]
        var reason = ""
        switch outcome {
        case .delivered(let status):
            subscription.delivered += 1
            note(.delivered, delivery.message, subscription, attempt: delivery.attempts)
            if let topic {
                count("NumberOfNotificationsDelivered", of: topic)
                log(delivery, subscription, topic, status: status, reason: nil)
            }
            return settle(delivery, subscription)
        case .failed(let text):
            reason = text
            delivery.lastError = text
            if let wait = subscription.delivery.delay(beforeRetry: delivery.attempts) {
                _ = core.record(
                    .delivery, service: "sns", action: "RetryWait", resource: subscription.arn, cause: cause,
                    error: "DeliveryFailed", detail: text)
                delivery.due = core.now + wait
                record(delivery)
                note(
                    .retrying, delivery.message, subscription, attempt: delivery.attempts, next: delivery.due,
                    error: text)
                core.changes.mark(subscription.topicArn)
                return self.wait(delivery, subscription)
            }
        case .refused(let text): reason = text
        }
        if let entry = cause.entry { core.timeline.amend(entry, error: "DeliveryFailed", detail: reason) }
        subscription.failed += 1
        if let topic {
            count("NumberOfNotificationsFailed", of: topic)
            log(delivery, subscription, topic, status: nil, reason: reason)
        }
        if subscription.deadLetterTarget == nil {
            note(.failed, delivery.message, subscription, attempt: delivery.attempts, error: reason)
        }
        bury(delivery, subscription, reason, cause)
    }

    /// To the subscription's dead-letter queue, or nowhere.
    private func bury(_ delivery: SNSDelivery, _ subscription: SNSSubscription, _ reason: String, _ cause: Cause) {
        guard let target = subscription.deadLetterTarget, let arn = ARN(target) else {
            return settle(delivery, subscription)
        }
        let burial = core.record(
            .delivery, service: "sns", action: "DeadLetter", resource: target, cause: cause, detail: reason)
        let body =
            subscription.isRaw
            ? delivery.message.body(for: subscription.kind) : envelope(delivery.message, subscription).text
        core.call(
            SQS.sendMessage, request(to: arn, body: body, delivery.message, isRaw: subscription.isRaw),
            caller: caller(subscription), cause: burial
        ) { [weak self] result in
            guard let self else { return }
            if let topic = topics[subscription.topicArn] {
                switch result {
                case .success:
                    count("NumberOfNotificationsRedrivenToDlq", of: topic)
                    note(
                        .deadLettered, delivery.message, subscription, attempt: delivery.attempts, error: reason,
                        deadLetterTarget: target)
                case .failure(let error):
                    count("NumberOfNotificationsFailedToRedriveToDlq", of: topic)
                    note(
                        .failed, delivery.message, subscription, attempt: delivery.attempts,
                        error: "\(reason) The dead-letter queue refused it: \(error.message)")
                }
            }
            settle(delivery, subscription)
        }
    }

    /// The delivery is over; the next of its group may go.
    private func settle(_ delivery: SNSDelivery, _ subscription: SNSSubscription) {
        forget(delivery)
        core.changes.mark(subscription.topicArn)
        guard delivery.message.sequence != nil, let group = delivery.message.groupID else { return }
        guard var waiting = subscription.waitingGroups[group], !waiting.isEmpty else {
            subscription.waitingGroups[group] = nil
            return
        }
        let next = waiting.removeFirst()
        subscription.waitingGroups[group] = waiting
        // In a step of its own: a long line would nest one attempt in another.
        core.later { [weak self] in
            guard let self, deliveries[next.id] === next else { return }
            attempt(next, subscription)
        }
    }

    func caller(_ subscription: SNSSubscription) -> Caller {
        Caller(
            scope: subscription.scope, endpoint: core.configuration.endpoint, servicePrincipal: "sns.amazonaws.com",
            sourceArn: subscription.topicArn)
    }

    /// AWS: delivery status goes to the topic's log group, successes by their sample rate.
    private func log(
        _ delivery: SNSDelivery, _ subscription: SNSSubscription, _ topic: SNSTopic, status: Int?, reason: String?
    ) {
        let prefix =
            switch subscription.kind {
            case "http", "https": "HTTP"
            case "sqs": "SQS"
            case "lambda": "Lambda"
            default: "Application"
            }
        let isFailure = reason != nil
        guard topic.attributes[prefix + (isFailure ? "FailureFeedbackRoleArn" : "SuccessFeedbackRoleArn")] != nil else {
            return
        }
        if !isFailure {
            let rate = Double(topic.attributes[prefix + "SuccessFeedbackSampleRate"] ?? "100") ?? 100
            guard core.identifiers.fraction() * 100 < rate else { return }
        }
        var answer: DocumentObject = [
            "deliveryId": .string(core.identifiers.uuid()), "destination": .string(subscription.endpoint),
            "providerResponse": .string(reason ?? providerResponse(subscription.kind)),
            "dwellTimeMs": .integer((core.now - delivery.message.publishedAt).wholeMicroseconds / 1000),
        ]
        // AWS: what its own services took is not counted in attempts.
        if prefix == "HTTP" || prefix == "Application" || isFailure {
            answer["attempts"] = .integer(Int64(delivery.attempts))
        }
        if let status { answer["statusCode"] = .integer(Int64(status)) }
        let line: DocumentObject = [
            "notification": [
                "messageMD5Sum": .string(MessageDigest.md5(delivery.message.text)),
                "messageId": .string(delivery.message.messageID), "topicArn": .string(topic.arn),
                "timestamp": .string(
                    delivery.message.publishedAt.iso8601().replacing("T", with: " ").replacing("Z", with: "")),
            ],
            "delivery": .object(answer), "status": .string(isFailure ? "FAILURE" : "SUCCESS"),
        ]
        let group = "sns/\(topic.scope.region)/\(topic.scope.accountID)/\(topic.name)" + (isFailure ? "/Failure" : "")
        core.telemetry.log(
            JSONWriter.string(.object(line)), group: group, stream: core.identifiers.uuid(), scope: topic.scope)
    }

    /// What the receiving service answered, as JSON text.
    private func providerResponse(_ kind: String) -> String {
        switch kind {
        case "lambda": JSONWriter.string(["lambdaRequestId": .string(core.identifiers.uuid())])
        case "sqs":
            JSONWriter.string([
                "sqsRequestId": .string(core.identifiers.uuid()), "sqsMessageId": .string(core.identifiers.uuid()),
            ])
        default: "OK"
        }
    }
}
