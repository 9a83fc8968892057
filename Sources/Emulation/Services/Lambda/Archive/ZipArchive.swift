/// A zip archive's table of contents, read without unpacking anything.
struct ZipArchive: Sendable {
    struct Entry: Sendable, Hashable {
        var name: String
        var isDirectory: Bool
        var isSymbolicLink: Bool
        /// Permission bits as on Unix; nil where the archive was made elsewhere.
        var permissions: UInt16?
        var compressedSize: Int
        var size: Int
        fileprivate var crc32: UInt32
        fileprivate var method: Int
        fileprivate var headerOffset: Int
    }

    enum Failure: Error, Sendable, Hashable {
        case notAnArchive
        /// An entry is encrypted, or compressed with something else than DEFLATE.
        case unsupported(String)
        /// An entry's bytes are damaged.
        case damaged(String)
        /// An entry would be written outside of the folder.
        case unsafePath(String)
    }

    let bytes: [UInt8]
    let entries: [Entry]

    init(_ bytes: [UInt8]) throws(Failure) {
        self.bytes = bytes
        entries = try Self.directory(of: bytes)
    }

    /// Unpacked size of everything, in bytes.
    var unpackedSize: Int { entries.reduce(0) { $0 + $1.size } }

    /// The unpacked bytes of an entry.
    func contents(of entry: Entry) throws(Failure) -> [UInt8] {
        guard entry.headerOffset >= 0, entry.headerOffset + 30 <= bytes.count,
            Self.word(bytes, entry.headerOffset) == 0x0403_4B50
        else { throw .damaged(entry.name) }
        let start =
            entry.headerOffset + 30 + Self.half(bytes, entry.headerOffset + 26)
            + Self.half(bytes, entry.headerOffset + 28)
        guard start + entry.compressedSize <= bytes.count else { throw .damaged(entry.name) }
        let unpacked: [UInt8]
        switch entry.method {
        case 0:
            guard entry.compressedSize == entry.size else { throw .damaged(entry.name) }
            unpacked = Array(bytes[start..<start + entry.size])
        default:
            let result = bytes.withUnsafeBufferPointer { buffer -> Result<[UInt8], Inflate.Malformed> in
                let packed = UnsafeBufferPointer(rebasing: buffer[start..<start + entry.compressedSize])
                do throws(Inflate.Malformed) {
                    return .success(try Inflate.decode(packed, expectedSize: entry.size))
                } catch {
                    return .failure(error)
                }
            }
            guard case .success(let decoded) = result else { throw .damaged(entry.name) }
            unpacked = decoded
        }
        guard ArchiveChecksum.crc32(unpacked) == entry.crc32 else { throw .damaged(entry.name) }
        return unpacked
    }

    private static func half(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }
    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        UInt32(half(bytes, offset)) | UInt32(half(bytes, offset + 2)) << 16
    }

    /// The central directory, found from the end of the file as the format wants it.
    private static func directory(of bytes: [UInt8]) throws(Failure) -> [Entry] {
        guard bytes.count >= 22 else { throw .notAnArchive }
        var end: Int?
        for offset in stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 65_535), by: -1)
        where word(bytes, offset) == 0x0605_4B50 {
            end = offset
            break
        }
        guard let end else { throw .notAnArchive }
        let count = half(bytes, end + 10)
        var offset = Int(word(bytes, end + 16))
        // 0xFFFF marks zip64, which archives under 4 GB do not need.
        guard count != 0xFFFF, offset <= end else { throw .notAnArchive }
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            guard offset + 46 <= bytes.count, word(bytes, offset) == 0x0201_4B50 else { throw .notAnArchive }
            let nameLength = half(bytes, offset + 28)
            let next = offset + 46 + nameLength + half(bytes, offset + 30) + half(bytes, offset + 32)
            guard next <= bytes.count else { throw .notAnArchive }
            let name = String(decoding: bytes[offset + 46..<offset + 46 + nameLength], as: UTF8.self)
            let method = half(bytes, offset + 10)
            guard half(bytes, offset + 8) & 1 == 0, method == 0 || method == 8 else { throw .unsupported(name) }
            let madeOnUnix = bytes[offset + 5] == 3
            let mode = UInt16(truncatingIfNeeded: word(bytes, offset + 38) >> 16)
            let isLink = madeOnUnix && mode & 0o170000 == 0o120000
            entries.append(
                Entry(
                    name: name, isDirectory: name.hasSuffix("/"), isSymbolicLink: isLink,
                    permissions: madeOnUnix && mode & 0o777 != 0 ? mode & 0o777 : nil,
                    compressedSize: Int(word(bytes, offset + 20)), size: Int(word(bytes, offset + 24)),
                    crc32: word(bytes, offset + 16), method: method, headerOffset: Int(word(bytes, offset + 42))))
            offset = next
        }
        return entries
    }
}

/// Writes zip archives without compression: for code that is made here, from a folder or from text.
struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// - Parameter permissions: Unix bits, such as 0o644 or 0o755.
    mutating func add(_ name: String, _ contents: [UInt8], permissions: UInt16 = 0o644) {
        let offset = bytes.count
        let crc = ArchiveChecksum.crc32(contents)
        let encoded = Array(name.utf8)
        func shared(into output: inout [UInt8]) {
            // Version 2.0, UTF-8 names, stored, and 1980-01-01 so that equal contents give equal archives.
            Self.append(&output, 20, 0x0800, 0, 0, 0x21)
            Self.append(&output, word: crc)
            Self.append(&output, word: UInt32(contents.count))
            Self.append(&output, word: UInt32(contents.count))
            Self.append(&output, UInt16(encoded.count), 0)
        }
        Self.append(&bytes, word: 0x0403_4B50)
        shared(into: &bytes)
        bytes += encoded
        bytes += contents
        Self.append(&directory, word: 0x0201_4B50)
        Self.append(&directory, 3 << 8 | 20)
        shared(into: &directory)
        Self.append(&directory, 0, 0, 0)
        Self.append(&directory, word: UInt32(0o100000 | permissions) << 16)
        Self.append(&directory, word: UInt32(offset))
        directory += encoded
        count += 1
    }

    func finished() -> [UInt8] {
        var output = bytes + directory
        Self.append(&output, word: 0x0605_4B50)
        Self.append(&output, 0, 0, UInt16(count), UInt16(count))
        Self.append(&output, word: UInt32(directory.count))
        Self.append(&output, word: UInt32(bytes.count))
        Self.append(&output, 0)
        return output
    }

    private static func append(_ output: inout [UInt8], _ halves: UInt16...) {
        for half in halves { output += [UInt8(half & 0xFF), UInt8(half >> 8)] }
    }

    private static func append(_ output: inout [UInt8], word: UInt32) {
        append(&output, UInt16(word & 0xFFFF), UInt16(word >> 16))
    }
}
