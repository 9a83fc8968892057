import AWSModel

/// A question to an HTTP endpoint's owner that nobody has taken yet.
struct SNSConfirmation {
    var attempts = 0
    var due: Instant
}

// Asking whoever is subscribed whether they want to be.
extension SNSService {
    func askForConfirmation(_ subscription: SNSSubscription) {
        if subscription.isHTTP {
            confirmations[subscription.arn] = SNSConfirmation(due: core.now)
            recordConfirmation(subscription.arn)
            return ask(subscription)
        }
        let envelope = confirmation(subscription, messageID: core.identifiers.uuid())
        let text =
            subscription.kind == "email-json"
            ? envelope.text
            : "You have chosen to subscribe to the topic:\n\(subscription.topicArn)\n\nTo confirm this subscription, visit:\n\(confirmURL(subscription))\n"
        keep(
            subscription.kind, to: subscription.endpoint, subject: "AWS Notification - Subscription Confirmation", text,
            topic: subscription.topicArn, subscription.scope, link: confirmURL(subscription))
    }

    /// AWS: the question is retried by the delivery policy, like a notification.
    private func ask(_ subscription: SNSSubscription) {
        let messageID = core.identifiers.uuid()
        let text = confirmation(subscription, messageID: messageID).text
        core.start(.http(request(text, messageID, "SubscriptionConfirmation", subscription))) { [weak self] event in
            guard let self, case .http(let result) = event, var open = confirmations[subscription.arn] else { return }
            open.attempts += 1
            guard case .failed = Self.outcome(of: result),
                let wait = subscription.delivery.delay(beforeRetry: open.attempts)
            else { return forgetConfirmation(subscription.arn) }
            open.due = core.now + wait
            confirmations[subscription.arn] = open
            recordConfirmation(subscription.arn)
            askLater(subscription)
        }
    }

    func askLater(_ subscription: SNSSubscription) {
        guard let open = confirmations[subscription.arn] else { return }
        core.schedule(at: open.due, TimerLabel(kind: "ConfirmationRetry", resourceArn: subscription.arn)) {
            [weak self] in
            guard let self, confirmations[subscription.arn]?.attempts == open.attempts,
                subscriptions[subscription.arn] === subscription
            else { return }
            ask(subscription)
        }
    }

    func forgetConfirmation(_ arn: String) {
        guard confirmations.removeValue(forKey: arn) != nil else { return }
        forget("confirmation", arn)
    }

    private func recordConfirmation(_ arn: String) {
        guard let open = confirmations[arn] else { return }
        let attributes = ["attempts": String(open.attempts), "due": String(open.due.microseconds)]
        record("confirmation", arn, SNSDocumented(attributes: attributes))
    }

    func restoreConfirmation(_ arn: String, _ attributes: [String: String]) {
        confirmations[arn] = SNSConfirmation(
            attempts: attributes["attempts"].flatMap { Int($0) } ?? 0,
            due: Instant(microseconds: attributes["due"].flatMap { Int64($0) } ?? 0))
    }
}
