import AWSModel

/// What a session brings along besides the role: limits, tags, and how its owner proved who they are.
public struct SessionDetails: Sendable, Hashable {
    /// A policy that limits the session; nil where none was passed.
    public var policyText: String?
    /// Managed policies that limit it, by ARN.
    public var policyArns: [String] = []
    public var tags: [String: String] = [:]
    /// Tags that are handed on where the session assumes another role.
    public var transitiveTagKeys: [String] = []
    public var sourceIdentity: String?
    /// `arn:aws:iam::…:oidc-provider/…`, a SAML provider's ARN: who vouched for the user.
    public var federatedProvider: String?
    /// What the identity provider told, as conditions ask for it: `accounts.google.com:sub`.
    public var claims: [String: String] = [:]
    public var hasMultiFactor = false
    /// AWS: a federated user without a policy may do nothing by itself.
    public var needsPolicy = false

    public init() {}
}

/// Temporary credentials and whom they stand for.
public struct RoleSession: Sendable, Hashable {
    /// `ASIA…`.
    public var accessKeyID: String
    public var secretAccessKey: String
    public var sessionToken: String
    /// `arn:aws:sts::123456789012:assumed-role/name/session`, or whoever asked for a session token.
    public var principalArn: String
    /// `AROA…:session`, as `aws:userid` has it.
    public var userID: String
    public var accountID: String
    /// The role it was made from, or the user that asked for a federated user's; nil for an account's own session.
    public var roleArn: String?
    public var expiration: Instant
    public var issued: Instant
    public var details = SessionDetails()

    /// The session's limits; nil where it has none.
    func policies(_ iam: IAMService?) -> [NamedPolicy]? {
        guard details.needsPolicy || details.policyText != nil || !details.policyArns.isEmpty else { return nil }
        let own = details.policyText.flatMap { text in
            (try? JSONReader.parse(text))?.object.map {
                NamedPolicy("session policy", kind: "session", PolicyDocument($0, text: text))
            }
        }
        let managed = details.policyArns.compactMap { arn -> NamedPolicy? in
            guard let policy = iam?.policy(arn, in: accountID), let document = policy.document else { return nil }
            return NamedPolicy(policy.name, kind: "session", document)
        }
        return [own].compactMap { $0 } + managed
    }
}

extension RoleSession {
    var row: DocumentObject {
        var object: DocumentObject = ["issued": .integer(issued.microseconds)]
        object.putString("policy", details.policyText)
        object.putString("source", details.sourceIdentity)
        object.putString("provider", details.federatedProvider)
        if !details.policyArns.isEmpty { object["arns"] = .list(details.policyArns.map { .string($0) }) }
        if !details.tags.isEmpty { object["tags"] = .entries(details.tags, DocumentValue.string) }
        if !details.transitiveTagKeys.isEmpty {
            object["transitive"] = .list(details.transitiveTagKeys.map { .string($0) })
        }
        if !details.claims.isEmpty { object["claims"] = .entries(details.claims, DocumentValue.string) }
        if details.hasMultiFactor { object["mfa"] = true }
        if details.needsPolicy { object["needsPolicy"] = true }
        return object
    }

    /// What the row tells besides its columns; sessions of older worlds have none.
    mutating func complete(from row: DocumentObject) {
        issued = row.integer("issued").map { Instant(microseconds: Int64($0)) } ?? issued
        details.policyText = row.string("policy")
        details.sourceIdentity = row.string("source")
        details.federatedProvider = row.string("provider")
        details.policyArns = row.strings("arns") ?? []
        details.tags = row.stringMap("tags") ?? [:]
        details.transitiveTagKeys = row.strings("transitive") ?? []
        details.claims = row.stringMap("claims") ?? [:]
        details.hasMultiFactor = row.bool("mfa") ?? false
        details.needsPolicy = row.bool("needsPolicy") ?? false
    }
}
