import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What users sign in and sign with, and the reports about it.
@Suite struct CredentialsTests {
    private let engine: TestEngine
    private let journal: Journal
    private let certificate = "-----BEGIN CERTIFICATE-----\nMIIBpzCCARA=\n-----END CERTIFICATE-----"

    init() throws {
        journal = try Journal(path: nil)
        engine = try TestEngine(services: [IAMService.init, STSService.init], journal: journal)
        try engine.call(IAM.createUser, IAM.CreateUserRequest(userName: "alice"))
    }

    @Test func publicKeysHaveFingerprintsAndStates() throws {
        let body = "ssh-rsa \(Base64.encode([UInt8](repeating: 7, count: 96))) alice@host"
        let request = IAM.UploadSSHPublicKeyRequest(userName: "alice", sshPublicKeyBody: body)
        let key = try #require(try engine.call(IAM.uploadSSHPublicKey, request).sshPublicKey)
        #expect(key.sshPublicKeyId.hasPrefix("APKA") && key.sshPublicKeyId.count == 20)
        #expect(key.fingerprint.split(separator: ":").count == 16)
        #expect(engine.error(IAM.uploadSSHPublicKey, request)?.code == "DuplicateSSHPublicKeyException")
        try engine.call(
            IAM.updateSSHPublicKey,
            IAM.UpdateSSHPublicKeyRequest(
                userName: "alice", sshPublicKeyId: key.sshPublicKeyId, status: "Inactive"))
        #expect(
            engine.error(IAM.deleteUser, IAM.DeleteUserRequest(userName: "alice"))?.message
                == "Cannot delete entity, must delete SSH public keys first.")
        let second = try TestEngine(services: [IAMService.init, STSService.init], journal: journal)
        let listed = try second.call(IAM.listSSHPublicKeys, IAM.ListSSHPublicKeysRequest(userName: "alice"))
        #expect(listed.sshPublicKeys?.map(\.status) == ["Inactive"])
    }

    @Test func signingCertificatesAreTwoAtMost() throws {
        func upload(_ body: String) -> ServiceError? {
            engine.error(
                IAM.uploadSigningCertificate,
                IAM.UploadSigningCertificateRequest(userName: "alice", certificateBody: body))
        }
        #expect(upload("notacert")?.code == "MalformedCertificateException")
        #expect(upload(certificate) == nil)
        #expect(upload(certificate.replacing("MIIB", with: "MIIC")) == nil)
        #expect(
            upload(certificate.replacing("MIIB", with: "MIID"))?.message
                == "Cannot exceed quota for CertificatesPerUser: 2")
        #expect(
            engine.error(
                IAM.deleteSigningCertificate,
                IAM.DeleteSigningCertificateRequest(
                    userName: "alice", certificateId: String(repeating: "x", count: 32)))?.message
                == "The Certificate with id xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx cannot be found.")
    }

    @Test func serviceCredentialsShowTheirPasswordOnce() throws {
        let made = try engine.call(
            IAM.createServiceSpecificCredential,
            IAM.CreateServiceSpecificCredentialRequest(
                userName: "alice", serviceName: "codecommit.amazonaws.com")
        ).serviceSpecificCredential
        #expect(made?.serviceUserName == "alice-at-123456789012")
        #expect(made?.servicePassword?.isEmpty == false)
        let request = IAM.ListServiceSpecificCredentialsRequest(userName: "alice")
        let listed = try engine.call(IAM.listServiceSpecificCredentials, request)
        #expect(listed.serviceSpecificCredentials?.map(\.status) == ["Active"])
        #expect(
            engine.error(
                IAM.createServiceSpecificCredential,
                IAM.CreateServiceSpecificCredentialRequest(userName: "alice", serviceName: "sqs.amazonaws.com"))?.code
                == "NoSuchEntityException")
    }

    @Test func theCredentialReportIsMadeOnce() throws {
        #expect(engine.error(IAM.getCredentialReport, Unit())?.code == "CredentialReportNotPresentException")
        #expect(try engine.call(IAM.generateCredentialReport, Unit()).state == "STARTED")
        #expect(try engine.call(IAM.generateCredentialReport, Unit()).state == "COMPLETE")
        let report = try engine.call(IAM.getCredentialReport, Unit())
        let lines = String(decoding: report.content ?? [], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3 && lines[1].hasPrefix("<root_account>,") && lines[2].hasPrefix("alice,"))
        #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 22 })
        engine.advance(by: .seconds(4 * 3600))
        #expect(engine.error(IAM.getCredentialReport, Unit())?.code == "CredentialReportExpiredException")
    }

    @Test func useIsRememberedByServiceAndSurvivesARestart() throws {
        let key = try engine.call(IAM.createAccessKey, IAM.CreateAccessKeyRequest(userName: "alice")).accessKey
        try engine.call(
            IAM.attachUserPolicy,
            IAM.AttachUserPolicyRequest(userName: "alice", policyArn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess"))
        let arn = "arn:aws:iam::123456789012:user/alice"
        let alice = Caller(
            scope: engine.caller.scope, principalArn: arn, userID: "AIDA", accessKeyID: key.accessKeyId,
            endpoint: engine.caller.endpoint)
        let used = IAM.GetAccessKeyLastUsedRequest(accessKeyId: key.accessKeyId)
        #expect(try engine.call(IAM.getAccessKeyLastUsed, used).accessKeyLastUsed?.serviceName == "N/A")
        try engine.call(IAM.listUsers, IAM.ListUsersRequest(), as: alice)
        let job = try engine.call(
            IAM.generateServiceLastAccessedDetails, IAM.GenerateServiceLastAccessedDetailsRequest(arn: arn)
        ).jobId
        let details = IAM.GetServiceLastAccessedDetailsRequest(jobId: job ?? "")
        let second = try TestEngine(services: [IAMService.init, STSService.init], journal: journal)
        for engine in [engine, second] {
            let last = try engine.call(IAM.getAccessKeyLastUsed, used).accessKeyLastUsed
            #expect(last?.serviceName == "iam" && last?.region == "us-east-1" && last?.lastUsedDate != nil)
            let services = try engine.call(IAM.getServiceLastAccessedDetails, details).servicesLastAccessed
            #expect(services.map(\.serviceNamespace) == ["iam"])
            #expect(services.first?.lastAuthenticatedEntity == arn)
        }
    }

    @Test func serviceLinkedRolesBelongToTheirService() throws {
        let role = try engine.call(
            IAM.createServiceLinkedRole,
            IAM.CreateServiceLinkedRoleRequest(
                awsServiceName: "custom-resource.application-autoscaling.amazonaws.com")
        ).role
        #expect(role?.roleName == "AWSServiceRoleForApplicationAutoScaling_CustomResource")
        let name = role?.roleName ?? ""
        let refused = engine.error(IAM.deleteRole, IAM.DeleteRoleRequest(roleName: name))
        #expect(refused?.code == "UnmodifiableEntityException")
        let task = try engine.call(
            IAM.deleteServiceLinkedRole, IAM.DeleteServiceLinkedRoleRequest(roleName: name)
        ).deletionTaskId
        #expect(
            try engine.call(
                IAM.getServiceLinkedRoleDeletionStatus,
                IAM.GetServiceLinkedRoleDeletionStatusRequest(deletionTaskId: task)
            ).status == "SUCCEEDED")
        #expect(engine.error(IAM.getRole, IAM.GetRoleRequest(roleName: name))?.code == "NoSuchEntityException")
    }

    @Test func recordsCarryTags() throws {
        try engine.call(
            IAM.uploadServerCertificate,
            IAM.UploadServerCertificateRequest(
                serverCertificateName: "site", certificateBody: certificate, privateKey: "key"))
        try engine.call(
            IAM.tagServerCertificate,
            IAM.TagServerCertificateRequest(
                serverCertificateName: "site", tags: [IAM.Tag(key: "a", value: "1"), IAM.Tag(key: "b", value: "2")]))
        try engine.call(
            IAM.untagServerCertificate, IAM.UntagServerCertificateRequest(serverCertificateName: "site", tagKeys: ["a"])
        )
        #expect(
            try engine.call(
                IAM.listServerCertificateTags, IAM.ListServerCertificateTagsRequest(serverCertificateName: "site")
            ).tags == [IAM.Tag(key: "b", value: "2")])
        let twice = engine.error(
            IAM.tagServerCertificate,
            IAM.TagServerCertificateRequest(
                serverCertificateName: "site", tags: [IAM.Tag(key: "a", value: "1"), IAM.Tag(key: "a", value: "2")]))
        #expect(twice?.message == "Duplicate tag keys found.")
    }

    @Test func passwordsFollowTheAccountsPolicy() throws {
        try engine.call(
            IAM.updateAccountPasswordPolicy,
            IAM.UpdateAccountPasswordPolicyRequest(minimumPasswordLength: 8, requireNumbers: true))
        func error(_ password: String) -> String? {
            engine.error(
                IAM.createLoginProfile, IAM.CreateLoginProfileRequest(userName: "alice", password: password))?.message
        }
        #expect(error("short1") == "Password should have a minimum length of 8")
        #expect(error("longenough") == "Password should have at least one number")
        #expect(error("longenough1") == nil)
    }
}
