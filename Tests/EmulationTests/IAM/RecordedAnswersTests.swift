import AWSModel
import AWSTypes
import Testing

@testable import Emulation

private let trust =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#

/// Answers and refusals as AWS was recorded giving them.
@Suite struct RecordedAnswersTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [IAMService.init, STSService.init]) }

    private func policy(_ statement: String) -> String {
        #"{"Version":"2012-10-17","Statement":\#(statement)}"#
    }

    private func refusal(ofPolicy document: String) -> String? {
        engine.error(IAM.createPolicy, IAM.CreatePolicyRequest(policyName: "p", policyDocument: document))?.message
    }

    @Test func theLastStatementsFirstResourceIsNamed() {
        func allow(_ resource: String) -> String {
            policy(#"{"Effect":"Allow","Action":"s3:ListBucket","Resource":\#(resource)}"#)
        }
        #expect(refusal(ofPolicy: allow(#""""#)) == #"Resource  must be in ARN format or "*"."#)
        #expect(
            refusal(ofPolicy: allow(#"["arn:error:s3:::bucket","arn:error:s3::bucket"]"#))
                == #"Partition "error" is not valid for resource "arn:error:s3:::bucket"."#)
        #expect(refusal(ofPolicy: allow(#""arn:aws:s3::bucket""#)) == "The policy failed legacy parsing")
    }

    @Test func onlySomeAnswersTellHowLongSessionsMayBe() throws {
        let made = try engine.call(
            IAM.createRole,
            IAM.CreateRoleRequest(
                roleName: "worker", assumeRolePolicyDocument: trust, description: "d", maxSessionDuration: 7200)
        ).role
        #expect(made.maxSessionDuration == nil && made.description == nil)
        let read = try engine.call(IAM.getRole, IAM.GetRoleRequest(roleName: "worker")).role
        #expect(read.maxSessionDuration == 7200 && read.description == "d")
        #expect(try engine.call(IAM.listRoles, IAM.ListRolesRequest()).roles.map(\.maxSessionDuration) == [7200])
        let described = try engine.call(
            IAM.updateRoleDescription, IAM.UpdateRoleDescriptionRequest(roleName: "worker", description: "e")
        ).role
        #expect(described?.description == "e" && described?.maxSessionDuration == nil)
    }

    @Test func tagsOfUsersAndRolesIgnoreCaseAndOthersHeedIt() throws {
        let two = [IAM.Tag(key: "a", value: "1"), IAM.Tag(key: "A", value: "2")]
        let user = engine.error(IAM.createUser, IAM.CreateUserRequest(userName: "ann", tags: two))
        #expect(user?.message == "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        let profile = try engine.call(
            IAM.createInstanceProfile, IAM.CreateInstanceProfileRequest(instanceProfileName: "p", tags: two)
        ).instanceProfile
        #expect(profile.tags?.map(\.key) == ["A", "a"])
        let same = engine.error(
            IAM.tagInstanceProfile,
            IAM.TagInstanceProfileRequest(instanceProfileName: "p", tags: [two[0], two[0]]))
        #expect(same?.message == "Duplicate tag keys found.")
    }

    @Test func malformedARNsOfPoliciesAreInvalidInputToTheValidator() throws {
        try engine.call(IAM.createUser, IAM.CreateUserRequest(userName: "ann"))
        let refused = engine.error(
            IAM.attachUserPolicy, IAM.AttachUserPolicyRequest(userName: "ann", policyArn: "longpolicynamebutnoarn"))
        #expect(refused?.code == "ValidationError")
        #expect(refused?.message == "ARN longpolicynamebutnoarn is not valid.")
    }

    @Test func leavingAGroupOneIsNotInIsNoError() throws {
        try engine.call(IAM.createUser, IAM.CreateUserRequest(userName: "ann"))
        try engine.call(IAM.createGroup, IAM.CreateGroupRequest(groupName: "staff"))
        try engine.call(
            IAM.removeUserFromGroup, IAM.RemoveUserFromGroupRequest(groupName: "staff", userName: "ann"))
        let nobody = engine.error(
            IAM.removeUserFromGroup, IAM.RemoveUserFromGroupRequest(groupName: "none", userName: "bob"))
        #expect(nobody?.message == "The user with name bob cannot be found.")
    }

    @Test func samlProvidersHaveAnIDAndKeys() throws {
        let metadata = "<EntityDescriptor>" + String(repeating: "x", count: 1000) + "</EntityDescriptor>"
        let arn = try #require(
            try engine.call(
                IAM.createSAMLProvider, IAM.CreateSAMLProviderRequest(samlMetadataDocument: metadata, name: "corp")
            ).samlProviderArn)
        func read() throws -> DocumentObject {
            try engine.call(IAM.getSAMLProvider, IAM.GetSAMLProviderRequest(samlProviderArn: arn)).document
        }
        let fresh = try read()
        #expect(fresh.string("SAMLProviderUUID")?.utf8.count == 22)
        #expect(fresh.string("AssertionEncryptionMode") == "Allowed" && fresh.list("PrivateKeyList") == [])
        try engine.call(
            IAM.updateSAMLProvider,
            IAM.UpdateSAMLProviderRequest(
                samlProviderArn: arn, assertionEncryptionMode: "Required", addPrivateKey: "key"))
        let changed = try read()
        #expect(changed.string("AssertionEncryptionMode") == "Required")
        let key = try #require(changed.list("PrivateKeyList")?.first?["KeyId"]?.string)
        try engine.call(
            IAM.updateSAMLProvider,
            IAM.UpdateSAMLProviderRequest(samlProviderArn: arn, removePrivateKey: key))
        #expect(try read().list("PrivateKeyList") == [])
        let missing = arn + "s"
        #expect(
            engine.error(IAM.deleteSAMLProvider, IAM.DeleteSAMLProviderRequest(samlProviderArn: missing))?.message
                == "Manifest not found for arn \(missing)")
    }

    @Test func simulationsTellEachNamedResource() throws {
        let document = policy(#"[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::open/*"}]"#)
        func results(_ arns: [String]?) throws -> [IAM.EvaluationResult] {
            try engine.call(
                IAM.simulateCustomPolicy,
                IAM.SimulateCustomPolicyRequest(
                    policyInputList: [document], actionNames: ["s3:GetObject"], resourceArns: arns)
            ).evaluationResults ?? []
        }
        let named = try results(["arn:aws:s3:::open/a", "arn:aws:s3:::shut/a"])
        let told = named.compactMap(\.resourceSpecificResults?.first)
        #expect(told.map(\.evalResourceDecision) == ["allowed", "implicitDeny"])
        #expect(told.map(\.evalResourceName) == ["arn:aws:s3:::open/a", "arn:aws:s3:::shut/a"])
        #expect(told.first?.matchedStatements?.first?.sourcePolicyId == "PolicyInputList.1")
        #expect(try results(nil).allSatisfy { $0.resourceSpecificResults == nil })
    }

    @Test func anAccountInNoOrganizationHasNoFeaturesOfOne() {
        let refused = engine.error(
            Operation<Unit, Unit>(service: IAM.id, name: "ListOrganizationsFeatures"), Unit())
        #expect(refused?.code == "OrganizationNotFoundException")
    }

    @Test func placeholdersForTrustPoliciesAreTakenOnlyWithTestHooks() {
        let placeholder = IAM.CreateRoleRequest(roleName: "r", assumeRolePolicyDocument: "some policy")
        #expect(engine.error(IAM.createRole, placeholder)?.code == "MalformedPolicyDocumentException")
        #expect(PolicyDocument.placeholder("some policy")?.text == "some policy")
        #expect(
            PolicyDocument.placeholder("{}")?.allowsAssumption(by: .service("lambda.amazonaws.com")) == true)
        #expect(PolicyDocument.placeholder("{malformed}") == nil && PolicyDocument.placeholder(trust) == nil)
    }
}
