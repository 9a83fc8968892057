import AWSModel

/// IAM's judgement on every call and delivery: finds the policies that have a say, asks them, and refuses, warns or lets go.
final class AccessEnforcement: AccessJudge {
    unowned let core: EngineCore
    weak var iam: IAMService?
    /// What was denied, or would have been; newest last.
    private(set) var denials: [AccessDenial] = []
    private static let remembered = 200
    private var denialCount: UInt64 = 0
    private var policySets: [String: (generation: UInt64, set: PolicySet)] = [:]
    /// Resource policies by text: they change seldom and are asked often.
    private var compiled: [String: PolicyDocument] = [:]

    init(core: EngineCore) { self.core = core }

    // MARK: Calls

    func judge(_ call: Call, _ input: DocumentObject) throws(ServiceError) {
        let caller = call.caller
        guard !caller.isObserver, let shared = ServiceActions.shared[call.service] else { return }
        // First what nearly every call of a local project is: the account's root user and its own resources.
        if caller.servicePrincipal == nil, Self.isRoot(caller.principalArn),
            shared.actions.isOwn(call.operation, input, caller.scope.accountID),
            core.authorizer.holder(of: shared.actions.prefix)?.holdsDenials != true
        {
            return
        }
        let rules = shared.actions
        guard !rules.free.contains(call.operation) else { return }
        let principal = principal(of: caller)
        iam?.noteUse(by: principal, caller, of: rules.prefix)
        guard let policies = policies(of: principal, caller) else { return }
        let resource = rules.resource(of: call.operation, input, call.scope)
        let context = RequestContext(call, input, principal, iam: iam)
        for action in rules.actions(of: call.operation) {
            try decide(principal, policies, action, resource, context, call, rules)
        }
        if let path = rules.passedRoles[call.operation] {
            var value: DocumentValue? = .object(input)
            for name in path { value = value?[name] }
            guard let role = value?.string, role.hasPrefix("arn:") else { return }
            var passing = context
            passing.set("iam:PassedToService", Self.principals[call.service.rawValue])
            try decide(principal, policies, "iam:PassRole", role, passing, call, rules)
        }
    }

    private static func isRoot(_ arn: String) -> Bool {
        let bytes = arn.utf8
        return bytes.count > 5 && bytes.suffix(5).elementsEqual(":root".utf8)
    }

    private static let principals = [
        "lambda": "lambda.amazonaws.com", "stepfunctions": "states.amazonaws.com",
        "scheduler": "scheduler.amazonaws.com", "pipes": "pipes.amazonaws.com", "events": "events.amazonaws.com",
    ]

    private func decide(
        _ principal: PolicyPrincipal, _ policies: PolicySet, _ action: String, _ resource: String,
        _ context: RequestContext, _ call: Call, _ rules: ServiceActions
    ) throws(ServiceError) {
        let request = AuthorizationRequest(
            principal: principal, action: action, resource: resource, resourceAccountID: Self.account(of: resource),
            context: context)
        var set = policies
        if let policy = resourcePolicy(of: resource) { set.resource = [policy] }
        let decision = set.decide(request)
        guard !decision.isAllowed else { return }
        let isExecution =
            call.caller.servicePrincipal == "states.amazonaws.com" && core.authorizer.enforcesExecutionRoles
        try refuse(
            request, decision, service: call.service.arnName, cause: call.cause, rules.denial, rules,
            always: isExecution && !policies.identity.isEmpty)
    }

    /// Records a denial, and throws it where denials are enforced.
    private func refuse(
        _ request: AuthorizationRequest, _ decision: AuthorizationDecision, service: String, cause: Cause?,
        _ denial: ServiceActions.Denial, _ rules: ServiceActions?, always: Bool = false
    ) throws(ServiceError) {
        let isEnforced = always || core.authorizer.enforcement == .on
        let spoken = rules?.spoken(request.action) ?? request.action
        let resource = request.resource == "*" ? Self.wholeService(request, rules) : request.resource
        let message =
            "User: \(request.principal.name) is not authorized to perform: \(spoken) on resource: \(resource) "
            + decision.because(action: spoken)
        denials.append(
            AccessDenial(
                time: core.now, request: request, decision: decision, wasEnforced: isEnforced, message: message,
                encoded: encoded(message)))
        if denials.count > Self.remembered { denials.removeFirst(Self.remembered / 2) }
        if !isEnforced {
            _ = core.record(
                .call, service: "iam", action: "AccessWarning", resource: request.resource, cause: cause,
                detail: "would be denied: \(request.principal.name): \(decision.sentence)")
            return
        }
        throw denial.error(message)
    }

    /// Names a denial without drawing on the world's identifiers: a warning must not change what comes after it.
    private func encoded(_ message: String) -> String {
        denialCount &+= 1
        var hash = (0xCBF2_9CE4_8422_2325 as UInt64) ^ denialCount
        for byte in message.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var source = IdentifierSource(seed: hash)
        return source.upperAlphanumeric(32)
    }

    /// The denial that an encoded message names; nil for one that is forgotten or was never made.
    func denial(encoded: String) -> AccessDenial? { denials.last { $0.encoded == encoded } }

    /// AWS names all of a service's resources in the account where an action has none of its own.
    private static func wholeService(_ request: AuthorizationRequest, _ rules: ServiceActions?) -> String {
        guard rules != nil, let account = request.principal.accountID,
            let region = request.context["aws:RequestedRegion"]?.first,
            let service = request.action.split(separator: ":").first, service != "iam", service != "s3"
        else { return "*" }
        return "arn:aws:\(service):\(region):\(account):*"
    }

    /// Whether a caller's own policies let it assume a role that trusts its account as a whole; the role's trust was checked.
    func judgeAssumption(
        of role: IAMRole, by principal: PolicyPrincipal, _ action: String, _ context: RequestContext, _ call: Call
    ) throws(ServiceError) {
        guard core.authorizer.enforcement != .off, principal.accountID != nil,
            var set = policies(of: principal, call.caller)
        else { return }
        set.resource = [NamedPolicy(role.arn, kind: "resource", role.trust)]
        let request = AuthorizationRequest(
            principal: principal, action: action, resource: role.arn, resourceAccountID: role.accountID,
            context: context)
        let decision = set.decide(request)
        guard !decision.isAllowed else { return }
        try refuse(
            request, decision, service: "sts", cause: call.cause, .accessDenied, ServiceActions.of(STSService.id))
    }

    /// What the policies say of a caller, for services that ask by themselves; nil where the caller's are not known here.
    func decision(
        of caller: Caller, _ action: String, on resource: String, policy: String?, _ context: RequestContext
    ) -> AuthorizationDecision? {
        let principal = principal(of: caller)
        guard let set = policies(of: principal, caller) else { return nil }
        var full = RequestContext(caller, principal, at: core.now, iam: iam)
        full.merge(context)
        return decision(of: principal, set, action, on: resource, policy: policy, full)
    }

    func decision(
        of principal: PolicyPrincipal, _ policies: PolicySet, _ action: String, on resource: String, policy: String?,
        _ context: RequestContext
    ) -> AuthorizationDecision {
        var set = policies
        if let document = policy.flatMap(compile) { set.resource = [NamedPolicy(resource, kind: "resource", document)] }
        return set.decide(
            AuthorizationRequest(
                principal: principal, action: action, resource: resource,
                resourceAccountID: Self.account(of: resource), context: context))
    }

    // MARK: Deliveries

    func judge(_ delivery: ServiceDelivery, policy: String?, cause: Cause?) throws(ServiceError) {
        let decision = decide(delivery, policy: policy)
        guard let (request, decision) = decision, !decision.isAllowed else { return }
        let service = delivery.action.split(separator: ":").first.map(String.init) ?? ""
        let rules = ServiceActions.of(ServiceID(rawValue: service == "states" ? "stepfunctions" : service))
        try refuse(
            request, decision, service: service, cause: cause, rules?.denial ?? .accessDenied, rules,
            always: isExecutionRole(delivery, request.principal))
    }

    /// Whether a workflow acts in a role that carries policies: then they hold also where others are only warned.
    private func isExecutionRole(_ delivery: ServiceDelivery, _ principal: PolicyPrincipal) -> Bool {
        guard delivery.servicePrincipal == "states.amazonaws.com", core.authorizer.enforcesExecutionRoles,
            case .session(_, let roleArn, _) = principal, let iam, let role = iam.role(arn: roleArn)
        else { return false }
        return !cached(roleArn) { iam.policySet(of: role) }.identity.isEmpty
    }

    /// What the policies say of a delivery; nil where a role is not known here, which is taken on trust.
    func decide(_ delivery: ServiceDelivery, policy: String?) -> (AuthorizationRequest, AuthorizationDecision)? {
        let account =
            delivery.sourceAccount ?? delivery.sourceArn.flatMap(Self.account) ?? Self.account(of: delivery.resourceArn)
        var caller = Caller(
            scope: Scope(accountID: account ?? core.configuration.accountID, region: core.configuration.region),
            principalArn: delivery.roleArn, endpoint: core.configuration.endpoint,
            servicePrincipal: delivery.servicePrincipal, sourceArn: delivery.sourceArn)
        if let role = delivery.roleArn.flatMap({ Self.account(of: $0) }) { caller.scope.accountID = role }
        let principal = principal(of: caller)
        guard var set = policies(of: principal, caller) else { return nil }
        if let text = policy {
            set.resource = compile(text).map { [NamedPolicy(delivery.resourceArn, kind: "resource", $0)] } ?? []
        } else if let found = resourcePolicy(of: delivery.resourceArn) {
            set.resource = [found]
        }
        var context = RequestContext(caller, principal, at: core.now, iam: iam)
        context.set("aws:SourceAccount", account)
        for (key, value) in delivery.context { context.set(key, value) }
        let request = AuthorizationRequest(
            principal: principal, action: delivery.action, resource: delivery.resourceArn,
            resourceAccountID: Self.account(of: delivery.resourceArn), context: context)
        return (request, set.decide(request))
    }

    // MARK: Policies

    /// Who a caller is: a service by itself, or the user or role that its ARN names.
    func principal(of caller: Caller) -> PolicyPrincipal {
        if let service = caller.servicePrincipal, caller.principalArn.hasSuffix(":root") { return .service(service) }
        var principal = PolicyPrincipal(arn: caller.principalArn, accountID: caller.scope.accountID)
        if case .session(let arn, let roleArn, let account) = principal,
            let name = roleArn.split(separator: "/").last, let role = iam?.role(named: String(name), in: account)
        {
            principal = .session(arn: arn, roleArn: role.arn, accountID: account)
        }
        return principal
    }

    /// Every policy of a principal; nil for a role or user that was never created here and is taken on trust.
    func policies(of principal: PolicyPrincipal, _ caller: Caller) -> PolicySet? {
        guard let iam else { return nil }
        var set: PolicySet
        switch principal {
        case .root:
            set = PolicySet()
            set.isUnlimited = true
        case .service, .federated, .anonymous: return PolicySet()
        case .user(let arn, _):
            guard let user = iam.user(arn: arn) else { return unknown() }
            set = cached(arn) { iam.policySet(of: user) }
        case .session(_, let roleArn, _):
            guard let role = iam.role(arn: roleArn) else { return unknown() }
            set = cached(roleArn) { iam.policySet(of: role) }
        case .federatedUser(_, let account):
            set = PolicySet()
            let session = core.service(STSService.self)?.session(forAccessKey: caller.accessKeyID)
            if let owner = session?.roleArn.flatMap({ iam.user(arn: $0) }) {
                set = iam.policySet(of: owner)
            } else {
                set.isUnlimited = account == caller.scope.accountID
            }
        }
        if let session = core.service(STSService.self)?.session(forAccessKey: caller.accessKeyID),
            session.principalArn == caller.principalArn
        {
            set.session = session.policies(iam)
        }
        return set
    }

    /// A role that is only in AWS: let go as long as nothing is enforced.
    private func unknown() -> PolicySet? { core.authorizer.enforcement == .on ? PolicySet() : nil }

    private func cached(_ key: String, _ make: () -> PolicySet) -> PolicySet {
        let generation = iam?.generation ?? 0
        if let found = policySets[key], found.generation == generation { return found.set }
        let set = make()
        policySets[key] = (generation, set)
        return set
    }

    func resourcePolicy(of arn: String) -> NamedPolicy? {
        guard let text = core.authorizer.resourcePolicy(of: arn) else { return nil }
        return compile(text).map { NamedPolicy(arn, kind: "resource", $0) }
    }

    private func compile(_ text: String) -> PolicyDocument? {
        if let found = compiled[text] { return found }
        guard let document = (try? JSONReader.parse(text))?.object else { return nil }
        if compiled.count > 1000 { compiled.removeAll() }
        let policy = PolicyDocument(document, text: text)
        compiled[text] = policy
        return policy
    }

    static func account(of arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && !parts[4].isEmpty ? String(parts[4]) : nil
    }

    // MARK: Why?

    func explanations(of arn: String) -> [Explanation] {
        var seen: Set<String> = []
        return denials.reversed().filter { $0.concerns(arn) && seen.insert($0.message).inserted }.prefix(5).map {
            denial in
            Explanation(
                rule: denial.wasEnforced ? "AccessDenied" : "WouldBeDenied",
                text:
                    "\(denial.wasEnforced ? "Denied" : "Would be denied"): \(denial.message) (\(denial.decision.sentence)). Encoded message: \(denial.encoded)",
                relatedArn: denial.roleArn)
        }
    }
}
