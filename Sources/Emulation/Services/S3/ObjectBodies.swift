import AWSModel
import Crypto
import Foundation

/// What a client says its bytes come to; a body that comes to something else is refused.
struct ExpectedBody: Sendable {
    var contentMD5: String?
    var checksums: [String: String] = [:]
    /// Which checksum to keep where the client gave none.
    var algorithm: ChecksumAlgorithm?

    /// From the input of PutObject or UploadPart.
    init(_ input: DocumentObject) throws(ServiceError) {
        contentMD5 = input.string("ContentMD5")
        for (name, value) in input where name.hasPrefix("Checksum") && name != "ChecksumAlgorithm" {
            let algorithm = String(name.dropFirst("Checksum".count))
            guard let text = value.string else { continue }
            guard ChecksumAlgorithm(rawValue: algorithm) != nil else { throw .s3NotImplemented(name) }
            checksums[algorithm] = text
        }
        if checksums.count > 1 {
            throw .s3(
                "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
        }
        algorithm = input.string("ChecksumAlgorithm").flatMap(ChecksumAlgorithm.init(rawValue:))
    }

    init(algorithm: ChecksumAlgorithm? = nil) { self.algorithm = algorithm }
}

/// A body that lies in its file.
struct StoredBody: Sendable {
    var pieces: [ObjectPiece]
    var size: Int
    /// Hexadecimal.
    var md5: String
    var checksums: [String: String]
}

/// Reading and writing bodies, off the engine's thread.
enum ObjectBodies {
    /// Hashes and writes; the file is whole before anybody hears of it.
    static func write(
        _ bytes: [UInt8], to blob: String, _ expected: ExpectedBody, in blobs: BlobStore
    ) throws(ServiceError) -> StoredBody {
        let md5 = Array(Insecure.MD5.hash(data: bytes))
        if let given = expected.contentMD5 {
            guard let digest = Base64.decode(given), digest.count == 16 else {
                throw .s3("InvalidDigest", "The Content-MD5 you specified was invalid.")
            }
            guard digest == md5 else {
                throw .s3(
                    "BadDigest", "The Content-MD5 you specified did not match what we received.", status: 400,
                    ["ExpectedDigest": .string(given), "CalculatedDigest": .string(Base64.encode(md5))])
            }
        }
        var checksums: [String: String] = [:]
        // AWS: keeps CRC-64/NVME of its own accord where the client names none.
        let algorithms =
            expected.checksums.isEmpty
            ? [expected.algorithm ?? .crc64nvme] : expected.checksums.keys.compactMap(ChecksumAlgorithm.init(rawValue:))
        for algorithm in algorithms {
            let value = Base64.encode(RunningChecksum.bytes(algorithm, of: bytes))
            if let given = expected.checksums[algorithm.rawValue], given != value {
                throw .s3("BadDigest", "The \(algorithm.rawValue) you specified did not match the calculated checksum.")
            }
            checksums[algorithm.rawValue] = value
        }
        if !bytes.isEmpty {
            do throws(StorageError) {
                try blobs.write(bytes, to: blob)
            } catch {
                throw .unavailable(error.description)
            }
        }
        return StoredBody(
            pieces: bytes.isEmpty ? [] : [ObjectPiece(blob: blob, size: bytes.count)], size: bytes.count,
            md5: hex(md5), checksums: checksums)
    }

    /// The bytes of a range, from as many files as it touches.
    static func read(_ pieces: [ObjectPiece], _ range: Range<Int>, in blobs: BlobStore) throws(ServiceError) -> [UInt8]
    {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var start = 0
        for piece in pieces {
            let part = range.clamped(to: start..<start + piece.size)
            if !part.isEmpty {
                guard let read = read(blobs.path(piece.blob), part.lowerBound - start, part.count) else {
                    throw .internalFailure("A file of the object is missing: \(piece.blob)")
                }
                bytes.append(contentsOf: read)
            }
            start += piece.size
        }
        return bytes
    }

    private static func read(_ path: String, _ offset: Int, _ count: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(offset))) != nil, let data = try? file.read(upToCount: count),
            data.count == count
        else { return nil }
        return Array(data)
    }

    /// One checksum over files, a megabyte at a time.
    static func checksum(_ algorithm: ChecksumAlgorithm, of pieces: [ObjectPiece], in blobs: BlobStore)
        throws(ServiceError) -> String
    {
        var checksum = RunningChecksum(algorithm)
        for piece in pieces {
            var offset = 0
            while offset < piece.size {
                let count = min(1 << 20, piece.size - offset)
                checksum.update(try read([piece], offset..<offset + count, in: blobs))
                offset += count
            }
        }
        return Base64.encode(checksum.bytes)
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map {
            let text = String($0, radix: 16); return text.count == 1 ? "0\(text)" : text
        }.joined()
    }

    static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }
}

extension S3Service {
    /// Does file work off the engine's thread and goes on in a later turn; failures answer the call.
    func work<Value: Sendable>(
        failing fail: @escaping (ServiceError) -> Void, _ body: @escaping @Sendable () throws(ServiceError) -> Value,
        then: @escaping (Value) throws(ServiceError) -> Void
    ) {
        core.start(
            .work {
                do throws(ServiceError) {
                    return .success(try body())
                } catch {
                    return .failure(error)
                }
            }
        ) { event in
            guard case .finished(let result) = event else { return }
            do throws(ServiceError) {
                guard let value = try result.get() as? Value else { return }
                try then(value)
            } catch {
                fail(error)
            }
        }
    }
}
