import AWSModel
import AWSTypes

/// What a client says about an object besides its bytes.
struct ObjectAttributes: Sendable {
    /// `ContentType`, `CacheControl` …, by the model's member names.
    var headers: [String: String] = [:]
    var metadata: [String: String] = [:]
    var tags: [ObjectTag] = []
    var storageClass = "STANDARD"

    static let headerNames = [
        "ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "Expires",
        "WebsiteRedirectLocation",
    ]

    init() {}

    /// From the input of PutObject, CopyObject or CreateMultipartUpload, whose members have the same names.
    init(_ input: DocumentObject) throws(ServiceError) {
        for name in Self.headerNames {
            if let text = input.string(name) { headers[name] = text }
            if let time = input.timestamp(name) { headers[name] = time.iso8601() }
        }
        for (name, value) in input.stringMap("Metadata") ?? [:] { metadata[name.lowercased()] = value }
        // AWS: 2 KB of names and values.
        if metadata.reduce(0, { $0 + $1.key.utf8.count + $1.value.utf8.count }) > 2048 {
            throw .s3("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
        }
        if let text = input.string("Tagging") { tags = try ObjectTag.list(query: text) }
        if let text = input.string("StorageClass") { storageClass = text }
        for name in ["SSECustomerAlgorithm", "ObjectLockMode", "ObjectLockLegalHoldStatus"] where input.contains(name) {
            throw .s3NotImplemented(name)
        }
    }
}

struct ObjectTag: Sendable, Hashable {
    var key: String
    var value: String
}

/// A part of an object's bytes that lies in one file.
struct ObjectPiece: Sendable, Hashable {
    var blob: String
    var size: Int
}

/// One object, as its row keeps it.
struct S3Object: Sendable {
    var key: String
    /// Without quotes.
    var eTag: String
    var size: Int
    var modified: Instant
    /// The parts of a multipart upload, or the one file; none for an empty object.
    var pieces: [ObjectPiece]
    /// Whether the object came in parts: then `?partNumber` tells them apart.
    var isMultipart = false
    var attributes: ObjectAttributes
    /// Base64, by algorithm; composite ones end in `-<parts>`.
    var checksums: [String: String] = [:]
    var checksumType = "FULL_OBJECT"

    var quotedETag: String { "\"\(eTag)\"" }

    var document: DocumentObject {
        var document: DocumentObject = [
            "etag": .string(eTag), "size": .integer(Int64(size)), "modified": .integer(modified.microseconds),
            "pieces": .list(pieces.map { ["blob": .string($0.blob), "size": .integer(Int64($0.size))] }),
            "attributes": .object(attributes.document),
            "checksums": .entries(checksums, DocumentValue.string), "checksumType": .string(checksumType),
        ]
        if isMultipart { document["multipart"] = true }
        return document
    }

    init(
        key: String, eTag: String, size: Int, modified: Instant, pieces: [ObjectPiece], attributes: ObjectAttributes
    ) {
        self.key = key
        self.eTag = eTag
        self.size = size
        // AWS: to the second.
        self.modified = Instant(microseconds: modified.microseconds / 1_000_000 * 1_000_000)
        self.pieces = pieces
        self.attributes = attributes
    }

    init(key: String, document: DocumentObject) {
        self.init(
            key: key, eTag: document.string("etag") ?? "", size: document.integer("size") ?? 0,
            modified: Instant(microseconds: document["modified"]?.integer ?? 0),
            pieces: (document.list("pieces") ?? []).compactMap {
                guard let blob = $0["blob"]?.string, let size = $0["size"]?.integer else { return nil }
                return ObjectPiece(blob: blob, size: Int(size))
            }, attributes: ObjectAttributes(document: document.object("attributes") ?? [:]))
        isMultipart = document.bool("multipart") ?? false
        checksums = document.stringMap("checksums") ?? [:]
        checksumType = document.string("checksumType") ?? checksumType
    }

    /// Adds the checksums to an answer that has members for them.
    func addChecksums(to output: inout DocumentObject) {
        for (name, value) in checksums { output["Checksum\(name)"] = .string(value) }
        if !checksums.isEmpty { output["ChecksumType"] = .string(checksumType) }
    }
}

extension ObjectAttributes {
    var document: DocumentObject {
        [
            "headers": .entries(headers, DocumentValue.string), "metadata": .entries(metadata, DocumentValue.string),
            "tags": .list(tags.map { ["key": .string($0.key), "value": .string($0.value)] }),
            "class": .string(storageClass),
        ]
    }

    init(document: DocumentObject) {
        headers = document.stringMap("headers") ?? [:]
        metadata = document.stringMap("metadata") ?? [:]
        tags = ObjectTag.list(stored: document.list("tags") ?? [])
        storageClass = document.string("class") ?? storageClass
    }

    /// Adds what a read answers in headers.
    func add(to output: inout DocumentObject) {
        for (name, value) in headers { output[name] = .string(value) }
        if output["ContentType"] == nil { output["ContentType"] = "binary/octet-stream" }
        if !metadata.isEmpty { output["Metadata"] = .entries(metadata, DocumentValue.string) }
        // AWS: the usual class goes without saying.
        if storageClass != "STANDARD" { output["StorageClass"] = .string(storageClass) }
        if !tags.isEmpty { output["TagCount"] = .integer(Int64(tags.count)) }
    }
}
