import AWSModel
import AWSTypes
import Foundation

extension S3Service {
    /// The object a copy is made from: `bucket/key`, percent-encoded, with or without a leading slash.
    func copySource(_ text: String, _ call: Call, conditions: ObjectConditions) throws(ServiceError) -> (
        S3Bucket, S3Object
    ) {
        let path = text.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
        if let query = text.split(separator: "?", maxSplits: 1).dropFirst().first, query != "versionId=null" {
            throw .s3NotImplemented("versions")
        }
        let decoded = path.removingPercentEncoding ?? path
        let parts = (decoded.hasPrefix("/") ? String(decoded.dropFirst()) : decoded)
            .split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .invalidArgument(
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source", text)
        }
        let source = try bucket(String(parts[0]), call)
        let object = try object(String(parts[1]), in: source)
        try conditions.checkSource(object)
        return (source, object)
    }

    func copyObject(
        _ input: S3.CopyObjectRequest, _ call: Call, _ reply: Reply<S3.CopyObjectOutput>
    ) throws(ServiceError) {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let key = input.key
        try Self.check(key: key)
        let document = input.document
        let (sourceBucket, source) = try copySource(
            input.copySource, call, conditions: ObjectConditions(document, prefix: "CopySource"))
        core.attribute(call, to: bucket.arn)
        let given = try ObjectAttributes(document)
        var attributes = input.metadataDirective == "REPLACE" ? given : source.attributes
        attributes.tags = input.taggingDirective == "REPLACE" ? given.tags : source.attributes.tags
        attributes.storageClass = given.storageClass
        let isSame = sourceBucket === bucket && source.key.utf8.elementsEqual(key.utf8)
        if isSame, input.metadataDirective != "REPLACE", given.storageClass == source.attributes.storageClass,
            input.websiteRedirectLocation == nil
        {
            throw .s3(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
            )
        }
        let conditions = ObjectConditions(document)
        try conditions.checkWrite(over: bucket.objects[key], key: key)
        let expected = ExpectedBody(
            algorithm: input.checksumAlgorithm.flatMap(ChecksumAlgorithm.init(rawValue:))
                ?? source.checksums.keys.first.flatMap(ChecksumAlgorithm.init(rawValue:)))
        let blob = newBlobName()
        let blobs = core.blobs
        work(failing: reply.fail) { () throws(ServiceError) in
            // AWS: what was uploaded in parts is one piece afterwards, with an entity tag of its own.
            try ObjectBodies.write(
                ObjectBodies.read(source.pieces, 0..<source.size, in: blobs), to: blob, expected, in: blobs)
        } then: { [unowned self] (body) throws(ServiceError) in
            guard buckets[bucket.name] === bucket else {
                removeBlobs(body.pieces.map(\.blob))
                throw .noSuchBucket(bucket.name)
            }
            var object = S3Object(
                key: key, eTag: body.md5, size: body.size, modified: core.now, pieces: body.pieces,
                attributes: attributes)
            object.checksums = body.checksums
            put(object, in: bucket, .copy)
            var result: DocumentObject = [
                "ETag": .string(object.quotedETag), "LastModified": .timestamp(object.modified),
            ]
            object.addChecksums(to: &result)
            reply.succeed(S3.CopyObjectOutput(["CopyObjectResult": .object(result), "ServerSideEncryption": "AES256"]))
        }
    }
}
