import AWSModel

extension RequestContext {
    /// The global condition keys of a caller.
    init(_ caller: Caller, _ principal: PolicyPrincipal, at time: Instant, iam: IAMService?) {
        self.init()
        set("aws:CurrentTime", time.iso8601(milliseconds: false))
        set("aws:EpochTime", String(time.microseconds / 1_000_000))
        set("aws:RequestedRegion", caller.scope.region)
        set("aws:SourceIp", caller.sourceIP)
        set("aws:SecureTransport", caller.endpoint.hasPrefix("https") ? "true" : "false")
        set("aws:SourceArn", caller.sourceArn)
        set(
            "aws:SourceAccount",
            caller.sourceArn.flatMap(AccessEnforcement.account)
                ?? (caller.servicePrincipal == nil ? nil : caller.scope.accountID))
        set("aws:PrincipalArn", Self.arn(of: principal))
        set("aws:PrincipalAccount", principal.accountID)
        set("aws:userid", caller.userID)
        set("aws:ViaAWSService", "false")
        switch principal {
        case .service(let name):
            set("aws:PrincipalIsAWSService", "true")
            set("aws:PrincipalServiceName", name)
        case .user(let arn, _):
            set("aws:PrincipalType", "User")
            set("aws:username", arn.split(separator: "/").last.map(String.init))
            setTags(iam?.user(arn: arn)?.tags ?? [:])
        case .session(_, let roleArn, _):
            set("aws:PrincipalType", "AssumedRole")
            setTags(iam?.role(arn: roleArn)?.tags ?? [:])
        case .root: set("aws:PrincipalType", "Account")
        case .federatedUser: set("aws:PrincipalType", "FederatedUser")
        case .federated, .anonymous: set("aws:PrincipalType", "Anonymous")
        }
        if case .service = principal {} else { set("aws:PrincipalIsAWSService", "false") }
        if let session = iam?.core.service(STSService.self)?.session(forAccessKey: caller.accessKeyID) { add(session) }
    }

    /// What a session carries: its tags come before its role's.
    private mutating func add(_ session: RoleSession) {
        setTags(session.details.tags)
        set("aws:TokenIssueTime", session.issued.iso8601(milliseconds: false))
        set("aws:SourceIdentity", session.details.sourceIdentity)
        set("aws:FederatedProvider", session.details.federatedProvider)
        // AWS: there with temporary credentials only, so that conditions on it ask BoolIfExists.
        set("aws:MultiFactorAuthPresent", session.details.hasMultiFactor ? "true" : "false")
        if session.details.hasMultiFactor {
            let age =
                (self["aws:EpochTime"]?.first.flatMap { Int64($0) } ?? 0) - session.issued.microseconds / 1_000_000
            set("aws:MultiFactorAuthAge", String(age))
        }
        for (key, value) in session.details.claims { set(key, value) }
    }

    /// With what the request itself says.
    init(_ call: Call, _ input: DocumentObject, _ principal: PolicyPrincipal, iam: IAMService?) {
        self.init(call.caller, principal, at: call.time, iam: iam)
        for (key, value) in Self.tags(in: input) { set("aws:RequestTag/\(key)", value) }
        let keys = Self.tags(in: input).map(\.0) + (input.strings("TagKeys") ?? input.strings("tagKeys") ?? [])
        if !keys.isEmpty { self["aws:TagKeys"] = keys }
        switch call.service.rawValue {
        case "sns":
            set("sns:Protocol", input.string("Protocol"))
            set("sns:Endpoint", input.string("Endpoint"))
        case "iam":
            set("iam:PolicyARN", input.string("PolicyArn"))
            set("iam:PermissionsBoundary", input.string("PermissionsBoundary"))
            set("iam:AWSServiceName", input.string("AWSServiceName"))
        case "lambda":
            set("lambda:FunctionArn", input.string("FunctionName").flatMap { $0.hasPrefix("arn:") ? $0 : nil })
            set("lambda:Principal", input.string("Principal"))
            set("lambda:FunctionUrlAuthType", input.string("AuthType") ?? input.string("FunctionUrlAuthType"))
        case "cloudwatch": set("cloudwatch:namespace", input.string("Namespace"))
        default: break
        }
    }

    private mutating func setTags(_ tags: [String: String]) {
        for (key, value) in tags { set("aws:PrincipalTag/\(key)", value) }
    }

    private static func arn(of principal: PolicyPrincipal) -> String? {
        switch principal {
        // AWS: for a session this is its role.
        case .session(_, let roleArn, _): roleArn
        case .service, .federated, .anonymous: nil
        default: principal.name
        }
    }

    /// Tags come as a map or as a list of pairs.
    private static func tags(in input: DocumentObject) -> [(String, String)] {
        switch input["Tags"] ?? input["tags"] {
        case .object(let map)?: return map.compactMap { key, value in value.string.map { (key, $0) } }
        case .list(let list)?:
            return list.compactMap { tag in
                guard let key = tag["Key"]?.string ?? tag["key"]?.string else { return nil }
                return (key, tag["Value"]?.string ?? tag["value"]?.string ?? "")
            }
        default: return []
        }
    }
}

extension IAMService {
    /// A user's own policies, its groups' and its boundary.
    func policySet(of user: IAMUser) -> PolicySet {
        var set = PolicySet()
        set.identity = named(user)
        for name in user.groups { set.identity += group(name, in: user.accountID).map { named($0) } ?? [] }
        set.boundary = boundary(user.permissionsBoundary, in: user.accountID)
        return set
    }

    func policySet(of role: IAMRole) -> PolicySet {
        var set = PolicySet()
        set.identity = named(role)
        set.boundary = boundary(role.permissionsBoundary, in: role.accountID)
        return set
    }

    func named<Holder: PolicyHolder>(_ holder: Holder) -> [NamedPolicy] {
        let inline = holder.inlinePolicies.sorted { $0.key < $1.key }.map { name, document in
            NamedPolicy(name, sourceID: "\(Holder.word)_\(holder.name)_\(name)", kind: Holder.word, document)
        }
        let attached = holder.attachedPolicies.compactMap { arn -> NamedPolicy? in
            guard let policy = policy(arn, in: holder.accountID), let document = policy.document else { return nil }
            return NamedPolicy(
                policy.name, sourceID: policy.name, kind: policy.isProvidedByAWS ? "aws-managed" : "user-managed",
                document)
        }
        return inline + attached
    }

    private func boundary(_ arn: String?, in accountID: String) -> [NamedPolicy]? {
        guard let arn else { return nil }
        guard let policy = policy(arn, in: accountID), let document = policy.document else { return [] }
        return [NamedPolicy(policy.name, kind: "user-managed", document)]
    }
}
