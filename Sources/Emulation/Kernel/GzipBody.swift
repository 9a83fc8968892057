/// Bodies that clients send compressed: AWS's SDKs do so with large PutMetricData requests.
public enum GzipBody {
    /// Larger results are refused, so that a small request cannot fill the memory.
    private static let largestResult = 64 * 1024 * 1024

    /// RFC 1952. Nil where the bytes are no gzip stream, or a damaged one.
    public static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else { return nil }
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0 { start += 2 + Int(bytes[start]) + Int(bytes[start + 1]) << 8 }
        for flag in [UInt8(8), 16] where flags & flag != 0 {
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else { return nil }
            start = end + 1
        }
        if flags & 2 != 0 { start += 2 }
        guard start <= bytes.count - 8 else { return nil }
        let size = (0..<4).reduce(0) { $0 | Int(bytes[bytes.count - 4 + $1]) << (8 * $1) }
        guard size <= largestResult else { return nil }
        return bytes[start..<(bytes.count - 8)].withUnsafeBufferPointer { deflated in
            try? Inflate.decode(deflated, expectedSize: size)
        }
    }
}
