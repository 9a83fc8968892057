import AWSModel
import AWSTypes

// CreateRole, GetRole, ListRoles, DeleteRole, UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy.

extension IAMService {
    /// AWS: bytes of a trust policy, white space aside.
    private static let trustPolicySize = 2048

    func createRole(_ input: IAM.CreateRoleRequest, _ call: Call) throws(ServiceError) -> IAM.CreateRoleResponse {
        let account = call.scope.accountID
        let path = input.path ?? "/"
        guard !exists(role: input.roleName, in: account) else {
            throw .entityAlreadyExists("Role with name \(input.roleName) already exists.")
        }
        let trust = try initialTrust(input.assumeRolePolicyDocument)
        try checkBoundary(input.permissionsBoundary, in: account)
        guard !path.hasPrefix("/aws-service-role/") else {
            throw ServiceError("ValidationError", "The path /aws-service-role/ is reserved for service-linked roles.")
        }
        let role = IAMRole(
            accountID: account, name: input.roleName, path: path, id: "AROA" + core.identifiers.upperAlphanumeric(17),
            arn: "arn:\(call.scope.partition):iam::\(account):role\(path)\(input.roleName)", createDate: call.time,
            trust: trust, description: input.description, maxSessionDuration: input.maxSessionDuration ?? 3600,
            permissionsBoundary: input.permissionsBoundary, attachedPolicies: [], inlinePolicies: [:],
            tags: try IAMText.merged([:], input.tags ?? [], heedsCase: false))
        store(role)
        core.attribute(call, to: role.arn)
        var described = Self.described(role)
        described.tags = role.tags.isEmpty ? nil : IAMText.tags(role.tags)
        described.permissionsBoundary = Self.boundary(role.permissionsBoundary)
        // AWS: the answer leaves the description out.
        described.description = nil
        return IAM.CreateRoleResponse(role: described)
    }

    func getRole(_ input: IAM.GetRoleRequest, _ call: Call) throws(ServiceError) -> IAM.GetRoleResponse {
        let role = try role(input.roleName, call)
        var described = Self.described(role)
        described.maxSessionDuration = role.maxSessionDuration
        described.tags = role.tags.isEmpty ? nil : IAMText.tags(role.tags)
        described.roleLastUsed = IAM.RoleLastUsed(lastUsedDate: role.lastUsed, region: role.lastUsedRegion)
        described.permissionsBoundary = Self.boundary(role.permissionsBoundary)
        return IAM.GetRoleResponse(role: described)
    }

    func listRoles(_ input: IAM.ListRolesRequest, _ call: Call) throws(ServiceError) -> IAM.ListRolesResponse {
        let matching = roles(of: call.scope.accountID).filter { $0.path.hasPrefix(input.pathPrefix ?? "/") }
        let page = try IAMPage(matching, marker: input.marker, maxItems: input.maxItems) { $0.name }
        return IAM.ListRolesResponse(
            roles: page.items.map { role in
                var described = Self.described(role)
                described.maxSessionDuration = role.maxSessionDuration
                return described
            }, isTruncated: page.isTruncated, marker: page.marker)
    }

    func deleteRole(_ input: IAM.DeleteRoleRequest, _ call: Call) throws(ServiceError) -> Unit {
        let role = try role(input.roleName, call)
        try Self.checkUnprotected(role)
        guard role.attachedPolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must detach all policies first.")
        }
        guard role.inlinePolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete policies first.")
        }
        guard instanceProfiles(of: role).isEmpty else {
            throw .deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
        }
        remove(role)
        return Unit()
    }

    func updateRole(_ input: IAM.UpdateRoleRequest, _ call: Call) throws(ServiceError) -> IAM.UpdateRoleResponse {
        var role = try role(input.roleName, call)
        if let description = input.description { role.description = description }
        // AWS: back to an hour where it is left out.
        role.maxSessionDuration = input.maxSessionDuration ?? 3600
        store(role)
        return IAM.UpdateRoleResponse()
    }

    func updateRoleDescription(
        _ input: IAM.UpdateRoleDescriptionRequest, _ call: Call
    ) throws(ServiceError) -> IAM.UpdateRoleDescriptionResponse {
        var role = try role(input.roleName, call)
        role.description = input.description
        store(role)
        return IAM.UpdateRoleDescriptionResponse(role: Self.described(role))
    }

    func updateAssumeRolePolicy(
        _ input: IAM.UpdateAssumeRolePolicyRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        try Self.checkUnprotected(role)
        role.trust = try Self.trust(input.policyDocument)
        store(role)
        return Unit()
    }

    private func initialTrust(_ text: String) throws(ServiceError) -> PolicyDocument {
        if core.configuration.hasTestHooks, let placeholder = PolicyDocument.placeholder(text) { return placeholder }
        return try Self.trust(text)
    }

    private static func trust(_ text: String) throws(ServiceError) -> PolicyDocument {
        let document = try PolicyDocument(text, kind: .trust)
        guard document.countedSize <= trustPolicySize else {
            throw .iamLimitExceeded("Cannot exceed quota for ACLSizePerRole: \(trustPolicySize)")
        }
        return document
    }

    /// AWS: only GetRole and ListRoles tell how long sessions may be.
    static func described(_ role: IAMRole) -> IAM.Role {
        IAM.Role(
            path: role.path, roleName: role.name, roleId: role.id, arn: role.arn, createDate: role.createDate,
            assumeRolePolicyDocument: IAMText.percentEncoded(role.trust.text), description: role.description)
    }
}
