import AWSModel

/// Who makes a request, as policies see it.
public enum PolicyPrincipal: Sendable, Hashable {
    case root(accountID: String)
    case user(arn: String, accountID: String)
    /// A session of a role. `roleArn` is the role's own, path included.
    case session(arn: String, roleArn: String, accountID: String)
    case federatedUser(arn: String, accountID: String)
    /// `sns.amazonaws.com`.
    case service(String)
    /// `accounts.google.com`, a SAML provider's ARN: who asks for AssumeRoleWith….
    case federated(String)
    case anonymous

    public var accountID: String? {
        switch self {
        case .root(let account), .user(_, let account), .session(_, _, let account), .federatedUser(_, let account):
            account
        case .service, .federated, .anonymous: nil
        }
    }

    /// As AWS names it in a denial.
    public var name: String {
        switch self {
        case .root(let account): "arn:aws:iam::\(account):root"
        case .user(let arn, _), .session(let arn, _, _), .federatedUser(let arn, _): arn
        case .service(let name), .federated(let name): name
        case .anonymous: "anonymous"
        }
    }
}

/// The Principal or NotPrincipal of a statement.
public struct PolicyPrincipals: Sendable, Hashable {
    /// How closely a statement names the one who asks.
    enum Match: Comparable {
        case none
        /// The whole account: it passes the decision on to its own policies.
        case account
        case everybody
        case role
        /// The user or session itself: boundaries and session policies do not limit what it is given.
        case itself
    }

    public let isNegated: Bool
    /// By kind: `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` alone is `AWS: *`.
    public let names: [String: [String]]

    init?(_ object: DocumentObject) {
        isNegated = object.contains("NotPrincipal")
        switch object[isNegated ? "NotPrincipal" : "Principal"] {
        case .string("*")?: names = ["*": ["*"]]
        case .object(let kinds)?: names = kinds.entries { PolicyDocument.strings($0) }
        default: return nil
        }
    }

    func match(_ principal: PolicyPrincipal) -> Match {
        let found = named(principal)
        guard isNegated else { return found }
        return found == .none ? .everybody : .none
    }

    private func named(_ principal: PolicyPrincipal) -> Match {
        if names["*"] != nil { return .everybody }
        switch principal {
        case .service(let name):
            let isNamed = (names["Service"] ?? []).contains { $0 == "*" || Self.withoutRegion($0) == name }
            return isNamed ? .itself : inAWS(principal)
        case .federated(let name):
            return (names["Federated"] ?? []).contains { $0 == name || $0 == "*" } ? .itself : .none
        default: return inAWS(principal)
        }
    }

    /// AWS: a service may be named with its region: `logs.eu-west-1.amazonaws.com`.
    private static func withoutRegion(_ service: String) -> String {
        let parts = service.split(separator: ".")
        guard parts.count == 4, service.hasSuffix(".amazonaws.com"), parts[1].contains("-") else { return service }
        return "\(parts[0]).amazonaws.com"
    }

    private func inAWS(_ principal: PolicyPrincipal) -> Match {
        (names["AWS"] ?? []).map { Self.match($0, principal) }.max() ?? .none
    }

    private static func match(_ name: String, _ principal: PolicyPrincipal) -> Match {
        if name == "*" { return .everybody }
        guard let account = principal.accountID else { return .none }
        if name == account || (name.hasSuffix(":root") && name.contains("::\(account):")) { return .account }
        switch principal {
        case .user(let arn, _), .federatedUser(let arn, _): return name == arn ? .itself : .none
        case .session(let arn, let roleArn, _):
            if name == arn { return .itself }
            return name == roleArn ? .role : .none
        default: return .none
        }
    }
}
