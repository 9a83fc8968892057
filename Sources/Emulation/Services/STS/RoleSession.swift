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
}
