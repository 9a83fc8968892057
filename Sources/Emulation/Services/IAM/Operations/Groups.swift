import AWSModel
import AWSTypes

// CreateGroup, GetGroup, UpdateGroup, DeleteGroup, ListGroups, and who belongs to them.

extension IAMService {
    func registerGroups(_ table: inout OperationTable) {
        table.on(IAM.createGroup, createGroup)
        table.on(IAM.getGroup, getGroup)
        table.on(IAM.updateGroup, updateGroup)
        table.on(IAM.deleteGroup, deleteGroup)
        table.on(IAM.listGroups, listGroups)
        table.on(IAM.addUserToGroup, addUserToGroup)
        table.on(IAM.removeUserFromGroup, removeUserFromGroup)
        table.on(IAM.listGroupsForUser, listGroupsForUser)
    }

    private func createGroup(_ input: IAM.CreateGroupRequest, _ call: Call) throws(ServiceError)
        -> IAM.CreateGroupResponse
    {
        let account = call.scope.accountID
        let path = input.path ?? "/"
        guard group(input.groupName, in: account) == nil else {
            throw .entityAlreadyExists("Group with name \(input.groupName) already exists.")
        }
        let group = IAMGroup(
            accountID: account, name: input.groupName, path: path, id: "AGPA" + core.identifiers.upperAlphanumeric(17),
            arn: "arn:\(call.scope.partition):iam::\(account):group\(path)\(input.groupName)", createDate: call.time)
        store(group)
        core.attribute(call, to: group.arn)
        return IAM.CreateGroupResponse(group: Self.described(group))
    }

    private func getGroup(_ input: IAM.GetGroupRequest, _ call: Call) throws(ServiceError) -> IAM.GetGroupResponse {
        let group = try group(input.groupName, call)
        let page = try IAMPage(members(of: group), marker: input.marker, maxItems: input.maxItems) { $0.name }
        let users = page.items.map { user in
            var described = Self.described(user)
            described.tags = nil
            return described
        }
        return IAM.GetGroupResponse(
            group: Self.described(group), users: users, isTruncated: page.isTruncated, marker: page.marker)
    }

    private func updateGroup(_ input: IAM.UpdateGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        let old = try group(input.groupName, call)
        var group = old
        if let name = input.newGroupName, name != old.name {
            guard self.group(name, in: old.accountID) == nil else {
                throw .entityAlreadyExists("Group with name \(name) already exists.")
            }
            group.name = name
        }
        group.path = input.newPath ?? old.path
        group.arn = "arn:\(call.scope.partition):iam::\(group.accountID):group\(group.path)\(group.name)"
        let members = members(of: old)
        remove(old)
        store(group)
        for var user in members {
            user.groups = user.groups.map { $0 == old.name ? group.name : $0 }
            store(user)
        }
        return Unit()
    }

    private func deleteGroup(_ input: IAM.DeleteGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.groupName, call)
        guard group.attachedPolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must detach all policies first.")
        }
        guard group.inlinePolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete policies first.")
        }
        guard members(of: group).isEmpty else {
            throw .deleteConflict("Cannot delete entity, must remove users from group first.")
        }
        remove(group)
        return Unit()
    }

    private func listGroups(_ input: IAM.ListGroupsRequest, _ call: Call) throws(ServiceError) -> IAM.ListGroupsResponse
    {
        let found = groups(of: call.scope.accountID).filter { $0.path.hasPrefix(input.pathPrefix ?? "/") }
        let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.name }
        return IAM.ListGroupsResponse(
            groups: page.items.map(Self.described), isTruncated: page.isTruncated, marker: page.marker)
    }

    private func addUserToGroup(_ input: IAM.AddUserToGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.groupName, call)
        var user = try user(input.userName, call)
        guard !user.groups.contains(group.name) else { return Unit() }
        guard user.groups.count < 10 else { throw .iamLimitExceeded("Cannot exceed quota for GroupsPerUser: 10") }
        user.groups.append(group.name)
        store(user)
        return Unit()
    }

    private func removeUserFromGroup(_ input: IAM.RemoveUserFromGroupRequest, _ call: Call) throws(ServiceError) -> Unit
    {
        var user = try user(input.userName, call)
        let group = try group(input.groupName, call)
        // AWS: nothing happens to one who is not in it.
        user.groups.removeAll { $0 == group.name }
        store(user)
        return Unit()
    }

    private func listGroupsForUser(
        _ input: IAM.ListGroupsForUserRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListGroupsForUserResponse {
        let user = try user(input.userName, call)
        let found = user.groups.sorted().compactMap { group($0, in: user.accountID) }
        let page = try IAMPage(found, marker: input.marker, maxItems: input.maxItems) { $0.name }
        return IAM.ListGroupsForUserResponse(
            groups: page.items.map(Self.described), isTruncated: page.isTruncated, marker: page.marker)
    }

    static func described(_ group: IAMGroup) -> IAM.Group {
        IAM.Group(
            path: group.path, groupName: group.name, groupId: group.id, arn: group.arn, createDate: group.createDate)
    }
}
