import AWSModel
import AWSTypes

extension S3Service {
    private static let smallestPart = 5 * 1024 * 1024

    private func upload(_ id: String, _ key: String, in bucket: S3Bucket) throws(ServiceError) -> MultipartUpload {
        guard let upload = bucket.upload(id), upload.key.utf8.elementsEqual(key.utf8) else { throw .noSuchUpload(id) }
        return upload
    }

    func createMultipartUpload(
        _ input: S3.CreateMultipartUploadRequest, _ call: Call
    ) throws(ServiceError) -> S3.CreateMultipartUploadOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        try Self.check(key: input.key)
        var algorithm: ChecksumAlgorithm?
        if let name = input.checksumAlgorithm {
            algorithm = ChecksumAlgorithm(rawValue: name)
            if algorithm == nil { throw .s3NotImplemented("the checksum \(name)") }
        }
        let type = input.checksumType ?? (algorithm.map { $0 == .crc64nvme } ?? true ? "FULL_OBJECT" : "COMPOSITE")
        if type == "FULL_OBJECT", let algorithm, !algorithm.isLinear {
            throw .s3(
                "InvalidRequest",
                "The FULL_OBJECT checksum type cannot be used with the \(algorithm.rawValue.lowercased()) checksum algorithm."
            )
        }
        if type == "COMPOSITE", algorithm == .crc64nvme {
            throw .s3(
                "InvalidRequest", "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.")
        }
        let upload = MultipartUpload(
            id: core.identifiers.hex(64), key: input.key, initiated: core.now,
            attributes: try ObjectAttributes(input.document), algorithm: algorithm, checksumType: type)
        bucket.set(upload)
        S3Tables.store(upload, in: bucket, core.journal)
        core.changes.mark(bucket.arn)
        return S3.CreateMultipartUploadOutput(
            bucket: bucket.name, key: input.key, uploadId: upload.id, serverSideEncryption: "AES256",
            checksumAlgorithm: algorithm?.rawValue, checksumType: algorithm == nil ? nil : type)
    }

    func uploadPart(
        _ input: S3.UploadPartRequest, _ call: Call, _ reply: Reply<S3.UploadPartOutput>
    ) throws(ServiceError) {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let upload = try upload(input.uploadId, input.key, in: bucket)
        try Self.check(partNumber: input.partNumber)
        var expected = try ExpectedBody(input.document)
        if expected.algorithm == nil { expected.algorithm = upload.algorithm }
        let bytes = input.body ?? []
        write(input.partNumber, of: upload, in: bucket, expected, failing: reply.fail) { () throws(ServiceError) in
            bytes
        } then: { part in
            var output: DocumentObject = ["ETag": .string("\"\(part.eTag)\""), "ServerSideEncryption": "AES256"]
            for (name, value) in part.checksums { output["Checksum\(name)"] = .string(value) }
            reply.succeed(S3.UploadPartOutput(output))
        }
    }

    func uploadPartCopy(
        _ input: S3.UploadPartCopyRequest, _ call: Call, _ reply: Reply<S3.UploadPartCopyOutput>
    ) throws(ServiceError) {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let upload = try upload(input.uploadId, input.key, in: bucket)
        try Self.check(partNumber: input.partNumber)
        let (_, source) = try copySource(
            input.copySource, call, conditions: ObjectConditions(input.document, prefix: "CopySource"))
        var range = 0..<source.size
        if let header = input.copySourceRange {
            guard let wanted = try ByteRange.bytes(header, of: source.size) else {
                throw .invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                    "x-amz-copy-source-range", header)
            }
            range = wanted
        }
        let blobs = core.blobs
        write(
            input.partNumber, of: upload, in: bucket, ExpectedBody(algorithm: upload.algorithm), failing: reply.fail
        ) { [range] () throws(ServiceError) in
            try ObjectBodies.read(source.pieces, range, in: blobs)
        } then: { part in
            var result: DocumentObject = [
                "ETag": .string("\"\(part.eTag)\""), "LastModified": .timestamp(part.modified),
            ]
            for (name, value) in part.checksums { result["Checksum\(name)"] = .string(value) }
            reply.succeed(S3.UploadPartCopyOutput(["CopyPartResult": .object(result)]))
        }
    }

    private static func check(partNumber: Int) throws(ServiceError) {
        guard (1...10_000).contains(partNumber) else {
            throw .invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive", "partNumber", String(partNumber))
        }
    }

    private func write(
        _ number: Int, of upload: MultipartUpload, in bucket: S3Bucket, _ expected: ExpectedBody,
        failing fail: @escaping (ServiceError) -> Void, bytes: @escaping @Sendable () throws(ServiceError) -> [UInt8],
        then: @escaping (UploadedPart) -> Void
    ) {
        let blob = newBlobName()
        let blobs = core.blobs
        work(failing: fail) { () throws(ServiceError) in
            try ObjectBodies.write(bytes(), to: blob, expected, in: blobs)
        } then: { [unowned self] (body) throws(ServiceError) in
            guard bucket.upload(upload.id) === upload, buckets[bucket.name] === bucket else {
                removeBlobs(body.pieces.map(\.blob))
                throw .noSuchUpload(upload.id)
            }
            if let before = upload.parts[number], before.piece.size > 0 { removeBlobs([before.piece.blob]) }
            let part = UploadedPart(
                number: number, piece: ObjectPiece(blob: blob, size: body.size), eTag: body.md5, modified: core.now,
                checksums: body.checksums)
            upload.parts[number] = part
            S3Tables.store(part, of: upload, in: bucket, core.journal)
            then(part)
        }
    }

    func completeMultipartUpload(
        _ input: S3.CompleteMultipartUploadRequest, _ call: Call, _ reply: Reply<S3.CompleteMultipartUploadOutput>
    ) throws(ServiceError) {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let upload = try upload(input.uploadId, input.key, in: bucket)
        let parts = try Self.chosen(input.multipartUpload?.parts ?? [], of: upload)
        let conditions = ObjectConditions(input.document)
        try conditions.checkWrite(over: bucket.objects[upload.key], key: upload.key)
        let pieces = parts.map(\.piece)
        let algorithm = upload.algorithm ?? .crc64nvme
        let blobs = core.blobs
        let composite =
            upload.checksumType == "COMPOSITE"
            ? Self.composite(algorithm, parts) : nil
        work(failing: reply.fail) { () throws(ServiceError) in
            if let composite { return composite }
            return try ObjectBodies.checksum(algorithm, of: pieces, in: blobs)
        } then: { [unowned self] (checksum) throws(ServiceError) in
            guard bucket.upload(upload.id) === upload, buckets[bucket.name] === bucket else {
                throw .noSuchUpload(upload.id)
            }
            try conditions.checkWrite(over: bucket.objects[upload.key], key: upload.key)
            let given = input.document.string("Checksum\(algorithm.rawValue)")
            if let given, given != checksum {
                throw .s3("BadDigest", "The \(algorithm.rawValue) you specified did not match the calculated checksum.")
            }
            let digests = parts.flatMap { ObjectBodies.bytes(hex: $0.eTag) }
            var object = S3Object(
                key: upload.key,
                eTag: "\(ObjectBodies.hex(RunningChecksum.bytes(.md5, of: digests)))-\(parts.count)",
                size: pieces.reduce(0) { $0 + $1.size }, modified: core.now, pieces: pieces,
                attributes: upload.attributes)
            object.isMultipart = true
            object.checksums = [algorithm.rawValue: checksum]
            object.checksumType = upload.checksumType
            let left = Set(upload.parts.values.map(\.piece.blob)).subtracting(pieces.map(\.blob))
            bucket.removeUpload(upload.id)
            S3Tables.remove(upload, from: bucket, core.journal)
            put(object, in: bucket, .multipart)
            removeBlobs(left)
            var output: DocumentObject = [
                "Location": .string("\(call.caller.endpoint)/\(bucket.name)/\(object.key)"),
                "Bucket": .string(bucket.name), "Key": .string(object.key), "ETag": .string(object.quotedETag),
                "ServerSideEncryption": "AES256",
            ]
            object.addChecksums(to: &output)
            reply.succeed(S3.CompleteMultipartUploadOutput(output))
        }
    }

    /// AWS: the checksum of the parts' checksums.
    private static func composite(_ algorithm: ChecksumAlgorithm, _ parts: [UploadedPart]) -> String {
        let bytes = parts.flatMap { Base64.decode($0.checksums[algorithm.rawValue] ?? "") ?? [] }
        return "\(Base64.encode(RunningChecksum.bytes(algorithm, of: bytes)))-\(parts.count)"
    }

    private static func chosen(
        _ wanted: [S3.CompletedPart], of upload: MultipartUpload
    ) throws(ServiceError) -> [UploadedPart] {
        guard !wanted.isEmpty else { throw .malformedXML }
        var parts: [UploadedPart] = []
        for item in wanted {
            let number = item.partNumber ?? 0
            if let last = parts.last, number <= last.number {
                throw .s3(
                    "InvalidPartOrder",
                    "The list of parts was not in ascending order. Parts must be ordered by part number.",
                    ["UploadId": .string(upload.id)])
            }
            guard let part = upload.parts[number], (item.eTag ?? "").filter({ $0 != "\"" }) == part.eTag else {
                throw .s3(
                    "InvalidPart",
                    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
                    [
                        "UploadId": .string(upload.id), "PartNumber": .string(String(number)),
                        "ETag": .string(item.eTag ?? ""),
                    ])
            }
            parts.append(part)
        }
        for part in parts.dropLast() where part.piece.size < smallestPart {
            throw .s3(
                "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
                [
                    "ProposedSize": .string(String(part.piece.size)), "MinSizeAllowed": .string(String(smallestPart)),
                    "PartNumber": .string(String(part.number)), "ETag": .string(part.eTag),
                ])
        }
        return parts
    }

    func abortMultipartUpload(
        _ input: S3.AbortMultipartUploadRequest, _ call: Call
    ) throws(ServiceError) -> S3.AbortMultipartUploadOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let upload = try upload(input.uploadId, input.key, in: bucket)
        bucket.removeUpload(upload.id)
        S3Tables.remove(upload, from: bucket, core.journal)
        removeBlobs(upload.parts.values.map(\.piece.blob))
        return S3.AbortMultipartUploadOutput()
    }

    func listMultipartUploads(
        _ input: S3.ListMultipartUploadsRequest, _ call: Call
    ) throws(ServiceError) -> S3.ListMultipartUploadsOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let encode = try Self.encoding(input.encodingType)
        if let delimiter = input.delimiter, !delimiter.isEmpty { throw .s3NotImplemented("folded listings of uploads") }
        let limit = try Self.limit(input.maxUploads)
        var all = bucket.sortedUploads.filter { $0.key.hasPrefix(input.prefix ?? "") }
        if let marker = input.keyMarker, !marker.isEmpty {
            let last = all.firstIndex { $0.key == marker && $0.id == input.uploadIdMarker }
            all = last.map { Array(all[($0 + 1)...]) } ?? all.filter { OrderedKeys<S3Object>.precedes(marker, $0.key) }
        }
        let page = all.prefix(limit)
        let hasMore = page.count < all.count
        return S3.ListMultipartUploadsOutput(
            bucket: bucket.name, keyMarker: encode(input.keyMarker ?? ""), uploadIdMarker: input.uploadIdMarker ?? "",
            nextKeyMarker: hasMore ? page.last.map { encode($0.key) } : nil, prefix: encode(input.prefix ?? ""),
            nextUploadIdMarker: hasMore ? page.last?.id : nil, maxUploads: limit, isTruncated: hasMore,
            uploads: page.isEmpty
                ? nil
                : page.map {
                    S3.MultipartUpload(
                        uploadId: $0.id, key: encode($0.key), initiated: $0.initiated,
                        storageClass: $0.attributes.storageClass, owner: owner(bucket.scope.accountID),
                        checksumAlgorithm: $0.algorithm?.rawValue,
                        checksumType: $0.algorithm == nil ? nil : $0.checksumType)
                }, encodingType: input.encodingType)
    }

    func listParts(_ input: S3.ListPartsRequest, _ call: Call) throws(ServiceError) -> S3.ListPartsOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let upload = try upload(input.uploadId, input.key, in: bucket)
        let limit = try Self.limit(input.maxParts)
        let marker = input.document["PartNumberMarker"]
        let after = marker?.integer.map(Int.init) ?? marker?.string.flatMap(Int.init) ?? 0
        let all = upload.parts.values.filter { $0.number > after }.sorted { $0.number < $1.number }
        let page = all.prefix(limit)
        var output: DocumentObject = [
            "Bucket": .string(bucket.name), "Key": .string(upload.key), "UploadId": .string(upload.id),
            "PartNumberMarker": .integer(Int64(after)), "MaxParts": .integer(Int64(limit)),
            "NextPartNumberMarker": .integer(Int64(page.last?.number ?? 0)),
            "IsTruncated": .bool(page.count < all.count),
            "StorageClass": .string(upload.attributes.storageClass),
            "Owner": .object(owner(bucket.scope.accountID).document),
        ]
        if let algorithm = upload.algorithm {
            output["ChecksumAlgorithm"] = .string(algorithm.rawValue)
            output["ChecksumType"] = .string(upload.checksumType)
        }
        let parts = page.map { part -> DocumentValue in
            var item: DocumentObject = [
                "PartNumber": .integer(Int64(part.number)), "LastModified": .timestamp(part.modified),
                "ETag": .string("\"\(part.eTag)\""), "Size": .integer(Int64(part.piece.size)),
            ]
            for (name, value) in part.checksums { item["Checksum\(name)"] = .string(value) }
            return .object(item)
        }
        if !parts.isEmpty { output["Parts"] = .list(parts) }
        return S3.ListPartsOutput(output)
    }
}
