import AWSModel

/// A role: who may assume it, and what it may do then.
public struct IAMRole: Sendable, Hashable {
    public internal(set) var accountID: String
    public internal(set) var name: String
    /// `/` or `/service-role/`: begins and ends with a slash.
    public internal(set) var path: String
    /// `AROA…`.
    public internal(set) var id: String
    public internal(set) var arn: String
    public internal(set) var createDate: Instant
    public internal(set) var trust: PolicyDocument
    public internal(set) var description: String?
    /// Seconds.
    public internal(set) var maxSessionDuration: Int
    public internal(set) var permissionsBoundary: String?
    /// Managed policies by ARN, in order of attachment.
    public internal(set) var attachedPolicies: [String]
    public internal(set) var inlinePolicies: [String: PolicyDocument]
    public internal(set) var tags: [String: String]
    public internal(set) var lastUsed: Instant?
    public internal(set) var lastUsedRegion: String?
}

extension IAMRole {
    var row: DocumentObject {
        var object: DocumentObject = [
            "name": .string(name), "path": .string(path), "id": .string(id), "arn": .string(arn),
            "created": .integer(createDate.microseconds), "trust": .string(trust.text),
            "maxSession": .integer(Int64(maxSessionDuration)),
            "attached": .list(attachedPolicies.map { .string($0) }),
            "inline": .entries(inlinePolicies) { .string($0.text) }, "tags": .entries(tags, DocumentValue.string),
        ]
        object.putString("description", description)
        object.putString("boundary", permissionsBoundary)
        object.putInteger("used", lastUsed.map { Int($0.microseconds) })
        object.putString("usedRegion", lastUsedRegion)
        return object
    }

    /// Nil for a row that is none: its documents were checked when they were stored.
    init?(accountID: String, row: DocumentObject) {
        guard let name = row.string("name"), let arn = row.string("arn"), let id = row.string("id"),
            let trust = Self.trust(row.string("trust") ?? "")
        else { return nil }
        self.init(
            accountID: accountID, name: name, path: row.string("path") ?? "/", id: id, arn: arn,
            createDate: Instant(microseconds: Int64(row.integer("created") ?? 0)), trust: trust,
            description: row.string("description"), maxSessionDuration: row.integer("maxSession") ?? 3600,
            permissionsBoundary: row.string("boundary"), attachedPolicies: row.strings("attached") ?? [],
            inlinePolicies: row.entries("inline") { $0.string.flatMap { try? PolicyDocument($0, kind: .identity) } }
                ?? [:],
            tags: row.stringMap("tags") ?? [:],
            lastUsed: row.integer("used").map { Instant(microseconds: Int64($0)) },
            lastUsedRegion: row.string("usedRegion"))
    }
}

extension IAMRole {
    private static func trust(_ text: String) -> PolicyDocument? {
        (try? PolicyDocument(text, kind: .trust)) ?? PolicyDocument.placeholder(text)
    }
}

/// A managed policy: a customer's, or one of those that AWS provides.
struct ManagedPolicy {
    struct Version {
        var number: Int
        var document: PolicyDocument
        var createDate: Instant

        var id: String { "v\(number)" }
    }

    /// Empty for those that AWS provides.
    var accountID: String
    var name: String
    var path: String
    var id: String
    var arn: String
    var description: String?
    var createDate: Instant
    var updateDate: Instant
    var versions: [Version]
    var defaultVersion: Int
    /// Numbers are never used again, even after a version is deleted.
    var lastVersion: Int
    var tags: [String: String] = [:]

    var isProvidedByAWS: Bool { accountID.isEmpty }
    var document: PolicyDocument? { versions.first { $0.number == defaultVersion }?.document }

    var row: DocumentObject {
        var object: DocumentObject = [
            "name": .string(name), "path": .string(path), "id": .string(id), "arn": .string(arn),
            "created": .integer(createDate.microseconds), "updated": .integer(updateDate.microseconds),
            "default": .integer(Int64(defaultVersion)), "last": .integer(Int64(lastVersion)),
            "versions": .list(
                versions.map {
                    [
                        "number": .integer(Int64($0.number)), "document": .string($0.document.text),
                        "created": .integer($0.createDate.microseconds),
                    ]
                }),
            "tags": .entries(tags, DocumentValue.string),
        ]
        object.putString("description", description)
        return object
    }
}

extension ManagedPolicy {
    init?(accountID: String, row: DocumentObject) {
        guard let name = row.string("name"), let arn = row.string("arn"), let id = row.string("id") else { return nil }
        let versions: [Version] = (row.list("versions") ?? []).compactMap { value in
            guard let object = value.object,
                let document = try? PolicyDocument(object.string("document") ?? "", kind: .identity)
            else { return nil }
            return Version(
                number: object.integer("number") ?? 1, document: document,
                createDate: Instant(microseconds: Int64(object.integer("created") ?? 0)))
        }
        self.init(
            accountID: accountID, name: name, path: row.string("path") ?? "/", id: id, arn: arn,
            description: row.string("description"),
            createDate: Instant(microseconds: Int64(row.integer("created") ?? 0)),
            updateDate: Instant(microseconds: Int64(row.integer("updated") ?? 0)), versions: versions,
            defaultVersion: row.integer("default") ?? 1, lastVersion: row.integer("last") ?? 1,
            tags: row.stringMap("tags") ?? [:])
    }
}
