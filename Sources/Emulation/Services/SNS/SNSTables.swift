import AWSModel
import AWSTypes

/// SNS's rows. A message and its deliveries are stored only while somebody still waits for it.
enum SNSTables {
    static let migrations = [
        Migration(
            "sns-1",
            """
            CREATE TABLE sns_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE sns_topics (
                arn TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                attributes TEXT NOT NULL, tags TEXT NOT NULL, deleted_subscriptions INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE sns_sequences (topic TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE sns_deduplications (
                topic TEXT NOT NULL, name TEXT NOT NULL, message TEXT NOT NULL, sequence TEXT NOT NULL,
                at INTEGER NOT NULL, PRIMARY KEY (topic, name)) WITHOUT ROWID;
            CREATE TABLE sns_subscriptions (
                arn TEXT PRIMARY KEY, topic TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
                kind TEXT NOT NULL, endpoint TEXT NOT NULL, attributes TEXT NOT NULL, confirmed INTEGER NOT NULL,
                token TEXT, created INTEGER NOT NULL, principal TEXT NOT NULL, authenticated INTEGER NOT NULL)
                WITHOUT ROWID;
            CREATE TABLE sns_messages (id INTEGER PRIMARY KEY, document TEXT NOT NULL);
            CREATE TABLE sns_deliveries (
                id INTEGER PRIMARY KEY, message INTEGER NOT NULL, subscription TEXT NOT NULL,
                attempts INTEGER NOT NULL, due INTEGER NOT NULL, error TEXT NOT NULL);
            CREATE TABLE sns_documents (
                kind TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL, attributes TEXT NOT NULL,
                PRIMARY KEY (kind, name)) WITHOUT ROWID;
            CREATE TABLE sns_outbox (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL,
                recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, topic TEXT NOT NULL,
                link TEXT, at INTEGER NOT NULL);
            """),
        Migration(
            "sns-2",
            """
            CREATE TABLE sns_archive (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, at INTEGER NOT NULL, document TEXT NOT NULL);
            CREATE INDEX sns_archive_time ON sns_archive (topic, at);
            CREATE INDEX sns_archive_order ON sns_archive (topic, id);
            CREATE TABLE sns_fanouts (message INTEGER PRIMARY KEY, topic TEXT NOT NULL, last TEXT NOT NULL);
            """),
    ]

    static func map(_ values: [String: String]) -> SQLValue {
        .document(DocumentObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    static func map(_ document: DocumentObject) -> [String: String] {
        Dictionary(document.map { ($0.0, $0.1.string ?? "") }) { first, _ in first }
    }
}

extension SNSService {
    func record(_ topic: SNSTopic) {
        if topic.attributes["Policy"]?.contains("Deny") == true { holdsDenials = true }
        core.journal.record(
            "INSERT OR REPLACE INTO sns_topics VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .text(topic.arn), .text(topic.scope.accountID), .text(topic.scope.region), .text(topic.name),
                SNSTables.map(topic.attributes), SNSTables.map(topic.tags), .integer(topic.deletedSubscriptions),
            ])
    }

    func record(_ subscription: SNSSubscription) {
        core.journal.record(
            "INSERT OR REPLACE INTO sns_subscriptions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(subscription.arn), .text(subscription.topicArn), .text(subscription.scope.accountID),
                .text(subscription.scope.region), .text(subscription.kind), .text(subscription.endpoint),
                SNSTables.map(subscription.attributes), .bool(subscription.isConfirmed), .text(subscription.token),
                .instant(subscription.createdAt), .text(subscription.principal),
                .bool(subscription.needsAuthenticationToUnsubscribe),
            ])
    }

    func record(_ kind: String, _ name: String, _ document: SNSDocumented) {
        core.journal.record(
            "INSERT OR REPLACE INTO sns_documents VALUES (?, ?, ?, ?)",
            [.text(kind), .text(name), .text(document.parent), SNSTables.map(document.attributes)])
    }

    func forget(_ kind: String, _ name: String) {
        core.journal.record("DELETE FROM sns_documents WHERE kind = ? AND name = ?", [.text(kind), .text(name)])
    }

    func record(_ message: SNSMessage) {
        guard !message.isStored else { return }
        message.isStored = true
        core.journal.record(
            "INSERT OR REPLACE INTO sns_messages VALUES (?, ?)",
            [.integer(message.id), .document(Self.document(of: message))])
    }

    /// Makes a delivery last: from now on a restart goes on with it.
    func record(_ delivery: SNSDelivery) {
        let message = delivery.message
        record(message)
        delivery.isStored = true
        core.journal.record(
            "INSERT OR REPLACE INTO sns_deliveries VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(delivery.id), .integer(message.id), .text(delivery.subscriptionArn),
                .integer(delivery.attempts), .instant(delivery.due), .text(delivery.lastError),
            ])
    }

    /// The delivery is over; so is the message with its last one.
    func forget(_ delivery: SNSDelivery) {
        deliveries[delivery.id] = nil
        subscriptions[delivery.subscriptionArn]?.openDeliveries[delivery.id] = nil
        if delivery.isStored {
            core.journal.record("DELETE FROM sns_deliveries WHERE id = ?", [.integer(delivery.id)])
        }
        release(delivery.message)
    }

    /// One less waits for the message.
    func release(_ message: SNSMessage) {
        message.openDeliveries -= 1
        guard message.openDeliveries <= 0 else { return }
        messages[message.id] = nil
        if message.isStored {
            core.journal.record("DELETE FROM sns_messages WHERE id = ?", [.integer(message.id)])
        }
    }

    static func document(of message: SNSMessage) -> DocumentObject {
        var document: DocumentObject = [
            "MessageId": .string(message.messageID), "TopicArn": .string(message.topicArn),
            "Message": .string(message.text), "IsStructured": .bool(message.isStructured),
            "PublishedAt": .integer(message.publishedAt.microseconds),
            "Attributes": .list(
                message.attributes.sorted { $0.key < $1.key }.map { name, value in
                    [
                        .string(name), .string(value.dataType), value.stringValue.map { .string($0) } ?? .null,
                        value.binaryValue.map { .string(Base64.encode($0)) } ?? .null,
                    ]
                }),
        ]
        document["Subject"] = message.subject.map { .string($0) }
        document["GroupId"] = message.groupID.map { .string($0) }
        document["DeduplicationId"] = message.deduplicationID.map { .string($0) }
        document["Sequence"] = message.sequence.map { .string($0) }
        document["TraceHeader"] = message.traceHeader.map { .string($0) }
        if message.isReplayed { document["Replayed"] = true }
        return document
    }

    func message(id: Int64, from document: DocumentObject) -> SNSMessage {
        var attributes: [String: SNS.MessageAttributeValue] = [:]
        for entry in document.list("Attributes") ?? [] {
            guard let name = entry[0]?.string, let type = entry[1]?.string else { continue }
            attributes[name] = SNS.MessageAttributeValue(
                dataType: type, stringValue: entry[2]?.string, binaryValue: entry[3]?.string.flatMap(Base64.decode))
        }
        let message = SNSMessage(
            id: id, messageID: document.string("MessageId") ?? "", topicArn: document.string("TopicArn") ?? "",
            text: document.string("Message") ?? "", subject: document.string("Subject"),
            isStructured: document.bool("IsStructured") ?? false, attributes: attributes,
            groupID: document.string("GroupId"), deduplicationID: document.string("DeduplicationId"),
            sequence: document.string("Sequence"),
            publishedAt: Instant(microseconds: document["PublishedAt"]?.integer ?? 0),
            cause: Cause(entry: nil, trace: core.newTrace()), traceHeader: document.string("TraceHeader"))
        message.isStored = true
        message.isReplayed = document.bool("Replayed") ?? false
        return message
    }

    // MARK: Reading back

    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT value FROM sns_state WHERE name = 'ids'") { row in
            reservedIDs = Int64(row.text(0)) ?? 0
            lastID = reservedIDs
        }
        try restoreIdentity(from: store)
        try restoreOutbox(from: store)
        try store.forEach("SELECT * FROM sns_topics") { row in
            let topic = SNSTopic(
                name: row.text(3), scope: Scope(accountID: row.text(1), region: row.text(2)),
                attributes: SNSTables.map(row.document(4)), tags: SNSTables.map(row.document(5)))
            topic.deletedSubscriptions = row.int(6)
            add(topic)
            if topic.attributes["Policy"]?.contains("Deny") == true { holdsDenials = true }
        }
        try store.forEach("SELECT topic, last FROM sns_sequences") { row in
            topics[row.text(0)]?.lastSequence = row.integer(1)
        }
        try store.forEach("SELECT topic, name, message, sequence, at FROM sns_deduplications ORDER BY at") { row in
            guard let topic = topics[row.text(0)] else { return }
            topic.deduplication[row.text(1)] = (row.text(2), row.text(3), row.instant(4))
            topic.deduplicationOrder.append((row.text(1), row.instant(4)))
        }
        try store.forEach("SELECT * FROM sns_subscriptions") { row in
            let subscription = SNSSubscription(
                arn: row.text(0), topicArn: row.text(1), scope: Scope(accountID: row.text(2), region: row.text(3)),
                kind: row.text(4), endpoint: row.text(5), attributes: SNSTables.map(row.document(6)),
                isConfirmed: row.bool(7), token: row.optionalText(8), createdAt: row.instant(9),
                principal: row.text(10))
            subscription.needsAuthenticationToUnsubscribe = row.bool(11)
            add(subscription)
        }
        try store.forEach("SELECT kind, name, parent, attributes FROM sns_documents") { row in
            restore(
                row.text(0), row.text(1), SNSDocumented(attributes: SNSTables.map(row.document(3)), parent: row.text(2))
            )
        }
        try store.forEach("SELECT id, document FROM sns_messages") { row in
            messages[row.integer(0)] = message(id: row.integer(0), from: row.document(1))
        }
        try restoreFanouts(from: store)
        try store.forEach("SELECT * FROM sns_deliveries ORDER BY id") { row in
            guard let message = messages[row.integer(1)] else { return }
            let delivery = SNSDelivery(
                id: row.integer(0), message: message, subscriptionArn: row.text(2), due: row.instant(4))
            delivery.attempts = row.int(3)
            delivery.lastError = row.text(5)
            delivery.isStored = true
            message.openDeliveries += 1
            deliveries[delivery.id] = delivery
            subscriptions[delivery.subscriptionArn]?.openDeliveries[delivery.id] = delivery
        }
    }

    private func restore(_ kind: String, _ name: String, _ document: SNSDocumented) {
        switch kind {
        case "application": restore(application: document, name)
        case "endpoint": add(endpoint: document, name)
        case "confirmation": restoreConfirmation(name, document.attributes)
        case "offer": offers[name] = document
        case "archive": restoreArchive(name, document.attributes)
        case "replay": restoreReplay(name, document.attributes)
        default:
            let parts = name.split(separator: "/").map(String.init)
            guard parts.count == 2 else { return }
            let scope = Scope(accountID: parts[0], region: parts[1])
            switch kind {
            case "sms": settings[scope, default: SNSSettings()].sms = document.attributes
            case "opted-out": settings[scope, default: SNSSettings()].optedOut = Set(document.attributes.keys)
            default: settings[scope, default: SNSSettings()].sandbox = document.attributes
            }
        }
    }

    public func resume() {
        for delivery in deliveries.values.sorted(by: { $0.id < $1.id }) { resume(delivery) }
        for subscription in subscriptions.values.sorted(by: { $0.arn < $1.arn }) where !subscription.isConfirmed {
            expireLater(subscription)
            askLater(subscription)
        }
        resumeArchives()
        resumeFanouts()
        resumeOffers()
    }
}
