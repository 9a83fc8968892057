import AWSModel
import AWSTypes

/// S3: buckets and objects. Bodies are files; what is known about them is in memory, bucket by bucket, once asked for.
///
/// Whatever follows from a change of an object goes through ``objectChanged(_:in:_:)``.
public final class S3Service: Service {
    public static let id = S3.id
    public static let migrations = S3Tables.migrations

    static let topic = "s3:buckets"

    unowned let core: EngineCore
    /// AWS: names are unique across all accounts and regions.
    var buckets: [String: S3Bucket] = [:]

    public init(core: EngineCore) { self.core = core }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(S3.createBucket, createBucket)
        table.on(S3.deleteBucket, deleteBucket)
        table.on(S3.headBucket, headBucket)
        table.on(S3.listBuckets, listBuckets)
        table.on(S3.getBucketLocation, getBucketLocation)
        table.on(S3.putBucketTagging, putBucketTagging)
        table.on(S3.getBucketTagging, getBucketTagging)
        table.on(S3.deleteBucketTagging, deleteBucketTagging)
        table.onPending(S3.putObject, putObject)
        table.onPending(S3.getObject, getObject)
        table.on(S3.headObject, headObject)
        table.on(S3.getObjectAttributes, getObjectAttributes)
        table.on(S3.deleteObject, deleteObject)
        table.on(S3.deleteObjects, deleteObjects)
        table.onPending(S3.copyObject, copyObject)
        table.on(S3.listObjects, listObjects)
        table.on(S3.listObjectsV2, listObjectsV2)
        table.on(S3.putObjectTagging, putObjectTagging)
        table.on(S3.getObjectTagging, getObjectTagging)
        table.on(S3.deleteObjectTagging, deleteObjectTagging)
        table.on(S3.createMultipartUpload, createMultipartUpload)
        table.onPending(S3.uploadPart, uploadPart)
        table.onPending(S3.uploadPartCopy, uploadPartCopy)
        table.onPending(S3.completeMultipartUpload, completeMultipartUpload)
        table.on(S3.abortMultipartUpload, abortMultipartUpload)
        table.on(S3.listMultipartUploads, listMultipartUploads)
        table.on(S3.listParts, listParts)
        registerBucketConfigurations(&table)
        return table
    }

    // MARK: Looking things up

    /// The bucket of a call, for its owner.
    func bucket(_ name: String, _ call: Call, expectedOwner: String? = nil) throws(ServiceError) -> S3Bucket {
        guard let bucket = buckets[name] else { throw .noSuchBucket(name) }
        core.attribute(call, to: bucket.arn)
        guard bucket.scope.accountID == call.scope.accountID,
            expectedOwner.map({ $0 == bucket.scope.accountID }) ?? true
        else { throw .s3AccessDenied() }
        return bucket
    }

    func object(_ key: String, in bucket: S3Bucket) throws(ServiceError) -> S3Object {
        guard let object = bucket.objects[key] else { throw .noSuchKey(key) }
        return object
    }

    /// A whole object, for another service of the same account that reads it itself.
    func bytes(of key: String, in bucket: String, for scope: Scope) throws(ServiceError) -> [UInt8] {
        guard let bucket = buckets[bucket] else { throw .noSuchBucket(bucket) }
        guard bucket.scope.accountID == scope.accountID else { throw .s3AccessDenied() }
        let object = try object(key, in: bucket)
        return try ObjectBodies.read(object.pieces, 0..<object.size, in: core.blobs)
    }

    func refuseVersion(_ versionID: String?) throws(ServiceError) {
        guard let versionID, versionID != "null" else { return }
        throw .invalidArgument("Invalid version id specified", "versionId", versionID)
    }

    // MARK: Changing

    enum ObjectChange: String {
        case put = "Put", copy = "Copy", multipart = "CompleteMultipartUpload", delete = "Delete"
    }

    /// Puts an object in its place and lets go of the bytes that were there.
    func put(_ object: S3Object, in bucket: S3Bucket, _ change: ObjectChange) {
        let before = bucket.objects[object.key]
        bucket.objects[object.key] = object
        S3Tables.store(object, in: bucket, core.journal)
        if let before { removeBlobs(of: before, except: object) }
        objectChanged(object.key, in: bucket, change)
    }

    func remove(_ key: String, from bucket: S3Bucket) {
        guard let object = bucket.objects[key] else { return }
        bucket.objects[key] = nil
        S3Tables.removeObject(key, from: bucket, core.journal)
        removeBlobs(of: object)
        objectChanged(key, in: bucket, .delete)
    }

    private func removeBlobs(of object: S3Object, except kept: S3Object? = nil) {
        let names = Set(object.pieces.map(\.blob)).subtracting(kept?.pieces.map(\.blob) ?? [])
        removeBlobs(names)
    }

    func removeBlobs(_ names: some Collection<String>) {
        if !names.isEmpty { core.start(.removeFiles(names.map { core.blobs.path($0) })) }
    }

    private func objectChanged(_ key: String, in bucket: S3Bucket, _ change: ObjectChange) {
        core.changes.mark(bucket.arn)
    }

    func newBlobName() -> String {
        let id = core.identifiers.hex(32)
        return "s3/\(id.prefix(2))/\(id)"
    }

    // MARK: Keeping

    public func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT name, account, document FROM s3_buckets") { row in
            let document = row.document(2)
            let bucket = makeBucket(
                row.text(0), Scope(accountID: row.text(1), region: document.string("region") ?? "us-east-1"),
                Instant(microseconds: document["created"]?.integer ?? 0))
            bucket.tags = ObjectTag.list(stored: document.list("tags") ?? [])
            buckets[bucket.name] = bucket
        }
    }

    func makeBucket(_ name: String, _ scope: Scope, _ created: Instant) -> S3Bucket {
        S3Bucket(name: name, scope: scope, created: created) { [unowned core] in S3Tables.load($0, core.journal) }
    }

    public func resources(in scope: Scope) -> [ResourceNode] {
        buckets.values.filter { $0.scope == scope }.sorted { $0.name < $1.name }.map { bucket in
            let count = bucket.knownCount
            return ResourceNode(
                arn: bucket.arn, service: "s3", name: bucket.name, summary: count.map { "\($0) objects" } ?? "bucket",
                counts: count.map { ["objects": $0] } ?? [:])
        }
    }
}
