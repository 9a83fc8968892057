import AWSModel

/// Users and groups in memory and in the journal.
extension IAMService {
    static let usersTopic = "iam:users"
    static let groupsTopic = "iam:groups"

    // MARK: Users

    func users(of accountID: String) -> [IAMUser] {
        (userAccounts[accountID] ?? [:]).values.sorted { $0.name < $1.name }
    }

    func user(_ name: String, _ call: Call) throws(ServiceError) -> IAMUser {
        guard let user = userAccounts[call.scope.accountID]?[name] else {
            throw .noSuchEntity("The user with name \(name) cannot be found.")
        }
        core.attribute(call, to: user.arn)
        return user
    }

    /// The user that is meant: named, or the one who calls.
    func user(named name: String?, _ call: Call) throws(ServiceError) -> IAMUser {
        if let name { return try user(name, call) }
        let parts = call.caller.principalArn.split(separator: ":", maxSplits: 5)
        guard parts.count >= 5, let resource = parts.last, resource.hasPrefix("user/"),
            let own = resource.split(separator: "/").last
        else { throw ServiceError("ValidationError", "Must specify userName when calling with non-User credentials") }
        return try user(String(own), call)
    }

    /// The user an ARN names; nil where there is none.
    public func user(arn: String) -> IAMUser? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5].hasPrefix("user/"), let name = parts[5].split(separator: "/").last,
            let user = userAccounts[String(parts[4])]?[String(name)], user.arn == arn
        else { return nil }
        return user
    }

    func store(_ user: IAMUser) {
        for key in userAccounts[user.accountID]?[user.name]?.accessKeys ?? [] { accessKeyOwners[key.id] = nil }
        for key in user.accessKeys { accessKeyOwners[key.id] = (user.accountID, user.name) }
        userAccounts[user.accountID, default: [:]][user.name] = user
        record("user", user.name, user.row, in: user.accountID)
        core.changes.mark(user.arn)
        core.changes.mark(Self.usersTopic)
    }

    func remove(_ user: IAMUser) {
        for key in user.accessKeys { accessKeyOwners[key.id] = nil }
        userAccounts[user.accountID]?[user.name] = nil
        forget("user", user.name, in: user.accountID)
        core.changes.mark(user.arn)
        core.changes.mark(Self.usersTopic)
    }

    // MARK: Access keys

    /// Whom a user's access key stands for; nil for keys that IAM did not give out.
    public func owner(ofAccessKey key: String) -> (user: IAMUser, key: IAMUser.AccessKey)? {
        guard let (account, name) = accessKeyOwners[key], let user = userAccounts[account]?[name],
            let found = user.accessKeys.first(where: { $0.id == key })
        else { return nil }
        return (user, found)
    }

    // MARK: Groups

    func groups(of accountID: String) -> [IAMGroup] {
        (groupAccounts[accountID] ?? [:]).values.sorted { $0.name < $1.name }
    }

    func group(_ name: String, _ call: Call) throws(ServiceError) -> IAMGroup {
        guard let group = groupAccounts[call.scope.accountID]?[name] else {
            throw .noSuchEntity("The group with name \(name) cannot be found.")
        }
        core.attribute(call, to: group.arn)
        return group
    }

    func group(_ name: String, in accountID: String) -> IAMGroup? { groupAccounts[accountID]?[name] }

    func members(of group: IAMGroup) -> [IAMUser] {
        users(of: group.accountID).filter { $0.groups.contains(group.name) }
    }

    func store(_ group: IAMGroup) {
        groupAccounts[group.accountID, default: [:]][group.name] = group
        record("group", group.name, group.row, in: group.accountID)
        core.changes.mark(group.arn)
        core.changes.mark(Self.groupsTopic)
    }

    func remove(_ group: IAMGroup) {
        groupAccounts[group.accountID]?[group.name] = nil
        forget("group", group.name, in: group.accountID)
        core.changes.mark(group.arn)
        core.changes.mark(Self.groupsTopic)
    }

    // MARK: Rows

    func record(_ kind: String, _ name: String, _ row: DocumentObject, in accountID: String) {
        generation &+= 1
        core.journal.record(
            "INSERT OR REPLACE INTO iam_entities VALUES (?, ?, ?, ?)",
            [.text(accountID), .text(kind), .text(name), .document(row)])
    }

    func forget(_ kind: String, _ name: String, in accountID: String) {
        generation &+= 1
        core.journal.record(
            "DELETE FROM iam_entities WHERE account = ? AND kind = ? AND name = ?",
            [.text(accountID), .text(kind), .text(name)])
    }

    func restoreEntities(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, kind, name, document FROM iam_entities") { row in
            let account = row.text(0)
            let document = row.document(3)
            switch row.text(1) {
            case "user":
                guard let user = IAMUser(accountID: account, row: document) else { return }
                userAccounts[account, default: [:]][user.name] = user
                for key in user.accessKeys { accessKeyOwners[key.id] = (account, user.name) }
            case "group":
                guard let group = IAMGroup(accountID: account, row: document) else { return }
                groupAccounts[account, default: [:]][group.name] = group
            case LastUse.kind: uses[row.text(2)] = document.entries { $0.object.map(LastUse.init) }
            case let kind: records[account, default: [:]][kind, default: [:]][row.text(2)] = document
            }
        }
    }
}

/// What IAM only keeps and gives back: instance profiles, identity providers, certificates, devices, account settings.
extension IAMService {
    enum RecordKind: String {
        case instanceProfile, openIDProvider, samlProvider, serverCertificate, serviceCredential, device, account
        case deletion, report, accessJob
    }

    func records(_ kind: RecordKind, of accountID: String) -> [(name: String, document: DocumentObject)] {
        (records[accountID]?[kind.rawValue] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func record(_ kind: RecordKind, _ name: String, of accountID: String) -> DocumentObject? {
        records[accountID]?[kind.rawValue]?[name]
    }

    func put(_ kind: RecordKind, _ name: String, _ document: DocumentObject, in accountID: String) {
        records[accountID, default: [:]][kind.rawValue, default: [:]][name] = document
        record(kind.rawValue, name, document, in: accountID)
        core.changes.mark("iam:\(kind.rawValue)")
    }

    func drop(_ kind: RecordKind, _ name: String, in accountID: String) {
        records[accountID]?[kind.rawValue]?[name] = nil
        forget(kind.rawValue, name, in: accountID)
        core.changes.mark("iam:\(kind.rawValue)")
    }
}
