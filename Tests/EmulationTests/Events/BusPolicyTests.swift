import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Who may put events on a bus. AWS: its own account, and whom its policy lets in.
struct BusPolicyTests {
    private let engine: TestEngine
    private let busArn = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
    private let stranger: Caller

    init() throws {
        engine = try TestEngine()
        engine.core.authorizer.enforcement = .on
        stranger = Caller(
            scope: Scope(accountID: "111122223333", region: "us-east-1"), endpoint: engine.caller.endpoint)
        try engine.call(Events.createEventBus, .init(name: "orders"))
    }

    private func put(_ buses: [String], as caller: Caller) -> ServiceError? {
        do {
            try engine.send(
                Events.putEvents,
                .init(entries: buses.map { .init(source: "shop", detailType: "t", detail: "{}", eventBusName: $0) }),
                as: caller)
            return nil
        } catch {
            return error as? ServiceError
        }
    }

    @Test func anotherAccountNeedsAPermission() throws {
        #expect(put([busArn], as: engine.caller) == nil)
        #expect(put([busArn], as: stranger)?.code == "AccessDeniedException")
        try engine.call(
            Events.putPermission,
            .init(
                eventBusName: "orders", action: "events:PutEvents", principal: "111122223333", statementId: "partner"))
        #expect(put([busArn], as: stranger) == nil)
        try engine.call(Events.removePermission, .init(statementId: "partner", eventBusName: "orders"))
        #expect(put([busArn], as: stranger)?.code == "AccessDeniedException")
    }

    @Test func eachEntrysBusIsAsked() throws {
        #expect(put(["default"], as: stranger) == nil)
        #expect(put(["default", busArn], as: stranger)?.code == "AccessDeniedException")
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"all","Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"\#(busArn)"}]}"#
        try engine.call(Events.putPermission, .init(eventBusName: "orders", policy: policy))
        #expect(put(["default", busArn], as: stranger) == nil)
    }

    @Test func aDenialHoldsForTheOwnerToo() throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"none","Effect":"Deny","Principal":"*","Action":"events:PutEvents","Resource":"\#(busArn)","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}]}"#
        try engine.call(Events.putPermission, .init(eventBusName: "orders", policy: policy))
        #expect(put([busArn], as: engine.caller)?.code == "AccessDeniedException")
        #expect(put(["default"], as: engine.caller) == nil)
    }

    /// AWS: a rule whose target is another account's bus is held to that bus's policy, and what is refused is dead-lettered.
    @Test func aRuleNeedsTheOtherBusesPermission() throws {
        try engine.call(Events.putRule, .init(name: "r", eventPattern: #"{"source":["shop"]}"#), as: stranger)
        let queue = Scope(accountID: "111122223333", region: "us-east-1").arn("sqs", "dead")
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"\#(queue)"}]}"#
        let url =
            try engine.call(
                SQS.createQueue, .init(queueName: "dead", attributes: ["Policy": policy]), as: stranger
            ).queueUrl ?? ""
        try engine.call(
            Events.putTargets,
            .init(rule: "r", targets: [.init(id: "1", arn: busArn, deadLetterConfig: .init(arn: queue))]),
            as: stranger)
        func buried() throws -> [String] {
            try engine.call(
                SQS.receiveMessage, .init(queueUrl: url, messageAttributeNames: ["All"], waitTimeSeconds: 0),
                as: stranger
            ).messages?.compactMap { $0.messageAttributes?["ERROR_CODE"]?.stringValue } ?? []
        }
        #expect(put(["default"], as: stranger) == nil)
        #expect(try buried() == ["NO_PERMISSIONS"])
        try engine.call(
            Events.putPermission,
            .init(eventBusName: "orders", action: "events:PutEvents", principal: "111122223333", statementId: "p"))
        #expect(put(["default"], as: stranger) == nil)
        #expect(try buried().isEmpty)
    }

    @Test func aPermissionOutlivesTheProgram() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(journal: journal)
        try first.call(Events.createEventBus, .init(name: "orders"))
        try first.call(
            Events.putPermission,
            .init(eventBusName: "orders", action: "events:PutEvents", principal: "*", statementId: "p"))
        let second = try TestEngine(journal: journal)
        #expect(second.core.authorizer.resourcePolicy(of: busArn)?.contains(#""Sid":"p""#) == true)
    }
}
