import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct ObjectTests {
    private func put(_ key: String, _ text: String, _ engine: TestEngine) throws {
        _ = try engine.call(S3.putObject, S3.PutObjectRequest(body: Array(text.utf8), bucket: "bbb", key: key))
    }

    private func get(_ key: String, _ engine: TestEngine) throws -> String {
        let output = try engine.call(S3.getObject, S3.GetObjectRequest(bucket: "bbb", key: key))
        return String(decoding: output.body ?? [], as: UTF8.self)
    }

    @Test func objectsOutliveTheProgram() throws {
        let journal = try Journal(path: nil)
        let engine = try TestEngine(journal: journal)
        try engine.call(S3.createBucket, S3.CreateBucketRequest(bucket: "bbb"))
        try put("k", "first", engine)
        try put("k", "second", engine)
        let again = try TestEngine(journal: journal, directory: engine.directory)
        #expect(try get("k", again) == "second")
        #expect(again.error(S3.deleteBucket, S3.DeleteBucketRequest(bucket: "bbb"))?.code == "BucketNotEmpty")
    }

    @Test func othersBucketsAreClosed() throws {
        let engine = try TestEngine()
        try engine.call(S3.createBucket, S3.CreateBucketRequest(bucket: "b3b"))
        var other = engine.caller
        other.scope.accountID = "000000000001"
        #expect(throws: ServiceError.self) {
            try engine.send(S3.createBucket, S3.CreateBucketRequest(bucket: "b3b"), as: other)
        }
        #expect(throws: ServiceError.self) {
            try engine.send(S3.listObjectsV2, S3.ListObjectsV2Request(bucket: "b3b"), as: other)
        }
    }

    @Test func keysAreOrderedByTheirBytes() {
        var keys = OrderedKeys<Int>()
        var expected: [String] = []
        for number in 0..<5000 {
            let key = "\((number &* 7919) % 5000)"
            keys[key] = number
            expected.append(key)
        }
        for key in ["e\u{301}", "\u{e9}", "Z"] {
            keys[key] = 0
            expected.append(key)
        }
        keys["17"] = nil
        expected.removeAll { $0 == "17" }
        var seen: [String] = []
        keys.forEach(from: "") { key, _ in
            seen.append(key)
            return true
        }
        #expect(
            seen.map { Array($0.utf8) } == expected.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(keys.count == expected.count)
    }

    @Test func rangesAreThoseOfHTTP() throws {
        #expect(try ByteRange.bytes("bytes=0-0", of: 10) == 0..<1)
        #expect(try ByteRange.bytes("bytes=5-99", of: 10) == 5..<10)
        #expect(try ByteRange.bytes("bytes=-3", of: 10) == 7..<10)
        #expect(try ByteRange.bytes("bytes=3-2", of: 10) == nil)
        #expect(throws: ServiceError.self) { try ByteRange.bytes("bytes=10-", of: 10) }
    }

    @Test func checksumsAreTheStandards() {
        let text = Array("123456789".utf8)
        #expect(RunningChecksum.bytes(.crc32, of: text) == [0xCB, 0xF4, 0x39, 0x26])
        #expect(RunningChecksum.bytes(.crc32c, of: text) == [0xE3, 0x06, 0x92, 0x83])
        #expect(
            RunningChecksum.bytes(.crc64nvme, of: text) == [0xAE, 0x8B, 0x14, 0x86, 0x0A, 0x79, 0x98, 0x88])
    }
}
