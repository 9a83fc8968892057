/// S3's virtual-hosted style: the bucket is part of the host's name.
enum BucketHost {
    static let signingName = "s3"

    /// `photos` of `photos.s3.us-east-1.amazonaws.com`, and of `photos.localhost:4566` where the request is signed for S3.
    static func bucket(of request: WireRequest, _ scope: CredentialScope?) -> String? {
        guard let host = request.headers["Host"] else { return nil }
        if let scope, scope.service != signingName { return nil }
        let labels = host.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
        if let place = labels.firstIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }) {
            return place == 0 ? nil : labels[..<place].joined(separator: ".")
        }
        guard scope != nil, labels.count > 1, labels.last == "localhost" else { return nil }
        return labels.dropLast().joined(separator: ".")
    }
}
