import AWSModel
import AWSTypes

extension S3Service {
    static func check(key: String) throws(ServiceError) {
        guard key.utf8.count <= 1024 else {
            throw .s3(
                "KeyTooLongError", "Your key is too long", status: 400,
                ["Size": .string(String(key.utf8.count)), "MaxSizeAllowed": "1024"])
        }
    }

    func putObject(
        _ input: S3.PutObjectRequest, _ call: Call, _ reply: Reply<S3.PutObjectOutput>
    ) throws(ServiceError) {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let key = input.key
        try Self.check(key: key)
        if input.writeOffsetBytes != nil { throw .s3NotImplemented("appending") }
        let document = input.document
        let attributes = try ObjectAttributes(document)
        let conditions = ObjectConditions(document)
        try conditions.checkWrite(over: bucket.objects[key], key: key)
        let expected = try ExpectedBody(document)
        let bytes = input.body ?? []
        let blob = newBlobName()
        let blobs = core.blobs
        work(failing: reply.fail) { () throws(ServiceError) in
            try ObjectBodies.write(bytes, to: blob, expected, in: blobs)
        } then: { [unowned self] (body) throws(ServiceError) in
            do throws(ServiceError) {
                // Others may have written, or removed the bucket, in the meantime.
                guard buckets[bucket.name] === bucket else { throw .noSuchBucket(bucket.name) }
                try conditions.checkWrite(over: bucket.objects[key], key: key)
            } catch {
                removeBlobs(body.pieces.map(\.blob))
                throw error
            }
            var object = S3Object(
                key: key, eTag: body.md5, size: body.size, modified: core.now, pieces: body.pieces,
                attributes: attributes)
            object.checksums = body.checksums
            put(object, in: bucket, .put)
            var output: DocumentObject = ["ETag": .string(object.quotedETag), "ServerSideEncryption": "AES256"]
            object.addChecksums(to: &output)
            reply.succeed(S3.PutObjectOutput(output))
        }
    }
}
