/// A zip archive with its files stored as they are. Enough for source code: Lambda unpacks it at once anyway.
enum StoredArchive {
    struct File: Hashable, Sendable {
        /// With `/` between folders, relative.
        var path: String
        var bytes: [UInt8]

        init(path: String, text: String) {
            self.path = path
            bytes = Array(text.utf8)
        }
    }

    private static let checksumTable: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    /// CRC-32 as zip and Ethernet have it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes { value = checksumTable[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
        return value ^ 0xFFFF_FFFF
    }

    /// One file as gzip, in stored blocks.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(bytes.count, start + 0xFFFF)
            result.append(end == bytes.count ? 1 : 0)
            result.append(little: UInt64(end - start), 2)
            result.append(little: ~UInt64(end - start) & 0xFFFF, 2)
            result += bytes[start..<end]
            start = end
        } while start < bytes.count
        result.append(little: UInt64(checksum(bytes)), 4)
        result.append(little: UInt64(bytes.count) & 0xFFFF_FFFF, 4)
        return result
    }

    /// The bytes of an archive. Every file is readable, and executable so that a `bootstrap` runs.
    static func bytes(of files: [File]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let name = Array(file.path.utf8)
            // Version 2.0, UTF-8 names, stored, 1980-01-01 00:00: the same code always makes the same digest.
            var common: [UInt8] = []
            common.append(little: 20, 2)
            common.append(little: 0x0800, 2)
            common.append(little: 0, 2)
            common.append(little: 0, 2)
            common.append(little: 0x0021, 2)
            common.append(little: UInt64(checksum(file.bytes)), 4)
            common.append(little: UInt64(file.bytes.count), 4)
            common.append(little: UInt64(file.bytes.count), 4)
            common.append(little: UInt64(name.count), 2)
            common.append(little: 0, 2)

            let offset = archive.count
            archive.append(little: 0x0403_4B50, 4)
            archive += common + name + file.bytes

            directory.append(little: 0x0201_4B50, 4)
            directory.append(little: 0x0314, 2)
            directory += common
            directory.append(little: 0, 2)
            directory.append(little: 0, 2)
            directory.append(little: 0, 2)
            directory.append(little: 0o100755 << 16, 4)
            directory.append(little: UInt64(offset), 4)
            directory += name
        }
        let start = archive.count
        archive += directory
        archive.append(little: 0x0605_4B50, 4)
        archive.append(little: 0, 4)
        archive.append(little: UInt64(files.count), 2)
        archive.append(little: UInt64(files.count), 2)
        archive.append(little: UInt64(directory.count), 4)
        archive.append(little: UInt64(start), 4)
        archive.append(little: 0, 2)
        return archive
    }
}

extension [UInt8] {
    fileprivate mutating func append(little value: UInt64, _ count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
    }
}
