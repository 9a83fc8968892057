import AWSModel
import AWSTypes

extension S3Service {
    /// Bodies up to this size are read within the turn: handing them to another thread would take longer.
    private static let promptBytes = 64 * 1024

    func getObject(
        _ input: S3.GetObjectRequest, _ call: Call, _ reply: Reply<S3.GetObjectOutput>
    ) throws(ServiceError) {
        let (object, range, output) = try described(input.document, input.bucket, input.key, call)
        let pieces = object.pieces
        let blobs = core.blobs
        func finish(_ bytes: [UInt8]) {
            var output = output
            output["Body"] = .bytes(bytes)
            reply.succeed(S3.GetObjectOutput(output))
        }
        if range.count <= Self.promptBytes {
            finish(try ObjectBodies.read(pieces, range, in: blobs))
        } else {
            work(failing: reply.fail) { () throws(ServiceError) in
                try ObjectBodies.read(pieces, range, in: blobs)
            } then: { (bytes) throws(ServiceError) in
                finish(bytes)
            }
        }
    }

    func headObject(_ input: S3.HeadObjectRequest, _ call: Call) throws(ServiceError) -> S3.HeadObjectOutput {
        S3.HeadObjectOutput(try described(input.document, input.bucket, input.key, call).output)
    }

    /// What GetObject and HeadObject say alike, and which bytes are meant.
    private func described(
        _ input: DocumentObject, _ bucketName: String, _ key: String, _ call: Call
    ) throws(ServiceError) -> (S3Object, Range<Int>, output: DocumentObject) {
        let bucket = try bucket(bucketName, call, expectedOwner: input.string("ExpectedBucketOwner"))
        try refuseVersion(input.string("VersionId"))
        let object = try object(key, in: bucket)
        try ObjectConditions(input).checkRead(of: object)
        var output: DocumentObject = [
            "AcceptRanges": "bytes", "LastModified": .timestamp(object.modified), "ETag": .string(object.quotedETag),
            "ServerSideEncryption": "AES256",
        ]
        object.attributes.add(to: &output)
        for name in ObjectAttributes.headerNames {
            if let text = input.string("Response\(name)") { output[name] = .string(text) }
            if let time = input.timestamp("Response\(name)") { output[name] = .string(time.iso8601()) }
        }
        var range = 0..<object.size
        var isPartial = false
        if let number = input.integer("PartNumber") {
            if input.contains("Range") {
                throw .s3("InvalidRequest", "Cannot specify both Range header and partNumber query parameter")
            }
            range = try Self.part(number, of: object)
            isPartial = true
            if object.isMultipart { output["PartsCount"] = .integer(Int64(object.pieces.count)) }
        } else if let header = input.string("Range"), let wanted = try ByteRange.bytes(header, of: object.size) {
            range = wanted
            isPartial = true
        }
        if isPartial, object.size > 0 {
            output["ContentRange"] = .string("bytes \(range.lowerBound)-\(range.upperBound - 1)/\(object.size)")
        }
        output["ContentLength"] = .integer(Int64(range.count))
        // AWS: checksums are of the whole object, and only said with the whole of it.
        if input.string("ChecksumMode") == "ENABLED", range.count == object.size { object.addChecksums(to: &output) }
        return (object, range, output)
    }

    private static func part(_ number: Int, of object: S3Object) throws(ServiceError) -> Range<Int> {
        if !object.isMultipart, number == 1 { return 0..<object.size }
        guard object.isMultipart, object.pieces.indices.contains(number - 1) else {
            throw .s3(
                "InvalidPartNumber", "The requested partnumber is not satisfiable", status: 416,
                [
                    "PartNumberRequested": .string(String(number)),
                    "ActualPartCount": .string(String(max(object.pieces.count, 1))),
                ])
        }
        let start = object.pieces.prefix(number - 1).reduce(0) { $0 + $1.size }
        return start..<start + object.pieces[number - 1].size
    }

    func getObjectAttributes(
        _ input: S3.GetObjectAttributesRequest, _ call: Call
    ) throws(ServiceError) -> S3.GetObjectAttributesOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        try refuseVersion(input.versionId)
        let object = try object(input.key, in: bucket)
        let wanted = Set(input.objectAttributes)
        var output: DocumentObject = ["LastModified": .timestamp(object.modified)]
        if wanted.contains("ETag") { output["ETag"] = .string(object.eTag) }
        if wanted.contains("ObjectSize") { output["ObjectSize"] = .integer(Int64(object.size)) }
        if wanted.contains("StorageClass") { output["StorageClass"] = .string(object.attributes.storageClass) }
        if wanted.contains("Checksum"), !object.checksums.isEmpty {
            var checksum = DocumentObject()
            object.addChecksums(to: &checksum)
            output["Checksum"] = .object(checksum)
        }
        if wanted.contains("ObjectParts"), object.isMultipart {
            output["ObjectParts"] = ["TotalPartsCount": .integer(Int64(object.pieces.count))]
        }
        return S3.GetObjectAttributesOutput(output)
    }
}
