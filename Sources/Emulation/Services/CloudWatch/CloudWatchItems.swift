import AWSModel

/// Something small that is put whole and read whole: an insight rule, a metric stream, a mute rule.
struct CloudWatchItem {
    var scope: Scope
    var kind: String
    var id: String
    var document: DocumentObject
    var created: Instant
    var modified: Instant
    var tags: [String: String] = [:]
}

extension CloudWatchService {
    static let itemMigration = Migration(
        "cloudwatch-5",
        """
        CREATE TABLE cloudwatch_items (
            account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
            document TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, tags TEXT NOT NULL,
            PRIMARY KEY (account, region, kind, id)) WITHOUT ROWID;
        """)

    /// In the order of their ids.
    func items(_ kind: String, in scope: Scope) -> [CloudWatchItem] {
        items.values.filter { $0.kind == kind && $0.scope == scope }
            .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    func item(_ kind: String, _ id: String, in scope: Scope) -> CloudWatchItem? {
        items[Self.key(kind, id, scope)]
    }

    private static func key(_ kind: String, _ id: String, _ scope: Scope) -> [String] {
        [scope.accountID, scope.region, kind, id]
    }

    func save(_ item: CloudWatchItem) {
        items[Self.key(item.kind, item.id, item.scope)] = item
        core.journal.record(
            "INSERT OR REPLACE INTO cloudwatch_items VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(item.scope.accountID), .text(item.scope.region), .text(item.kind), .text(item.id),
                .document(item.document), .instant(item.created), .instant(item.modified),
                .text(JSONWriter.string(.entries(item.tags, DocumentValue.string))),
            ])
    }

    /// Puts a thing of a name in place of what has it.
    func put(
        _ kind: String, _ name: String, _ document: DocumentObject, _ tags: [String: String], _ call: Call
    ) -> CloudWatchItem {
        let known = item(kind, name, in: call.scope)
        // AWS: tags are those of the creation.
        let item = CloudWatchItem(
            scope: call.scope, kind: kind, id: name, document: document, created: known?.created ?? call.time,
            modified: call.time, tags: known?.tags ?? tags)
        save(item)
        return item
    }

    func removeItem(_ kind: String, _ id: String, in scope: Scope) -> Bool {
        guard items.removeValue(forKey: Self.key(kind, id, scope)) != nil else { return false }
        core.journal.record(
            "DELETE FROM cloudwatch_items WHERE account = ? AND region = ? AND kind = ? AND id = ?",
            [.text(scope.accountID), .text(scope.region), .text(kind), .text(id)])
        return true
    }

    func restoreItems(from store: StoredRows) throws(StorageError) {
        try store.forEach(
            "SELECT account, region, kind, id, document, created, modified, tags FROM cloudwatch_items"
        ) { row in
            let item = CloudWatchItem(
                scope: Scope(accountID: row.text(0), region: row.text(1)), kind: row.text(2), id: row.text(3),
                document: row.document(4), created: row.instant(5), modified: row.instant(6),
                tags: row.document(7).entries(\.string))
            items[Self.key(item.kind, item.id, item.scope)] = item
        }
    }
}
