import AWSModel

/// Something small that is put whole and read whole: a query definition, a policy, a destination, a delivery.
struct LogsItem {
    var scope: Scope
    var kind: String
    var id: String
    var document: DocumentObject
    var modified: Instant

    /// Where the document keeps the tags that it was given.
    static let tagsKey = "skuaTags"

    var tags: [String: String] {
        get { document.object(Self.tagsKey)?.entries(\.string) ?? [:] }
        set { document[Self.tagsKey] = .entries(newValue, DocumentValue.string) }
    }
}

extension LogsService {
    /// In the order of their ids.
    func items(_ kind: String, in scope: Scope) -> [LogsItem] {
        items.values.filter { $0.kind == kind && $0.scope == scope }
            .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    func item(_ kind: String, _ id: String, in scope: Scope) -> LogsItem? { items[Self.key(kind, id, scope)] }

    private static func key(_ kind: String, _ id: String, _ scope: Scope) -> [String] {
        [scope.accountID, scope.region, kind, id]
    }

    func save(_ item: LogsItem) {
        note(item)
        items[Self.key(item.kind, item.id, item.scope)] = item
        core.journal.record(
            "INSERT OR REPLACE INTO logs_items VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(item.scope.accountID), .text(item.scope.region), .text(item.kind), .text(item.id),
                .document(item.document), .instant(item.modified),
            ])
    }

    func removeItem(_ kind: String, _ id: String, in scope: Scope) -> Bool {
        guard items.removeValue(forKey: Self.key(kind, id, scope)) != nil else { return false }
        core.journal.record(
            "DELETE FROM logs_items WHERE account = ? AND region = ? AND kind = ? AND id = ?",
            [.text(scope.accountID), .text(scope.region), .text(kind), .text(id)])
        return true
    }

    func restoreItems(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, region, kind, id, document, modified FROM logs_items") { row in
            let item = LogsItem(
                scope: Scope(accountID: row.text(0), region: row.text(1)), kind: row.text(2), id: row.text(3),
                document: row.document(4), modified: row.instant(5))
            note(item)
            items[Self.key(item.kind, item.id, item.scope)] = item
        }
    }
}
