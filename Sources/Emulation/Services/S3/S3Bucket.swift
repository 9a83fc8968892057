import AWSModel

/// A bucket. Its objects are read from disk when somebody first asks for them, so that opening a world costs nothing.
final class S3Bucket {
    let name: String
    /// The owner, and the region it lives in.
    let scope: Scope
    let created: Instant
    var tags: [ObjectTag] = []
    private(set) var uploads: [String: MultipartUpload] = [:]
    private var loaded: OrderedKeys<S3Object>?
    private let load: (S3Bucket) -> (OrderedKeys<S3Object>, [MultipartUpload])

    init(
        name: String, scope: Scope, created: Instant,
        load: @escaping (S3Bucket) -> (OrderedKeys<S3Object>, [MultipartUpload])
    ) {
        self.name = name
        self.scope = scope
        self.created = created
        self.load = load
    }

    var arn: String { "arn:\(scope.partition):s3:::\(name)" }

    /// AWS: what signatures and locations call the oldest region.
    var locationConstraint: String? { scope.region == "us-east-1" ? nil : scope.region }

    var objects: OrderedKeys<S3Object> {
        get {
            loadOnce()
            return loaded ?? OrderedKeys()
        }
        _modify {
            loadOnce()
            var objects = loaded ?? OrderedKeys()
            // Held nowhere else while it changes, so that nothing is copied.
            loaded = nil
            defer { loaded = objects }
            yield &objects
        }
    }

    /// What the map shows: nil until the objects were read.
    var knownCount: Int? { loaded?.count }

    func upload(_ id: String) -> MultipartUpload? {
        loadOnce()
        return uploads[id]
    }

    var sortedUploads: [MultipartUpload] {
        loadOnce()
        return uploads.values.sorted {
            $0.key.utf8.elementsEqual($1.key.utf8)
                ? ($0.initiated, $0.id) < ($1.initiated, $1.id) : OrderedKeys<S3Object>.precedes($0.key, $1.key)
        }
    }

    func set(_ upload: MultipartUpload) {
        loadOnce()
        uploads[upload.id] = upload
    }

    func removeUpload(_ id: String) {
        loadOnce()
        uploads[id] = nil
    }

    private func loadOnce() {
        guard loaded == nil else { return }
        let (objects, stored) = load(self)
        loaded = objects
        for upload in stored { uploads[upload.id] = upload }
    }

    /// Nothing to read: it was just made.
    func markEmpty() { loaded = OrderedKeys() }

    var document: DocumentObject {
        [
            "region": .string(scope.region), "created": .integer(created.microseconds),
            "tags": .list(tags.map { ["key": .string($0.key), "value": .string($0.value)] }),
        ]
    }
}

/// An upload in parts that is not complete yet.
final class MultipartUpload {
    let id: String
    let key: String
    let initiated: Instant
    let attributes: ObjectAttributes
    let algorithm: ChecksumAlgorithm?
    let checksumType: String
    var parts: [Int: UploadedPart] = [:]

    init(
        id: String, key: String, initiated: Instant, attributes: ObjectAttributes, algorithm: ChecksumAlgorithm?,
        checksumType: String
    ) {
        self.id = id
        self.key = key
        self.initiated = initiated
        self.attributes = attributes
        self.algorithm = algorithm
        self.checksumType = checksumType
    }

    convenience init(id: String, key: String, document: DocumentObject) {
        self.init(
            id: id, key: key, initiated: Instant(microseconds: document["initiated"]?.integer ?? 0),
            attributes: ObjectAttributes(document: document.object("attributes") ?? [:]),
            algorithm: document.string("algorithm").flatMap(ChecksumAlgorithm.init(rawValue:)),
            checksumType: document.string("checksumType") ?? "COMPOSITE")
    }

    var document: DocumentObject {
        var document: DocumentObject = [
            "initiated": .integer(initiated.microseconds), "attributes": .object(attributes.document),
            "checksumType": .string(checksumType),
        ]
        if let algorithm { document["algorithm"] = .string(algorithm.rawValue) }
        return document
    }
}

/// One part, written and waiting.
struct UploadedPart: Sendable {
    var number: Int
    var piece: ObjectPiece
    /// Hexadecimal MD5.
    var eTag: String
    var modified: Instant
    var checksums: [String: String]

    var document: DocumentObject {
        [
            "blob": .string(piece.blob), "size": .integer(Int64(piece.size)), "etag": .string(eTag),
            "modified": .integer(modified.microseconds), "checksums": .entries(checksums, DocumentValue.string),
        ]
    }

    init(number: Int, piece: ObjectPiece, eTag: String, modified: Instant, checksums: [String: String]) {
        self.number = number
        self.piece = piece
        self.eTag = eTag
        self.modified = modified
        self.checksums = checksums
    }

    init(number: Int, document: DocumentObject) {
        self.init(
            number: number,
            piece: ObjectPiece(blob: document.string("blob") ?? "", size: document.integer("size") ?? 0),
            eTag: document.string("etag") ?? "", modified: Instant(microseconds: document["modified"]?.integer ?? 0),
            checksums: document.stringMap("checksums") ?? [:])
    }
}
