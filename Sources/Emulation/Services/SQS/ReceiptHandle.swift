import AWSModel

/// What a receipt handle names: one receive of one message. Handles are computed, not stored; they look like AWS's
/// (`AQEB…`, opaque base64) and any change to one is noticed.
struct ReceiptHandle: Hashable {
    var queueID: Int64
    var messageRow: Int64
    /// Half of the message's UUID: rows of another life of the world are told apart.
    var messageTag: UInt64
    /// Which receive of the message it was, counting from 1.
    var receiveCount: Int32

    private static let wordCount = 22
    private static let byteCount = 183

    init(queueID: Int64, messageRow: Int64, messageTag: UInt64, receiveCount: Int32) {
        self.queueID = queueID
        self.messageRow = messageRow
        self.messageTag = messageTag
        self.receiveCount = receiveCount
    }

    /// Nil where the text is no handle that this engine made.
    init?(_ text: String) {
        guard text.utf8.count == Self.byteCount / 3 * 4, let bytes = Base64.decode(text), bytes.count == Self.byteCount,
            bytes[0] == 1, bytes[1] == 1, bytes[2] == 1
        else { return nil }
        func word(_ index: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[3 + index * 8 + $1]) }
        }
        var mask = Mask(seed: word(0))
        queueID = Int64(bitPattern: word(1) ^ mask.next())
        messageRow = Int64(bitPattern: word(2) ^ mask.next())
        messageTag = word(3) ^ mask.next()
        guard let count = Int32(exactly: word(4) ^ mask.next()) else { return nil }
        receiveCount = count
        guard self.bytes == bytes else { return nil }
    }

    var text: String { Base64.encode(bytes) }

    private var bytes: [UInt8] {
        var seed = messageTag
        for part in [
            UInt64(bitPattern: messageRow), UInt64(bitPattern: queueID), UInt64(UInt32(bitPattern: receiveCount)),
        ] {
            var mixing = Mask(seed: seed ^ part)
            seed = mixing.next()
        }
        var mask = Mask(seed: seed)
        var bytes: [UInt8] = [1, 1, 1]
        bytes.reserveCapacity(Self.byteCount)
        func append(_ word: UInt64, count: Int = 8) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(56 - index * 8))) }
        }
        append(seed)
        append(UInt64(bitPattern: queueID) ^ mask.next())
        append(UInt64(bitPattern: messageRow) ^ mask.next())
        append(messageTag ^ mask.next())
        append(UInt64(UInt32(bitPattern: receiveCount)) ^ mask.next())
        for _ in 5..<Self.wordCount { append(mask.next()) }
        append(mask.next(), count: 4)
        return bytes
    }

    /// SplitMix64.
    private struct Mask {
        var state: UInt64
        init(seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }
}
