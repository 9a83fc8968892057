import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Rules that write to log groups.
struct LogTargetTests {
    private let engine: TestEngine
    private static let group = "/aws/events/orders"
    private static let groupArn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/orders"

    init() throws { engine = try TestEngine() }

    private func rule(_ transformer: Events.InputTransformer? = nil) throws {
        let policy =
            #"{"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"#
            + #""Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:dead"}]}"#
        try engine.call(
            SQS.createQueue, SQS.CreateQueueRequest(queueName: "dead", attributes: ["Policy": policy]))
        try engine.call(Events.putRule, .init(name: "log", eventPattern: #"{"source":["shop"]}"#))
        try engine.call(
            Events.putTargets,
            .init(
                rule: "log",
                targets: [
                    .init(
                        id: "log", arn: Self.groupArn, inputTransformer: transformer,
                        deadLetterConfig: .init(arn: "arn:aws:sqs:us-east-1:123456789012:dead"))
                ]))
    }

    private func put() throws {
        try engine.call(
            Events.putEvents, .init(entries: [.init(source: "shop", detailType: "order", detail: #"{"id":7}"#)]))
        engine.advance(by: .seconds(1))
    }

    private func lines() throws -> [String] {
        try engine.call(Logs.filterLogEvents, .init(logGroupName: Self.group)).events?.compactMap(\.message) ?? []
    }

    private func deadLetterCode() throws -> String? {
        try engine.call(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(
                queueUrl: "http://127.0.0.1:4566/123456789012/dead", messageAttributeNames: ["All"],
                waitTimeSeconds: 0)
        ).messages?.first?.messageAttributes?["ERROR_CODE"]?.stringValue
    }

    @Test func eachEventHasAStreamOfItsOwn() throws {
        try engine.call(Logs.createLogGroup, .init(logGroupName: Self.group))
        try rule()
        try put()
        try put()
        #expect(try lines().map { try JSONReader.parse($0)["detail"]?["id"]?.integer } == [7, 7])
        let streams = try engine.call(Logs.describeLogStreams, .init(logGroupName: Self.group)).logStreams
        #expect(streams?.count == 2)
        #expect(try deadLetterCode() == nil)
    }

    @Test func aTemplateMakesTheEvent() throws {
        try engine.call(Logs.createLogGroup, .init(logGroupName: Self.group))
        try rule(
            .init(
                inputPathsMap: ["id": "$.detail.id", "time": "$.time"],
                inputTemplate: #"{"timestamp": <time>, "message": "order <id>"}"#))
        try put()
        #expect(try lines() == ["order 7"])
    }

    @Test func aMissingGroupIsNotMade() throws {
        try rule()
        try put()
        #expect(try deadLetterCode() == "NO_RESOURCE")
        #expect(try engine.call(Logs.describeLogGroups, .init()).logGroups?.isEmpty == true)
    }

    @Test func theAccountsPolicyHasToLetItWrite() throws {
        engine.core.authorizer.enforcement = .on
        try engine.call(Logs.createLogGroup, .init(logGroupName: Self.group))
        try rule()
        try put()
        #expect(try lines().isEmpty)
        #expect(try deadLetterCode() == "NO_PERMISSIONS")
        let policy =
            #"{"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"#
            + #""Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"\#(Self.groupArn):*"}]}"#
        try engine.call(Logs.putResourcePolicy, .init(policyName: "events", policyDocument: policy))
        try put()
        #expect(try lines().count == 1)
    }
}
