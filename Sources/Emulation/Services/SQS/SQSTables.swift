import AWSModel

/// SQS's rows. Keys are integers, and what changes at a receive is one small update.
enum SQSTables {
    static let migrations = [
        Migration(
            "sqs-1",
            """
            CREATE TABLE sqs_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE sqs_queues (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                attributes TEXT NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
                purged INTEGER);
            CREATE TABLE sqs_deleted_queues (
                account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, deleted INTEGER NOT NULL,
                PRIMARY KEY (account, region, name)) WITHOUT ROWID;
            CREATE TABLE sqs_messages (
                id INTEGER PRIMARY KEY, queue INTEGER NOT NULL, uuid_high INTEGER NOT NULL, uuid_low INTEGER NOT NULL,
                visible INTEGER NOT NULL, received INTEGER NOT NULL, first_received INTEGER, receives INTEGER NOT NULL,
                receives_elsewhere INTEGER NOT NULL, holder TEXT, sent INTEGER NOT NULL, sender TEXT NOT NULL,
                group_id TEXT, deduplication_id TEXT, trace_header TEXT, source_arn TEXT, attributes TEXT,
                body TEXT NOT NULL);
            CREATE TABLE sqs_deduplications (
                id INTEGER PRIMARY KEY, queue INTEGER NOT NULL, name TEXT NOT NULL, uuid_high INTEGER NOT NULL,
                uuid_low INTEGER NOT NULL, at INTEGER NOT NULL);
            CREATE TABLE sqs_move_tasks (
                id TEXT PRIMARY KEY, source TEXT NOT NULL, destination TEXT, rate INTEGER, status TEXT NOT NULL,
                moved INTEGER NOT NULL, to_move INTEGER NOT NULL, started INTEGER NOT NULL, failure TEXT) WITHOUT ROWID;
            """)
    ]
}

// MARK: - Writing

extension SQSService {
    func record(_ queue: Queue) {
        noteDenials(in: queue)
        core.journal.record(
            "INSERT OR REPLACE INTO sqs_queues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(queue.id), .text(queue.scope.accountID), .text(queue.scope.region), .text(queue.name),
                .document(queue.attributes.document(isFIFO: queue.isFIFO)),
                .document(DocumentObject(queue.tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
                .instant(queue.createdAt), .instant(queue.modifiedAt), queue.purgedAt.map(SQLValue.instant) ?? .null,
            ])
    }

    func recordArrival(_ message: QueueMessage, in queue: Queue) {
        let details = message.details
        core.journal.record(
            "INSERT INTO sqs_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(message.id), .integer(queue.id), .integer(Int64(bitPattern: message.uuidHigh)),
                .integer(Int64(bitPattern: message.uuidLow)), .instant(message.visibleAt),
                .instant(message.receivedAt), message.firstReceivedAt.map(SQLValue.instant) ?? .null,
                .integer(Int64(message.receiveCount)), .integer(Int64(message.receivesElsewhere)), .null,
                .instant(message.sentAt), .text(message.sender.text),
                message.group.id.isEmpty ? .null : .text(message.group.id), .text(details?.deduplicationID),
                .text(details?.traceHeader), .text(details?.deadLetterSourceArn),
                details.flatMap { $0.attributes.isEmpty ? nil : .text(Self.text(of: $0.attributes)) } ?? .null,
                .text(message.body),
            ])
    }

    func recordReceive(_ message: QueueMessage) {
        core.journal.record(
            "UPDATE sqs_messages SET visible = ?, received = ?, first_received = ?, receives = ?, holder = ? WHERE id = ?",
            [
                .instant(message.visibleAt), .instant(message.receivedAt),
                message.firstReceivedAt.map(SQLValue.instant) ?? .null, .integer(Int64(message.receiveCount)),
                .text(message.holder?.text), .integer(message.id),
            ])
    }

    func recordVisibility(_ message: QueueMessage) {
        core.journal.record(
            "UPDATE sqs_messages SET visible = ? WHERE id = ?", [.instant(message.visibleAt), .integer(message.id)])
    }

    func recordRemoval(_ message: QueueMessage) {
        core.journal.record("DELETE FROM sqs_messages WHERE id = ?", [.integer(message.id)])
    }

    func recordRemovalOfMessages(in queue: Queue) {
        core.journal.record("DELETE FROM sqs_messages WHERE queue = ?", [.integer(queue.id)])
        core.journal.record("DELETE FROM sqs_deduplications WHERE queue = ?", [.integer(queue.id)])
    }

    private static func text(of attributes: [StoredMessageAttribute]) -> String {
        let list = attributes.map { attribute -> DocumentValue in
            switch attribute.value {
            case .string(let text): [.string(attribute.name), .string(attribute.dataType), .string(text)]
            case .binary(let bytes): [.string(attribute.name), .string(attribute.dataType), .null, .bytes(bytes)]
            }
        }
        return JSONWriter.string(.list(list))
    }

    private static func attributes(from text: String) -> [StoredMessageAttribute] {
        guard let list = (try? JSONReader.parse(text))?.list else { return [] }
        return list.compactMap { entry in
            guard let name = entry[0]?.string, let type = entry[1]?.string else { return nil }
            if let text = entry[2]?.string {
                return StoredMessageAttribute(name: name, dataType: type, value: .string(text))
            }
            guard let bytes = entry[3]?.string.flatMap(Base64.decode) else { return nil }
            return StoredMessageAttribute(name: name, dataType: type, value: .binary(bytes))
        }
    }
}

// MARK: - Reading back

extension SQSService {
    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT value FROM sqs_state WHERE name = 'message_ids'") { row in
            reservedMessageIDs = row.integer(0)
            lastMessageID = reservedMessageIDs
        }
        try store.forEach("SELECT value FROM sqs_state WHERE name = 'queue_ids'") { row in
            lastQueueID = row.integer(0)
        }
        try restoreQueues(store)
        try store.forEach("SELECT account, region, name, deleted FROM sqs_deleted_queues") { row in
            let name = QueueName(scope: Scope(accountID: row.text(0), region: row.text(1)), name: row.text(2))
            deletedAt[name] = row.instant(3)
        }
        try restoreMessages(store)
        try store.forEach(
            "SELECT id, queue, name, uuid_high, uuid_low, at FROM sqs_deduplications ORDER BY id"
        ) { row in
            queuesByID[row.integer(1)]?.deduplication.insert(
                row.text(2),
                DeduplicationWindow.Record(
                    row: row.integer(0), uuidHigh: UInt64(bitPattern: row.integer(3)),
                    uuidLow: UInt64(bitPattern: row.integer(4)), at: row.instant(5)))
        }
        try restoreMoveTasks(store)
    }

    private func restoreQueues(_ store: StoredRows) throws(StorageError) {
        try store.forEach(
            "SELECT id, account, region, name, attributes, tags, created, modified, purged FROM sqs_queues ORDER BY id"
        ) { row in
            let name = row.text(3)
            let isFIFO = name.hasSuffix(".fifo")
            var tags: [String: String] = [:]
            for (key, value) in row.document(5) { tags[key] = value.string ?? "" }
            let queue = Queue(
                id: row.integer(0), scope: Scope(accountID: row.text(1), region: row.text(2)), name: name,
                attributes: QueueAttributes(document: row.document(4), isFIFO: isFIFO), tags: tags,
                createdAt: row.instant(6), modifiedAt: row.instant(7))
            queue.purgedAt = row.isNull(8) ? nil : row.instant(8)
            queue.lastActiveAt = core.now
            lastQueueID = max(lastQueueID, queue.id)
            add(queue)
        }
    }

    private func restoreMessages(_ store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT queue, count(*) FROM sqs_messages GROUP BY queue") { row in
            queuesByID[row.integer(0)]?.reserve(row.int(1))
        }
        let now = core.now
        // One queue's messages usually follow each other: look up what repeats only when it changes.
        var queue: Queue?
        var sender = SharedText("")
        try store.forEach(
            """
            SELECT id, queue, uuid_high, uuid_low, visible, received, first_received, receives, receives_elsewhere,
                holder, sent, sender, group_id, deduplication_id, trace_header, source_arn, attributes, body
            FROM sqs_messages ORDER BY id
            """
        ) { row in
            let queueID = row.integer(1)
            if queue?.id != queueID { queue = queuesByID[queueID] }
            guard let queue else { return }
            let senderText = row.text(11)
            if sender.text != senderText { sender = texts.shared(senderText) }
            let message = QueueMessage(
                id: row.integer(0), uuid: (UInt64(bitPattern: row.integer(2)), UInt64(bitPattern: row.integer(3))),
                body: row.text(17), sentAt: row.instant(10), visibleAt: row.instant(4), sender: sender,
                details: .unlessEmpty(
                    attributes: row.isNull(16) ? [] : Self.attributes(from: row.text(16)),
                    deduplicationID: row.optionalText(13), traceHeader: row.optionalText(14),
                    deadLetterSourceArn: row.optionalText(15)),
                group: queue.group(named: row.optionalText(12)),
                receiveCount: Int32(clamping: row.integer(7)), receivesElsewhere: Int32(clamping: row.integer(8)),
                cause: nil)
            message.receivedAt = row.instant(5)
            message.firstReceivedAt = row.isNull(6) ? nil : row.instant(6)
            message.holder = row.optionalText(9).map { texts.shared($0) }
            queue.insert(message, at: now)
            lastMessageID = max(lastMessageID, message.id)
        }
    }
}
