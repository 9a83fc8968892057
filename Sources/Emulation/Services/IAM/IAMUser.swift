import AWSModel

/// What users, groups and roles have in common: policies hang on them.
protocol PolicyHolder {
    /// `user`, `group`, `role`.
    static var word: String { get }
    var accountID: String { get }
    var name: String { get }
    var path: String { get }
    var arn: String { get }
    /// Managed policies by ARN, in order of attachment.
    var attachedPolicies: [String] { get set }
    var inlinePolicies: [String: PolicyDocument] { get set }
}

extension IAMRole: PolicyHolder { static let word = "role" }

/// A user: a name with credentials of its own.
public struct IAMUser: Sendable, Hashable, PolicyHolder {
    static let word = "user"

    public struct AccessKey: Sendable, Hashable {
        public var id: String
        public var secret: String
        public var isActive: Bool
        public var createDate: Instant
    }

    public struct LoginProfile: Sendable, Hashable {
        public var password: String
        public var createDate: Instant
        public var mustReset: Bool
    }

    /// An SSH key or a signing certificate.
    public struct Upload: Sendable, Hashable {
        public var id: String
        public var body: String
        public var fingerprint: String
        public var isActive: Bool
        public var uploadDate: Instant
    }

    public internal(set) var accountID: String
    public internal(set) var name: String
    public internal(set) var path: String
    /// `AIDA…`.
    public internal(set) var id: String
    public internal(set) var arn: String
    public internal(set) var createDate: Instant
    public internal(set) var permissionsBoundary: String?
    public internal(set) var attachedPolicies: [String] = []
    public internal(set) var inlinePolicies: [String: PolicyDocument] = [:]
    public internal(set) var groups: [String] = []
    public internal(set) var tags: [String: String] = [:]
    public internal(set) var accessKeys: [AccessKey] = []
    public internal(set) var login: LoginProfile?
    public internal(set) var sshKeys: [Upload] = []
    public internal(set) var certificates: [Upload] = []
}

/// A group of users: a place to hang policies on.
public struct IAMGroup: Sendable, Hashable, PolicyHolder {
    static let word = "group"

    public internal(set) var accountID: String
    public internal(set) var name: String
    public internal(set) var path: String
    /// `AGPA…`.
    public internal(set) var id: String
    public internal(set) var arn: String
    public internal(set) var createDate: Instant
    public internal(set) var attachedPolicies: [String] = []
    public internal(set) var inlinePolicies: [String: PolicyDocument] = [:]
}

// MARK: - Rows

extension IAMUser {
    var row: DocumentObject {
        var object: DocumentObject = [
            "name": .string(name), "path": .string(path), "id": .string(id), "arn": .string(arn),
            "created": .integer(createDate.microseconds), "attached": .list(attachedPolicies.map { .string($0) }),
            "inline": .entries(inlinePolicies) { .string($0.text) }, "tags": .entries(tags, DocumentValue.string),
            "groups": .list(groups.map { .string($0) }), "keys": .list(accessKeys.map { .object($0.row) }),
            "ssh": .list(sshKeys.map { .object($0.row) }), "certificates": .list(certificates.map { .object($0.row) }),
        ]
        object.putString("boundary", permissionsBoundary)
        if let login {
            object["login"] = [
                "password": .string(login.password), "created": .integer(login.createDate.microseconds),
                "reset": .bool(login.mustReset),
            ]
        }
        return object
    }

    init?(accountID: String, row: DocumentObject) {
        guard let name = row.string("name"), let arn = row.string("arn"), let id = row.string("id") else { return nil }
        self.init(
            accountID: accountID, name: name, path: row.string("path") ?? "/", id: id, arn: arn,
            createDate: row.instant("created"), permissionsBoundary: row.string("boundary"),
            attachedPolicies: row.strings("attached") ?? [], inlinePolicies: row.policies("inline"),
            groups: row.strings("groups") ?? [], tags: row.stringMap("tags") ?? [:],
            accessKeys: row.elements("keys") { $0.object.map(AccessKey.init) } ?? [],
            login: row.object("login").map {
                LoginProfile(
                    password: $0.string("password") ?? "", createDate: $0.instant("created"),
                    mustReset: $0.bool("reset") ?? false)
            },
            sshKeys: row.elements("ssh") { $0.object.map(Upload.init) } ?? [],
            certificates: row.elements("certificates") { $0.object.map(Upload.init) } ?? [])
    }
}

extension IAMUser.AccessKey {
    var row: DocumentObject {
        [
            "id": .string(id), "secret": .string(secret), "active": .bool(isActive),
            "created": .integer(createDate.microseconds),
        ]
    }

    init(_ row: DocumentObject) {
        self.init(
            id: row.string("id") ?? "", secret: row.string("secret") ?? "", isActive: row.bool("active") ?? true,
            createDate: row.instant("created"))
    }
}

extension IAMUser.Upload {
    var row: DocumentObject {
        [
            "id": .string(id), "body": .string(body), "fingerprint": .string(fingerprint), "active": .bool(isActive),
            "uploaded": .integer(uploadDate.microseconds),
        ]
    }

    init(_ row: DocumentObject) {
        self.init(
            id: row.string("id") ?? "", body: row.string("body") ?? "", fingerprint: row.string("fingerprint") ?? "",
            isActive: row.bool("active") ?? true, uploadDate: row.instant("uploaded"))
    }
}

extension IAMGroup {
    var row: DocumentObject {
        [
            "name": .string(name), "path": .string(path), "id": .string(id), "arn": .string(arn),
            "created": .integer(createDate.microseconds), "attached": .list(attachedPolicies.map { .string($0) }),
            "inline": .entries(inlinePolicies) { .string($0.text) },
        ]
    }

    init?(accountID: String, row: DocumentObject) {
        guard let name = row.string("name"), let arn = row.string("arn"), let id = row.string("id") else { return nil }
        self.init(
            accountID: accountID, name: name, path: row.string("path") ?? "/", id: id, arn: arn,
            createDate: row.instant("created"), attachedPolicies: row.strings("attached") ?? [],
            inlinePolicies: row.policies("inline"))
    }
}

extension DocumentObject {
    func instant(_ key: String) -> Instant { Instant(microseconds: Int64(integer(key) ?? 0)) }

    /// Documents that were checked when they were stored.
    func policies(_ key: String) -> [String: PolicyDocument] {
        entries(key) { value in
            value.string.flatMap { text in
                (try? JSONReader.parse(text))?.object.map { PolicyDocument($0, text: text) }
            }
        } ?? [:]
    }
}
