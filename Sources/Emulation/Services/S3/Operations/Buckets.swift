import AWSModel
import AWSTypes

extension S3Service {
    func createBucket(_ input: S3.CreateBucketRequest, _ call: Call) throws(ServiceError) -> S3.CreateBucketOutput {
        let name = input.bucket
        guard Self.isBucketName(name) else {
            throw .s3("InvalidBucketName", "The specified bucket is not valid.", ["BucketName": .string(name)])
        }
        let wanted = input.createBucketConfiguration?.locationConstraint
        let region = try Self.region(wanted, of: call)
        let output = S3.CreateBucketOutput(
            location: region == "us-east-1" ? "/\(name)" : "http://\(name).s3.amazonaws.com/")
        if let bucket = buckets[name] {
            guard bucket.scope.accountID == call.scope.accountID else {
                throw .s3(
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
                    status: 409, ["BucketName": .string(name)])
            }
            // AWS: in the oldest region the owner may create it again.
            if bucket.scope.region == "us-east-1", region == "us-east-1" { return output }
            throw .s3(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.", status: 409,
                ["BucketName": .string(name)])
        }
        if input.objectLockEnabledForBucket == true { throw .s3NotImplemented("object lock") }
        let bucket = makeBucket(name, Scope(accountID: call.scope.accountID, region: region), core.now)
        bucket.tags = (input.createBucketConfiguration?.tags ?? []).map { ObjectTag(key: $0.key, value: $0.value) }
        bucket.markEmpty()
        buckets[name] = bucket
        S3Tables.store(bucket, core.journal)
        core.attribute(call, to: bucket.arn)
        core.changes.mark(Self.topic)
        return output
    }

    /// AWS: the oldest region's endpoint takes any location but its own name; others take their own name alone.
    private static func region(_ wanted: String?, of call: Call) throws(ServiceError) -> String {
        let own = call.scope.region
        guard let wanted, !wanted.isEmpty else {
            guard own == "us-east-1" else {
                throw .s3(
                    "IllegalLocationConstraintException",
                    "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."
                )
            }
            return own
        }
        let region = wanted == "EU" ? "eu-west-1" : wanted
        if region == "us-east-1" {
            throw .s3(
                "InvalidLocationConstraint", "The specified location-constraint is not valid",
                ["LocationConstraint": .string(wanted)])
        }
        guard own == "us-east-1" || own == region else {
            throw .s3(
                "IllegalLocationConstraintException",
                "The \(wanted) location constraint is incompatible for the region specific endpoint this request was sent to."
            )
        }
        return region
    }

    static func isBucketName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last, isAlphanumeric(first),
            isAlphanumeric(last), bytes.allSatisfy({ isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }),
            !name.contains("..")
        else { return false }
        let labels = name.split(separator: ".")
        let isAddress = labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
        return !isAddress && !name.hasPrefix("xn--") && !name.hasSuffix("-s3alias")
    }

    func deleteBucket(_ input: S3.DeleteBucketRequest, _ call: Call) throws(ServiceError) -> Unit {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        guard bucket.objects.isEmpty else {
            throw .s3(
                "BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409,
                ["BucketName": .string(bucket.name)])
        }
        removeBlobs(bucket.sortedUploads.flatMap { $0.parts.values.map(\.piece.blob) })
        buckets[bucket.name] = nil
        S3Tables.remove(bucket, core.journal)
        core.changes.mark(bucket.arn)
        core.changes.mark(Self.topic)
        return Unit()
    }

    func headBucket(_ input: S3.HeadBucketRequest, _ call: Call) throws(ServiceError) -> S3.HeadBucketOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        return S3.HeadBucketOutput(
            bucketArn: bucket.arn, bucketRegion: bucket.scope.region, accessPointAlias: false)
    }

    func listBuckets(_ input: S3.ListBucketsRequest, _ call: Call) throws(ServiceError) -> S3.ListBucketsOutput {
        let prefix = input.prefix ?? ""
        var all = buckets.values.filter { bucket in
            bucket.scope.accountID == call.scope.accountID && bucket.name.hasPrefix(prefix)
                && input.bucketRegion.map { $0 == bucket.scope.region } ?? true
        }.sorted { $0.name < $1.name }
        if let token = input.continuationToken {
            guard let bytes = Base64.decode(token) else {
                throw .invalidArgument("The continuation token provided is incorrect", "continuation-token", token)
            }
            let last = String(decoding: bytes, as: UTF8.self)
            all = all.filter { $0.name > last }
        }
        let page = all.prefix(input.maxBuckets ?? 10_000)
        return S3.ListBucketsOutput(
            buckets: page.map {
                S3.Bucket(
                    name: $0.name, creationDate: $0.created,
                    bucketRegion: input.maxBuckets == nil && input.bucketRegion == nil ? nil : $0.scope.region)
            }, owner: owner(call.scope.accountID),
            continuationToken: page.count < all.count ? page.last.map { Base64.encode(Array($0.name.utf8)) } : nil,
            prefix: input.prefix)
    }

    /// AWS: a canonical user id of 64 digits, the same for an account always.
    func owner(_ accountID: String) -> S3.Owner {
        S3.Owner(displayName: nil, id: ObjectBodies.hex(ArchiveChecksum.sha256(Array("canonical:\(accountID)".utf8))))
    }

    func getBucketLocation(
        _ input: S3.GetBucketLocationRequest, _ call: Call
    ) throws(ServiceError) -> S3.GetBucketLocationOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        return S3.GetBucketLocationOutput(locationConstraint: bucket.locationConstraint ?? "")
    }
}
