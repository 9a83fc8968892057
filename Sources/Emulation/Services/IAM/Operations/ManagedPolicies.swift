import AWSModel
import AWSTypes

// CreatePolicy, GetPolicy, ListPolicies, DeletePolicy, CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions,
// DeletePolicyVersion, SetDefaultPolicyVersion.

extension IAMService {
    private static let versionsLimit = 5
    /// AWS: bytes of a managed policy, white space aside.
    private static let policySize = 6144

    func createPolicy(_ input: IAM.CreatePolicyRequest, _ call: Call) throws(ServiceError) -> IAM.CreatePolicyResponse {
        let account = call.scope.accountID
        let path = input.path ?? "/"
        guard !customerPolicies(of: account).contains(where: { $0.name == input.policyName }) else {
            throw .entityAlreadyExists(
                "A policy called \(input.policyName) already exists. Duplicate names are not allowed.")
        }
        let document = try Self.document(input.policyDocument)
        let policy = ManagedPolicy(
            accountID: account, name: input.policyName, path: path, id: "ANPA" + core.identifiers.upperAlphanumeric(17),
            arn: "arn:\(call.scope.partition):iam::\(account):policy\(path)\(input.policyName)",
            description: input.description, createDate: call.time, updateDate: call.time,
            versions: [ManagedPolicy.Version(number: 1, document: document, createDate: call.time)], defaultVersion: 1,
            lastVersion: 1, tags: try IAMText.merged([:], input.tags ?? []))
        store(policy)
        core.attribute(call, to: policy.arn)
        return IAM.CreatePolicyResponse(policy: described(policy, in: account, withTags: true))
    }

    func getPolicy(_ input: IAM.GetPolicyRequest, _ call: Call) throws(ServiceError) -> IAM.GetPolicyResponse {
        var described = described(try policy(input.policyArn, call), in: call.scope.accountID, withTags: true)
        described.tags = described.tags ?? []
        return IAM.GetPolicyResponse(policy: described)
    }

    func listPolicies(_ input: IAM.ListPoliciesRequest, _ call: Call) throws(ServiceError) -> IAM.ListPoliciesResponse {
        let account = call.scope.accountID
        var listed: [ManagedPolicy] = []
        if input.scope != "AWS" { listed += customerPolicies(of: account) }
        if input.scope != "Local" { listed += AWSManagedPolicies.all }
        let uses = PolicyUses(self, account)
        listed = listed.filter { policy in
            guard policy.path.hasPrefix(input.pathPrefix ?? "/") else { return false }
            let usesBoundary = input.policyUsageFilter == "PermissionsBoundary"
            if usesBoundary { return uses.boundaries[policy.arn] != nil }
            return input.onlyAttached != true || uses.attachments[policy.arn] != nil
        }
        listed.sort { ($0.name, $0.arn) < ($1.name, $1.arn) }
        let page = try IAMPage(listed, marker: input.marker, maxItems: input.maxItems) { "\($0.name) \($0.arn)" }
        return IAM.ListPoliciesResponse(
            policies: page.items.map { policy in
                var described = described(policy, uses, withTags: false)
                // AWS: lists leave the description out.
                described.description = nil
                return described
            }, isTruncated: page.isTruncated, marker: page.marker)
    }

    func deletePolicy(_ input: IAM.DeletePolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        let policy = try ownPolicy(input.policyArn, call)
        guard attachmentCount(of: policy.arn, in: policy.accountID) == 0,
            boundaryCount(of: policy.arn, in: policy.accountID) == 0
        else { throw .deleteConflict("Cannot delete a policy attached to entities.") }
        guard policy.versions.count == 1 else {
            throw .deleteConflict(
                """
                This policy has more than one version. Before you delete a policy, you must delete the policy's \
                versions. The default version is deleted with the policy.
                """)
        }
        remove(policy)
        return Unit()
    }

    // MARK: Versions

    func createPolicyVersion(
        _ input: IAM.CreatePolicyVersionRequest, _ call: Call
    ) throws(ServiceError) -> IAM.CreatePolicyVersionResponse {
        var policy = try ownPolicy(input.policyArn, call)
        let document = try Self.document(input.policyDocument)
        guard policy.versions.count < Self.versionsLimit else {
            throw .iamLimitExceeded(
                """
                A managed policy can have up to \(Self.versionsLimit) versions. Before you create a new version, you must \
                delete an existing version.
                """)
        }
        policy.lastVersion += 1
        let version = ManagedPolicy.Version(number: policy.lastVersion, document: document, createDate: call.time)
        policy.versions.append(version)
        if input.setAsDefault == true { policy.defaultVersion = version.number }
        policy.updateDate = call.time
        store(policy)
        return IAM.CreatePolicyVersionResponse(policyVersion: Self.described(version, of: policy, withDocument: false))
    }

    func getPolicyVersion(
        _ input: IAM.GetPolicyVersionRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetPolicyVersionResponse {
        guard let policy = policy(input.policyArn, in: call.scope.accountID) else {
            throw Self.noVersion(input.versionId, of: input.policyArn)
        }
        let version = try Self.version(input.versionId, of: policy)
        return IAM.GetPolicyVersionResponse(policyVersion: Self.described(version, of: policy, withDocument: true))
    }

    func listPolicyVersions(
        _ input: IAM.ListPolicyVersionsRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListPolicyVersionsResponse {
        let policy = try policy(input.policyArn, call)
        // AWS: newest first; five at most, so one page always.
        return IAM.ListPolicyVersionsResponse(
            versions: policy.versions.reversed().map { Self.described($0, of: policy, withDocument: false) },
            isTruncated: false)
    }

    func deletePolicyVersion(_ input: IAM.DeletePolicyVersionRequest, _ call: Call) throws(ServiceError) -> Unit {
        var policy = try ownPolicy(input.policyArn, call)
        let version = try Self.version(input.versionId, of: policy)
        guard version.number != policy.defaultVersion else {
            throw .deleteConflict("Cannot delete the default version of a policy.")
        }
        policy.versions.removeAll { $0.number == version.number }
        store(policy)
        return Unit()
    }

    func setDefaultPolicyVersion(
        _ input: IAM.SetDefaultPolicyVersionRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        guard policy(input.policyArn, in: call.scope.accountID) != nil else {
            throw Self.noVersion(input.versionId, of: input.policyArn)
        }
        var policy = try ownPolicy(input.policyArn, call)
        policy.defaultVersion = try Self.version(input.versionId, of: policy).number
        policy.updateDate = call.time
        store(policy)
        return Unit()
    }

    // MARK: Parts

    /// A policy that may be changed: AWS's own may not.
    func ownPolicy(_ arn: String, _ call: Call) throws(ServiceError) -> ManagedPolicy {
        let policy = try policy(arn, call)
        guard !policy.isProvidedByAWS else {
            throw ServiceError("InvalidInputException", "Policy \(arn) is managed by AWS and cannot be changed.")
        }
        return policy
    }

    private static func document(_ text: String) throws(ServiceError) -> PolicyDocument {
        let document = try PolicyDocument(text, kind: .managed)
        guard document.countedSize <= policySize else {
            throw .iamLimitExceeded("Cannot exceed quota for PolicySize: \(policySize)")
        }
        return document
    }

    private static func version(_ id: String, of policy: ManagedPolicy) throws(ServiceError) -> ManagedPolicy.Version {
        guard let version = policy.versions.first(where: { $0.id == id }) else {
            throw noVersion(id, of: policy.arn)
        }
        return version
    }

    private static func noVersion(_ id: String, of arn: String) -> ServiceError {
        .noSuchEntity("Policy \(arn) version \(id) does not exist or is not attachable.")
    }

    /// How often each policy is attached, and how often it is somebody's boundary.
    private struct PolicyUses {
        var attachments: [String: Int] = [:]
        var boundaries: [String: Int] = [:]

        init(_ iam: IAMService, _ account: String) {
            let users = iam.users(of: account)
            let roles = iam.roles(of: account)
            let attached =
                users.flatMap(\.attachedPolicies) + roles.flatMap(\.attachedPolicies)
                + iam.groups(of: account).flatMap(\.attachedPolicies)
            for arn in attached { attachments[arn, default: 0] += 1 }
            for arn in users.compactMap(\.permissionsBoundary) + roles.compactMap(\.permissionsBoundary) {
                boundaries[arn, default: 0] += 1
            }
        }
    }

    func attachmentCount(of arn: String, in account: String) -> Int {
        attachments(of: arn, in: account).count + users(of: account).count { $0.attachedPolicies.contains(arn) }
            + groups(of: account).count { $0.attachedPolicies.contains(arn) }
    }

    func boundaryCount(of arn: String, in account: String) -> Int {
        roles(of: account).count { $0.permissionsBoundary == arn }
            + users(of: account).count { $0.permissionsBoundary == arn }
    }

    private func described(_ policy: ManagedPolicy, in account: String, withTags: Bool) -> IAM.Policy {
        described(policy, PolicyUses(self, account), withTags: withTags)
    }

    private func described(_ policy: ManagedPolicy, _ uses: PolicyUses, withTags: Bool) -> IAM.Policy {
        IAM.Policy(
            policyName: policy.name, policyId: policy.id, arn: policy.arn, path: policy.path,
            defaultVersionId: "v\(policy.defaultVersion)",
            attachmentCount: uses.attachments[policy.arn] ?? 0,
            permissionsBoundaryUsageCount: uses.boundaries[policy.arn] ?? 0, isAttachable: true,
            description: policy.description, createDate: policy.createDate, updateDate: policy.updateDate,
            tags: withTags && !policy.tags.isEmpty ? IAMText.tags(policy.tags) : nil)
    }

    private static func described(
        _ version: ManagedPolicy.Version, of policy: ManagedPolicy, withDocument: Bool
    ) -> IAM.PolicyVersion {
        IAM.PolicyVersion(
            documentText: withDocument ? IAMText.percentEncoded(version.document.text) : nil, versionId: version.id,
            isDefaultVersion: version.number == policy.defaultVersion, createDate: version.createDate)
    }
}
