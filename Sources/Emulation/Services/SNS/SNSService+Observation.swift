import AWSModel

extension SNSService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        let waiting = Dictionary(grouping: deliveries.values) { $0.message.topicArn }.mapValues(\.count)
        return topics.values.filter { $0.scope == scope }.sorted { $0.name < $1.name }.map { topic in
            var words = ["\(topic.subscriptions.count) subscriptions"]
            let open = waiting[topic.arn] ?? 0
            if open > 0 { words.append("\(open) waiting") }
            return ResourceNode(
                arn: topic.arn, service: "sns", name: topic.name, summary: words.joined(separator: " · "),
                health: open > 0 ? .warning : .good,
                counts: ["published": topic.published, "subscriptions": topic.subscriptions.count, "waiting": open])
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        var wires: [ResourceWire] = []
        for subscription in subscriptions.values.filter({ $0.scope == scope }).sorted(by: { $0.arn < $1.arn }) {
            if subscription.endpoint.hasPrefix("arn:") {
                wires.append(
                    ResourceWire(
                        sourceArn: subscription.topicArn, targetArn: subscription.endpoint, kind: "subscription",
                        count: subscription.delivered, failed: subscription.failed, isEnabled: subscription.isConfirmed)
                )
            }
            if let target = subscription.deadLetterTarget {
                wires.append(
                    ResourceWire(
                        sourceArn: subscription.topicArn, targetArn: target, kind: "dead-letter",
                        count: subscription.failed))
            }
        }
        return wires
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        if let topic = topics[resourceArn] {
            guard topic.subscriptions.count > 0 else {
                return [
                    Explanation(rule: "NoSubscriptions", text: "Nobody listens to it: what is published goes nowhere.")
                ]
            }
            return topic.subscriptions.values.flatMap { explain($0, item) }
        }
        return subscriptions[resourceArn].map { explain($0, item) } ?? []
    }

    private func explain(_ subscription: SNSSubscription, _ item: String?) -> [Explanation] {
        if !subscription.isConfirmed {
            return [
                Explanation(
                    rule: "PendingConfirmation",
                    text:
                        "\(subscription.endpoint) has not confirmed its subscription yet, so nothing is delivered to it. The confirmation vanishes after three days.",
                    movesAt: subscription.createdAt + .seconds(3 * 86_400), relatedArn: subscription.arn)
            ]
        }
        if let item, let entry = lastEntry(of: item, at: subscription), let told = Self.explain(entry) { return [told] }
        var found: [Explanation] = []
        let open = subscription.openDeliveries.values.filter {
            item == nil || $0.message.messageID == item
        }.sorted { $0.due < $1.due }
        for delivery in open.prefix(5) where delivery.attempts > 0 {
            found.append(
                Explanation(
                    rule: "RetryWait",
                    text:
                        "Message \(delivery.message.messageID) failed \(delivery.attempts) times at \(subscription.endpoint) and waits for its next attempt: \(delivery.lastError)",
                    movesAt: delivery.due, relatedArn: subscription.arn))
        }
        if subscription.filteredOut > 0, let filter = subscription.filter {
            let keys = filter.fields.map(\.name).joined(separator: ", ")
            let last = subscription.lastDrop.map { " The newest, \($0.messageID), fails \($0.clause)." } ?? ""
            found.append(
                Explanation(
                    rule: "FilterPolicy",
                    text:
                        "\(subscription.filteredOut) messages did not match the filter policy of \(subscription.endpoint) (keys: \(keys)).\(last)",
                    relatedArn: subscription.arn))
        }
        if subscription.failed > 0 {
            let end = subscription.deadLetterTarget.map { "went to \($0)" } ?? "were lost: it has no dead-letter queue"
            found.append(
                Explanation(
                    rule: "DeliveryFailed",
                    text:
                        "\(subscription.failed) messages could not be delivered to \(subscription.endpoint) and \(end).",
                    relatedArn: subscription.deadLetterTarget))
        }
        return found
    }

    /// The newest entry of the delivery log about a message at a subscriber.
    private func lastEntry(of messageID: String, at subscription: SNSSubscription) -> DeliveryLog.Entry? {
        topics[subscription.topicArn]?.log.newest(before: nil).first {
            $0.messageID == messageID && $0.subscription.arn == subscription.arn
        }
    }

    /// What became of one message; nil for one that waits, which its open delivery tells better.
    private static func explain(_ entry: DeliveryLog.Entry) -> Explanation? {
        let endpoint = entry.subscription.endpoint
        switch entry.status {
        case .retrying: return nil
        case .delivered:
            return Explanation(
                rule: "Delivered",
                text: "\(endpoint) took it at \(entry.time.iso8601(milliseconds: false)), at attempt \(entry.attempt).")
        case .filtered:
            return Explanation(
                rule: "FilterPolicy",
                text: "The filter policy of \(endpoint) refused it: \(entry.clause ?? "another message") does not hold."
            )
        case .failed:
            return Explanation(
                rule: "DeliveryFailed",
                text:
                    "\(endpoint) did not take it after \(entry.attempt) attempts, and it has no dead-letter queue: \(entry.error ?? "it failed")."
            )
        case .deadLettered:
            return Explanation(
                rule: "DeadLettered",
                text:
                    "\(endpoint) did not take it, so it went to the dead-letter queue: \(entry.error ?? "it failed").",
                relatedArn: entry.deadLetterTarget)
        }
    }
}
