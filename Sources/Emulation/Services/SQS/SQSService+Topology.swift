import AWSModel
import AWSTypes

extension SQSService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        let deadLetterQueues = Set(queuesByID.values.compactMap { $0.attributes.redrivePolicy?.targetArn })
        return queues(in: scope).map { queue in
            var parts = ["\(queue.readyCount) visible"]
            if queue.inFlightCount > 0 { parts.append("\(queue.inFlightCount) in flight") }
            if queue.delayedCount > 0 { parts.append("\(queue.delayedCount) delayed") }
            let holdsDeadLetters = deadLetterQueues.contains(queue.arn) && queue.count > 0
            return ResourceNode(
                arn: queue.arn, service: "sqs", name: queue.name, summary: parts.joined(separator: " · "),
                health: holdsDeadLetters ? .warning : queue.inFlightCount > 0 ? .busy : .good,
                counts: [
                    "visible": queue.readyCount, "inFlight": queue.inFlightCount, "delayed": queue.delayedCount,
                    "waiting": queue.parked.count,
                ])
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        queues(in: scope).compactMap { queue in
            queue.attributes.redrivePolicy.map {
                ResourceWire(
                    sourceArn: queue.arn, targetArn: $0.targetArn, kind: "dead-letter", count: queue.deadLetterCount,
                    isEnabled: deadLetterTarget(of: queue) != nil)
            }
        }
    }
}
