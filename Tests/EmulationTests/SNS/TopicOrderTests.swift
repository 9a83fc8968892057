import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Queues that can be out of order.
private final class FailingQueues: Service {
    static let id = SQS.id
    var isFailing = true
    var bodies: [String] = []

    var operations: OperationTable {
        var table = OperationTable()
        table.on(SQS.sendMessage) { [unowned self] (input, _) throws(ServiceError) in
            guard !isFailing else { throw ServiceError.unavailable("The queue is out of order.") }
            bodies.append(input.messageBody)
            return SQS.SendMessageResult(messageId: "m")
        }
        return table
    }
}

struct TopicOrderTests {
    private func publish(_ text: String, _ engine: TestEngine, _ topic: String) throws {
        try engine.call(
            SNS.publish,
            SNS.PublishInput(
                topicArn: topic, message: text, messageDeduplicationId: text, messageGroupId: "g"))
    }

    /// AWS: within a group a message never overtakes an earlier one, retries and restarts included.
    @Test func aGroupKeepsItsOrderAcrossRetriesAndARestart() throws {
        let journal = try Journal(path: nil)
        let broken = FailingQueues()
        let first = try TestEngine(services: [SNSService.init, { _ in broken }], journal: journal)
        let topic =
            try first.call(
                SNS.createTopic, SNS.CreateTopicInput(name: "f.fifo", attributes: ["FifoTopic": "true"])
            ).topicArn ?? ""
        try first.call(
            SNS.subscribe,
            SNS.SubscribeInput(
                topicArn: topic, protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:123456789012:q.fifo",
                attributes: ["RawMessageDelivery": "true"]))
        for text in ["1", "2", "3"] { try publish(text, first, topic) }
        for _ in 1...6 { first.advance(by: .seconds(1)) }
        let repaired = FailingQueues()
        let second = try TestEngine(
            services: [SNSService.init, { _ in repaired }], journal: journal, wall: first.wall)
        repaired.isFailing = false
        try publish("4", second, topic)
        #expect(repaired.bodies.isEmpty)
        second.advance(by: .seconds(60))
        #expect(repaired.bodies == ["1", "2", "3", "4"])
        #expect(second.core.service(SNSService.self)?.deliveries.isEmpty == true)
    }
}
