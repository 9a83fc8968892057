import AWSModel

/// A policy as IAM reads it: identity policies say what may be done, trust policies who may assume a role.
public struct PolicyDocument: Sendable, Hashable {
    public struct Statement: Sendable, Hashable {
        public var sid: String?
        public var isAllow: Bool
        /// By kind: `AWS`, `Service`, `Federated`; `*` alone is `AWS: *`. Nil where there is none.
        public var principals: [String: [String]]?
        public var actions: [String]
        public var notActions: [String]
        public var resources: [String]
        public var notResources: [String]
        /// Operators, each with keys and values, as written.
        public var conditions: DocumentObject
    }

    public enum Kind: Sendable { case identity, trust }

    /// `2012-10-17`, or `2008-10-17` where it is left out.
    public var version: String
    public var statements: [Statement]
    /// As the client sent it.
    public var text: String

    /// Throws MalformedPolicyDocument with IAM's words.
    public init(_ text: String, kind: Kind) throws(ServiceError) {
        guard let document = (try? JSONReader.parse(text))?.object else {
            throw Self.malformed("This policy contains invalid Json")
        }
        self.text = text
        version = document.string("Version") ?? "2008-10-17"
        guard version == "2012-10-17" || version == "2008-10-17" else {
            throw Self.malformed("Policy document must be version 2012-10-17 or greater.")
        }
        let listed: [DocumentValue]
        switch document["Statement"] {
        case .list(let list)?: listed = list
        case .object(let single)?: listed = [.object(single)]
        default: throw Self.malformed("Syntax errors in policy.")
        }
        let members: Set<String> = ["Version", "Id", "Statement"]
        guard !listed.isEmpty, document.keys.allSatisfy(members.contains) else {
            throw Self.malformed("Syntax errors in policy.")
        }
        statements = []
        for value in listed { statements.append(try Self.statement(value, kind)) }
        let sids = statements.compactMap(\.sid).filter { !$0.isEmpty }
        guard Set(sids).count == sids.count else {
            throw Self.malformed("Statement IDs (SID) in a single policy must be unique.")
        }
    }

    private static let statementMembers: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    private static func statement(_ value: DocumentValue, _ kind: Kind) throws(ServiceError) -> Statement {
        guard let object = value.object, object.keys.allSatisfy(statementMembers.contains) else {
            throw malformed("Syntax errors in policy.")
        }
        let effect = object.string("Effect")
        guard effect == "Allow" || effect == "Deny" else { throw malformed("Syntax errors in policy.") }
        let statement = Statement(
            sid: object.string("Sid"), isAllow: effect == "Allow", principals: try principals(object["Principal"]),
            actions: try strings(object["Action"]), notActions: try strings(object["NotAction"]),
            resources: try strings(object["Resource"]), notResources: try strings(object["NotResource"]),
            conditions: object.object("Condition") ?? [:])
        if let condition = object["Condition"], condition.object == nil { throw malformed("Syntax errors in policy.") }
        guard !statement.actions.isEmpty || !statement.notActions.isEmpty else {
            throw malformed("Policy statement must contain actions.")
        }
        switch kind {
        case .identity: try checkIdentity(statement, object)
        case .trust: try checkTrust(statement, object)
        }
        return statement
    }

    private static func checkIdentity(_ statement: Statement, _ object: DocumentObject) throws(ServiceError) {
        if object.contains("Principal") || object.contains("NotPrincipal") {
            throw malformed("Policy document should not specify a principal.")
        }
        guard !statement.resources.isEmpty || !statement.notResources.isEmpty else {
            throw malformed("Policy statement must contain resources.")
        }
        for action in statement.actions + statement.notActions where action != "*" {
            guard let colon = action.firstIndex(of: ":"), colon != action.startIndex else {
                throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
            }
        }
        for resource in statement.resources + statement.notResources where resource != "*" {
            let isArn =
                resource.hasPrefix("arn:")
                && resource.split(separator: ":", omittingEmptySubsequences: false).count >= 6
            guard isArn || resource.contains("*") else {
                throw malformed("Resource \(resource) must be in ARN format or \"*\".")
            }
        }
    }

    private static func checkTrust(_ statement: Statement, _ object: DocumentObject) throws(ServiceError) {
        if object.contains("Resource") { throw malformed("Has prohibited field Resource") }
        if object.contains("NotResource") { throw malformed("AssumeRole policy must not contain resources.") }
        guard object.contains("Principal") || object.contains("NotPrincipal") else {
            throw malformed("Missing required field Principal")
        }
        for action in statement.actions where action != "*" {
            guard action.lowercased().hasPrefix("sts:") else {
                throw malformed("AssumeRole policy may only specify STS AssumeRole actions.")
            }
        }
        for service in statement.principals?["Service"] ?? [] where !service.contains(".amazon") {
            throw malformed("Invalid principal in policy: \"SERVICE\":\"\(service)\"")
        }
        for principal in statement.principals?["AWS"] ?? [] where !isPrincipal(principal) {
            throw malformed("Invalid principal in policy: \"AWS\":\"\(principal)\"")
        }
    }

    private static func isPrincipal(_ text: String) -> Bool {
        text == "*" || text.hasPrefix("arn:") || text.hasPrefix("AROA") || text.hasPrefix("AIDA")
            || (text.utf8.count == 12 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    }

    private static func principals(_ value: DocumentValue?) throws(ServiceError) -> [String: [String]]? {
        switch value {
        case nil: return nil
        case .string("*")?: return ["AWS": ["*"]]
        case .object(let object)?:
            var result: [String: [String]] = [:]
            for (kind, names) in object {
                guard ["AWS", "Service", "Federated", "CanonicalUser"].contains(kind) else {
                    throw malformed("Invalid principal in policy.")
                }
                result[kind] = try strings(names)
            }
            return result
        default: throw malformed("Invalid principal in policy.")
        }
    }

    private static func strings(_ value: DocumentValue?) throws(ServiceError) -> [String] {
        switch value {
        case nil: return []
        case .string(let text)?: return [text]
        case .list(let list)?:
            let texts = list.compactMap(\.string)
            guard texts.count == list.count else { throw malformed("Syntax errors in policy.") }
            return texts
        default: throw malformed("Syntax errors in policy.")
        }
    }

    private static func malformed(_ message: String) -> ServiceError {
        ServiceError("MalformedPolicyDocumentException", message)
    }
}

extension PolicyDocument {
    /// AWS: white space does not count toward the size of a policy.
    var countedSize: Int { text.utf8.count { !($0 == 0x20 || (0x09...0x0D).contains($0)) } }
}

/// Who wants to assume a role.
public enum AssumingPrincipal: Sendable, Hashable {
    /// `lambda.amazonaws.com`.
    case service(String)
    /// A user, a role session, or the account itself.
    case caller(arn: String, accountID: String)
}

extension PolicyDocument {
    /// Whether this trust policy lets the principal assume the role.
    ///
    /// Of conditions only `sts:ExternalId` is judged: what services send along (`aws:SourceArn` …) is true by construction.
    public func allowsAssumption(by principal: AssumingPrincipal, externalID: String? = nil) -> Bool {
        let matching = statements.filter { statement in
            guard Self.mayAssume(statement), Self.names(statement.principals ?? [:], principal) else { return false }
            return Self.externalIDs(statement.conditions).map { $0.contains(externalID ?? "") } ?? true
        }
        return matching.contains(where: \.isAllow) && matching.allSatisfy(\.isAllow)
    }

    private static func mayAssume(_ statement: Statement) -> Bool {
        statement.actions.contains { ["*", "sts:*", "sts:assumerole"].contains($0.lowercased()) }
    }

    private static func names(_ principals: [String: [String]], _ principal: AssumingPrincipal) -> Bool {
        switch principal {
        case .service(let name):
            return (principals["Service"] ?? []).contains { $0 == name || $0 == "*" }
        case .caller(let arn, let accountID):
            return (principals["AWS"] ?? []).contains { named in
                if named == "*" || named == accountID || named == arn { return true }
                // `arn:aws:iam::123456789012:root` is everybody in the account.
                let parts = named.split(separator: ":", omittingEmptySubsequences: false)
                if parts.count == 6, parts[4] == accountID, parts[5] == "root" { return true }
                return Self.isSession(arn, ofRole: named)
            }
        }
    }

    /// A role names all its sessions.
    private static func isSession(_ arn: String, ofRole role: String) -> Bool {
        guard let name = role.split(separator: "/").last, role.contains(":role/") else { return false }
        return arn.contains(":assumed-role/\(name)/")
    }

    private static func externalIDs(_ conditions: DocumentObject) -> [String]? {
        for (test, keys) in conditions where test.hasPrefix("StringEquals") {
            for (key, values) in keys.object ?? [:] where key.lowercased() == "sts:externalid" {
                return values.list?.compactMap(\.string) ?? values.string.map { [$0] } ?? []
            }
        }
        return nil
    }
}
