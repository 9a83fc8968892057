import AWSModel
import Crypto

/// The checksums that code archives need.
enum ArchiveChecksum {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        return value
    }

    /// CRC-32 as zip has it.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
        return ~value
    }

    /// AWS: `CodeSha256`, base64 of the archive's SHA-256.
    static func codeSha256(_ bytes: [UInt8]) -> String { Base64.encode(sha256(bytes)) }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
