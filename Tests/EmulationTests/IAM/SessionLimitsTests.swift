import AWSModel
import AWSTypes
import Testing

@testable import Emulation

private let trustingAccount =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":["sts:AssumeRole","sts:TagSession"]}]}"#
private let onlyReceive =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"}]}"#

/// What sessions may do: less than their role, where they bring limits along.
@Suite struct SessionLimitsTests {
    private let engine: TestEngine
    private let journal: Journal
    private let queueURL = "http://127.0.0.1:4566/123456789012/orders"
    private let roleArn = "arn:aws:iam::123456789012:role/worker"

    init() throws {
        journal = try Journal(path: nil)
        engine = try TestEngine(journal: journal)
        try engine.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: "orders"))
        try engine.call(
            IAM.createRole, IAM.CreateRoleRequest(roleName: "worker", assumeRolePolicyDocument: trustingAccount))
        try engine.call(
            IAM.attachRolePolicy,
            IAM.AttachRolePolicyRequest(roleName: "worker", policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess"))
        engine.core.authorizer.enforcement = .on
    }

    private func caller(_ credentials: STS.Credentials?, in engine: TestEngine) throws -> Caller {
        let key = try #require(credentials?.accessKeyId)
        let principal = try #require(engine.core.service(STSService.self)?.principal(forAccessKey: key))
        return Caller(
            scope: engine.caller.scope, principalArn: principal.arn, userID: principal.userID, accessKeyID: key,
            endpoint: engine.caller.endpoint)
    }

    private func send(as caller: Caller, in engine: TestEngine) -> String? {
        do {
            try engine.call(
                SQS.sendMessage, SQS.SendMessageRequest(queueUrl: queueURL, messageBody: "x"), as: caller)
            return nil
        } catch { return (error as? ServiceError)?.message }
    }

    @Test func sessionPoliciesLimitTheRoleAlsoAfterARestart() throws {
        let free = try engine.call(STS.assumeRole, STS.AssumeRoleRequest(roleArn: roleArn, roleSessionName: "free"))
        #expect(free.packedPolicySize == nil)
        #expect(send(as: try caller(free.credentials, in: engine), in: engine) == nil)
        let bound = try engine.call(
            STS.assumeRole,
            STS.AssumeRoleRequest(roleArn: roleArn, roleSessionName: "bound", policy: onlyReceive))
        #expect((bound.packedPolicySize ?? 0) > 0)
        let second = try TestEngine(journal: journal)
        second.core.authorizer.enforcement = .on
        for engine in [engine, second] {
            let denied = send(as: try caller(bound.credentials, in: engine), in: engine)
            #expect(denied?.hasSuffix("because no session policy allows the sqs:sendmessage action") == true)
        }
        let managed = try engine.call(
            STS.assumeRole,
            STS.AssumeRoleRequest(
                roleArn: roleArn, roleSessionName: "managed",
                policyArns: [STS.PolicyDescriptorType(arn: "arn:aws:iam::aws:policy/AmazonSNSFullAccess")]))
        #expect(send(as: try caller(managed.credentials, in: engine), in: engine)?.contains("session policy") == true)
    }

    @Test func federatedUsersMayDoWhatTheirPolicyAndOwnerAllow() throws {
        let none = try engine.call(STS.getFederationToken, STS.GetFederationTokenRequest(name: "bob"))
        #expect(none.federatedUser?.arn == "arn:aws:sts::123456789012:federated-user/bob")
        #expect(none.federatedUser?.federatedUserId == "123456789012:bob")
        #expect(send(as: try caller(none.credentials, in: engine), in: engine)?.contains("session policy") == true)
        let all = try engine.call(
            STS.getFederationToken,
            STS.GetFederationTokenRequest(
                name: "bob",
                policy: #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#))
        let bob = try caller(all.credentials, in: engine)
        #expect(send(as: bob, in: engine) == nil)
        let again = #expect(throws: ServiceError.self) {
            try engine.call(STS.getFederationToken, STS.GetFederationTokenRequest(name: "eve"), as: bob)
        }
        #expect(again?.message == "Cannot call GetFederationToken with session credentials")
    }

    @Test func aRoleThatTrustsTheAccountAsksTheCallersOwnPolicies() throws {
        let user = try engine.call(IAM.createUser, IAM.CreateUserRequest(userName: "alice")).user
        let alice = Caller(
            scope: engine.caller.scope, principalArn: user?.arn, userID: user?.userId, endpoint: engine.caller.endpoint)
        let request = STS.AssumeRoleRequest(roleArn: roleArn, roleSessionName: "me")
        let denied = #expect(throws: ServiceError.self) { try engine.call(STS.assumeRole, request, as: alice) }
        #expect(denied?.message.contains("no identity-based policy allows the sts:AssumeRole action") == true)
        try engine.call(
            IAM.putUserPolicy,
            IAM.PutUserPolicyRequest(
                userName: "alice", policyName: "assume",
                policyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"\#(roleArn)"}]}"#
            ))
        #expect(try engine.call(STS.assumeRole, request, as: alice).credentials != nil)
    }

    @Test func tagsAreChecked() throws {
        func error(_ tags: [STS.Tag], _ transitive: [String]? = nil) -> String? {
            engine.error(
                STS.assumeRole,
                STS.AssumeRoleRequest(
                    roleArn: roleArn, roleSessionName: "me", tags: tags, transitiveTagKeys: transitive))?.message
        }
        #expect(
            error([STS.Tag(key: "a", value: "1"), STS.Tag(key: "A", value: "2")])
                == "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        #expect(
            error([STS.Tag(key: "a", value: "1")], ["b"])
                == "The specified transitive tag key must be included in the requested tags.")
        let session = try engine.call(
            STS.assumeRole,
            STS.AssumeRoleRequest(
                roleArn: roleArn, roleSessionName: "me", tags: [STS.Tag(key: "team", value: "red")],
                transitiveTagKeys: ["team"]))
        let me = try caller(session.credentials, in: engine)
        let conflict = #expect(throws: ServiceError.self) {
            try engine.call(
                STS.assumeRole,
                STS.AssumeRoleRequest(
                    roleArn: roleArn, roleSessionName: "you", tags: [STS.Tag(key: "Team", value: "blue")]), as: me)
        }
        #expect(conflict?.message.hasPrefix("One of the specified transitive tag keys can't be set") == true)
        try engine.call(
            IAM.updateAssumeRolePolicy,
            IAM.UpdateAssumeRolePolicyRequest(
                roleName: "worker",
                policyDocument: trustingAccount.replacing(
                    #"["sts:AssumeRole","sts:TagSession"]"#, with: #""sts:AssumeRole""#)
            ))
        #expect(
            error([STS.Tag(key: "a", value: "1")])?.contains("is not authorized to perform: sts:TagSession on resource")
                == true)
    }

    @Test func sessionTagsComeBeforeTheRolesOwn() throws {
        try engine.call(
            IAM.detachRolePolicy,
            IAM.DetachRolePolicyRequest(roleName: "worker", policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess"))
        try engine.call(
            IAM.putRolePolicy,
            IAM.PutRolePolicyRequest(
                roleName: "worker", policyName: "by-team",
                policyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}}]}"#
            ))
        for (team, isAllowed) in [("red", true), ("blue", false)] {
            let session = try engine.call(
                STS.assumeRole,
                STS.AssumeRoleRequest(
                    roleArn: roleArn, roleSessionName: "me", tags: [STS.Tag(key: "team", value: team)]))
            #expect((send(as: try caller(session.credentials, in: engine), in: engine) == nil) == isAllowed)
        }
    }

    @Test func denialsCanBeDecoded() throws {
        let token = try engine.call(STS.getFederationToken, STS.GetFederationTokenRequest(name: "bob"))
        _ = send(as: try caller(token.credentials, in: engine), in: engine)
        let encoded = try #require(engine.core.service(IAMService.self)?.access.denials.last?.encoded)
        let decoded = try engine.call(
            STS.decodeAuthorizationMessage, STS.DecodeAuthorizationMessageRequest(encodedMessage: encoded)
        ).decodedMessage
        let message = try #require(try JSONReader.parse(decoded ?? "").object)
        #expect(message.bool("explicitDeny") == false)
        #expect(message.object("context")?.string("action") == "sqs:SendMessage")
        #expect(
            engine.error(
                STS.decodeAuthorizationMessage, STS.DecodeAuthorizationMessageRequest(encodedMessage: "x"))?.code
                == "InvalidAuthorizationMessageException")
    }
}
