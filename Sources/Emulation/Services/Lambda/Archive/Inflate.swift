/// Decodes DEFLATE (RFC 1951), the compression of zip archives.
struct Inflate {
    struct Malformed: Error {}

    private let input: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var bits: UInt64 = 0
    private var bitCount = 0
    private var output: [UInt8]
    private let limit: Int

    /// - Parameters:
    ///   - expectedSize: as the archive states it; more output than that is refused (a "zip bomb").
    static func decode(_ input: UnsafeBufferPointer<UInt8>, expectedSize: Int) throws(Malformed) -> [UInt8] {
        var decoder = Inflate(input: input, limit: expectedSize)
        try decoder.run()
        guard decoder.output.count == expectedSize else { throw Malformed() }
        return decoder.output
    }

    private init(input: UnsafeBufferPointer<UInt8>, limit: Int) {
        self.input = input
        self.limit = limit
        output = []
        output.reserveCapacity(limit)
    }

    private mutating func run() throws(Malformed) {
        while true {
            let isLast = try take(1) == 1
            switch try take(2) {
            case 0: try storedBlock()
            case 1: try block(literals: Self.fixedLiterals, distances: Self.fixedDistances)
            case 2:
                let (literals, distances) = try dynamicTables()
                try block(literals: literals, distances: distances)
            default: throw Malformed()
            }
            if isLast { return }
        }
    }

    /// Fills the bit buffer as far as there is input.
    private mutating func refill() {
        while bitCount <= 48, position < input.count {
            bits |= UInt64(input[position]) << UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func take(_ count: Int) throws(Malformed) -> Int {
        if bitCount < count { refill() }
        guard bitCount >= count else { throw Malformed() }
        let value = bits & (1 << UInt64(count) - 1)
        bits >>= UInt64(count)
        bitCount -= count
        return Int(value)
    }

    private mutating func storedBlock() throws(Malformed) {
        // Starts at the next byte; whole bytes already in the buffer are given back.
        position -= bitCount / 8
        bits = 0
        bitCount = 0
        guard position + 4 <= input.count else { throw Malformed() }
        let length = Int(input[position]) | Int(input[position + 1]) << 8
        let complement = Int(input[position + 2]) | Int(input[position + 3]) << 8
        position += 4
        guard length == ~complement & 0xFFFF, position + length <= input.count, output.count + length <= limit else {
            throw Malformed()
        }
        output.append(contentsOf: input[position..<position + length])
        position += length
    }

    private mutating func block(literals: HuffmanTable, distances: HuffmanTable) throws(Malformed) {
        while true {
            let symbol = try decode(literals)
            if symbol < 256 {
                guard output.count < limit else { throw Malformed() }
                output.append(UInt8(symbol))
            } else if symbol == 256 {
                return
            } else {
                guard symbol - 257 < Self.lengthBases.count else { throw Malformed() }
                let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthExtraBits[symbol - 257]))
                let code = try decode(distances)
                guard code < Self.distanceBases.count else { throw Malformed() }
                let distance = Self.distanceBases[code] + (try take(Self.distanceExtraBits[code]))
                guard distance <= output.count, output.count + length <= limit else { throw Malformed() }
                let start = output.count - distance
                for offset in 0..<length { output.append(output[start + offset]) }
            }
        }
    }

    private mutating func decode(_ table: HuffmanTable) throws(Malformed) -> Int {
        refill()
        let entry = table.short[Int(bits & HuffmanTable.shortMask)]
        if entry != 0 {
            let length = Int(entry & 15)
            guard length <= bitCount else { throw Malformed() }
            bits >>= UInt64(length)
            bitCount -= length
            return Int(entry >> 4)
        }
        var code = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            code |= try take(1)
            let count = table.counts[length]
            if code - count < first { return table.symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw Malformed()
    }

    private mutating func dynamicTables() throws(Malformed) -> (HuffmanTable, HuffmanTable) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let codeLengthCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw Malformed() }
        var codeLengths = [Int](repeating: 0, count: 19)
        for index in 0..<codeLengthCount { codeLengths[Self.codeLengthOrder[index]] = try take(3) }
        let codeLengthTable = HuffmanTable(lengths: codeLengths[...])
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try decode(codeLengthTable)
            switch symbol {
            case 0..<16: lengths.append(symbol)
            case 16:
                guard let previous = lengths.last else { throw Malformed() }
                lengths.append(contentsOf: repeatElement(previous, count: 3 + (try take(2))))
            case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + (try take(3))))
            default: lengths.append(contentsOf: repeatElement(0, count: 11 + (try take(7))))
            }
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] != 0 else { throw Malformed() }
        return (HuffmanTable(lengths: lengths[..<literalCount]), HuffmanTable(lengths: lengths[literalCount...]))
    }

    private static let fixedLiterals = HuffmanTable(
        lengths: (Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
            + Array(repeating: 8, count: 8))[...])
    private static let fixedDistances = HuffmanTable(lengths: Array(repeating: 5, count: 30)[...])
    private static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtraBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceExtraBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
}

/// A canonical Huffman code: how many codes of each length, and the symbols in order of their codes.
private struct HuffmanTable: Sendable {
    var counts: [Int]
    var symbols: [Int]
    /// Codes of up to nine bits, found by the next nine bits of input: symbol and length, 0 for longer codes.
    var short: [UInt16]

    private static let shortBits = 9
    static let shortMask: UInt64 = 1 << UInt64(shortBits) - 1

    init(lengths: ArraySlice<Int>) {
        counts = [Int](repeating: 0, count: 16)
        for length in lengths { counts[length] += 1 }
        counts[0] = 0
        var offsets = [Int](repeating: 0, count: 16)
        for length in 1..<15 { offsets[length + 1] = offsets[length] + counts[length] }
        symbols = [Int](repeating: 0, count: lengths.count)
        for (symbol, length) in lengths.enumerated() where length != 0 {
            symbols[offsets[length]] = symbol
            offsets[length] += 1
        }
        short = [UInt16](repeating: 0, count: 1 << Self.shortBits)
        var code = 0
        var index = 0
        for length in 1...Self.shortBits {
            for _ in 0..<counts[length] {
                // An over-full table is damaged input; decoding it fails later.
                guard code < 1 << length else { return }
                let reversed = (0..<length).reduce(0) { $0 << 1 | code >> $1 & 1 }
                for slot in stride(from: reversed, to: short.count, by: 1 << length) {
                    short[slot] = UInt16(symbols[index] << 4 | length)
                }
                code += 1
                index += 1
            }
            code <<= 1
        }
    }
}
