import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

@testable import Views

/// A shop's identities: the role of a worker, a developer in a group, and a policy with two versions.
enum ShopIdentities {
    static func arn(_ resource: String) -> String { "arn:aws:iam::123456789012:\(resource)" }
    static let created = Instant(epochMilliseconds: CannedServices.now - 86_400_000)
    static let policyArn = arn("policy/queues")
    static let logging = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

    static let queues =
        #"{"Version":"2012-10-17","Statement":[{"Sid":"Work","Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage"],"Resource":"arn:aws:sqs:us-east-1:123456789012:orders"},{"Sid":"Hands","Effect":"Deny","Action":"sqs:DeleteQueue","Resource":"*"}]}"#
    static let inline =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}"#
    static let logs =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:PutLogEvents"],"Resource":"*"}]}"#
    static let trust =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#

    /// AWS: IAM answers documents percent-encoded.
    static func encoded(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\"", with: "%22").replacing("{", with: "%7B")
            .replacing("}", with: "%7D")
    }

    private static func role(_ name: String) -> IAM.Role {
        IAM.Role(
            path: "/", roleName: name, roleId: "AROAWORKER", arn: arn("role/\(name)"), createDate: created,
            assumeRolePolicyDocument: encoded(trust), description: "Takes orders", maxSessionDuration: 3600,
            tags: [IAM.Tag(key: "team", value: "shop")],
            roleLastUsed: IAM.RoleLastUsed(lastUsedDate: created, region: "us-east-1"))
    }

    private static let user = IAM.User(
        path: "/", userName: "zoe", userId: "AIDAZOE", arn: arn("user/zoe"), createDate: created)
    private static let group = IAM.Group(
        path: "/", groupName: "developers", groupId: "AGPADEV", arn: arn("group/developers"), createDate: created)

    private static func policy(_ arn: String) -> IAM.Policy {
        IAM.Policy(
            policyName: ResourceName.last(of: arn), policyId: "ANPA1", arn: arn, path: "/", defaultVersionId: "v2",
            attachmentCount: 1, createDate: created)
    }

    static func services() -> CannedServices {
        let services = CannedServices()
        services.answer(IAM.listRoles) { _ in
            IAM.ListRolesResponse(roles: [role("worker"), role("reporter")], isTruncated: false)
        }
        services.answer(IAM.listUsers) { _ in IAM.ListUsersResponse(users: [user], isTruncated: false) }
        services.answer(IAM.listGroups) { _ in IAM.ListGroupsResponse(groups: [group], isTruncated: false) }
        services.answer(IAM.listPolicies) { input in
            IAM.ListPoliciesResponse(
                policies: [policy(input.scope == "AWS" ? logging : policyArn)], isTruncated: false)
        }
        services.answer(IAM.getRole) { IAM.GetRoleResponse(role: role($0.roleName)) }
        services.answer(IAM.getUser) { _ in IAM.GetUserResponse(user: user) }
        services.answer(IAM.getGroup) { _ in IAM.GetGroupResponse(group: group, users: [user], isTruncated: false) }
        services.answer(IAM.listGroupsForUser) { _ in IAM.ListGroupsForUserResponse(groups: [group]) }
        services.answer(IAM.listAccessKeys) { _ in
            IAM.ListAccessKeysResponse(accessKeyMetadata: [
                IAM.AccessKeyMetadata(userName: "zoe", accessKeyId: "AKIAZOE", status: "Active", createDate: created)
            ])
        }
        services.answer(IAM.getAccessKeyLastUsed) { _ in
            IAM.GetAccessKeyLastUsedResponse(
                accessKeyLastUsed: IAM.AccessKeyLastUsed(lastUsedDate: created, serviceName: "sqs", region: "us-east-1")
            )
        }
        answerPolicies(services)
        return services
    }

    private static func answerPolicies(_ services: CannedServices) {
        services.answer(IAM.listAttachedRolePolicies) { _ in
            IAM.ListAttachedRolePoliciesResponse(attachedPolicies: [
                IAM.AttachedPolicy(policyName: "queues", policyArn: policyArn),
                IAM.AttachedPolicy(policyName: "AWSLambdaBasicExecutionRole", policyArn: logging),
            ])
        }
        services.answer(IAM.listAttachedUserPolicies) { _ in
            IAM.ListAttachedUserPoliciesResponse(attachedPolicies: [])
        }
        services.answer(IAM.listAttachedGroupPolicies) { _ in
            IAM.ListAttachedGroupPoliciesResponse(attachedPolicies: [
                IAM.AttachedPolicy(policyName: "queues", policyArn: policyArn)
            ])
        }
        services.answer(IAM.listRolePolicies) { _ in IAM.ListRolePoliciesResponse(policyNames: ["notify"]) }
        services.answer(IAM.listUserPolicies) { _ in IAM.ListUserPoliciesResponse(policyNames: ["notify"]) }
        services.answer(IAM.listGroupPolicies) { _ in IAM.ListGroupPoliciesResponse(policyNames: []) }
        services.answer(IAM.getRolePolicy) {
            IAM.GetRolePolicyResponse(
                roleName: $0.roleName, policyName: $0.policyName, policyDocument: encoded(inline))
        }
        services.answer(IAM.getUserPolicy) {
            IAM.GetUserPolicyResponse(
                userName: $0.userName, policyName: $0.policyName, policyDocument: encoded(inline))
        }
        services.answer(IAM.getPolicy) { IAM.GetPolicyResponse(policy: policy($0.policyArn)) }
        services.answer(IAM.getPolicyVersion) { input in
            IAM.GetPolicyVersionResponse(
                policyVersion: IAM.PolicyVersion(
                    documentText: encoded(input.policyArn == logging ? logs : queues), versionId: input.versionId,
                    isDefaultVersion: input.versionId == "v2", createDate: created))
        }
        services.answer(IAM.listPolicyVersions) { _ in
            IAM.ListPolicyVersionsResponse(
                versions: ["v2", "v1"].map {
                    IAM.PolicyVersion(versionId: $0, isDefaultVersion: $0 == "v2", createDate: created)
                })
        }
        services.answer(IAM.listEntitiesForPolicy) { _ in
            IAM.ListEntitiesForPolicyResponse(
                policyGroups: [IAM.PolicyGroup(groupName: "developers")], policyUsers: [],
                policyRoles: [IAM.PolicyRole(roleName: "worker")])
        }
        services.answer(IAM.simulatePrincipalPolicy) { input in
            IAM.SimulatePolicyResponse(evaluationResults: input.actionNames.map(result))
        }
    }

    /// As the engine decides with the worker's policies; places are those of the statements in `queues`.
    private static func result(_ action: String) -> IAM.EvaluationResult {
        let statements = queues.utf8
        let texts = [#"{"Sid":"Work""#, #"{"Sid":"Hands""#]
        func statement(_ index: Int) -> IAM.Statement {
            let start = queues.ranges(of: texts[index]).first.map {
                queues.utf8.distance(from: statements.startIndex, to: $0.lowerBound)
            }
            let end =
                index == 0
                ? queues.ranges(of: "},{").first.map {
                    queues.utf8.distance(from: statements.startIndex, to: $0.lowerBound) + 1
                } : statements.count - 2
            return IAM.Statement(
                sourcePolicyId: "queues", sourcePolicyType: "IAM Policy",
                startPosition: IAM.Position(line: 1, column: (start ?? 0) + 1),
                endPosition: IAM.Position(line: 1, column: (end ?? 0) + 1))
        }
        switch action {
        case "sqs:DeleteQueue":
            return IAM.EvaluationResult(
                evalActionName: action, evalResourceName: "*", evalDecision: "explicitDeny",
                matchedStatements: [statement(1)])
        case "sqs:ReceiveMessage":
            return IAM.EvaluationResult(
                evalActionName: action, evalResourceName: "*", evalDecision: "allowed",
                matchedStatements: [statement(0)], missingContextValues: ["aws:SourceIp"])
        default:
            return IAM.EvaluationResult(
                evalActionName: action, evalResourceName: "*", evalDecision: "implicitDeny", matchedStatements: [])
        }
    }
}
