import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All that the screen of a role, user or group shows.
struct IdentityDetails: Sendable {
    var kind: IdentityKind
    var name: String
    var arn: String
    var policies: [HeldPolicy] = []
    /// A role's; empty otherwise.
    var trust = ""
    var items: [KeyValue] = []

    /// - Throws: `AWSError` where the identity cannot be read.
    static func load(_ kind: IdentityKind, _ name: String, _ aws: AWSClient) async throws -> IdentityDetails {
        switch kind {
        case .role: try await role(name, aws)
        case .user: try await user(name, aws)
        case .group: try await group(name, aws)
        }
    }

    private static func role(_ name: String, _ aws: AWSClient) async throws -> IdentityDetails {
        let role = try await aws.call(IAM.getRole, .init(roleName: name)).role
        var details = IdentityDetails(kind: .role, name: name, arn: role.arn)
        details.trust = FunctionPoliciesScreen.percentDecoded(role.assumeRolePolicyDocument ?? "")
        let boundary = role.permissionsBoundary?.permissionsBoundaryArn
        details.policies = try await HeldPolicy.all(of: .role, name, boundary: boundary, aws)
        let used = role.roleLastUsed?.lastUsedDate.map {
            "\(ElapsedTime.date($0)) in \(role.roleLastUsed?.region ?? "–")"
        }
        details.items =
            [
                .heading("Role"), KeyValue("Name", text: name), KeyValue("ARN", text: role.arn),
                KeyValue("Id", text: role.roleId), KeyValue("Path", text: role.path),
                KeyValue("Description", text: role.description ?? "–"),
                KeyValue("Created", text: ElapsedTime.date(role.createDate)),
                KeyValue("Last used", text: used ?? "never"),
                KeyValue("Longest session", text: "\((role.maxSessionDuration ?? 3600).grouped) s"),
                KeyValue("Boundary", text: boundary ?? "none"),
            ] + tags(role.tags)
        return details
    }

    private static func user(_ name: String, _ aws: AWSClient) async throws -> IdentityDetails {
        let user = try await aws.call(IAM.getUser, .init(userName: name)).user
        var details = IdentityDetails(kind: .user, name: name, arn: user.arn)
        let groups = try await aws.call(IAM.listGroupsForUser, .init(userName: name)).groups.map(\.groupName)
        let boundary = user.permissionsBoundary?.permissionsBoundaryArn
        details.policies = try await HeldPolicy.all(of: .user, name, boundary: boundary, groups: groups, aws)
        details.items = [
            .heading("User"), KeyValue("Name", text: name), KeyValue("ARN", text: user.arn),
            KeyValue("Id", text: user.userId), KeyValue("Path", text: user.path),
            KeyValue("Created", text: ElapsedTime.date(user.createDate)),
            KeyValue("Boundary", text: boundary ?? "none"),
            KeyValue("Groups", text: groups.isEmpty ? "none" : groups.joined(separator: ", ")), .heading("Access keys"),
        ]
        for key in try await aws.call(IAM.listAccessKeys, .init(userName: name)).accessKeyMetadata {
            let id = key.accessKeyId ?? ""
            let last = try await aws.call(IAM.getAccessKeyLastUsed, .init(accessKeyId: id)).accessKeyLastUsed
            let used = last?.lastUsedDate.map { "used \(ElapsedTime.date($0)) for \(last?.serviceName ?? "–")" }
            let mark: StatusMark = key.status == "Active" ? .enabled : .disabled
            details.items.append(KeyValue(id, mark.line("\(key.status ?? ""), \(used ?? "never used")")))
        }
        details.items += tags(user.tags)
        return details
    }

    private static func group(_ name: String, _ aws: AWSClient) async throws -> IdentityDetails {
        let answer = try await aws.call(IAM.getGroup, .init(groupName: name))
        var details = IdentityDetails(kind: .group, name: name, arn: answer.group.arn)
        details.policies = try await HeldPolicy.all(of: .group, name, boundary: nil, aws)
        details.items = [
            .heading("Group"), KeyValue("Name", text: name), KeyValue("ARN", text: answer.group.arn),
            KeyValue("Id", text: answer.group.groupId), KeyValue("Path", text: answer.group.path),
            KeyValue("Created", text: ElapsedTime.date(answer.group.createDate)), .heading("Members"),
        ]
        details.items += answer.users.map { KeyValue($0.userName, text: $0.arn) }
        if answer.users.isEmpty { details.items.append(KeyValue("None", StyledLine("nobody is in this group", .dim))) }
        return details
    }

    private static func tags(_ tags: [IAM.Tag]?) -> [KeyValue] {
        let tags = (tags ?? []).sorted { $0.key < $1.key }
        return [.heading("Tags")]
            + (tags.isEmpty
                ? [KeyValue("None", StyledLine("no tags", .dim))] : tags.map { KeyValue($0.key, text: $0.value) })
    }
}
