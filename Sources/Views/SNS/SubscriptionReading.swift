import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A subscription with its attributes, where they can be read: one that is pending has no ARN yet.
struct SubscriptionReading: Identifiable, Hashable, Sendable {
    var arn: String
    var kind: String
    var endpoint: String
    var attributes: [String: String] = [:]

    init(_ subscription: SNS.Subscription) {
        arn = subscription.subscriptionArn ?? ""
        kind = subscription.protocol ?? ""
        endpoint = subscription.endpoint ?? ""
    }

    var id: String { isPending ? "\(kind) \(endpoint)" : arn }
    /// AWS: the list says `PendingConfirmation` in place of an ARN.
    var isPending: Bool { ARN(arn) == nil }
    var isRaw: Bool { attributes["RawMessageDelivery"] == "true" }
    var filterPolicy: String? { attributes["FilterPolicy"].flatMap { $0.isEmpty ? nil : $0 } }
    /// `In progress`, `Completed` …; nil where nothing is or was replayed.
    var replayStatus: String? { attributes["ReplayStatus"] }
    var filtersBody: Bool { attributes["FilterPolicyScope"] == "MessageBody" }
    /// Where it leads, as people say it.
    var target: String { ARN(endpoint) == nil ? endpoint : ResourceName(endpoint).name }
    var mark: StatusMark { isPending ? .waiting : .enabled }

    var deadLetterTarget: String? {
        attributes["RedrivePolicy"].flatMap { try? JSONReader.parse($0) }?.object?.string("deadLetterTargetArn")
    }

    /// All subscriptions of a topic with their attributes, a few read at a time.
    static func list(_ topicARN: String, _ context: ConsoleContext) async throws -> [SubscriptionReading] {
        var found: [SubscriptionReading] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(
                SNS.listSubscriptionsByTopic, .init(topicArn: topicARN, nextToken: token))
            found += (page.subscriptions ?? []).map { SubscriptionReading($0) }
            token = page.nextToken
        } while token != nil && !Task.isCancelled
        return await fill(found, context).sorted { ($0.kind, $0.target) < ($1.kind, $1.target) }
    }

    private static func fill(
        _ subscriptions: [SubscriptionReading], _ context: ConsoleContext
    ) async -> [SubscriptionReading] {
        await withTaskGroup(of: (Int, [String: String]).self) { group in
            var filled = subscriptions
            var rest = subscriptions.indices.filter { !subscriptions[$0].isPending }.makeIterator()
            func startNext() {
                guard let index = rest.next() else { return }
                let arn = subscriptions[index].arn
                group.addTask {
                    let input = SNS.GetSubscriptionAttributesInput(subscriptionArn: arn)
                    return (
                        index, (try? await context.aws.call(SNS.getSubscriptionAttributes, input).attributes) ?? [:]
                    )
                }
            }
            for _ in 0..<16 { startNext() }
            for await (index, attributes) in group {
                filled[index].attributes = attributes
                startNext()
            }
            return filled
        }
    }
}
