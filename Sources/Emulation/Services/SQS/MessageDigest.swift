import AWSTypes
import Crypto

/// A message attribute as a message keeps it.
struct StoredMessageAttribute: Hashable {
    enum Value: Hashable {
        case string(String)
        case binary([UInt8])
    }

    var name: String
    /// `String`, `Number` or `Binary`, perhaps with a `.custom` suffix.
    var dataType: String
    var value: Value

    /// AWS: name, type and value all count towards the message's size.
    var size: Int {
        let valueSize =
            switch value {
            case .string(let text): text.utf8.count
            case .binary(let bytes): bytes.count
            }
        return name.utf8.count + dataType.utf8.count + valueSize
    }

    var attributeValue: SQS.MessageAttributeValue {
        switch value {
        case .string(let text): SQS.MessageAttributeValue(stringValue: text, dataType: dataType)
        case .binary(let bytes): SQS.MessageAttributeValue(binaryValue: bytes, dataType: dataType)
        }
    }
}

/// The MD5s that SDKs check.
enum MessageDigest {
    /// Lower-case hexadecimal MD5 of the UTF-8 text.
    static func md5(_ text: String) -> String {
        var hash = Insecure.MD5()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hexadecimal(hash.finalize())
    }

    /// AWS: over the attributes sorted by name: name, type (each with a 4-byte big-endian length), one byte 1 for text
    /// or 2 for binary, then the value with its length. Nil without attributes.
    static func md5(ofSorted attributes: some Collection<StoredMessageAttribute>) -> String? {
        guard !attributes.isEmpty else { return nil }
        var input: [UInt8] = []
        func append(_ bytes: some Collection<UInt8>) {
            let length = UInt32(truncatingIfNeeded: bytes.count)
            for shift in stride(from: 24, through: 0, by: -8) {
                input.append(UInt8(truncatingIfNeeded: length >> UInt32(shift)))
            }
            input.append(contentsOf: bytes)
        }
        for attribute in attributes {
            append(attribute.name.utf8)
            append(attribute.dataType.utf8)
            switch attribute.value {
            case .string(let text):
                input.append(1)
                append(text.utf8)
            case .binary(let bytes):
                input.append(2)
                append(bytes)
            }
        }
        return hexadecimal(Insecure.MD5.hash(data: input))
    }

    /// AWS: content-based deduplication takes the SHA-256 of the body, not of the attributes.
    static func sha256(_ text: String) -> String {
        var hash = SHA256()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hexadecimal(hash.finalize())
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = StaticDigits.hexadecimal
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private enum StaticDigits {
        static let hexadecimal = Array("0123456789abcdef".utf8)
    }
}
