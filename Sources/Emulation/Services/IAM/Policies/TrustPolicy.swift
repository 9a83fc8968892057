import AWSModel

/// Who wants to assume a role.
public enum AssumingPrincipal: Sendable, Hashable {
    /// `lambda.amazonaws.com`.
    case service(String)
    /// A user, a role session, or the account itself.
    case caller(arn: String, accountID: String)

    var principal: PolicyPrincipal {
        switch self {
        case .service(let name): .service(name)
        case .caller(let arn, let accountID): PolicyPrincipal(arn: arn, accountID: accountID)
        }
    }
}

extension PolicyPrincipal {
    /// From a caller's ARN. A session's ARN leaves its role's path out; with none known the role's is taken to be `/`.
    public init(arn: String, accountID: String, roleArn: String? = nil) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let resource = parts.count == 6 ? String(parts[5]) : ""
        if resource == "root" {
            self = .root(accountID: accountID)
        } else if resource.hasPrefix("assumed-role/") {
            let names = resource.split(separator: "/")
            let name = names.count > 1 ? names[1] : ""
            self = .session(
                arn: arn, roleArn: roleArn ?? "arn:\(parts[1]):iam::\(accountID):role/\(name)", accountID: accountID)
        } else if resource.hasPrefix("federated-user/") {
            self = .federatedUser(arn: arn, accountID: accountID)
        } else if resource.hasPrefix("role/") {
            self = .session(arn: arn, roleArn: arn, accountID: accountID)
        } else {
            self = .user(arn: arn, accountID: accountID)
        }
    }
}

extension PolicyDocument {
    /// Whether this trust policy lets the principal assume the role.
    ///
    /// A service's own context (`aws:SourceArn` …) is not judged here unless it is passed: what it sends along is true by
    /// construction.
    public func allowsAssumption(
        by principal: AssumingPrincipal, action: String = "sts:AssumeRole", externalID: String? = nil,
        context: RequestContext = RequestContext()
    ) -> Bool {
        var context = context
        context.set("sts:ExternalId", externalID)
        let isService = if case .service = principal { true } else { false }
        return allowsAssumption(by: principal.principal, action: action, context: context, trustsSource: isService)
    }

    func allowsAssumption(
        by principal: PolicyPrincipal, action: String, context: RequestContext, trustsSource: Bool = false
    ) -> Bool {
        let request = AuthorizationRequest(principal: principal, action: action, resource: "*", context: context)
        let matching = statements.filter { statement in
            guard let match = statement.principals?.match(principal), match != .none else { return false }
            guard statement.covers(action: action) else { return false }
            return statement.conditions.allSatisfy { condition in
                let key = condition.key.lowercased()
                if trustsSource, key.hasPrefix("aws:source") { return true }
                return condition.holds(in: request.context)
            }
        }
        return matching.contains(where: \.isAllow) && matching.allSatisfy(\.isAllow)
    }
}
