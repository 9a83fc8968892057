/// Routes the lines between two neighbouring layers. A line comes in at columns of the upper side, goes out at columns
/// of the lower side, and runs sideways in one track; where two lines would have to change places in the same columns,
/// one of them takes a second track by way of a free column.
struct ChannelRouter {
    /// Lines that flow together: one of the two sides has a single column.
    struct Net {
        var upper: [Int]
        var lower: [Int]
    }

    /// How a net runs: `via` is nil when one track is enough.
    struct Course {
        var track: Int
        var via: (column: Int, track: Int)?
    }

    /// By net; nil where the line is straight.
    private(set) var courses: [Course?] = []
    private(set) var trackCount = 0

    private struct Segment {
        var net: Int
        var isSecond = false
        var upper: [Int]
        var lower: [Int]
        var low = 0
        var high = 0

        init(net: Int, isSecond: Bool = false, upper: [Int], lower: [Int]) {
            self.net = net
            self.isSecond = isSecond
            self.upper = upper
            self.lower = lower
            for (index, column) in (upper + lower).enumerated() {
                low = index == 0 ? column : min(low, column)
                high = index == 0 ? column : max(high, column)
            }
        }
    }

    init(_ nets: [Net]) {
        courses = Array(repeating: nil, count: nets.count)
        var segments: [Segment] = []
        var usedColumns: Set<Int> = []
        for (index, net) in nets.enumerated() {
            usedColumns.formUnion(net.upper)
            usedColumns.formUnion(net.lower)
            let segment = Segment(net: index, upper: net.upper, lower: net.lower)
            if segment.low != segment.high { segments.append(segment) }
        }
        let order = Self.order(&segments, usedColumns: &usedColumns)

        var tracks = Array(repeating: 0, count: segments.count)
        for (index, segment) in order.enumerated() {
            var track = 0
            for earlier in order[..<index]
            where segments[earlier].low <= segments[segment].high + 1
                && segments[segment].low <= segments[earlier].high + 1
            {
                track = max(track, tracks[earlier] + 1)
            }
            tracks[segment] = track
            trackCount = max(trackCount, track + 1)
        }
        for (index, segment) in segments.enumerated() where !segment.isSecond {
            courses[segment.net] = Course(track: tracks[index])
        }
        for (index, segment) in segments.enumerated() where segment.isSecond {
            courses[segment.net]?.via = (segment.upper[0], tracks[index])
        }
    }

    /// From top to bottom. What comes down in a column must turn away above the line that goes on from that column;
    /// besides, the order with fewer crossings is preferred.
    private static func order(_ segments: inout [Segment], usedColumns: inout Set<Int>) -> [Int] {
        var mustFollow: [Set<Int>] = Array(repeating: [], count: segments.count)
        var prefers: [[(other: Int, gain: Int)]] = Array(repeating: [], count: segments.count)
        func relate(_ i: Int, _ j: Int, _ segments: [Segment]) {
            if segments[i].net == segments[j].net {
                mustFollow[j].insert(i)
                return
            }
            if hasCommonColumn(segments[i].upper, segments[j].lower) { mustFollow[j].insert(i) }
            if hasCommonColumn(segments[j].upper, segments[i].lower) { mustFollow[i].insert(j) }
            guard segments[i].low <= segments[j].high, segments[j].low <= segments[i].high else { return }
            let gain = crossings(segments[j], over: segments[i]) - crossings(segments[i], over: segments[j])
            if gain > 0 { prefers[j].append((i, gain)) }
            if gain < 0 { prefers[i].append((j, -gain)) }
        }
        for i in segments.indices {
            for j in segments.indices where j > i { relate(i, j, segments) }
        }
        var order: [Int] = []
        var isPlaced = Array(repeating: false, count: segments.count)
        while order.count < segments.count {
            var best: (segment: Int, loss: Int)?
            for index in segments.indices where !isPlaced[index] && mustFollow[index].allSatisfy({ isPlaced[$0] }) {
                let loss = prefers[index].reduce(0) { isPlaced[$1.other] ? $0 : $0 + $1.gain }
                if best.map({ loss < $0.loss }) ?? true { best = (index, loss) }
                if loss == 0 { break }
            }
            if let best {
                isPlaced[best.segment] = true
                order.append(best.segment)
                continue
            }
            // A ring: split the shortest line of those that wait and are waited for.
            let waiting = segments.indices.filter { !isPlaced[$0] && !segments[$0].isSecond }
            let splittable = waiting.filter { index in
                !segments.contains { $0.isSecond && $0.net == segments[index].net }
                    && segments.indices.contains { !isPlaced[$0] && mustFollow[$0].contains(index) }
            }
            guard let chosen = splittable.first else {
                preconditionFailure("a ring of lines in which every line is split already")
            }
            let old = segments[chosen]
            let column = freeColumn(from: old.low, to: old.high, usedColumns)
            usedColumns.insert(column)
            segments[chosen] = Segment(net: old.net, upper: old.upper, lower: [column])
            segments.append(Segment(net: old.net, isSecond: true, upper: [column], lower: old.lower))
            mustFollow.append([])
            prefers.append([])
            isPlaced.append(false)
            for index in segments.indices {
                mustFollow[index].remove(chosen)
                prefers[index].removeAll { $0.other == chosen }
            }
            mustFollow[chosen] = []
            prefers[chosen] = []
            for index in segments.indices {
                if index != chosen && index != segments.count - 1 { relate(chosen, index, segments) }
                if index != segments.count - 1 { relate(index, segments.count - 1, segments) }
            }
        }
        return order
    }

    /// The unused column nearest to the middle of a span, preferring those in it.
    private static func freeColumn(from low: Int, to high: Int, _ used: Set<Int>) -> Int {
        let middle = (low + high) >> 1
        var distance = 0
        while true {
            if !used.contains(middle + distance) { return middle + distance }
            if !used.contains(middle - distance) { return middle - distance }
            distance += 1
        }
    }

    private static func hasCommonColumn(_ left: [Int], _ right: [Int]) -> Bool {
        left.contains { right.contains($0) }
    }

    /// How often the two cross when the first runs above the second.
    private static func crossings(_ first: Segment, over second: Segment) -> Int {
        var count = 0
        for column in first.lower where column > second.low && column < second.high { count += 1 }
        for column in second.upper where column > first.low && column < first.high { count += 1 }
        return count
    }
}
