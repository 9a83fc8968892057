import AWSModel
import AWSTypes

// CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser, their boundary and tags.

extension IAMService {
    func registerUsers(_ table: inout OperationTable) {
        table.on(IAM.createUser, createUser)
        table.on(IAM.getUser, getUser)
        table.on(IAM.listUsers, listUsers)
        table.on(IAM.updateUser, updateUser)
        table.on(IAM.deleteUser, deleteUser)
        table.on(IAM.tagUser, tagUser)
        table.on(IAM.untagUser, untagUser)
        table.on(IAM.listUserTags, listUserTags)
        table.on(IAM.putUserPermissionsBoundary, putUserPermissionsBoundary)
        table.on(IAM.deleteUserPermissionsBoundary, deleteUserPermissionsBoundary)
    }

    private func createUser(_ input: IAM.CreateUserRequest, _ call: Call) throws(ServiceError) -> IAM.CreateUserResponse
    {
        let account = call.scope.accountID
        let path = input.path ?? "/"
        guard userAccounts[account]?[input.userName] == nil else {
            throw .entityAlreadyExists("User with name \(input.userName) already exists.")
        }
        try checkBoundary(input.permissionsBoundary, in: account)
        let user = IAMUser(
            accountID: account, name: input.userName, path: path, id: "AIDA" + core.identifiers.upperAlphanumeric(17),
            arn: "arn:\(call.scope.partition):iam::\(account):user\(path)\(input.userName)", createDate: call.time,
            permissionsBoundary: input.permissionsBoundary,
            tags: try IAMText.merged([:], input.tags ?? [], heedsCase: false))
        store(user)
        core.attribute(call, to: user.arn)
        return IAM.CreateUserResponse(user: Self.described(user))
    }

    private func getUser(_ input: IAM.GetUserRequest, _ call: Call) throws(ServiceError) -> IAM.GetUserResponse {
        if input.userName == nil, call.caller.principalArn.hasSuffix(":root") {
            return IAM.GetUserResponse(
                user: IAM.User(
                    path: "/", userName: "root", userId: call.scope.accountID, arn: call.caller.principalArn,
                    createDate: CalendarDate(year: 2020, month: 1, day: 1).instant))
        }
        return IAM.GetUserResponse(user: Self.described(try user(named: input.userName, call)))
    }

    private func listUsers(_ input: IAM.ListUsersRequest, _ call: Call) throws(ServiceError) -> IAM.ListUsersResponse {
        let found = users(of: call.scope.accountID).filter { $0.path.hasPrefix(input.pathPrefix ?? "/") }
        let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.name }
        let described = page.items.map { user in
            var described = Self.described(user)
            // AWS: lists leave tags and boundary out.
            described.tags = nil
            described.permissionsBoundary = nil
            return described
        }
        return IAM.ListUsersResponse(users: described, isTruncated: page.isTruncated, marker: page.marker)
    }

    private func updateUser(_ input: IAM.UpdateUserRequest, _ call: Call) throws(ServiceError) -> Unit {
        let old = try user(input.userName, call)
        var user = old
        if let name = input.newUserName, name != old.name {
            guard userAccounts[old.accountID]?[name] == nil else {
                throw .entityAlreadyExists("User with name \(name) already exists.")
            }
            user.name = name
        }
        user.path = input.newPath ?? old.path
        user.arn = "arn:\(call.scope.partition):iam::\(user.accountID):user\(user.path)\(user.name)"
        remove(old)
        store(user)
        for kind in [RecordKind.device, .serviceCredential] {
            for (name, var document) in records(kind, of: user.accountID)
            where document.string("user") == old.name && user.name != old.name {
                document["user"] = .string(user.name)
                put(kind, name, document, in: user.accountID)
            }
        }
        return Unit()
    }

    private func deleteUser(_ input: IAM.DeleteUserRequest, _ call: Call) throws(ServiceError) -> Unit {
        let user = try user(input.userName, call)
        guard user.attachedPolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must detach all policies first.")
        }
        guard user.inlinePolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete policies first.")
        }
        guard user.login == nil else {
            throw .deleteConflict("Cannot delete entity, must delete login profile first.")
        }
        guard user.accessKeys.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete access keys first.")
        }
        guard user.sshKeys.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete SSH public keys first.")
        }
        guard user.certificates.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete signing certificates first.")
        }
        guard records(.serviceCredential, of: user.accountID).allSatisfy({ $0.document.string("user") != user.name })
        else { throw .deleteConflict("Cannot delete entity, must delete service specific credentials first.") }
        guard devices(of: user).isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete MFA device first.")
        }
        guard user.groups.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must remove users from group first.")
        }
        remove(user)
        return Unit()
    }

    private func tagUser(_ input: IAM.TagUserRequest, _ call: Call) throws(ServiceError) -> Unit {
        var user = try user(input.userName, call)
        user.tags = try IAMText.merged(user.tags, input.tags, heedsCase: false)
        store(user)
        return Unit()
    }

    private func untagUser(_ input: IAM.UntagUserRequest, _ call: Call) throws(ServiceError) -> Unit {
        var user = try user(input.userName, call)
        for key in input.tagKeys { user.tags[key] = nil }
        store(user)
        return Unit()
    }

    private func listUserTags(_ input: IAM.ListUserTagsRequest, _ call: Call) throws(ServiceError)
        -> IAM.ListUserTagsResponse
    {
        let tags = IAMText.tags(try user(input.userName, call).tags)
        let page = try IAMPage(tags, marker: input.marker, maxItems: input.maxItems) { $0.key }
        return IAM.ListUserTagsResponse(tags: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }

    // MARK: Boundaries

    private func putUserPermissionsBoundary(
        _ input: IAM.PutUserPermissionsBoundaryRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        var user = try user(input.userName, call)
        try checkBoundary(input.permissionsBoundary, in: user.accountID)
        user.permissionsBoundary = input.permissionsBoundary
        store(user)
        return Unit()
    }

    private func deleteUserPermissionsBoundary(
        _ input: IAM.DeleteUserPermissionsBoundaryRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        var user = try user(input.userName, call)
        guard user.permissionsBoundary != nil else {
            throw .noSuchEntity("The user with name \(user.name) has no permissions boundary.")
        }
        user.permissionsBoundary = nil
        store(user)
        return Unit()
    }

    func checkBoundary(_ arn: String?, in account: String) throws(ServiceError) {
        guard let arn else { return }
        guard ARN(arn)?.resource.hasPrefix("policy/") == true else {
            throw ServiceError("ValidationError", "Value (\(arn)) for parameter PermissionsBoundary is invalid.")
        }
        guard policy(arn, in: account) != nil else {
            throw .noSuchEntity("Policy \(arn) does not exist or is not attachable.")
        }
    }

    static func boundary(_ arn: String?) -> IAM.AttachedPermissionsBoundary? {
        arn.map { IAM.AttachedPermissionsBoundary(permissionsBoundaryType: "Policy", permissionsBoundaryArn: $0) }
    }

    static func described(_ user: IAMUser) -> IAM.User {
        IAM.User(
            path: user.path, userName: user.name, userId: user.id, arn: user.arn, createDate: user.createDate,
            permissionsBoundary: boundary(user.permissionsBoundary),
            tags: user.tags.isEmpty ? nil : IAMText.tags(user.tags))
    }

    /// The devices a user has enabled.
    func devices(of user: IAMUser) -> [(name: String, document: DocumentObject)] {
        records(.device, of: user.accountID).filter { $0.document.string("user") == user.name }
    }
}
