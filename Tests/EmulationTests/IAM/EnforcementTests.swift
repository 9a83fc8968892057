import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct EnforcementTests {
    private let engine: TestEngine
    private let queueURL = "http://127.0.0.1:4566/123456789012/orders"
    private let alice: Caller

    init() throws {
        engine = try TestEngine()
        try engine.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: "orders"))
        let user = try engine.call(IAM.createUser, IAM.CreateUserRequest(userName: "alice")).user
        alice = Caller(
            scope: engine.caller.scope, principalArn: user?.arn, userID: user?.userId, endpoint: engine.caller.endpoint)
    }

    private func send(as caller: Caller) -> ServiceError? {
        do {
            try engine.call(
                SQS.sendMessage, SQS.SendMessageRequest(queueUrl: queueURL, messageBody: "x"), as: caller)
            return nil
        } catch { return error as? ServiceError }
    }

    @Test func warnsByDefault() {
        #expect(send(as: alice) == nil)
        let warning = engine.core.timeline.newest(before: nil, limit: 10) { $0.action == "AccessWarning" }.first
        #expect(warning?.detail.contains("no identity-based policy allows sqs:SendMessage") == true)
        #expect(warning?.error == nil)
    }

    @Test func deniesInAWSsWords() throws {
        engine.core.authorizer.enforcement = .on
        let error = send(as: alice)
        #expect(error?.code == "AccessDenied")
        #expect(error?.status == 403)
        #expect(
            error?.message
                == "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:123456789012:orders because no identity-based policy allows the sqs:sendmessage action"
        )
        try engine.call(
            IAM.attachUserPolicy,
            IAM.AttachUserPolicyRequest(userName: "alice", policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess"))
        #expect(send(as: alice) == nil)
        #expect(send(as: engine.caller) == nil)
    }

    @Test func queuePoliciesDenyEvenTheRootUser() throws {
        engine.core.authorizer.enforcement = .on
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}"#
        try engine.call(
            SQS.setQueueAttributes,
            SQS.SetQueueAttributesRequest(queueUrl: queueURL, attributes: ["Policy": policy]))
        #expect(send(as: engine.caller)?.message.contains("with an explicit deny in a resource-based policy") == true)
    }

    @Test func deliveriesAskTheQueue() throws {
        let arn = "arn:aws:sqs:us-east-1:123456789012:orders"
        let delivery = ServiceDelivery(
            servicePrincipal: "sns.amazonaws.com", sourceArn: "arn:aws:sns:us-east-1:123456789012:news",
            action: "sqs:SendMessage", resourceArn: arn)
        try engine.core.authorizer.check(delivery)
        engine.core.authorizer.enforcement = .on
        #expect(throws: ServiceError.self) { try engine.core.authorizer.check(delivery) }
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]}"#
        try engine.call(
            SQS.setQueueAttributes,
            SQS.SetQueueAttributesRequest(queueUrl: queueURL, attributes: ["Policy": policy]))
        try engine.core.authorizer.check(delivery)
        var service = engine.caller
        service.servicePrincipal = "sns.amazonaws.com"
        service.sourceArn = delivery.sourceArn
        #expect(send(as: service) == nil)
        service.servicePrincipal = "events.amazonaws.com"
        #expect(send(as: service)?.message.contains("because no resource-based policy allows") == true)
    }
}
