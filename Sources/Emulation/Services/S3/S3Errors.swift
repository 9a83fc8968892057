import AWSModel

/// S3's errors, in AWS's words.
extension ServiceError {
    static func s3(_ code: String, _ message: String, status: Int = 400, _ fields: DocumentObject = [:]) -> ServiceError
    {
        ServiceError(code, message, status: status, fields: fields)
    }

    static func noSuchBucket(_ name: String) -> ServiceError {
        s3("NoSuchBucket", "The specified bucket does not exist", status: 404, ["BucketName": .string(name)])
    }

    static func noSuchKey(_ key: String) -> ServiceError {
        s3("NoSuchKey", "The specified key does not exist.", status: 404, ["Key": .string(key)])
    }

    static func noSuchUpload(_ id: String) -> ServiceError {
        s3(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
            status: 404, ["UploadId": .string(id)])
    }

    static func s3AccessDenied() -> ServiceError { s3("AccessDenied", "Access Denied", status: 403) }

    static func preconditionFailed(_ condition: String) -> ServiceError {
        s3(
            "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status: 412,
            ["Condition": .string(condition)])
    }

    static let notModified = s3("NotModified", "Not Modified", status: 304)

    static func invalidArgument(_ message: String, _ name: String, _ value: String) -> ServiceError {
        s3("InvalidArgument", message, ["ArgumentName": .string(name), "ArgumentValue": .string(value)])
    }

    static let malformedXML = s3(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")

    /// What S3 has and this engine does not.
    static func s3NotImplemented(_ what: String) -> ServiceError {
        s3("NotImplemented", "Skua does not implement \(what) of S3 yet.", status: 501)
    }
}
