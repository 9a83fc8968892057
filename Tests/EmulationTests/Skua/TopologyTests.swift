import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What the map says of the wires: how much passed, and how much of it failed.
@Suite struct TopologyTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine() }

    private func wires() throws -> [Skua.TopologyWire] {
        try engine.call(Skua.describeTopology, Skua.DescribeTopologyRequest()).wires ?? []
    }

    private func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):us-east-1:123456789012:\(resource)"
    }

    @Test func `a subscription that cannot deliver counts its failures`() throws {
        let topic = try #require(engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "news")).topicArn)
        for (queue, size) in [("large", "262144"), ("small", "1024")] {
            try engine.call(
                SQS.createQueue,
                SQS.CreateQueueRequest(queueName: queue, attributes: ["MaximumMessageSize": size]))
            try engine.call(
                SNS.subscribe, SNS.SubscribeInput(topicArn: topic, protocol: "sqs", endpoint: arn("sqs", queue)))
        }
        for _ in 1...3 {
            let message = String(repeating: "news ", count: 300)
            try engine.call(SNS.publish, SNS.PublishInput(topicArn: topic, message: message))
        }
        engine.advance(by: .seconds(86_400))
        let counts = Dictionary(
            uniqueKeysWithValues: try wires().map { ($0.targetArn ?? "", [$0.count ?? -1, $0.failed ?? -1]) })
        #expect(counts == [arn("sqs", "large"): [3, 0], arn("sqs", "small"): [0, 3]])
    }

    @Test func `a task that fails counts on the wire to what it calls`() throws {
        let definition = #"""
            {"QueryLanguage":"JSONata","StartAt":"Tell","States":{"Tell":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",
              "Arguments":{"TopicArn":"\#(arn("sns", "news"))","Message":"{% $states.input.text %}"},"End":true}}}
            """#
        try engine.call(SNS.createTopic, SNS.CreateTopicInput(name: "news"))
        let machine = try engine.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(
                name: "teller", definition: definition, roleArn: "arn:aws:iam::123456789012:role/teller")
        ).stateMachineArn
        for text in ["hello", ""] {
            try engine.call(
                SFN.startExecution,
                SFN.StartExecutionInput(stateMachineArn: machine, input: #"{"text":"\#(text)"}"#))
        }
        engine.advance(by: .seconds(1))
        let wire = try #require(wires().first { $0.sourceArn == machine })
        #expect(wire.targetArn == arn("sns", "news"))
        #expect([wire.count, wire.failed] == [2, 1], "an empty message is refused")
    }
}
