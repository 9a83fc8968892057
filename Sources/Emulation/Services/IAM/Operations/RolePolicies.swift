import AWSModel
import AWSTypes

// AttachRolePolicy, DetachRolePolicy, ListAttachedRolePolicies, ListEntitiesForPolicy, and the inline PutRolePolicy,
// GetRolePolicy, ListRolePolicies, DeleteRolePolicy.

extension IAMService {
    private static let attachedPoliciesLimit = 10
    /// AWS: bytes of all inline policies of a role together, white space aside.
    private static let inlinePolicySize = 10_240

    func attachRolePolicy(_ input: IAM.AttachRolePolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        guard let policy = policy(input.policyArn, in: role.accountID) else {
            throw .noSuchEntity("Policy \(input.policyArn) does not exist or is not attachable.")
        }
        guard !role.attachedPolicies.contains(policy.arn) else { return Unit() }
        guard role.attachedPolicies.count < Self.attachedPoliciesLimit else {
            throw .iamLimitExceeded("Cannot exceed quota for PoliciesPerRole: \(Self.attachedPoliciesLimit)")
        }
        role.attachedPolicies.append(policy.arn)
        store(role)
        core.changes.mark(policy.arn)
        return Unit()
    }

    func detachRolePolicy(_ input: IAM.DetachRolePolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        guard let index = role.attachedPolicies.firstIndex(of: input.policyArn) else {
            throw .noSuchEntity("Policy \(input.policyArn) was not found.")
        }
        role.attachedPolicies.remove(at: index)
        store(role)
        core.changes.mark(input.policyArn)
        return Unit()
    }

    func listAttachedRolePolicies(
        _ input: IAM.ListAttachedRolePoliciesRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListAttachedRolePoliciesResponse {
        let role = try role(input.roleName, call)
        let attached = role.attachedPolicies.compactMap { policy($0, in: role.accountID) }
            .filter { $0.path.hasPrefix(input.pathPrefix ?? "/") }
            .sorted { $0.name < $1.name }
        let page = try IAMPage(attached, marker: input.marker, maxItems: input.maxItems) { $0.name }
        return IAM.ListAttachedRolePoliciesResponse(
            attachedPolicies: page.items.map { IAM.AttachedPolicy(policyName: $0.name, policyArn: $0.arn) },
            isTruncated: page.isTruncated, marker: page.marker)
    }

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

    // MARK: Inline

    func putRolePolicy(_ input: IAM.PutRolePolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        role.inlinePolicies[input.policyName] = try PolicyDocument(input.policyDocument, kind: .identity)
        guard role.inlinePolicies.values.reduce(0, { $0 + $1.countedSize }) <= Self.inlinePolicySize else {
            throw .iamLimitExceeded(
                "Maximum policy size of \(Self.inlinePolicySize) bytes exceeded for role \(role.name)")
        }
        store(role)
        return Unit()
    }

    func getRolePolicy(
        _ input: IAM.GetRolePolicyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetRolePolicyResponse {
        let role = try role(input.roleName, call)
        guard let document = role.inlinePolicies[input.policyName] else { throw Self.noInlinePolicy(input.policyName) }
        return IAM.GetRolePolicyResponse(
            roleName: role.name, policyName: input.policyName, policyDocument: IAMText.percentEncoded(document.text))
    }

    func listRolePolicies(
        _ input: IAM.ListRolePoliciesRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListRolePoliciesResponse {
        let names = try role(input.roleName, call).inlinePolicies.keys.sorted()
        let page = try IAMPage(names, marker: input.marker, maxItems: input.maxItems) { $0 }
        return IAM.ListRolePoliciesResponse(policyNames: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }

    func deleteRolePolicy(_ input: IAM.DeleteRolePolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        guard role.inlinePolicies.removeValue(forKey: input.policyName) != nil else {
            throw Self.noInlinePolicy(input.policyName)
        }
        store(role)
        return Unit()
    }

    private static func noInlinePolicy(_ name: String) -> ServiceError {
        .noSuchEntity("The role policy with name \(name) cannot be found.")
    }
}
