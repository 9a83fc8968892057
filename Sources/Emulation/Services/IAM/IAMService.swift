import AWSModel
import AWSTypes

/// IAM: users, groups, roles, policies and what belongs to them. Global: state is per account, whatever the region.
///
/// Roles are left out of the resource map; the pages of what runs with them show them.
public final class IAMService: Service {
    public static let id = IAM.id
    public static let migrations = [
        Migration(
            "iam-1",
            """
            CREATE TABLE iam_roles (
                account TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (account, name)) WITHOUT ROWID;
            CREATE TABLE iam_policies (
                account TEXT NOT NULL, arn TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (account, arn)) WITHOUT ROWID;
            """),
        Migration(
            "iam-2",
            """
            CREATE TABLE iam_entities (
                account TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (account, kind, name)) WITHOUT ROWID;
            """),
    ]

    static let rolesTopic = "iam:roles"
    static let policiesTopic = "iam:policies"

    unowned let core: EngineCore
    /// Whether a role that was never created may be used: local projects often name one that is only in AWS.
    public var acceptsUnknownRoles = true
    private var roles: [String: [String: IAMRole]] = [:]
    private var policies: [String: [String: ManagedPolicy]] = [:]

    var userAccounts: [String: [String: IAMUser]] = [:]
    var groupAccounts: [String: [String: IAMGroup]] = [:]
    var accessKeyOwners: [String: (accountID: String, user: String)] = [:]
    /// When users, roles and access keys were last used, by ARN or key, then by the service's namespace.
    var uses: [String: [String: LastUse]] = [:]
    /// By account, kind and name.
    var records: [String: [String: [String: DocumentObject]]] = [:]
    /// Counts changes, so that compiled policies are known to be stale.
    var generation: UInt64 = 0
    let access: AccessEnforcement

    public init(core: EngineCore) {
        self.core = core
        access = AccessEnforcement(core: core)
        access.iam = self
        core.authorizer.judge = access
    }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(IAM.createRole, createRole)
        table.on(IAM.getRole, getRole)
        table.on(IAM.listRoles, listRoles)
        table.on(IAM.deleteRole, deleteRole)
        table.on(IAM.updateRole, updateRole)
        table.on(IAM.updateRoleDescription, updateRoleDescription)
        table.on(IAM.updateAssumeRolePolicy, updateAssumeRolePolicy)
        table.on(IAM.listEntitiesForPolicy, listEntitiesForPolicy)
        table.on(IAM.createPolicy, createPolicy)
        table.on(IAM.getPolicy, getPolicy)
        table.on(IAM.listPolicies, listPolicies)
        table.on(IAM.deletePolicy, deletePolicy)
        table.on(IAM.createPolicyVersion, createPolicyVersion)
        table.on(IAM.getPolicyVersion, getPolicyVersion)
        table.on(IAM.listPolicyVersions, listPolicyVersions)
        table.on(IAM.deletePolicyVersion, deletePolicyVersion)
        table.on(IAM.setDefaultPolicyVersion, setDefaultPolicyVersion)
        table.on(IAM.tagRole, tagRole)
        table.on(IAM.untagRole, untagRole)
        table.on(IAM.listRoleTags, listRoleTags)
        table.on(IAM.tagPolicy, tagPolicy)
        table.on(IAM.untagPolicy, untagPolicy)
        table.on(IAM.listPolicyTags, listPolicyTags)
        registerUsers(&table)
        registerHolderPolicies(&table)
        registerGroups(&table)
        registerCredentials(&table)
        registerSimulation(&table)
        registerOrganizations(&table)
        registerAccount(&table)
        registerInstanceProfiles(&table)
        registerDevices(&table)
        registerProviders(&table)
        registerUploads(&table)
        registerServerCertificates(&table)
        registerServiceCredentials(&table)
        registerReports(&table)
        registerServiceLinkedRoles(&table)
        registerRecordTags(&table)
        return table
    }

    // MARK: For other services

    /// The role an ARN names; nil where there is none.
    public func role(arn: String) -> IAMRole? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5].hasPrefix("role/"), let name = parts[5].split(separator: "/").last,
            let role = roles[String(parts[4])]?[String(name)], role.arn == arn
        else { return nil }
        return role
    }

    /// Whether a service such as `lambda.amazonaws.com` may run with a role. A role that does not exist may be used as long as
    /// ``acceptsUnknownRoles``.
    public func canBeAssumed(roleArn: String, by servicePrincipal: String) -> Bool {
        guard let role = role(arn: roleArn) else { return acceptsUnknownRoles }
        return role.trust.allowsAssumption(by: .service(servicePrincipal))
    }

    /// A role by name; sessions know no more of it.
    func role(named name: String, in accountID: String) -> IAMRole? { roles[accountID]?[name] }

    /// Every identity policy of a role by name, inline ones first.
    public func policies(of role: IAMRole) -> [(name: String, document: PolicyDocument)] {
        let inline = role.inlinePolicies.sorted { $0.key < $1.key }.map { (name: $0.key, document: $0.value) }
        return inline
            + role.attachedPolicies.compactMap { arn in
                policy(arn, in: role.accountID).flatMap { policy in policy.document.map { (policy.name, $0) } }
            }
    }

    /// Remembers when a role was last assumed.
    func noteUse(of role: IAMRole, in region: String) {
        var role = role
        role.lastUsed = core.now
        role.lastUsedRegion = region
        store(role)
    }

    // MARK: State

    func role(_ name: String, _ call: Call) throws(ServiceError) -> IAMRole {
        guard let role = roles[call.scope.accountID]?[name] else {
            throw .noSuchEntity("The role with name \(name) cannot be found.")
        }
        core.attribute(call, to: role.arn)
        return role
    }

    func roles(of accountID: String) -> [IAMRole] { (roles[accountID] ?? [:]).values.sorted { $0.name < $1.name } }

    func exists(role name: String, in accountID: String) -> Bool { roles[accountID]?[name] != nil }

    func store(_ role: IAMRole) {
        generation &+= 1
        roles[role.accountID, default: [:]][role.name] = role
        core.journal.record(
            "INSERT OR REPLACE INTO iam_roles VALUES (?, ?, ?)",
            [.text(role.accountID), .text(role.name), .document(role.row)])
        core.changes.mark(role.arn)
        core.changes.mark(Self.rolesTopic)
    }

    func remove(_ role: IAMRole) {
        generation &+= 1
        roles[role.accountID]?[role.name] = nil
        core.journal.record(
            "DELETE FROM iam_roles WHERE account = ? AND name = ?", [.text(role.accountID), .text(role.name)])
        core.changes.mark(role.arn)
        core.changes.mark(Self.rolesTopic)
    }

    /// A customer's policy, or one that AWS provides.
    func policy(_ arn: String, in accountID: String) -> ManagedPolicy? {
        policies[accountID]?[arn] ?? AWSManagedPolicies.policy(arn: arn)
    }

    func policy(_ arn: String, _ call: Call) throws(ServiceError) -> ManagedPolicy {
        guard let policy = policy(arn, in: call.scope.accountID) else {
            throw .noSuchEntity("Policy \(arn) was not found.")
        }
        core.attribute(call, to: arn)
        return policy
    }

    func customerPolicies(of accountID: String) -> [ManagedPolicy] { Array((policies[accountID] ?? [:]).values) }

    func store(_ policy: ManagedPolicy) {
        generation &+= 1
        policies[policy.accountID, default: [:]][policy.arn] = policy
        core.journal.record(
            "INSERT OR REPLACE INTO iam_policies VALUES (?, ?, ?)",
            [.text(policy.accountID), .text(policy.arn), .document(policy.row)])
        core.changes.mark(policy.arn)
        core.changes.mark(Self.policiesTopic)
    }

    func remove(_ policy: ManagedPolicy) {
        generation &+= 1
        policies[policy.accountID]?[policy.arn] = nil
        core.journal.record(
            "DELETE FROM iam_policies WHERE account = ? AND arn = ?", [.text(policy.accountID), .text(policy.arn)])
        core.changes.mark(policy.arn)
        core.changes.mark(Self.policiesTopic)
    }

    /// Roles that a policy is attached to.
    func attachments(of arn: String, in accountID: String) -> [IAMRole] {
        roles(of: accountID).filter { $0.attachedPolicies.contains(arn) }
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, document FROM iam_roles") { row in
            guard let role = IAMRole(accountID: row.text(0), row: row.document(1)) else { return }
            roles[role.accountID, default: [:]][role.name] = role
        }
        try store.forEach("SELECT account, document FROM iam_policies") { row in
            guard let policy = ManagedPolicy(accountID: row.text(0), row: row.document(1)) else { return }
            policies[policy.accountID, default: [:]][policy.arn] = policy
        }
        try restoreEntities(from: store)
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] { access.explanations(of: resourceArn) }
    public func problems(in scope: Scope) -> [Problem] { access.problems(in: scope) }
}
