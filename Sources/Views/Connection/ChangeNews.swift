import AWSClient
import AWSModel
import AWSTypes

/// Turns the engine's change feed into the topics that screens watch.
public enum ChangeNews {
    /// The topic of a change: `arn:aws:sqs:us-east-1:123456789012:orders` becomes `sqs/orders`, `lambda:functions`
    /// becomes `lambda`.
    public static func topic(of change: String) -> Topic {
        guard let arn = ARN(change) else {
            let parts = change.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return Topic(change) }
            return parts[0] == "skua" ? Topic("skua/\(parts[1])") : Topic(String(parts[0]))
        }
        let resource = arn.resource.split(separator: ":").map(String.init)
        switch arn.service {
        case "lambda": return Topic("lambda/\(resource.dropFirst().first ?? arn.resource)")
        case "states": return Topic((["states"] + resource.dropFirst().prefix(2)).joined(separator: "/"))
        case "logs": return Topic("logs/\(resource.dropFirst().first ?? arn.resource)")
        default: return Topic("\(arn.service)/\(arn.resource)")
        }
    }

    /// Reports changes as they come, until cancelled. Returns early where the endpoint has no change feed.
    public static func follow(_ client: AWSClient, report: @Sendable (Set<Topic>) -> Void) async {
        var cursor = 0
        while !Task.isCancelled {
            do {
                let news = try await client.call(
                    Skua.waitForChanges, Skua.WaitForChangesRequest(cursor: cursor, waitTimeSeconds: 50))
                cursor = news.cursor ?? cursor
                let topics = Set((news.topics ?? []).map(topic))
                if !topics.isEmpty { report(topics) }
                // A busy engine changes something in every turn; five times a second is enough to read.
                try await Task.sleep(for: .milliseconds(200))
            } catch let error as AWSError where error.isNotImplemented {
                return
            } catch {
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
