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

    static func roles(_ aws: AWSClient) async throws(AWSError) -> [IdentityRow] {
        var rows: [IdentityRow] = []
        var marker: String?
        repeat {
            let page = try await aws.call(IAM.listRoles, .init(marker: marker))
            rows += page.roles.map { role in
                IdentityRow(
                    name: role.roleName, arn: role.arn, note: trusted(role.assumeRolePolicyDocument),
                    created: role.createDate)
            }
            marker = page.marker
        } while marker != nil
        return rows
    }

    static func users(_ aws: AWSClient) async throws(AWSError) -> [IdentityRow] {
        var rows: [IdentityRow] = []
        var marker: String?
        repeat {
            let page = try await aws.call(IAM.listUsers, .init(marker: marker))
            rows += page.users.map {
                IdentityRow(name: $0.userName, arn: $0.arn, note: $0.path, created: $0.createDate)
            }
            marker = page.marker
        } while marker != nil
        return rows
    }

    static func groups(_ aws: AWSClient) async throws(AWSError) -> [IdentityRow] {
        var rows: [IdentityRow] = []
        var marker: String?
        repeat {
            let page = try await aws.call(IAM.listGroups, .init(marker: marker))
            rows += page.groups.map {
                IdentityRow(name: $0.groupName, arn: $0.arn, note: $0.path, created: $0.createDate)
            }
            marker = page.marker
        } while marker != nil
        return rows
    }

    /// The account's own policies, and those of AWS's that somebody has.
    static func policies(_ aws: AWSClient) async throws(AWSError) -> [IdentityRow] {
        var rows: [IdentityRow] = []
        for (scope, note) in [("Local", "Customer"), ("AWS", "AWS managed")] {
            var marker: String?
            repeat {
                let page = try await aws.call(
                    IAM.listPolicies, .init(scope: scope, onlyAttached: scope == "AWS", marker: marker))
                rows += (page.policies ?? []).map {
                    IdentityRow(
                        name: $0.policyName ?? "", arn: $0.arn ?? "", note: note, count: $0.attachmentCount,
                        created: $0.createDate)
                }
                marker = page.marker
            } while marker != nil
        }
        return rows
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
