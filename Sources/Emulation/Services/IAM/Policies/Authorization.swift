import AWSModel

/// A question to the policies: may this principal do this?
public struct AuthorizationRequest: Sendable, Hashable {
    public var principal: PolicyPrincipal
    /// `sqs:SendMessage`.
    public var action: String
    /// An ARN, or `*` for actions that have no resource.
    public var resource: String
    /// The account the resource belongs to; nil where nobody's policy but the caller's counts.
    public var resourceAccountID: String?
    public var context: RequestContext

    public init(
        principal: PolicyPrincipal, action: String, resource: String, resourceAccountID: String? = nil,
        context: RequestContext = RequestContext()
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.resourceAccountID = resourceAccountID
        self.context = context
    }
}

/// A policy and where it comes from.
public struct NamedPolicy: Sendable {
    /// A managed policy's ARN, an inline policy's name, a resource's ARN.
    public var name: String
    /// As simulations name it: `user_alice_inline`, a managed policy's name.
    public var sourceID: String
    /// `IAM Policy`, `user`, `group`, `role`, `resource`.
    public var kind: String
    public var document: PolicyDocument

    public init(_ name: String, sourceID: String? = nil, kind: String, _ document: PolicyDocument) {
        self.name = name
        self.sourceID = sourceID ?? name
        self.kind = kind
        self.document = document
    }
}

/// Every policy that has a say.
public struct PolicySet: Sendable {
    public var identity: [NamedPolicy] = []
    public var boundary: [NamedPolicy]?
    public var session: [NamedPolicy]?
    public var resource: [NamedPolicy] = []
    /// Whether the identity may do everything by itself: an account's root user.
    public var isUnlimited = false

    public init() {}
}

/// What the policies say, and which statement decided.
public struct AuthorizationDecision: Sendable {
    public enum Reason: Sendable, Hashable {
        case allowed
        case explicitDeny(Layer)
        /// No policy of the layer allows it.
        case implicitDeny(Layer)
    }

    public enum Layer: String, Sendable {
        case identity = "identity-based policy"
        case boundary = "permissions boundary"
        case session = "session policy"
        case resource = "resource-based policy"
    }

    public struct Deciding: Sendable {
        public var policy: NamedPolicy
        public var statement: PolicyStatement
        public var layer: Layer
    }

    public var reason: Reason
    /// Statements that led to the decision; empty for an implicit denial.
    public var deciding: [Deciding]
    public var action: String

    public var isAllowed: Bool { reason == .allowed }

    /// The end of AWS's sentence: `because no identity-based policy allows the sqs:SendMessage action`.
    public func because(action: String) -> String {
        switch reason {
        case .allowed: ""
        case .explicitDeny(let layer):
            "with an explicit deny in \(layer == .identity ? "an" : "a") \(layer.rawValue)"
        case .implicitDeny(let layer): "because no \(layer.rawValue) allows the \(action) action"
        }
    }

    /// The deciding statement in words: `statement 2 (AllowSend) of policy worker-sqs`.
    public var sentence: String {
        guard let first = deciding.first else {
            if case .implicitDeny(let layer) = reason { return "no \(layer.rawValue) allows \(action)" }
            return isAllowed ? "the account's root user may do everything" : "nothing allows \(action)"
        }
        let sid = first.statement.sid.flatMap { $0.isEmpty ? nil : " (\($0))" } ?? ""
        let verb = first.statement.isAllow ? "allows" : "denies"
        return "statement \(first.statement.index + 1)\(sid) of \(first.policy.name) \(verb) \(action)"
    }
}

extension PolicySet {
    /// AWS: an explicit deny anywhere wins; then the resource's policy; then identity policies within the boundary and the
    /// session's policies; what nothing allows is denied. Between accounts both sides must allow.
    public func decide(_ request: AuthorizationRequest) -> AuthorizationDecision {
        func decision(
            _ reason: AuthorizationDecision.Reason, _ deciding: [AuthorizationDecision.Deciding] = []
        ) -> AuthorizationDecision {
            AuthorizationDecision(reason: reason, deciding: deciding, action: request.action)
        }
        let identities = matching(identity, .identity, request)
        let boundaries = boundary.map { matching($0, .boundary, request) }
        let sessions = session.map { matching($0, .session, request) }
        let resources = resourceMatches(request)
        let denials =
            (identities + resources.map(\.deciding) + (boundaries ?? []) + (sessions ?? [])).filter {
                !$0.statement.isAllow
            }
        if let first = denials.first { return decision(.explicitDeny(first.layer), denials) }

        let grants = resources.filter { $0.deciding.statement.isAllow }
        let account = request.principal.accountID
        guard let account else {
            return grants.isEmpty
                ? decision(.implicitDeny(.resource)) : decision(.allowed, grants.map(\.deciding))
        }
        let isForeign = request.resourceAccountID.map { $0 != account && !$0.isEmpty } ?? false
        if !isForeign {
            if let direct = grants.first(where: { $0.match == .itself }) {
                return decision(.allowed, [direct.deciding])
            }
        } else if grants.isEmpty {
            return decision(.implicitDeny(.resource))
        }
        let allowedByIdentity = isUnlimited || !identities.isEmpty
        let granted = grants.first { $0.match > .account }
        guard allowedByIdentity || (!isForeign && granted != nil) else { return decision(.implicitDeny(.identity)) }
        if let boundaries, boundaries.isEmpty { return decision(.implicitDeny(.boundary)) }
        if let sessions, sessions.isEmpty { return decision(.implicitDeny(.session)) }
        let by = identities + (boundaries ?? []) + (sessions ?? []) + grants.map(\.deciding)
        return decision(.allowed, by)
    }

    private func matching(
        _ policies: [NamedPolicy], _ layer: AuthorizationDecision.Layer, _ request: AuthorizationRequest
    ) -> [AuthorizationDecision.Deciding] {
        policies.flatMap { policy in
            policy.document.statements.filter { $0.covers(request) }.map {
                AuthorizationDecision.Deciding(policy: policy, statement: $0, layer: layer)
            }
        }
    }

    private struct ResourceMatch {
        var match: PolicyPrincipals.Match
        var deciding: AuthorizationDecision.Deciding
    }

    private func resourceMatches(_ request: AuthorizationRequest) -> [ResourceMatch] {
        resource.flatMap { policy in
            policy.document.statements.compactMap { statement -> ResourceMatch? in
                guard let match = statement.principals?.match(request.principal), match != .none,
                    statement.covers(request)
                else { return nil }
                return ResourceMatch(
                    match: match,
                    deciding: AuthorizationDecision.Deciding(policy: policy, statement: statement, layer: .resource))
            }
        }
    }
}
