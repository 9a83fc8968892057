/// RFC 4648 base64 with padding, as every AWS protocol carries blobs.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let reverse: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var accumulator: UInt32 = 0
        var pending = 0
        for byte in bytes {
            accumulator = accumulator << 8 | UInt32(byte)
            pending += 1
            if pending == 3 {
                for shift in stride(from: 18, through: 0, by: -6) {
                    output.append(alphabet[Int(accumulator >> UInt32(shift) & 0x3F)])
                }
                accumulator = 0
                pending = 0
            }
        }
        if pending == 1 {
            output.append(alphabet[Int(accumulator >> 2 & 0x3F)])
            output.append(alphabet[Int(accumulator << 4 & 0x3F)])
            output.append(contentsOf: [UInt8(ascii: "="), UInt8(ascii: "=")])
        } else if pending == 2 {
            output.append(alphabet[Int(accumulator >> 10 & 0x3F)])
            output.append(alphabet[Int(accumulator >> 4 & 0x3F)])
            output.append(alphabet[Int(accumulator << 2 & 0x3F)])
            output.append(UInt8(ascii: "="))
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Nil where the text is not padded base64. White space is not skipped.
    public static func decode(_ text: String) -> [UInt8]? {
        let utf8 = Array(text.utf8)
        guard utf8.count % 4 == 0 else { return nil }
        let padding = utf8.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var output: [UInt8] = []
        output.reserveCapacity(utf8.count / 4 * 3)
        var accumulator: UInt32 = 0
        var bits = 0
        for byte in utf8.dropLast(padding) {
            let value = reverse[Int(byte)]
            guard value != 0xFF else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
            }
        }
        return output
    }
}
