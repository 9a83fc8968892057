import AWSModel

/// When somebody last called a service, as the access advisor and the lists of access keys tell it.
struct LastUse: Sendable, Hashable {
    /// The kind of its rows.
    static let kind = "use"

    var time: Instant
    var region: String
    /// What the journal holds: later uses follow within a minute. AWS: these figures are some hours behind.
    var recorded: Instant

    init(time: Instant, region: String) {
        self.time = time
        self.region = region
        recorded = time
    }

    init(_ row: DocumentObject) { self.init(time: row.instant("time"), region: row.string("region") ?? "") }

    var row: DocumentObject { ["time": .integer(time.microseconds), "region": .string(region)] }
}

extension IAMService {
    private static let recordingInterval = Duration.seconds(60)

    /// Remembers that a user, a role or an access key was used for a service.
    func noteUse(by principal: PolicyPrincipal, _ caller: Caller, of service: String) {
        switch principal {
        case .user(let arn, let account):
            note(arn, service, caller.scope.region, account)
            if accessKeyOwners[caller.accessKeyID] != nil {
                note(caller.accessKeyID, service, caller.scope.region, account)
            }
        case .session(_, let arn, let account): note(arn, service, caller.scope.region, account)
        default: break
        }
    }

    private func note(_ name: String, _ service: String, _ region: String, _ account: String) {
        if var last = uses[name]?[service] {
            last.time = core.now
            last.region = region
            let isDue = core.now >= last.recorded + Self.recordingInterval
            if isDue { last.recorded = core.now }
            uses[name]?[service] = last
            guard isDue else { return }
        } else {
            uses[name, default: [:]][service] = LastUse(time: core.now, region: region)
        }
        core.journal.record(
            "INSERT OR REPLACE INTO iam_entities VALUES (?, ?, ?, ?)",
            [
                .text(account), .text(LastUse.kind), .text(name),
                .document(DocumentValue.entries(uses[name] ?? [:]) { .object($0.row) }.object ?? [:]),
            ])
    }
}
