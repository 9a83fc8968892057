import AWSModel
import Crypto

/// The checksums that S3 keeps with an object.
enum ChecksumAlgorithm: String, Sendable, CaseIterable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sha512 = "SHA512"
    case md5 = "MD5"

    /// AWS: whole-object checksums of multipart uploads exist for the linear ones alone.
    var isLinear: Bool { self == .crc32 || self == .crc32c || self == .crc64nvme }
}

/// One checksum over bytes that come piece by piece.
struct RunningChecksum {
    private enum State {
        case narrow(NarrowCRC, UInt32)
        case wide(UInt64)
        case sha1(Insecure.SHA1)
        case sha256(SHA256)
        case sha512(SHA512)
        case md5(Insecure.MD5)
    }

    private var state: State

    init(_ algorithm: ChecksumAlgorithm) {
        state =
            switch algorithm {
            case .crc32: .narrow(.ieee, .max)
            case .crc32c: .narrow(.castagnoli, .max)
            case .crc64nvme: .wide(.max)
            case .sha1: .sha1(Insecure.SHA1())
            case .sha256: .sha256(SHA256())
            case .sha512: .sha512(SHA512())
            case .md5: .md5(Insecure.MD5())
            }
    }

    mutating func update(_ bytes: [UInt8]) {
        switch state {
        case .narrow(let table, let value): state = .narrow(table, table.update(value, bytes))
        case .wide(let value): state = .wide(WideCRC.update(value, bytes))
        case .sha1(var hash):
            hash.update(data: bytes)
            state = .sha1(hash)
        case .sha256(var hash):
            hash.update(data: bytes)
            state = .sha256(hash)
        case .sha512(var hash):
            hash.update(data: bytes)
            state = .sha512(hash)
        case .md5(var hash):
            hash.update(data: bytes)
            state = .md5(hash)
        }
    }

    var bytes: [UInt8] {
        switch state {
        case .narrow(_, let value): Self.bigEndian(~value)
        case .wide(let value): Self.bigEndian(~value)
        case .sha1(let hash): Array(hash.finalize())
        case .sha256(let hash): Array(hash.finalize())
        case .sha512(let hash): Array(hash.finalize())
        case .md5(let hash): Array(hash.finalize())
        }
    }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    static func bytes(_ algorithm: ChecksumAlgorithm, of bytes: [UInt8]) -> [UInt8] {
        var checksum = RunningChecksum(algorithm)
        checksum.update(bytes)
        return checksum.bytes
    }
}

/// The two 32-bit CRCs.
final class NarrowCRC: Sendable {
    static let ieee = NarrowCRC(polynomial: 0xEDB8_8320)
    static let castagnoli = NarrowCRC(polynomial: 0x82F6_3B78)
    private let table: [UInt32]

    private init(polynomial: UInt32) {
        table = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? polynomial ^ value >> 1 : value >> 1 }
            return value
        }
    }

    func update(_ start: UInt32, _ bytes: [UInt8]) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                var value = start
                for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
                return value
            }
        }
    }
}

/// CRC-64/NVME, S3's own default since the end of 2024.
enum WideCRC {
    private static let table: [UInt64] = (0..<256).map { index in
        var value = UInt64(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0x9A6C_9329_AC4B_C9B5 ^ value >> 1 : value >> 1 }
        return value
    }

    static func update(_ start: UInt64, _ bytes: [UInt8]) -> UInt64 {
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                var value = start
                for byte in bytes { value = table[Int((value ^ UInt64(byte)) & 0xFF)] ^ value >> 8 }
                return value
            }
        }
    }
}
