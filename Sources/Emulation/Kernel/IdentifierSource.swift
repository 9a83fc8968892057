/// All chance and every identifier of the engine, from one seed (xoshiro256**, Blackman and Vigna 2018).
///
/// A world that is opened again goes on with another stream of the same seed, so that identifiers stay
/// unique and a session can still be replayed.
public struct IdentifierSource: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameters:
    ///   - seed: the world's.
    ///   - session: how often the world was opened before.
    public init(seed: UInt64, session: UInt64 = 0) {
        var mixer = seed &+ session &* 0x9E37_79B9_7F4A_7C15
        func splitMix() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var z = mixer
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
        state = (splitMix(), splitMix(), splitMix(), splitMix())
    }

    public mutating func next() -> UInt64 {
        func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    /// Uniform in 0 ..< 1.
    public mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A version 4 UUID as sixteen bytes in two words.
    public mutating func uuidWords() -> (UInt64, UInt64) {
        (next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000, next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// `8f1c3b1e-…`, lower case, version 4.
    public mutating func uuid() -> String { Self.text(ofUUID: uuidWords()) }

    public static func text(ofUUID words: (UInt64, UInt64)) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? words.0 : words.1
                buffer[position] = hexDigits[Int(word >> UInt64(60 - nibble % 16 * 4) & 15)]
                position += 1
            }
            return 36
        }
    }

    /// `count` lower-case hexadecimal digits.
    public mutating func hex(_ count: Int) -> String {
        text(count, from: hexDigits)
    }

    /// `count` characters of upper-case letters and digits, as in access keys and role ids.
    public mutating func upperAlphanumeric(_ count: Int) -> String {
        text(count, from: upperAlphanumerics)
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }

    private mutating func text(_ count: Int, from alphabet: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count { buffer[index] = alphabet[Int(next() >> 33) % alphabet.count] }
            return count
        }
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)
private let upperAlphanumerics = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
