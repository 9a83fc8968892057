import AWSModel
import AWSTypes

// ListEntitiesForPolicy.

extension IAMService {
    func listEntitiesForPolicy(
        _ input: IAM.ListEntitiesForPolicyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListEntitiesForPolicyResponse {
        let policy = try policy(input.policyArn, call)
        let account = call.scope.accountID
        let isBoundary = input.policyUsageFilter == "PermissionsBoundary"
        let prefix = input.pathPrefix ?? "/"
        func uses(_ boundary: String?, _ attached: [String], _ path: String, _ kind: String) -> Bool {
            guard path.hasPrefix(prefix), input.entityFilter.map({ $0 == kind }) ?? true else { return false }
            return isBoundary ? boundary == policy.arn : attached.contains(policy.arn)
        }
        let found: [Entity] =
            groups(of: account).filter { uses(nil, $0.attachedPolicies, $0.path, "Group") }.map(Entity.group)
            + roles(of: account).filter { uses($0.permissionsBoundary, $0.attachedPolicies, $0.path, "Role") }
            .map(Entity.role)
            + users(of: account).filter { uses($0.permissionsBoundary, $0.attachedPolicies, $0.path, "User") }
            .map(Entity.user)
        let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.key }
        var response = IAM.ListEntitiesForPolicyResponse(
            policyGroups: [], policyUsers: [], policyRoles: [], isTruncated: page.isTruncated, marker: page.marker)
        for entity in page.items {
            switch entity {
            case .group(let group):
                response.policyGroups?.append(IAM.PolicyGroup(groupName: group.name, groupId: group.id))
            case .role(let role): response.policyRoles?.append(IAM.PolicyRole(roleName: role.name, roleId: role.id))
            case .user(let user): response.policyUsers?.append(IAM.PolicyUser(userName: user.name, userId: user.id))
            }
        }
        return response
    }

    private enum Entity {
        case group(IAMGroup)
        case role(IAMRole)
        case user(IAMUser)

        var key: String {
            switch self {
            case .group(let group): "1 \(group.name)"
            case .role(let role): "2 \(role.name)"
            case .user(let user): "3 \(user.name)"
            }
        }
    }
}
