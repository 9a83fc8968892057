import AWSModel

// Subscriptions that get nothing: filtered out, never confirmed, failing.
extension SNSService {
    private static let patience = Duration.seconds(300)

    public func problems(in scope: Scope) -> [Problem] {
        subscriptions.values.filter { $0.scope == scope }.sorted { $0.arn < $1.arn }.compactMap(problem)
    }

    private func problem(_ subscription: SNSSubscription) -> Problem? {
        let topic = ResourceNaming.last(of: subscription.topicArn)
        let listener = ResourceNaming.last(of: subscription.endpoint)
        if !subscription.isConfirmed {
            guard subscription.createdAt + Self.patience <= core.now else { return nil }
            return Problem(
                subscription.arn, rule: "PendingConfirmation",
                text: "\(subscription.endpoint) has not confirmed its subscription to \(topic): it gets nothing.",
                since: subscription.createdAt)
        }
        if let retried = subscription.openDeliveries.values.first(where: { $0.attempts > 0 }) {
            return Problem(
                subscription.arn, .unsteady, item: retried.message.messageID, rule: "RetryWait",
                text:
                    "\(listener) refused a message of \(topic) \(retried.attempts) times: \(retried.lastError)",
                since: retried.message.publishedAt, movesAt: retried.due, relatedArn: subscription.endpoint)
        }
        if subscription.failed > 0, subscription.deadLetterTarget == nil {
            return Problem(
                subscription.arn, rule: "DeliveryFailed",
                text:
                    "\(subscription.failed) messages of \(topic) could not be delivered to \(listener) and were lost: it has no dead-letter queue.",
                relatedArn: subscription.endpoint)
        }
        guard subscription.delivered == 0, let drop = subscription.lastDrop else { return nil }
        return Problem(
            subscription.arn, item: drop.messageID, rule: "FilterPolicy",
            text:
                "Its filter keeps every message from \(listener), \(subscription.filteredOut) so far: none matches \(drop.clause).",
            since: drop.firstAt, relatedArn: subscription.endpoint)
    }
}

/// The newest message that a filter policy kept away, and the clause that did.
struct FilteredMessage {
    var messageID: String
    var clause: String
    /// When the first was kept away.
    var firstAt: Instant
}
