import AWSModel

/// A policy as IAM reads it, its patterns ready to match.
public struct PolicyDocument: Sendable, Hashable {
    public enum Kind: Sendable {
        /// A managed policy: AWS takes them in version 2012-10-17 only.
        case managed
        /// An inline or session policy.
        case identity
        case trust
        /// What a queue, a topic or a function carries: checked by its service.
        case resource
    }

    /// `2012-10-17`, or `2008-10-17` where it is left out.
    public let version: String
    public let statements: [PolicyStatement]
    /// As the client sent it.
    public let text: String

    /// Throws MalformedPolicyDocument with IAM's words.
    public init(_ text: String, kind: Kind) throws(ServiceError) {
        guard let document = (try? JSONReader.parse(text))?.object else {
            throw kind == .trust
                ? PolicyValidation.malformed("This policy contains invalid Json") : PolicyValidation.syntax
        }
        try PolicyValidation.check(document, kind)
        self.init(document, text: text)
    }

    /// A policy that was checked before, or that a service made itself.
    public init(_ document: DocumentObject, text: String? = nil) {
        version = document.string("Version") ?? "2008-10-17"
        self.text = text ?? JSONWriter.string(.object(document))
        let fillsVariables = version == "2012-10-17"
        statements = PolicyDocument.listed(document["Statement"]).enumerated().compactMap { index, value in
            value.object.map { PolicyStatement($0, index: index, fillsVariables: fillsVariables) }
        }
    }

    /// A trust policy that is none, as suites write it that were made for mocks ("some policy"): everybody may assume
    /// the role. Nil for what at least looks like a policy.
    static func placeholder(_ text: String) -> PolicyDocument? {
        let words = text.filter { !$0.isWhitespace }
        guard !words.hasPrefix("{") || words == "{}" else { return nil }
        let anybody: DocumentObject = [
            "Statement": [["Effect": "Allow", "Principal": "*", "Action": ["sts:AssumeRole", "sts:TagSession"]]]
        ]
        return PolicyDocument(anybody, text: text)
    }

    static func listed(_ value: DocumentValue?) -> [DocumentValue] {
        switch value {
        case .list(let list)?: list
        case nil, .null?: []
        case let single?: [single]
        }
    }

    static func strings(_ value: DocumentValue?) -> [String] {
        listed(value).compactMap { value in
            switch value {
            case .string(let text): text
            case .bool(let flag): flag ? "true" : "false"
            case .integer(let number): String(number)
            case .number(let number): String(number)
            default: nil
            }
        }
    }

    /// AWS: white space does not count toward the size of a policy.
    var countedSize: Int { text.utf8.count { !($0 == 0x20 || (0x09...0x0D).contains($0)) } }

    /// Whether some statement denies: without one, whoever may do everything need not be checked.
    var hasDenials: Bool { statements.contains { !$0.isAllow } }
}

/// One statement of a policy.
public struct PolicyStatement: Sendable, Hashable {
    public let sid: String?
    /// Its place in the policy, from 0.
    public let index: Int
    public let isAllow: Bool
    public let principals: PolicyPrincipals?
    public let actions: [WildcardPattern]
    /// Whether the actions are those that the statement is not about.
    public let negatesActions: Bool
    /// Nil where the statement names none: a trust policy is about its role.
    public let resources: [WildcardPattern]?
    public let negatesResources: Bool
    public let conditions: [PolicyCondition]
    /// An operator that does not exist makes the statement match nothing.
    private let isUnreadable: Bool

    init(_ object: DocumentObject, index: Int, fillsVariables: Bool) {
        sid = object.string("Sid")
        self.index = index
        isAllow = object.string("Effect") == "Allow"
        principals = PolicyPrincipals(object)
        negatesActions = object.contains("NotAction")
        actions = PolicyDocument.strings(object[negatesActions ? "NotAction" : "Action"]).map {
            WildcardPattern($0, ignoresCase: true)
        }
        negatesResources = object.contains("NotResource")
        let named = object[negatesResources ? "NotResource" : "Resource"]
        resources = named.map { value in
            PolicyDocument.strings(value).map { WildcardPattern($0, fillsVariables: fillsVariables) }
        }
        var conditions: [PolicyCondition] = []
        var isUnreadable = false
        for (test, keys) in object.object("Condition") ?? [:] {
            for (key, values) in keys.object ?? [:] {
                let condition = PolicyCondition(
                    test, key: key, values: PolicyDocument.strings(values), fillsVariables: fillsVariables)
                if let condition { conditions.append(condition) } else { isUnreadable = true }
            }
        }
        self.conditions = conditions
        self.isUnreadable = isUnreadable
    }

    /// Whether the statement is about a request, whoever makes it.
    func covers(_ request: AuthorizationRequest) -> Bool {
        guard !isUnreadable, covers(action: request.action) else { return false }
        if let resources {
            guard resources.contains(where: { $0.matches(request.resource, request.context) }) != negatesResources
            else { return false }
        }
        return conditions.allSatisfy { $0.holds(in: request.context) }
    }

    func covers(action: String) -> Bool { actions.contains { $0.matches(action) } != negatesActions }
}
