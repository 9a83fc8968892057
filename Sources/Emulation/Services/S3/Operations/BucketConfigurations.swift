import AWSModel
import AWSTypes

// What a bucket answers about settings that nobody can change here: as AWS does of a bucket just created.

extension S3Service {
    /// Input or output of an operation that is only read and answered by its members' names.
    struct Members: AWSStructure {
        var document: DocumentObject
        init(_ document: DocumentObject) { self.document = document }
    }

    func registerBucketConfigurations(_ table: inout OperationTable) {
        for (name, answer) in Self.unset {
            table.on(Operation<Members, Members>(service: S3.id, name: name)) {
                [unowned self] (input, call) throws(ServiceError) in
                _ = try configured(input, call)
                return Members(answer)
            }
        }
        for (name, (code, message)) in Self.missing {
            table.on(Operation<Members, Members>(service: S3.id, name: name)) {
                [unowned self] (input, call) throws(ServiceError) in
                let bucket = try configured(input, call)
                throw .s3(code, message, status: 404, ["BucketName": .string(bucket.name)])
            }
        }
        table.on(Operation<Members, Members>(service: S3.id, name: "GetBucketAcl")) {
            [unowned self] (input, call) throws(ServiceError) in
            Members(ownersGrant(try configured(input, call)))
        }
        table.on(Operation<Members, Members>(service: S3.id, name: "GetObjectAcl")) {
            [unowned self] (input, call) throws(ServiceError) in
            let bucket = try configured(input, call)
            _ = try object(input.document.string("Key") ?? "", in: bucket)
            return Members(ownersGrant(bucket))
        }
        table.on(Operation<Members, Members>(service: S3.id, name: "ListObjectVersions"), listObjectVersions)
    }

    func configured(_ input: Members, _ call: Call) throws(ServiceError) -> S3Bucket {
        try bucket(
            input.document.string("Bucket") ?? "", call, expectedOwner: input.document.string("ExpectedBucketOwner"))
    }

    private static let unset: [String: DocumentObject] = [
        "GetBucketVersioning": [:], "GetBucketLogging": [:], "GetBucketAccelerateConfiguration": [:],
        "GetBucketNotificationConfiguration": [:], "GetBucketRequestPayment": ["Payer": "BucketOwner"],
        "GetBucketEncryption": [
            "ServerSideEncryptionConfiguration": [
                "Rules": [
                    ["ApplyServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"], "BucketKeyEnabled": false]
                ]
            ]
        ],
        "GetBucketOwnershipControls": ["OwnershipControls": ["Rules": [["ObjectOwnership": "BucketOwnerEnforced"]]]],
        "GetPublicAccessBlock": [
            "PublicAccessBlockConfiguration": [
                "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
                "RestrictPublicBuckets": true,
            ]
        ],
        "ListBucketAnalyticsConfigurations": ["IsTruncated": false],
        "ListBucketIntelligentTieringConfigurations": ["IsTruncated": false],
        "ListBucketInventoryConfigurations": ["IsTruncated": false],
        "ListBucketMetricsConfigurations": ["IsTruncated": false],
    ]

    private static let missing: [String: (code: String, message: String)] = [
        "GetBucketPolicy": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
        "GetBucketPolicyStatus": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
        "GetBucketCors": ("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        "GetBucketWebsite": (
            "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"
        ),
        "GetBucketLifecycleConfiguration": (
            "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"
        ),
        "GetBucketReplication": (
            "ReplicationConfigurationNotFoundError", "The replication configuration was not found"
        ),
        "GetObjectLockConfiguration": (
            "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"
        ),
    ]

    /// AWS: the bucket's owner, and nobody else, may do everything.
    private func ownersGrant(_ bucket: S3Bucket) -> DocumentObject {
        let owner = owner(bucket.scope.accountID).document
        var grantee = owner
        grantee["Type"] = "CanonicalUser"
        return [
            "Owner": .object(owner),
            "Grants": [["Grantee": .object(grantee), "Permission": "FULL_CONTROL"]],
        ]
    }
}
