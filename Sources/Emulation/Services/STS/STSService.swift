import AWSModel
import AWSTypes

/// STS: who am I, and temporary credentials of roles. Later calls with such credentials come from the session.
public final class STSService: Service {
    public static let id = STS.id
    public static let migrations = [
        Migration(
            "sts-1",
            """
            CREATE TABLE sts_sessions (
                access_key TEXT PRIMARY KEY, secret TEXT NOT NULL, token TEXT NOT NULL, principal TEXT NOT NULL,
                user_id TEXT NOT NULL, account TEXT NOT NULL, role TEXT, expires INTEGER NOT NULL) WITHOUT ROWID;
            """),
        // Session policies, tags and what else a session brings along.
        Migration("sts-2", "ALTER TABLE sts_sessions ADD COLUMN document TEXT;"),
    ]

    /// How long expired credentials are remembered, so that they are told from unknown ones.
    private static let remembered = Duration.seconds(3600)

    unowned let core: EngineCore
    private var sessions: [String: RoleSession] = [:]
    private var expiryTimer: TimerID?

    public init(core: EngineCore) { self.core = core }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(STS.getCallerIdentity, getCallerIdentity)
        table.on(STS.assumeRole, assumeRole)
        table.on(STS.assumeRoleWithWebIdentity, assumeRoleWithWebIdentity)
        table.on(STS.assumeRoleWithSAML, assumeRoleWithSAML)
        table.on(STS.getSessionToken, getSessionToken)
        table.on(STS.getFederationToken, getFederationToken)
        table.on(STS.decodeAuthorizationMessage, decodeAuthorizationMessage)
        table.on(STS.getAccessKeyInfo, getAccessKeyInfo)
        return table
    }

    // MARK: For the gateway and other services

    /// The session of an access key, expired or not; nil for keys that STS did not give out, or long ago.
    public func session(forAccessKey key: String) -> RoleSession? { sessions[key] }

    /// Whom a temporary access key stands for; nil for keys that STS did not give out and for expired ones.
    public func principal(forAccessKey key: String) -> (arn: String, userID: String, accountID: String)? {
        guard let session = sessions[key], session.expiration > core.now else { return nil }
        return (session.principalArn, session.userID, session.accountID)
    }

    /// What a temporary access key signs with; nil for keys that STS did not give out.
    public func secretAccessKey(forAccessKey key: String) -> String? { sessions[key]?.secretAccessKey }

    /// Makes and keeps credentials of a role, whose trust the caller has checked: what Lambda gives a function.
    /// - Parameters:
    ///   - sessionName: the last part of the session's ARN; a function's name.
    ///   - duration: until they expire.
    public func issueSession(
        roleArn: String, sessionName: String, duration: Duration, region: String,
        details: SessionDetails = SessionDetails()
    ) -> RoleSession {
        let role = core.service(IAMService.self)?.role(arn: roleArn)
        if let role { core.service(IAMService.self)?.noteUse(of: role, in: region) }
        let parts = roleArn.split(separator: ":", omittingEmptySubsequences: false)
        let partition = parts.count == 6 ? String(parts[1]) : "aws"
        let account = parts.count == 6 && !parts[4].isEmpty ? String(parts[4]) : core.configuration.accountID
        let name = role?.name ?? roleArn.split(separator: "/").last.map(String.init) ?? "role"
        let session = makeSession(
            principalArn: "arn:\(partition):sts::\(account):assumed-role/\(name)/\(sessionName)",
            userID: "\(role?.id ?? Self.identifier(ofUnknownRole: roleArn)):\(sessionName)", accountID: account,
            roleArn: roleArn, duration: duration, details: details)
        return session
    }

    func makeSession(
        principalArn: String, userID: String, accountID: String, roleArn: String?, duration: Duration,
        details: SessionDetails = SessionDetails()
    ) -> RoleSession {
        let session = RoleSession(
            accessKeyID: "ASIA" + core.identifiers.upperAlphanumeric(16),
            secretAccessKey: Base64.encode(core.identifiers.bytes(30)),
            sessionToken: "IQoJb3JpZ2luX2Vj" + Base64.encode(core.identifiers.bytes(240)), principalArn: principalArn,
            userID: userID, accountID: accountID, roleArn: roleArn, expiration: core.now + duration, issued: core.now,
            details: details)
        sessions[session.accessKeyID] = session
        core.journal.record(
            "INSERT OR REPLACE INTO sts_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(session.accessKeyID), .text(session.secretAccessKey), .text(session.sessionToken),
                .text(session.principalArn), .text(session.userID), .text(session.accountID), .text(session.roleArn),
                .instant(session.expiration), .document(session.row),
            ])
        armExpiry()
        return session
    }

    /// The same each time for a role that was never created, so that its sessions belong together.
    private static func identifier(ofUnknownRole arn: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in arn.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var source = IdentifierSource(seed: hash)
        return "AROA" + source.upperAlphanumeric(17)
    }

    // MARK: Expiry

    private func armExpiry() {
        guard expiryTimer == nil, let first = sessions.values.map(\.expiration).min() else { return }
        expiryTimer = core.schedule(
            at: first + Self.remembered, TimerLabel(kind: "SessionExpiry", resourceArn: "", isInternal: true)
        ) { [unowned self] in
            expiryTimer = nil
            let limit = core.now - Self.remembered
            sessions = sessions.filter { $0.value.expiration > limit }
            core.journal.record("DELETE FROM sts_sessions WHERE expires <= ?", [.instant(limit)])
            armExpiry()
        }
    }

    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach(
            "SELECT access_key, secret, token, principal, user_id, account, role, expires, document FROM sts_sessions"
        ) { row in
            var session = RoleSession(
                accessKeyID: row.text(0), secretAccessKey: row.text(1), sessionToken: row.text(2),
                principalArn: row.text(3), userID: row.text(4), accountID: row.text(5), roleArn: row.optionalText(6),
                expiration: row.instant(7), issued: row.instant(7))
            if !row.isNull(8) { session.complete(from: row.document(8)) }
            sessions[session.accessKeyID] = session
        }
    }

    public func resume() { armExpiry() }
}
