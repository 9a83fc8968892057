import AWSModel

// Who was unsubscribed can come back. AWS: an HTTP endpoint is told, with a link that restores its subscription.
extension SNSService {
    private static let offerLasts = Duration.seconds(3 * 86_400)

    func offerToRestore(_ subscription: SNSSubscription) {
        guard subscription.isHTTP, subscription.isConfirmed, !subscription.needsAuthenticationToUnsubscribe else {
            return
        }
        let token = core.identifiers.hex(144)
        let offer = SNSDocumented(
            attributes: [
                "arn": subscription.arn, "topic": subscription.topicArn, "account": subscription.scope.accountID,
                "region": subscription.scope.region, "kind": subscription.kind, "endpoint": subscription.endpoint,
                "principal": subscription.principal, "until": String((core.now + Self.offerLasts).microseconds),
                "created": String(subscription.createdAt.microseconds),
                "attributes": JSONWriter.string(.entries(subscription.attributes, DocumentValue.string)),
            ])
        offers[token] = offer
        record("offer", token, offer)
        forgetLater(token, offer)
        subscription.token = token
        let messageID = core.identifiers.uuid()
        let text = confirmation(subscription, messageID: messageID, isOver: true).text
        core.start(.http(request(text, messageID, "UnsubscribeConfirmation", subscription)))
    }

    private func forgetLater(_ token: String, _ offer: SNSDocumented) {
        let until = Instant(microseconds: offer.attributes["until"].flatMap { Int64($0) } ?? 0)
        let label = TimerLabel(kind: "RestoreOffer", resourceArn: offer.attributes["arn"] ?? "", isInternal: true)
        core.schedule(at: until, label) { [weak self] in self?.forgetOffer(token) }
    }

    private func forgetOffer(_ token: String) {
        guard offers.removeValue(forKey: token) != nil else { return }
        forget("offer", token)
    }

    /// The subscription that the token brings back; nil where it is none of those.
    func restore(_ token: String, _ call: Call) throws(ServiceError) -> SNSSubscription? {
        guard let offer = offers[token]?.attributes, let arn = offer["arn"], let topicArn = offer["topic"] else {
            return nil
        }
        guard let topic = topics[topicArn] else { throw .snsTopicMissing }
        forgetOffer(token)
        core.attribute(call, to: arn)
        let kind = offer["kind"] ?? "http"
        let endpoint = offer["endpoint"] ?? ""
        if let known = topic.listeners["\(kind) \(endpoint)"] { return known }
        let attributes = (try? JSONReader.parse(offer["attributes"] ?? "{}"))?.object ?? [:]
        let subscription = SNSSubscription(
            arn: arn, topicArn: topicArn,
            scope: Scope(accountID: offer["account"] ?? "", region: offer["region"] ?? ""),
            kind: kind, endpoint: endpoint, attributes: SNSTables.map(attributes), isConfirmed: true, token: token,
            createdAt: Instant(microseconds: offer["created"].flatMap { Int64($0) } ?? 0),
            principal: offer["principal"] ?? "")
        add(subscription)
        record(subscription)
        markChanged(topicArn)
        return subscription
    }

    func resumeOffers() {
        for token in offers.keys.sorted() {
            if let offer = offers[token] { forgetLater(token, offer) }
        }
    }
}
