import Glibc

/// How often each value occurred: exact for few distinct values, within 1 % beyond that. Percentiles come from it.
///
/// Values are never negative. AWS: percentiles are not available for a metric with negative values.
struct ValueHistogram: Equatable {
    /// Distinct values that are still kept apart; counts and sizes stay below it, as does one full PutMetricData.
    static let exactLimit = 150
    /// Ratio of neighbouring bucket bounds once values are no longer kept apart.
    private static let growth = 1.01
    private static let logGrowth = log(growth)
    /// Stands for the value zero among the logarithmic buckets.
    private static let zeroBucket = Int32.min

    private var values: [Double] = []
    private var counts: [Double] = []
    private var buckets: [Int32: Double] = [:]
    private(set) var isExact = true

    init() {}

    mutating func add(_ value: Double, count: Double) {
        guard isExact else {
            buckets[Self.bucket(of: value), default: 0] += count
            return
        }
        if let index = values.firstIndex(of: value) {
            counts[index] += count
        } else if values.count < Self.exactLimit {
            values.append(value)
            counts.append(count)
        } else {
            degrade()
            buckets[Self.bucket(of: value), default: 0] += count
        }
    }

    mutating func add(_ other: ValueHistogram) {
        for (value, count) in other.ordered { add(value, count: count) }
    }

    /// Values with their counts, smallest value first.
    var ordered: [(value: Double, count: Double)] {
        if isExact {
            return zip(values, counts).map { (value: $0.0, count: $0.1) }.sorted { $0.value < $1.value }
        }
        return buckets.sorted { $0.key < $1.key }.map { (value: Self.middle(of: $0.key), count: $0.value) }
    }

    private mutating func degrade() {
        for (value, count) in zip(values, counts) { buckets[Self.bucket(of: value), default: 0] += count }
        values = []
        counts = []
        isExact = false
    }

    private static func bucket(of value: Double) -> Int32 {
        value <= 0 ? zeroBucket : Int32((log(value) / logGrowth).rounded(.down))
    }

    private static func middle(of bucket: Int32) -> Double {
        bucket == zeroBucket ? 0 : exp((Double(bucket) + 0.5) * logGrowth)
    }
}

extension ValueHistogram {
    /// A kind byte, then pairs of eight-byte words: value or bucket, and count.
    var encoded: [UInt8] {
        var bytes: [UInt8] = [isExact ? 1 : 2]
        func append(_ word: UInt64) {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        if isExact {
            for (value, count) in zip(values, counts) {
                append(value.bitPattern)
                append(count.bitPattern)
            }
        } else {
            for (bucket, count) in buckets.sorted(by: { $0.key < $1.key }) {
                append(UInt64(bitPattern: Int64(bucket)))
                append(count.bitPattern)
            }
        }
        return bytes
    }

    /// Nil for bytes that are no histogram.
    init?(encoded bytes: [UInt8]) {
        guard let kind = bytes.first, kind == 1 || kind == 2, (bytes.count - 1) % 16 == 0 else { return nil }
        func word(at index: Int) -> UInt64 {
            (0..<8).reduce(0 as UInt64) { $0 | UInt64(bytes[index + $1]) << UInt64($1 * 8) }
        }
        self.init()
        isExact = kind == 1
        for index in stride(from: 1, to: bytes.count, by: 16) {
            let count = Double(bitPattern: word(at: index + 8))
            if isExact {
                values.append(Double(bitPattern: word(at: index)))
                counts.append(count)
            } else if let bucket = Int32(exactly: Int64(bitPattern: word(at: index))) {
                buckets[bucket] = count
            }
        }
    }
}
