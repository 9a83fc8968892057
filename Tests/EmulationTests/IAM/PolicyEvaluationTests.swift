import AWSModel
import Testing

@testable import Emulation

private let account = "123456789012"
private let alice = PolicyPrincipal.user(arn: "arn:aws:iam::123456789012:user/alice", accountID: account)
private let queue = "arn:aws:sqs:us-east-1:123456789012:orders"

private func policy(_ statements: String, version: String = "2012-10-17") throws -> NamedPolicy {
    let text = #"{"Version":"\#(version)","Statement":[\#(statements)]}"#
    return NamedPolicy("p", kind: "user", try PolicyDocument(text, kind: .resource))
}

private func request(
    _ action: String = "sqs:SendMessage", _ resource: String = queue, as principal: PolicyPrincipal = alice,
    owner: String? = account, keys context: [String: [String]] = [:]
) -> AuthorizationRequest {
    AuthorizationRequest(
        principal: principal, action: action, resource: resource, resourceAccountID: owner,
        context: RequestContext(context))
}

@Suite struct PolicyEvaluationTests {
    @Test func anExplicitDenyWins() throws {
        var set = PolicySet()
        set.identity = [
            try policy(#"{"Effect":"Allow","Action":"sqs:*","Resource":"*"}"#),
            try policy(#"{"Sid":"NoSend","Effect":"Deny","Action":"SQS:Send*","Resource":"*:orders"}"#),
        ]
        let decision = set.decide(request())
        #expect(decision.reason == .explicitDeny(.identity))
        #expect(decision.sentence == "statement 1 (NoSend) of p denies sqs:SendMessage")
        #expect(set.decide(request("sqs:ReceiveMessage")).isAllowed)
    }

    @Test func nothingSaidIsDenied() throws {
        let decision = PolicySet().decide(request())
        #expect(
            decision.because(action: "sqs:sendmessage")
                == "because no identity-based policy allows the sqs:sendmessage action")
    }

    @Test func boundariesAndSessionsOnlyLimit() throws {
        var set = PolicySet()
        set.identity = [try policy(#"{"Effect":"Allow","Action":"*","Resource":"*"}"#)]
        set.boundary = [try policy(#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#)]
        #expect(set.decide(request()).reason == .implicitDeny(.boundary))
        set.boundary = nil
        set.session = [try policy(#"{"Effect":"Allow","NotAction":"sqs:*","Resource":"*"}"#)]
        #expect(set.decide(request()).reason == .implicitDeny(.session))
        // AWS: what a resource gives to the user itself is limited by neither.
        set.resource = [
            try policy(
                #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/alice"},"Action":"sqs:*","Resource":"*"}"#
            )
        ]
        #expect(set.decide(request()).isAllowed)
    }

    @Test func accountsNeedBothSides() throws {
        var set = PolicySet()
        let foreign = request(owner: "999999999999")
        set.identity = [try policy(#"{"Effect":"Allow","Action":"sqs:*","Resource":"*"}"#)]
        #expect(set.decide(foreign).reason == .implicitDeny(.resource))
        set.resource = [
            try policy(
                #"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sqs:SendMessage","Resource":"*"}"#)
        ]
        #expect(set.decide(foreign).isAllowed)
        set.identity = []
        #expect(set.decide(foreign).reason == .implicitDeny(.identity))
    }

    @Test func servicesNeedTheResource() throws {
        var set = PolicySet()
        set.resource = [
            try policy(
                #"{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"\#(queue)","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:news"}}}"#
            )
        ]
        let service = PolicyPrincipal.service("sns.amazonaws.com")
        #expect(
            set.decide(request(as: service, keys: ["aws:SourceArn": ["arn:aws:sns:us-east-1:1:news"]])).isAllowed)
        #expect(
            set.decide(request(as: service, keys: ["aws:SourceArn": ["arn:aws:sns:us-east-1:1:other"]])).reason
                == .implicitDeny(.resource))
    }

    /// AWS: a service may be named with its region.
    @Test(arguments: [
        ("logs.us-east-1.amazonaws.com", true), ("logs.amazonaws.com", true), ("delivery.logs.amazonaws.com", false),
        ("sns.us-east-1.amazonaws.com", false),
    ]) func servicesMayHaveARegion(_ name: String, _ isAllowed: Bool) throws {
        var set = PolicySet()
        set.resource = [
            try policy(
                #"{"Effect":"Allow","Principal":{"Service":"\#(name)"},"Action":"sqs:SendMessage","Resource":"*"}"#)
        ]
        #expect(set.decide(request(as: .service("logs.amazonaws.com"))).isAllowed == isAllowed)
    }

    @Test(arguments: [
        (#""StringEquals":{"k":["a","b"]}"#, ["b"], true), (#""StringEquals":{"k":"a"}"#, [], false),
        (#""StringNotEquals":{"k":"a"}"#, [], true), (#""StringEqualsIfExists":{"k":"a"}"#, [], true),
        (#""StringLike":{"k":"a*z?"}"#, ["abczd"], true), (#""Null":{"k":"true"}"#, [], true),
        (#""Null":{"k":"true"}"#, ["x"], false), (#""NumericLessThanEquals":{"k":"5"}"#, ["5"], true),
        (#""DateGreaterThan":{"k":"2026-01-01T00:00:00Z"}"#, ["2026-01-02T00:00:00Z"], true),
        (#""DateLessThan":{"k":"2026-01-01"}"#, ["1735689600"], true), (#""Bool":{"k":true}"#, ["true"], true),
        (#""IpAddress":{"k":"10.0.0.0/8"}"#, ["10.200.1.1"], true),
        (#""NotIpAddress":{"k":"10.0.0.0/8"}"#, ["10.200.1.1"], false),
        (#""IpAddress":{"k":"2001:db8::/32"}"#, ["2001:db8:1::1"], true),
        (#""ForAllValues:StringEquals":{"k":["a","b"]}"#, ["a", "c"], false),
        (#""ForAllValues:StringEquals":{"k":["a","b"]}"#, [], true),
        (#""ForAnyValue:StringEquals":{"k":["a","b"]}"#, ["a", "c"], true),
        (#""ForAnyValue:StringEquals":{"k":["a","b"]}"#, [], false),
        (#""StringEqualsIgnoreCase":{"k":"ABC"}"#, ["abc"], true),
        (#""ArnLike":{"k":"arn:aws:sns:*:1:a*"}"#, ["arn:aws:sns:us-east-1:1:abc"], true),
        (#""ArnLike":{"k":"arn:aws:*:a*"}"#, ["arn:aws:sns:us-east-1:1:abc"], true),
    ])
    func conditions(test: String, values: [String], holds: Bool) throws {
        var set = PolicySet()
        set.identity = [try policy(#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{\#(test)}}"#)]
        #expect(set.decide(request(keys: values.isEmpty ? [:] : ["K": values])).isAllowed == holds)
    }

    @Test func variablesAreFilledInByVersion() throws {
        let statement = #"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/${*}"}"#
        var set = PolicySet()
        let asked = request("s3:GetObject", "arn:aws:s3:::b/a*c/*", owner: nil, keys: ["aws:username": ["a*c"]])
        set.identity = [try policy(statement)]
        #expect(set.decide(asked).isAllowed)
        #expect(
            !set.decide(request("s3:GetObject", "arn:aws:s3:::b/abc/*", owner: nil, keys: ["aws:username": ["a*c"]]))
                .isAllowed)
        set.identity = [try policy(statement, version: "2008-10-17")]
        #expect(!set.decide(asked).isAllowed)
    }

    @Test func notPrincipalIsEverybodyElse() throws {
        var set = PolicySet()
        set.isUnlimited = true
        set.resource = [
            try policy(
                #"{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:user/alice"},"Action":"*","Resource":"*"}"#
            )
        ]
        #expect(set.decide(request()).isAllowed)
        let bob = PolicyPrincipal.user(arn: "arn:aws:iam::123456789012:user/bob", accountID: account)
        #expect(set.decide(request(as: bob)).reason == .explicitDeny(.resource))
    }
}
