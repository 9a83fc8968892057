import AWSModel
import AWSTypes

extension ObjectTag {
    static func list(stored: [DocumentValue]) -> [ObjectTag] {
        stored.compactMap {
            guard let key = $0["key"]?.string, let value = $0["value"]?.string else { return nil }
            return ObjectTag(key: key, value: value)
        }
    }

    /// `a=1&b=2`, as the header has it.
    static func list(query: String) throws(ServiceError) -> [ObjectTag] {
        let tags = query.split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(decoded)
            return ObjectTag(key: pair[0], value: pair.count > 1 ? pair[1] : "")
        }
        return try checked(tags, maximum: 10)
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.split(separator: "+", omittingEmptySubsequences: false).joined(separator: " ")
        return spaced.removingPercentEncoding ?? spaced
    }

    /// AWS: 10 tags on an object, 50 on a bucket; keys to 128 and values to 256 characters, each key once.
    static func checked(_ tags: [ObjectTag], maximum: Int) throws(ServiceError) -> [ObjectTag] {
        guard tags.count <= maximum else {
            throw .s3(
                "BadRequest",
                maximum == 10 ? "Object tags cannot be greater than 10" : "Bucket tag count cannot be greater than 50")
        }
        guard Set(tags.map(\.key)).count == tags.count else {
            throw .s3("InvalidTag", "Cannot provide multiple Tags with the same key")
        }
        for tag in tags {
            guard (1...128).contains(tag.key.utf16.count) else {
                throw .s3("InvalidTag", "The TagKey you have provided is invalid")
            }
            guard tag.value.utf16.count <= 256 else {
                throw .s3("InvalidTag", "The TagValue you have provided is invalid")
            }
        }
        return tags
    }
}

extension S3Service {
    private static func tags(_ tagging: S3.Tagging, maximum: Int) throws(ServiceError) -> [ObjectTag] {
        try ObjectTag.checked(tagging.tagSet.map { ObjectTag(key: $0.key, value: $0.value) }, maximum: maximum)
    }

    private static func set(_ tags: [ObjectTag]) -> [S3.Tag] { tags.map { S3.Tag(key: $0.key, value: $0.value) } }

    func putObjectTagging(
        _ input: S3.PutObjectTaggingRequest, _ call: Call
    ) throws(ServiceError) -> S3.PutObjectTaggingOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        try refuseVersion(input.versionId)
        var object = try object(input.key, in: bucket)
        object.attributes.tags = try Self.tags(input.tagging, maximum: 10)
        bucket.objects[input.key] = object
        S3Tables.store(object, in: bucket, core.journal)
        core.changes.mark(bucket.arn)
        return S3.PutObjectTaggingOutput()
    }

    func getObjectTagging(
        _ input: S3.GetObjectTaggingRequest, _ call: Call
    ) throws(ServiceError) -> S3.GetObjectTaggingOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        try refuseVersion(input.versionId)
        return S3.GetObjectTaggingOutput(tagSet: Self.set(try object(input.key, in: bucket).attributes.tags))
    }

    func deleteObjectTagging(
        _ input: S3.DeleteObjectTaggingRequest, _ call: Call
    ) throws(ServiceError) -> S3.DeleteObjectTaggingOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        try refuseVersion(input.versionId)
        var object = try object(input.key, in: bucket)
        object.attributes.tags = []
        bucket.objects[input.key] = object
        S3Tables.store(object, in: bucket, core.journal)
        core.changes.mark(bucket.arn)
        return S3.DeleteObjectTaggingOutput()
    }

    func putBucketTagging(_ input: S3.PutBucketTaggingRequest, _ call: Call) throws(ServiceError) -> Unit {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        bucket.tags = try Self.tags(input.tagging, maximum: 50)
        S3Tables.store(bucket, core.journal)
        core.changes.mark(bucket.arn)
        return Unit()
    }

    func getBucketTagging(
        _ input: S3.GetBucketTaggingRequest, _ call: Call
    ) throws(ServiceError) -> S3.GetBucketTaggingOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        guard !bucket.tags.isEmpty else {
            throw .s3("NoSuchTagSet", "The TagSet does not exist", status: 404, ["BucketName": .string(bucket.name)])
        }
        return S3.GetBucketTaggingOutput(tagSet: Self.set(bucket.tags))
    }

    func deleteBucketTagging(_ input: S3.DeleteBucketTaggingRequest, _ call: Call) throws(ServiceError) -> Unit {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        bucket.tags = []
        S3Tables.store(bucket, core.journal)
        core.changes.mark(bucket.arn)
        return Unit()
    }
}
