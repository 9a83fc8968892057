import AWSModel

/// The conditional headers of a request, judged against what is there.
struct ObjectConditions: Sendable {
    var ifMatch: String?
    var ifNoneMatch: String?
    var ifModifiedSince: Instant?
    var ifUnmodifiedSince: Instant?

    init(_ input: DocumentObject, prefix: String = "") {
        ifMatch = input.string("\(prefix)IfMatch")
        ifNoneMatch = input.string("\(prefix)IfNoneMatch")
        ifModifiedSince = input.timestamp("\(prefix)IfModifiedSince")
        ifUnmodifiedSince = input.timestamp("\(prefix)IfUnmodifiedSince")
    }

    /// AWS: `If-Match` that holds outweighs `If-Unmodified-Since`, `If-None-Match` that fails outweighs `If-Modified-Since`.
    func checkRead(of object: S3Object) throws(ServiceError) {
        if let ifMatch {
            guard Self.matches(ifMatch, object) else { throw .preconditionFailed("If-Match") }
        } else if let ifUnmodifiedSince, object.modified > ifUnmodifiedSince {
            throw .preconditionFailed("If-Unmodified-Since")
        }
        if let ifNoneMatch {
            if Self.matches(ifNoneMatch, object) { throw .notModified }
        } else if let ifModifiedSince, object.modified <= ifModifiedSince {
            throw .notModified
        }
    }

    /// Of a copy's source: nothing is "not modified" here.
    func checkSource(_ object: S3Object) throws(ServiceError) {
        do throws(ServiceError) {
            try checkRead(of: object)
        } catch {
            throw error.code == "NotModified" ? .preconditionFailed("x-amz-copy-source-If-None-Match") : error
        }
    }

    func checkWrite(over object: S3Object?, key: String) throws(ServiceError) {
        if let ifNoneMatch {
            guard ifNoneMatch == "*" else { throw .s3NotImplemented("If-None-Match with an entity tag on writes") }
            if object != nil { throw .preconditionFailed("If-None-Match") }
        }
        if let ifMatch {
            guard let object else { throw .noSuchKey(key) }
            guard Self.matches(ifMatch, object) else { throw .preconditionFailed("If-Match") }
        }
    }

    static func matches(_ header: String, _ object: S3Object) -> Bool {
        header == "*" || header.split(separator: ",").contains { $0.filter { $0 != "\"" && $0 != " " } == object.eTag }
    }
}
