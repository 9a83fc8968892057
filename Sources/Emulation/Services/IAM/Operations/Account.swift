import AWSModel
import AWSTypes

// The account's alias, password policy, summary, everything at once and roles' boundaries.

extension IAMService {
    private static let settings = "settings"

    func registerAccount(_ table: inout OperationTable) {
        table.on(IAM.createAccountAlias) { [unowned self] (input, call) throws(ServiceError) in
            let taken = records.contains { account in
                account.key != call.scope.accountID
                    && record(.account, Self.settings, of: account.key)?.string("alias") == input.accountAlias
            }
            guard !taken else {
                throw .entityAlreadyExists("The account alias \(input.accountAlias) already exists.")
            }
            change(call) { $0["alias"] = .string(input.accountAlias) }
            return Unit()
        }
        table.on(IAM.deleteAccountAlias) { [unowned self] (input, call) throws(ServiceError) in
            guard settings(call).string("alias") == input.accountAlias else {
                throw .noSuchEntity("The account alias \(input.accountAlias) cannot be found.")
            }
            change(call) { $0["alias"] = nil }
            return Unit()
        }
        table.on(IAM.listAccountAliases) { [unowned self] (_, call) in
            IAM.ListAccountAliasesResponse(
                accountAliases: settings(call).string("alias").map { [$0] } ?? [], isTruncated: false)
        }
        table.on(IAM.updateAccountPasswordPolicy) { [unowned self] (input, call) throws(ServiceError) in
            var policy = input.document
            // AWS: what is left out goes back to its default.
            for (name, value) in Self.passwordDefaults where policy[name] == nil { policy[name] = value }
            policy["ExpirePasswords"] = .bool((policy.integer("MaxPasswordAge") ?? 0) > 0)
            change(call) { $0["passwords"] = .object(policy) }
            return Unit()
        }
        table.on(IAM.getAccountPasswordPolicy) { [unowned self] (_, call) throws(ServiceError) in
            guard let policy = settings(call).object("passwords") else { throw Self.noPasswordPolicy(call) }
            return IAM.GetAccountPasswordPolicyResponse(passwordPolicy: IAM.PasswordPolicy(policy))
        }
        table.on(IAM.deleteAccountPasswordPolicy) { [unowned self] (_, call) throws(ServiceError) in
            guard settings(call).object("passwords") != nil else {
                throw .noSuchEntity("The account policy with name PasswordPolicy cannot be found.")
            }
            change(call) { $0["passwords"] = nil }
            return Unit()
        }
        table.on(IAM.getAccountSummary) { [unowned self] (_, call) in
            IAM.GetAccountSummaryResponse(summaryMap: summary(call))
        }
        table.on(IAM.getAccountAuthorizationDetails, getAccountAuthorizationDetails)
        table.on(IAM.putRolePermissionsBoundary) { [unowned self] (input, call) throws(ServiceError) in
            var role = try role(input.roleName, call)
            try checkBoundary(input.permissionsBoundary, in: role.accountID)
            role.permissionsBoundary = input.permissionsBoundary
            store(role)
            return Unit()
        }
        table.on(IAM.deleteRolePermissionsBoundary) { [unowned self] (input, call) throws(ServiceError) in
            var role = try role(input.roleName, call)
            role.permissionsBoundary = nil
            store(role)
            return Unit()
        }
    }

    private static let passwordDefaults: DocumentObject = [
        "MinimumPasswordLength": 6, "RequireSymbols": false, "RequireNumbers": false,
        "RequireUppercaseCharacters": false, "RequireLowercaseCharacters": false, "AllowUsersToChangePassword": false,
    ]

    private static func noPasswordPolicy(_ call: Call) -> ServiceError {
        .noSuchEntity("The Password Policy with domain name \(call.scope.accountID) cannot be found.")
    }

    /// What a password must be, where the account has a policy of its own.
    func checkPassword(_ password: String, _ call: Call) throws(ServiceError) {
        guard let policy = settings(call).object("passwords") else { return }
        func violation(_ text: String) -> ServiceError {
            ServiceError("PasswordPolicyViolationException", text, queryCode: "PasswordPolicyViolation")
        }
        let minimum = policy.integer("MinimumPasswordLength") ?? 6
        guard password.count >= minimum else {
            throw violation("Password should have a minimum length of \(minimum)")
        }
        let rules: [(String, String, (Character) -> Bool)] = [
            ("RequireUppercaseCharacters", "uppercase letter", \.isUppercase),
            ("RequireLowercaseCharacters", "lowercase letter", \.isLowercase),
            ("RequireNumbers", "number", \.isNumber),
            ("RequireSymbols", "symbol", { !$0.isLetter && !$0.isNumber }),
        ]
        for (name, word, holds) in rules where policy.bool(name) == true && !password.contains(where: holds) {
            throw violation("Password should have at least one \(word)")
        }
    }

    private func settings(_ call: Call) -> DocumentObject {
        record(.account, Self.settings, of: call.scope.accountID) ?? [:]
    }

    func change(_ call: Call, _ body: (inout DocumentObject) -> Void) {
        var document = settings(call)
        body(&document)
        put(.account, Self.settings, document, in: call.scope.accountID)
    }

    private func summary(_ call: Call) -> [String: Int] {
        let account = call.scope.accountID
        let users = users(of: account)
        let policies = customerPolicies(of: account)
        return [
            "GroupPolicySizeQuota": 5120, "InstanceProfilesQuota": 1000, "Policies": policies.count,
            "GroupsPerUserQuota": 10, "InstanceProfiles": records(.instanceProfile, of: account).count,
            "AttachedPoliciesPerUserQuota": 10, "Users": users.count, "PoliciesQuota": 1500,
            "Providers": records(.openIDProvider, of: account).count + records(.samlProvider, of: account).count,
            "AccountMFAEnabled": 0, "AccountPasswordPresent": 1, "AccessKeysPerUserQuota": 2,
            "AssumeRolePolicySizeQuota": 2048,
            "PolicyVersionsInUseQuota": 10_000,
            "GlobalEndpointTokenVersion": settings(call).integer("tokenVersion") ?? 1, "VersionsPerPolicyQuota": 5,
            "AttachedPoliciesPerGroupQuota": 10, "PolicySizeQuota": 6144, "Groups": groups(of: account).count,
            "AccountSigningCertificatesPresent": 0, "UsersQuota": 5000,
            "ServerCertificates": records(.serverCertificate, of: account).count,
            "MFADevices": records(.device, of: account).count { $0.name.hasPrefix("arn:") },
            "UserPolicySizeQuota": 2048,
            "PolicyVersionsInUse": policies.reduce(0) { $0 + $1.versions.count }, "ServerCertificatesQuota": 20,
            "Roles": roles(of: account).count, "RolesQuota": 1000, "SigningCertificatesPerUserQuota": 2,
            "MFADevicesInUse": records(.device, of: account).count { $0.document.string("user") != nil },
            "RolePolicySizeQuota": 10_240, "AttachedPoliciesPerRoleQuota": 10, "AccountAccessKeysPresent": 0,
            "GroupsQuota": 300,
        ]
    }

    // MARK: Everything at once

    private func getAccountAuthorizationDetails(
        _ input: IAM.GetAccountAuthorizationDetailsRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetAccountAuthorizationDetailsResponse {
        let account = call.scope.accountID
        let wanted = Set(input.filter ?? [])
        func wants(_ kind: String) -> Bool { wanted.isEmpty || wanted.contains(kind) }
        var policies: [ManagedPolicy] = []
        if wants("LocalManagedPolicy") { policies += customerPolicies(of: account) }
        if wants("AWSManagedPolicy") {
            policies += AWSManagedPolicies.all.filter { attachmentCount(of: $0.arn, in: account) > 0 }
        }
        return IAM.GetAccountAuthorizationDetailsResponse(
            userDetailList: wants("User") ? users(of: account).map(detail) : [],
            groupDetailList: wants("Group") ? groups(of: account).map(detail) : [],
            roleDetailList: wants("Role") ? roles(of: account).map(detail) : [],
            policies: policies.sorted { $0.name < $1.name }.map { detail($0, in: account) }, isTruncated: false)
    }

    private func inline<Holder: PolicyHolder>(_ holder: Holder) -> [IAM.PolicyDetail] {
        holder.inlinePolicies.sorted { $0.key < $1.key }.map {
            IAM.PolicyDetail(policyName: $0.key, policyDocument: IAMText.percentEncoded($0.value.text))
        }
    }

    private func attached<Holder: PolicyHolder>(_ holder: Holder) -> [IAM.AttachedPolicy] {
        holder.attachedPolicies.compactMap { arn in
            policy(arn, in: holder.accountID).map { IAM.AttachedPolicy(policyName: $0.name, policyArn: $0.arn) }
        }
    }

    private func detail(_ user: IAMUser) -> IAM.UserDetail {
        IAM.UserDetail(
            path: user.path, userName: user.name, userId: user.id, arn: user.arn, createDate: user.createDate,
            userPolicyList: inline(user), groupList: user.groups, attachedManagedPolicies: attached(user),
            permissionsBoundary: Self.boundary(user.permissionsBoundary), tags: IAMText.tags(user.tags))
    }

    private func detail(_ group: IAMGroup) -> IAM.GroupDetail {
        IAM.GroupDetail(
            path: group.path, groupName: group.name, groupId: group.id, arn: group.arn, createDate: group.createDate,
            groupPolicyList: inline(group), attachedManagedPolicies: attached(group))
    }

    private func detail(_ role: IAMRole) -> IAM.RoleDetail {
        IAM.RoleDetail(
            path: role.path, roleName: role.name, roleId: role.id, arn: role.arn, createDate: role.createDate,
            assumeRolePolicyDocument: IAMText.percentEncoded(role.trust.text),
            instanceProfileList: instanceProfiles(of: role), rolePolicyList: inline(role),
            attachedManagedPolicies: attached(role), permissionsBoundary: Self.boundary(role.permissionsBoundary),
            tags: IAMText.tags(role.tags))
    }

    private func detail(_ policy: ManagedPolicy, in account: String) -> IAM.ManagedPolicyDetail {
        IAM.ManagedPolicyDetail(
            policyName: policy.name, policyId: policy.id, arn: policy.arn, path: policy.path,
            defaultVersionId: "v\(policy.defaultVersion)",
            attachmentCount: attachmentCount(of: policy.arn, in: account),
            permissionsBoundaryUsageCount: boundaryCount(of: policy.arn, in: account),
            isAttachable: true, description: policy.description, createDate: policy.createDate,
            updateDate: policy.updateDate,
            policyVersionList: policy.versions.reversed().map {
                IAM.PolicyVersion(
                    documentText: IAMText.percentEncoded($0.document.text), versionId: $0.id,
                    isDefaultVersion: $0.number == policy.defaultVersion, createDate: $0.createDate)
            })
    }
}
