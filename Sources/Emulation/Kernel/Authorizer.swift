import AWSModel

/// What happens to calls that the policies do not allow.
public enum Enforcement: String, Sendable, CaseIterable {
    /// Policies are kept and never asked.
    case off
    /// Calls go through; the timeline tells which would be denied, and by what.
    case warn
    /// Calls are denied as on AWS.
    case on
}

/// One service wanting to do something to another's resource by itself: a topic delivering to a queue.
public struct ServiceDelivery: Sendable, Hashable {
    /// `sns.amazonaws.com`.
    public var servicePrincipal: String
    /// What it acts for, as `aws:SourceArn`: the topic, the rule.
    public var sourceArn: String?
    /// Whom that belongs to, as `aws:SourceAccount`; the account in `sourceArn` where it is left out.
    public var sourceAccount: String?
    /// The role it acts as, where it has one: then the role's policies decide too.
    public var roleArn: String?
    /// `sqs:SendMessage`.
    public var action: String
    public var resourceArn: String
    /// Condition keys of the action's own.
    public var context: [String: String]

    public init(
        servicePrincipal: String, sourceArn: String? = nil, sourceAccount: String? = nil, roleArn: String? = nil,
        action: String, resourceArn: String, context: [String: String] = [:]
    ) {
        self.servicePrincipal = servicePrincipal
        self.sourceArn = sourceArn
        self.sourceAccount = sourceAccount
        self.roleArn = roleArn
        self.action = action
        self.resourceArn = resourceArn
        self.context = context
    }
}

/// Who knows the policies: IAM.
public protocol AccessJudge: AnyObject {
    /// Throws where the call is denied and denials are enforced.
    func judge(_ call: Call, _ input: DocumentObject) throws(ServiceError)
    /// The same for a delivery. `policy` is the resource's own, where the asker has it at hand; nil looks it up.
    func judge(_ delivery: ServiceDelivery, policy: String?, cause: Cause?) throws(ServiceError)
}

/// A service whose resources carry policies of their own: queues, topics, functions.
public protocol ResourcePolicyHolder: AnyObject {
    /// False as long as no policy here denies anything: then an account's root user need not be checked.
    var holdsDenials: Bool { get }
    /// The policy of a resource; nil where it has none.
    func resourcePolicy(of arn: String) -> String?
}

/// Decides whether a call may be made. Without a judge all is allowed, as for an account's root user.
public final class Authorizer {
    public var enforcement = Enforcement.warn
    /// Whether the role of a workflow that carries policies is held to them, also where other callers are only warned of.
    public var enforcesExecutionRoles = true
    public weak var judge: (any AccessJudge)?
    private var holders: [String: any ResourcePolicyHolder] = [:]

    public init() {}

    /// Makes a service's resource policies known, by the service's name in ARNs.
    public func register(_ holder: any ResourcePolicyHolder, for service: String) { holders[service] = holder }

    public func holder(of service: String) -> (any ResourcePolicyHolder)? { holders[service] }

    /// The policy that hangs on a resource; nil where there is none.
    public func resourcePolicy(of arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        return holders[String(parts[2])]?.resourcePolicy(of: arn)
    }

    func reset(to enforcement: Enforcement) {
        self.enforcement = enforcement
        judge = nil
        holders.removeAll()
    }

    func authorize(_ call: Call, _ input: DocumentObject) throws(ServiceError) {
        guard enforcement != .off, let judge else { return }
        try judge.judge(call, input)
    }

    /// May a service do this? Throws the denial where denials are enforced; in warn mode the timeline tells.
    ///
    /// Calls through ``EngineCore/call(_:_:caller:cause:completion:)`` are judged by themselves; this is for deliveries that
    /// do not go that way.
    public func check(_ delivery: ServiceDelivery, policy: String? = nil, cause: Cause? = nil) throws(ServiceError) {
        guard enforcement != .off, let judge else { return }
        try judge.judge(delivery, policy: policy, cause: cause)
    }
}
