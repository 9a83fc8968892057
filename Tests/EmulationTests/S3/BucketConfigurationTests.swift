import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What a bucket tells about settings that it does not have.
@Suite struct BucketConfigurationTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine()
        try engine.call(S3.createBucket, S3.CreateBucketRequest(bucket: "bbb"))
    }

    private func operation(_ name: String) -> Operation<S3Service.Members, S3Service.Members> {
        Operation(service: S3.id, name: name)
    }

    private func ask(_ name: String, _ more: DocumentObject = [:], bucket: String = "bbb") throws -> DocumentObject {
        var input = more
        input["Bucket"] = .string(bucket)
        return try engine.call(operation(name), S3Service.Members(input)).document
    }

    @Test func settingsAreThoseOfANewBucket() throws {
        #expect(try ask("GetBucketVersioning").isEmpty)
        #expect(try ask("GetBucketRequestPayment").string("Payer") == "BucketOwner")
        let blocked = try ask("GetPublicAccessBlock").object("PublicAccessBlockConfiguration")
        #expect(blocked?.bool("RestrictPublicBuckets") == true)
        let grant = try ask("GetBucketAcl").list("Grants")?.first
        #expect(grant?["Permission"]?.string == "FULL_CONTROL")
        #expect(grant?["Grantee"]?["ID"]?.string?.utf8.count == 64)
    }

    @Test func whatIsNotThereIsMissing() {
        func refusal(_ name: String, bucket: String = "bbb") -> String? {
            engine.error(operation(name), S3Service.Members(["Bucket": .string(bucket)]))?.code
        }
        #expect(refusal("GetBucketPolicy") == "NoSuchBucketPolicy")
        #expect(refusal("GetBucketCors") == "NoSuchCORSConfiguration")
        #expect(refusal("GetBucketLifecycleConfiguration") == "NoSuchLifecycleConfiguration")
        #expect(refusal("GetBucketPolicy", bucket: "none") == "NoSuchBucket")
        #expect(refusal("PutBucketPolicy") == "NotImplemented")
    }

    @Test func everyObjectIsTheOnlyVersionOfItsKey() throws {
        for key in ["a", "d/1", "d/2", "e"] {
            _ = try engine.call(S3.putObject, S3.PutObjectRequest(body: [1], bucket: "bbb", key: key))
        }
        let whole = try ask("ListObjectVersions", ["Delimiter": "/"])
        let versions = whole.list("Versions") ?? []
        #expect(versions.compactMap { $0["Key"]?.string } == ["a", "e"])
        #expect(versions.allSatisfy { $0["VersionId"]?.string == "null" && $0["IsLatest"]?.bool == true })
        #expect(whole.list("CommonPrefixes")?.compactMap { $0["Prefix"]?.string } == ["d/"])
        let first = try ask("ListObjectVersions", ["MaxKeys": 3])
        #expect(first.bool("IsTruncated") == true && first.string("NextKeyMarker") == "d/2")
        let rest = try ask("ListObjectVersions", ["KeyMarker": "d/2"])
        #expect(rest.list("Versions")?.count == 1)
    }
}
