import AWSModel
import AWSTypes

// PutAccountPolicy, DescribeAccountPolicies, DeleteAccountPolicy.

/// What an account policy is about; AWS's name is the raw value.
private enum AccountPolicyType: String {
    case dataProtection = "DATA_PROTECTION_POLICY"
    case subscription = "SUBSCRIPTION_FILTER_POLICY"
    case fieldIndex = "FIELD_INDEX_POLICY"
    case transformer = "TRANSFORMER_POLICY"

    /// AWS: one of each type, save for those that choose their groups.
    var most: Int {
        switch self {
        case .dataProtection, .subscription: 1
        case .fieldIndex, .transformer: 20
        }
    }
}

/// A transformer for many groups.
struct AccountTransformer {
    let name: String
    let criteria: LogGroupCriteria?
    var setting = TimedSetting<LogTransformer>()

    func covers(_ group: LogGroup) -> Bool {
        group.logGroupClass == "STANDARD" && criteria?.covers(group.name) ?? true
    }
}

extension LogsService {
    private static func accountKind(_ type: String) -> String { "account-policy-\(type)" }
    /// What counted when, by the name of the policy.
    private static let accountVersions = "account-versions-"

    func putAccountPolicy(
        _ input: Logs.PutAccountPolicyRequest, _ call: Call, _ reply: Reply<Logs.PutAccountPolicyResponse>
    ) throws(ServiceError) {
        guard let type = AccountPolicyType(rawValue: input.policyType) else {
            throw .notImplemented(service: Self.id, operation: "PutAccountPolicy of a \(input.policyType)")
        }
        try Self.checkJSON(input.policyDocument)
        let criteria = try input.selectionCriteria.map { text throws(ServiceError) in try LogGroupCriteria(text) }
        let others = items(Self.accountKind(input.policyType), in: call.scope).filter { $0.id != input.policyName }
        guard others.isEmpty || (criteria != nil && others.count < type.most) else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        switch type {
        case .fieldIndex: break
        case .dataProtection: try protectAccount(input, call)
        case .transformer: try transformAccount(input, criteria, call)
        case .subscription:
            let filter = try Self.accountSubscription(input, created: call.time)
            try checkDestination(of: filter.put)
            probe(filter, in: call.scope, cause: call.cause) { [unowned self] error in
                if let error { return reply.fail(error) }
                accountSubscriptions[call.scope] = filter
                reply.succeed(keep(input, call))
            }
            return
        }
        reply.succeed(keep(input, call))
    }

    private func keep(_ input: Logs.PutAccountPolicyRequest, _ call: Call) -> Logs.PutAccountPolicyResponse {
        let item = LogsItem(
            scope: call.scope, kind: Self.accountKind(input.policyType), id: input.policyName,
            document: input.document, modified: call.time)
        save(item)
        return Logs.PutAccountPolicyResponse(accountPolicy: Self.accountPolicy(item))
    }

    // MARK: What the policies do

    private func protectAccount(_ input: Logs.PutAccountPolicyRequest, _ call: Call) throws(ServiceError) {
        let protection = try DataProtection(input.policyDocument)
        accountProtection[call.scope, default: TimedSetting()].put(protection, since: call.time.epochMilliseconds)
        setVersion(
            Self.accountVersions + input.policyType, "ALL", .string(input.policyDocument), at: call.time,
            in: call.scope)
    }

    private func transformAccount(
        _ input: Logs.PutAccountPolicyRequest, _ criteria: LogGroupCriteria?, _ call: Call
    ) throws(ServiceError) {
        let config = (try? JSONReader.parse(input.policyDocument)) ?? .null
        // AWS: the document is the list of processors.
        let processors = (config.list ?? []).compactMap(\.object).map { Logs.Processor($0) }
        let transformer = try LogTransformer(processors)
        setTransformer(transformer, input.policyName, criteria, at: call.time.epochMilliseconds, in: call.scope)
        setVersion(
            Self.accountVersions + input.policyType, input.policyName,
            ["config": config, "criteria": input.selectionCriteria.map { .string($0) } ?? .null], at: call.time,
            in: call.scope)
    }

    private func setTransformer(
        _ transformer: LogTransformer?, _ name: String, _ criteria: LogGroupCriteria?, at time: Int64, in scope: Scope
    ) {
        var all = accountTransformers[scope] ?? []
        // Other criteria are another policy: what came under the earlier ones stays as it was.
        for index in all.indices where all[index].name == name { all[index].setting.put(nil, since: time) }
        if let transformer {
            var added = AccountTransformer(name: name, criteria: criteria)
            added.setting.put(transformer, since: time)
            all.append(added)
        }
        accountTransformers[scope] = all
    }

    private static func accountSubscription(
        _ input: Logs.PutAccountPolicyRequest, created: Instant
    ) throws(ServiceError) -> SubscriptionFilter {
        let document = try? JSONReader.parse(input.policyDocument)
        guard let destination = document?["DestinationArn"]?.string else {
            throw .invalidParameter("The policy document must have a DestinationArn.")
        }
        let filter = try SubscriptionFilter(
            Logs.PutSubscriptionFilterRequest(
                logGroupName: "", filterName: input.policyName,
                filterPattern: document?["FilterPattern"]?.string ?? "", destinationArn: destination,
                roleArn: document?["RoleArn"]?.string, distribution: document?["Distribution"]?.string),
            created: created)
        filter.criteria = try input.selectionCriteria.map { text throws(ServiceError) in try LogGroupCriteria(text) }
        return filter
    }

    func restoreAccountTreatments() {
        for item in items.values.sorted(by: { $0.id < $1.id }) {
            switch item.kind {
            case Self.accountVersions + AccountPolicyType.dataProtection.rawValue:
                for (since, value) in Self.versions(item) {
                    accountProtection[item.scope, default: TimedSetting()]
                        .put(value?.string.flatMap { try? DataProtection($0) }, since: since)
                }
            case Self.accountVersions + AccountPolicyType.transformer.rawValue:
                for (since, value) in Self.versions(item) {
                    let criteria = value?["criteria"]?.string.flatMap { try? LogGroupCriteria($0) }
                    let transformer = value?["config"].flatMap(Self.transformer)
                    setTransformer(transformer, item.id, criteria, at: since, in: item.scope)
                }
            case Self.accountKind(AccountPolicyType.subscription.rawValue):
                accountSubscriptions[item.scope] = try? Self.accountSubscription(
                    Logs.PutAccountPolicyRequest(item.document), created: item.modified)
            default: break
            }
        }
    }

    // MARK: Reading and deleting

    private static func accountPolicy(_ item: LogsItem) -> Logs.AccountPolicy {
        Logs.AccountPolicy(
            policyName: item.id, policyDocument: item.document.string("policyDocument"),
            lastUpdatedTime: Int(item.modified.epochMilliseconds), policyType: item.document.string("policyType"),
            scope: item.document.string("scope") ?? "ALL",
            selectionCriteria: item.document.string("selectionCriteria"), accountId: item.scope.accountID)
    }

    func describeAccountPolicies(
        _ input: Logs.DescribeAccountPoliciesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeAccountPoliciesResponse {
        let found = items(Self.accountKind(input.policyType), in: call.scope).filter {
            input.policyName == nil || $0.id == input.policyName
        }
        guard input.policyName == nil || !found.isEmpty else { throw Self.noPolicy }
        let (page, next) = try Self.page(found, input.nextToken, limit: nil) { $0.id }
        return Logs.DescribeAccountPoliciesResponse(accountPolicies: page.map(Self.accountPolicy), nextToken: next)
    }

    func deleteAccountPolicy(_ input: Logs.DeleteAccountPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard removeItem(Self.accountKind(input.policyType), input.policyName, in: call.scope) else {
            throw Self.noPolicy
        }
        let time = call.time.epochMilliseconds
        switch AccountPolicyType(rawValue: input.policyType) {
        case .dataProtection:
            accountProtection[call.scope]?.put(nil, since: time)
            setVersion(Self.accountVersions + input.policyType, "ALL", nil, at: call.time, in: call.scope)
        case .transformer:
            setTransformer(nil, input.policyName, nil, at: time, in: call.scope)
            setVersion(Self.accountVersions + input.policyType, input.policyName, nil, at: call.time, in: call.scope)
        case .subscription: accountSubscriptions[call.scope] = nil
        case .fieldIndex, nil: break
        }
        return Unit()
    }

    static var noPolicy: ServiceError {
        ServiceError("ResourceNotFoundException", "The specified policy does not exist.")
    }

    static func checkJSON(_ document: String) throws(ServiceError) {
        let value = try? JSONReader.parse(document)
        guard value?.object != nil || value?.list != nil else {
            throw .invalidParameter("The policy document is no JSON.")
        }
    }
}
