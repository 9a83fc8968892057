/// The random numbers of one turn, from a seed that the caller drew (SplitMix64, Vigna 2015): the same events in the same
/// order give the same execution.
public struct TurnRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A version 4 UUID in lower case.
    mutating func uuid() -> String {
        let words = (next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000, next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
        let digits = Array("0123456789abcdef")
        var text = ""
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { text.append("-") }
            let word = nibble < 16 ? words.0 : words.1
            text.append(digits[Int(word >> UInt64(60 - nibble % 16 * 4) & 15)])
        }
        return text
    }

    /// Uniform in 0 ..< 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
