import AWSModel
import AWSTypes
import Testing

@testable import Emulation

private let allowQueue =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}"#

@Suite struct IdentitiesTests {
    private let engine: TestEngine
    private let journal: Journal

    init() throws {
        journal = try Journal(path: nil)
        engine = try TestEngine(services: [IAMService.init], journal: journal)
        try engine.call(IAM.createUser, IAM.CreateUserRequest(userName: "alice"))
        try engine.call(IAM.createGroup, IAM.CreateGroupRequest(groupName: "team"))
        try engine.call(IAM.addUserToGroup, IAM.AddUserToGroupRequest(groupName: "team", userName: "alice"))
        try engine.call(
            IAM.putGroupPolicy,
            IAM.PutGroupPolicyRequest(groupName: "team", policyName: "queues", policyDocument: allowQueue))
    }

    @Test func nothingInUseIsDeleted() throws {
        let user = engine.error(IAM.deleteUser, IAM.DeleteUserRequest(userName: "alice"))
        #expect(user?.code == "DeleteConflictException")
        #expect(user?.message == "Cannot delete entity, must remove users from group first.")
        #expect(
            engine.error(IAM.deleteGroup, IAM.DeleteGroupRequest(groupName: "team"))?.message
                == "Cannot delete entity, must delete policies first.")
    }

    @Test func everythingIsToldAtOnce() throws {
        let details = try engine.call(
            IAM.getAccountAuthorizationDetails, IAM.GetAccountAuthorizationDetailsRequest())
        #expect(details.userDetailList?.first?.groupList == ["team"])
        #expect(details.groupDetailList?.first?.groupPolicyList?.map(\.policyName) == ["queues"])
        #expect(try engine.call(IAM.getAccountSummary, Unit()).summaryMap?["Users"] == 1)
    }

    @Test func simulationNamesTheStatement() throws {
        let results = try engine.call(
            IAM.simulatePrincipalPolicy,
            IAM.SimulatePrincipalPolicyRequest(
                policySourceArn: "arn:aws:iam::123456789012:user/alice",
                actionNames: ["sqs:SendMessage", "s3:GetObject"])
        ).evaluationResults
        #expect(results?.map(\.evalDecision) == ["allowed", "implicitDeny"])
        #expect(results?.first?.matchedStatements?.first?.sourcePolicyId == "group_team_queues")
    }

    @Test func usersAndKeysSurviveARestart() throws {
        let key = try engine.call(IAM.createAccessKey, IAM.CreateAccessKeyRequest(userName: "alice")).accessKey
        let second = try TestEngine(services: [IAMService.init], journal: journal)
        let iam = try #require(second.core.service(IAMService.self))
        #expect(iam.owner(ofAccessKey: key.accessKeyId)?.user.groups == ["team"])
        #expect(iam.owner(ofAccessKey: key.accessKeyId)?.key.secret == key.secretAccessKey)
    }

    @Test func aResetForgetsEverything() throws {
        try engine.core.reset()
        engine.commit()
        #expect(try engine.call(IAM.listUsers, IAM.ListUsersRequest()).users == [])
        let second = try TestEngine(services: [IAMService.init], journal: journal)
        #expect(try second.call(IAM.listUsers, IAM.ListUsersRequest()).users == [])
    }
}
