import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct SessionsTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [IAMService.init, STSService.init]) }

    private func role(trusting principal: String, condition: String = "") throws -> String {
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":\#(principal),"Action":"sts:AssumeRole"\#(condition)}]}"#
        return try engine.call(
            IAM.createRole, IAM.CreateRoleRequest(roleName: "worker", assumeRolePolicyDocument: trust)
        ).role.arn
    }

    private func assume(_ arn: String, externalID: String? = nil, duration: Int? = nil) throws -> STS.AssumeRoleResponse
    {
        try engine.call(
            STS.assumeRole,
            STS.AssumeRoleRequest(
                roleArn: arn, roleSessionName: "me", durationSeconds: duration, externalId: externalID))
    }

    @Test func tellsWhoCalls() throws {
        let identity = try engine.call(STS.getCallerIdentity, STS.GetCallerIdentityRequest())
        #expect(identity.account == "123456789012")
        #expect(identity.arn == "arn:aws:iam::123456789012:root")
        #expect(identity.userId == "123456789012")
        let user = try engine.call(IAM.getUser, IAM.GetUserRequest()).user
        #expect(user.arn == "arn:aws:iam::123456789012:root")
    }

    @Test func credentialsStandForTheRoleUntilTheyExpire() throws {
        let arn = try role(trusting: #"{"AWS":"arn:aws:iam::123456789012:root"}"#)
        let session = try assume(arn)
        let credentials = try #require(session.credentials)
        #expect(credentials.accessKeyId.hasPrefix("ASIA") && credentials.accessKeyId.count == 20)
        #expect(credentials.secretAccessKey.count == 40)
        #expect(credentials.expiration == engine.core.now + .seconds(3600))
        #expect(session.assumedRoleUser?.arn == "arn:aws:sts::123456789012:assumed-role/worker/me")
        let sts = try #require(engine.core.service(STSService.self))
        let principal = try #require(sts.principal(forAccessKey: credentials.accessKeyId))
        #expect(principal.arn == session.assumedRoleUser?.arn)
        #expect(principal.userID.hasPrefix("AROA") && principal.userID.hasSuffix(":me"))
        #expect(sts.secretAccessKey(forAccessKey: credentials.accessKeyId) == credentials.secretAccessKey)
        #expect(
            try engine.call(IAM.getRole, IAM.GetRoleRequest(roleName: "worker")).role.roleLastUsed?.region
                == "us-east-1")
        engine.advance(by: .seconds(3601))
        #expect(sts.principal(forAccessKey: credentials.accessKeyId) == nil)
        #expect(sts.session(forAccessKey: credentials.accessKeyId) != nil)
        engine.advance(by: .seconds(3600))
        #expect(sts.session(forAccessKey: credentials.accessKeyId) == nil)
    }

    @Test func trustDecides() throws {
        let arn = try role(trusting: #"{"Service":"lambda.amazonaws.com"}"#)
        let denied = engine.error(STS.assumeRole, STS.AssumeRoleRequest(roleArn: arn, roleSessionName: "me"))
        #expect(denied?.code == "AccessDenied")
        #expect(
            denied?.message
                == "User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: \(arn)"
        )
    }

    @Test func externalIDAndDurationAreChecked() throws {
        let arn = try role(
            trusting: #"{"AWS":"*"}"#, condition: #","Condition":{"StringEquals":{"sts:ExternalId":"secret"}}"#)
        #expect(throws: ServiceError.self) { try assume(arn) }
        #expect(try assume(arn, externalID: "secret").credentials != nil)
        let long = engine.error(
            STS.assumeRole,
            STS.AssumeRoleRequest(roleArn: arn, roleSessionName: "me", durationSeconds: 7200, externalId: "secret"))
        #expect(long?.message == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    }

    @Test func unknownRolesAreTakenOnTrust() throws {
        let arn = "arn:aws:iam::210987654321:role/path/other"
        let first = try assume(arn)
        let second = try assume(arn)
        #expect(first.assumedRoleUser?.arn == "arn:aws:sts::210987654321:assumed-role/other/me")
        #expect(first.assumedRoleUser?.assumedRoleId == second.assumedRoleUser?.assumedRoleId)
        let key = try #require(first.credentials?.accessKeyId)
        #expect(
            try engine.call(STS.getAccessKeyInfo, STS.GetAccessKeyInfoRequest(accessKeyId: key)).account
                == "210987654321")
        engine.core.service(IAMService.self)?.acceptsUnknownRoles = false
        #expect(throws: ServiceError.self) { try assume(arn) }
        #expect(
            engine.error(
                STS.assumeRole, STS.AssumeRoleRequest(roleArn: "arn:aws:iam::1:user/xxxxxxx", roleSessionName: "me"))?
                .message == "arn:aws:iam::1:user/xxxxxxx is invalid")
    }

    @Test func sessionsSurviveARestart() throws {
        let journal = try Journal(path: nil)
        let services: [(EngineCore) -> any Service] = [IAMService.init, STSService.init]
        let first = try TestEngine(services: services, journal: journal)
        let token = try first.call(STS.getSessionToken, STS.GetSessionTokenRequest())
        let key = try #require(token.credentials?.accessKeyId)
        let second = try TestEngine(services: services, journal: journal)
        #expect(
            second.core.service(STSService.self)?.principal(forAccessKey: key)?.arn == "arn:aws:iam::123456789012:root")
    }
}
