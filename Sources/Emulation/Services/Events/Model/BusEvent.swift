import AWSModel

/// An event on a bus.
struct BusEvent: Sendable, Hashable {
    var id: String
    var source: String
    var detailType: String
    var account: String
    var region: String
    var time: Instant
    var ingested: Instant
    var resources: [String]
    var detail: DocumentValue
    /// Set on events that come from an archive.
    var replayName: String?

    /// As targets receive it.
    var document: DocumentObject {
        var document: DocumentObject = [
            "version": "0", "id": .string(id), "detail-type": .string(detailType), "source": .string(source),
            "account": .string(account), "time": .string(time.iso8601(milliseconds: false)),
            "region": .string(region), "resources": .list(resources.map(DocumentValue.string)),
        ]
        if let replayName { document["replay-name"] = .string(replayName) }
        document["detail"] = detail
        return document
    }

    /// What an archive counts. AWS: as PutEvents counts an entry with a time, and the account.
    var archivedSize: Int {
        14 + source.utf8.count + detailType.utf8.count + account.utf8.count + JSONWriter.string(detail).utf8.count
            + resources.reduce(0) { $0 + $1.utf8.count }
    }

    init(
        id: String, source: String, detailType: String, account: String, region: String, time: Instant,
        ingested: Instant, resources: [String], detail: DocumentValue
    ) {
        self.id = id
        self.source = source
        self.detailType = detailType
        self.account = account
        self.region = region
        self.time = time
        self.ingested = ingested
        self.resources = resources
        self.detail = detail
    }

    /// Reads back what ``document`` wrote.
    init(_ document: DocumentObject, ingested: Instant) {
        id = document.string("id") ?? ""
        source = document.string("source") ?? ""
        detailType = document.string("detail-type") ?? ""
        account = document.string("account") ?? ""
        region = document.string("region") ?? ""
        time = document.string("time").flatMap { Instant(iso8601: $0) } ?? ingested
        self.ingested = ingested
        resources = document.strings("resources") ?? []
        detail = document["detail"] ?? .object([:])
        replayName = document.string("replay-name")
    }
}
