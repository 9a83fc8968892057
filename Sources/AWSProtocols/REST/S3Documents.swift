import AWSModel

/// S3's documents have names that its model leaves out.
enum S3Documents {
    private static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

    private static let names = [
        "ListBuckets": "ListAllMyBucketsResult", "ListObjects": "ListBucketResult", "ListObjectsV2": "ListBucketResult",
        "ListObjectVersions": "ListVersionsResult", "ListMultipartUploads": "ListMultipartUploadsResult",
        "ListParts": "ListPartsResult", "CreateMultipartUpload": "InitiateMultipartUploadResult",
        "CompleteMultipartUpload": "CompleteMultipartUploadResult", "DeleteObjects": "DeleteResult",
        "GetObjectTagging": "Tagging", "GetBucketTagging": "Tagging",
        "GetBucketVersioning": "VersioningConfiguration", "GetObjectAttributes": "GetObjectAttributesResponse",
    ]

    static func rename(
        _ response: inout WireResponse, of operation: OperationModel, _ output: DocumentObject, namespace uri: String?
    ) {
        guard !response.body.isEmpty, let shape = operation.output?.shape else { return }
        // AWS: the region is the document's own text.
        let isLocation = operation.name == "GetBucketLocation"
        let text = isLocation ? output.string("LocationConstraint") ?? "" : ""
        var root = XMLElement(isLocation ? "LocationConstraint" : names[operation.name] ?? shape.name, text: text)
        root.setAttribute("xmlns", uri ?? namespace)
        if !isLocation { XMLBody.write(output, shape, into: &root) }
        response.body = root.documentBytes
    }
}
