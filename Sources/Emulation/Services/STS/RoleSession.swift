import AWSModel

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
    /// The role it was made from; nil for GetSessionToken.
    public var roleArn: String?
    public var expiration: Instant
    /// What the session is limited to: policies passed along, and managed ones by ARN. Nil where nothing limits it.
    public var policyText: String?
    public var policyArns: [String] = []
    public var tags: [String: String] = [:]

    /// The session's limits; nil where it has none.
    func policies(_ iam: IAMService?) -> [NamedPolicy]? {
        guard policyText != nil || !policyArns.isEmpty else { return nil }
        let own = policyText.flatMap { text in
            (try? JSONReader.parse(text))?.object.map {
                NamedPolicy("session policy", kind: "session", PolicyDocument($0, text: text))
            }
        }
        let managed = policyArns.compactMap { arn -> NamedPolicy? in
            guard let policy = iam?.policy(arn, in: accountID), let document = policy.document else { return nil }
            return NamedPolicy(policy.name, kind: "session", document)
        }
        return [own].compactMap { $0 } + managed
    }
}
