import AWSClient
import AWSModel
import AWSTypes

/// A role, user, group or policy in a list.
struct IdentityRow: Identifiable, Hashable, Sendable {
    var name: String
    var arn: String
    /// Who may take a role; a policy's kind.
    var note = ""
    /// How many hold a policy; nil where nothing is counted.
    var count: Int?
    var created: Instant?

    var id: String { arn }

    static func roles(_ marker: String?, _ aws: AWSClient) async throws(AWSError) -> ListPage<IdentityRow> {
        let page = try await aws.call(IAM.listRoles, .init(marker: marker))
        let rows = page.roles.map { role in
            IdentityRow(
                name: role.roleName, arn: role.arn, note: trusted(role.assumeRolePolicyDocument),
                created: role.createDate)
        }
        return ListPage(rows, next: page.marker)
    }

    static func users(_ marker: String?, _ aws: AWSClient) async throws(AWSError) -> ListPage<IdentityRow> {
        let page = try await aws.call(IAM.listUsers, .init(marker: marker))
        let rows = page.users.map {
            IdentityRow(name: $0.userName, arn: $0.arn, note: $0.path, created: $0.createDate)
        }
        return ListPage(rows, next: page.marker)
    }

    static func groups(_ marker: String?, _ aws: AWSClient) async throws(AWSError) -> ListPage<IdentityRow> {
        let page = try await aws.call(IAM.listGroups, .init(marker: marker))
        let rows = page.groups.map {
            IdentityRow(name: $0.groupName, arn: $0.arn, note: $0.path, created: $0.createDate)
        }
        return ListPage(rows, next: page.marker)
    }

    /// The account's own policies, then those of AWS's that somebody has. A marker says whose it continues.
    static func policies(_ marker: String?, _ aws: AWSClient) async throws(AWSError) -> ListPage<IdentityRow> {
        let parts = (marker ?? "Local ").split(separator: " ", maxSplits: 1).map(String.init)
        let isOwn = parts.first == "Local"
        let page = try await aws.call(
            IAM.listPolicies,
            .init(scope: isOwn ? "Local" : "AWS", onlyAttached: !isOwn, marker: parts.count > 1 ? parts[1] : nil))
        let rows = (page.policies ?? []).map {
            IdentityRow(
                name: $0.policyName ?? "", arn: $0.arn ?? "", note: isOwn ? "Customer" : "AWS managed",
                count: $0.attachmentCount, created: $0.createDate)
        }
        let next = page.marker.map { "\(isOwn ? "Local" : "AWS") \($0)" } ?? (isOwn ? "AWS " : nil)
        return ListPage(rows, next: next)
    }

    /// `lambda, sns`: whom a trust policy names.
    static func trusted(_ document: String?) -> String {
        let statements = FunctionPoliciesScreen.parsed(document)["Statement"]
        let list = statements?.list ?? statements.map { [$0] } ?? []
        var names: [String] = []
        for statement in list {
            guard let principal = statement["Principal"] else { continue }
            if let text = principal.string { names.append(text) }
            for (_, value) in principal.object ?? [:] {
                let found = value.list?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
                names += found.map { name in
                    name.hasSuffix(".amazonaws.com") ? String(name.dropLast(14)) : ResourceName(name).name
                }
            }
        }
        return names.joined(separator: ", ")
    }
}
