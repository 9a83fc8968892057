import AWSModel
import AWSTypes

extension S3Service {
    /// AWS: deleting what is not there succeeds.
    func deleteObject(_ input: S3.DeleteObjectRequest, _ call: Call) throws(ServiceError) -> S3.DeleteObjectOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        try refuseVersion(input.versionId)
        if let condition = input.ifMatch {
            let object = try object(input.key, in: bucket)
            guard ObjectConditions.matches(condition, object) else { throw .preconditionFailed("If-Match") }
        }
        remove(input.key, from: bucket)
        return S3.DeleteObjectOutput()
    }

    func deleteObjects(_ input: S3.DeleteObjectsRequest, _ call: Call) throws(ServiceError) -> S3.DeleteObjectsOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let wanted = input.delete.objects
        guard (1...1000).contains(wanted.count) else { throw .malformedXML }
        var deleted: [S3.DeletedObject] = []
        var errors: [S3.Error] = []
        for item in wanted {
            do throws(ServiceError) {
                try refuseVersion(item.versionId)
                if let eTag = item.eTag {
                    let object = try object(item.key, in: bucket)
                    guard ObjectConditions.matches(eTag, object) else { throw .preconditionFailed("If-Match") }
                }
                remove(item.key, from: bucket)
                deleted.append(S3.DeletedObject(key: item.key))
            } catch {
                errors.append(S3.Error(key: item.key, code: error.code, message: error.message))
            }
        }
        let isQuiet = input.delete.quiet ?? false
        return S3.DeleteObjectsOutput(
            deleted: isQuiet || deleted.isEmpty ? nil : deleted, errors: errors.isEmpty ? nil : errors)
    }
}
