import AWSClient
import AWSModel
import AWSTypes

/// What policies hang on.
enum IdentityKind: String, CaseIterable, Sendable, Hashable {
    case role, user, group

    var plural: String {
        switch self {
        case .role: "Roles"
        case .user: "Users"
        case .group: "Groups"
        }
    }

    var screen: String { "iam.\(rawValue)" }

    // MARK: Policies

    func attached(to name: String, _ aws: AWSClient) async throws(AWSError) -> [IAM.AttachedPolicy] {
        switch self {
        case .role: try await aws.call(IAM.listAttachedRolePolicies, .init(roleName: name)).attachedPolicies ?? []
        case .user: try await aws.call(IAM.listAttachedUserPolicies, .init(userName: name)).attachedPolicies ?? []
        case .group: try await aws.call(IAM.listAttachedGroupPolicies, .init(groupName: name)).attachedPolicies ?? []
        }
    }

    func inlineNames(of name: String, _ aws: AWSClient) async throws(AWSError) -> [String] {
        switch self {
        case .role: try await aws.call(IAM.listRolePolicies, .init(roleName: name)).policyNames
        case .user: try await aws.call(IAM.listUserPolicies, .init(userName: name)).policyNames
        case .group: try await aws.call(IAM.listGroupPolicies, .init(groupName: name)).policyNames
        }
    }

    func inlineText(_ policy: String, of name: String, _ aws: AWSClient) async throws(AWSError) -> String {
        let text =
            switch self {
            case .role:
                try await aws.call(IAM.getRolePolicy, .init(roleName: name, policyName: policy)).policyDocument
            case .user:
                try await aws.call(IAM.getUserPolicy, .init(userName: name, policyName: policy)).policyDocument
            case .group:
                try await aws.call(IAM.getGroupPolicy, .init(groupName: name, policyName: policy)).policyDocument
            }
        return FunctionPoliciesScreen.percentDecoded(text)
    }

    func putInline(_ policy: String, _ text: String, on name: String, _ aws: AWSClient) async throws(AWSError) {
        switch self {
        case .role:
            _ = try await aws.call(
                IAM.putRolePolicy, .init(roleName: name, policyName: policy, policyDocument: text))
        case .user:
            _ = try await aws.call(
                IAM.putUserPolicy, .init(userName: name, policyName: policy, policyDocument: text))
        case .group:
            _ = try await aws.call(
                IAM.putGroupPolicy, .init(groupName: name, policyName: policy, policyDocument: text))
        }
    }

    func attach(_ arn: String, to name: String, _ aws: AWSClient) async throws(AWSError) {
        switch self {
        case .role: _ = try await aws.call(IAM.attachRolePolicy, .init(roleName: name, policyArn: arn))
        case .user: _ = try await aws.call(IAM.attachUserPolicy, .init(userName: name, policyArn: arn))
        case .group: _ = try await aws.call(IAM.attachGroupPolicy, .init(groupName: name, policyArn: arn))
        }
    }

    /// Detaches a managed policy, or deletes an inline one.
    func remove(_ policy: HeldPolicy, from name: String, _ aws: AWSClient) async throws(AWSError) {
        switch (self, policy.arn) {
        case (.role, let arn?): _ = try await aws.call(IAM.detachRolePolicy, .init(roleName: name, policyArn: arn))
        case (.user, let arn?): _ = try await aws.call(IAM.detachUserPolicy, .init(userName: name, policyArn: arn))
        case (.group, let arn?):
            _ = try await aws.call(IAM.detachGroupPolicy, .init(groupName: name, policyArn: arn))
        case (.role, nil):
            _ = try await aws.call(IAM.deleteRolePolicy, .init(roleName: name, policyName: policy.name))
        case (.user, nil):
            _ = try await aws.call(IAM.deleteUserPolicy, .init(userName: name, policyName: policy.name))
        case (.group, nil):
            _ = try await aws.call(IAM.deleteGroupPolicy, .init(groupName: name, policyName: policy.name))
        }
    }

    func delete(_ name: String, _ aws: AWSClient) async throws(AWSError) {
        switch self {
        case .role: _ = try await aws.call(IAM.deleteRole, .init(roleName: name))
        case .user: _ = try await aws.call(IAM.deleteUser, .init(userName: name))
        case .group: _ = try await aws.call(IAM.deleteGroup, .init(groupName: name))
        }
    }
}

/// A policy that an identity has.
struct HeldPolicy: Identifiable, Hashable, Sendable {
    enum Form: String, Sendable {
        case aws = "AWS managed", customer = "Customer", inline = "Inline", boundary = "Boundary"
    }

    var name: String
    /// Nil for an inline one.
    var arn: String?
    var form: Form
    /// As IAM stores it.
    var text: String
    /// As the simulator names it.
    var sourceID: String
    /// The group it comes from, where that is not the identity itself.
    var via: String?

    var id: String { "\(via ?? "")/\(form.rawValue)/\(arn ?? name)" }

    /// Everything that decides what an identity may do: its own policies, its groups', its boundary.
    static func all(
        of kind: IdentityKind, _ name: String, boundary: String?, groups: [String] = [], _ aws: AWSClient
    ) async throws(AWSError) -> [HeldPolicy] {
        var held: [HeldPolicy] = []
        for policy in try await kind.attached(to: name, aws) {
            guard let arn = policy.policyArn else { continue }
            held.append(try await managed(arn, aws))
        }
        for policy in try await kind.inlineNames(of: name, aws) {
            let text = try await kind.inlineText(policy, of: name, aws)
            held.append(
                HeldPolicy(
                    name: policy, form: .inline, text: text, sourceID: "\(kind.rawValue)_\(name)_\(policy)"))
        }
        for group in groups {
            for var policy in try await all(of: .group, group, boundary: nil, aws) {
                policy.via = group
                held.append(policy)
            }
        }
        if let boundary {
            var policy = try await managed(boundary, aws)
            policy.form = .boundary
            held.append(policy)
        }
        return held
    }

    static func managed(_ arn: String, _ aws: AWSClient) async throws(AWSError) -> HeldPolicy {
        let policy = try await aws.call(IAM.getPolicy, .init(policyArn: arn)).policy
        let version = policy?.defaultVersionId ?? "v1"
        let text = try await aws.call(IAM.getPolicyVersion, .init(policyArn: arn, versionId: version))
            .policyVersion?.documentText
        let name = policy?.policyName ?? ResourceName.last(of: arn)
        return HeldPolicy(
            name: name, arn: arn, form: arn.contains(":iam::aws:") ? .aws : .customer,
            text: FunctionPoliciesScreen.percentDecoded(text ?? ""), sourceID: name)
    }
}
