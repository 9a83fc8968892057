/// What has changed between two texts, line by line: the shortest way from one to the other.
public struct LineDiff: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case same, removed, added
    }

    public struct Line: Hashable, Sendable {
        public var kind: Kind
        public var text: String
        /// From 1; nil where the line is not in that text.
        public var oldNumber: Int?
        public var newNumber: Int?
    }

    public let lines: [Line]
    public var added: Int { lines.count { $0.kind == .added } }
    public var removed: Int { lines.count { $0.kind == .removed } }
    public var isEmpty: Bool { lines.allSatisfy { $0.kind == .same } }

    public init(_ old: String, _ new: String) {
        self.init(Self.split(old), Self.split(new))
    }

    private static func split(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    init(_ old: [Substring], _ new: [Substring]) {
        var head = 0
        while head < old.count, head < new.count, old[head] == new[head] { head += 1 }
        var tail = 0
        while tail < old.count - head, tail < new.count - head,
            old[old.count - 1 - tail] == new[new.count - 1 - tail]
        { tail += 1 }
        var lines: [Line] = []
        func add(_ kind: Kind, _ o: Int, _ n: Int) {
            lines.append(
                Line(
                    kind: kind, text: String(kind == .added ? new[n] : old[o]), oldNumber: kind == .added ? nil : o + 1,
                    newNumber: kind == .removed ? nil : n + 1))
        }
        for index in 0..<head { add(.same, index, index) }
        let middle = Self.script(old[head..<old.count - tail], new[head..<new.count - tail])
        var (o, n) = (head, head)
        for kind in middle {
            add(kind, o, n)
            if kind != .added { o += 1 }
            if kind != .removed { n += 1 }
        }
        for index in 0..<tail { add(.same, old.count - tail + index, new.count - tail + index) }
        self.lines = lines
    }

    /// Texts that differ in more lines than this are shown as wholly replaced: nobody reads such a difference.
    private static let mostSteps = 1_000

    /// Myers' greedy algorithm: the furthest each diagonal reaches with one step more, until the end is reached.
    private static func script(_ old: ArraySlice<Substring>, _ new: ArraySlice<Substring>) -> [Kind] {
        let (a, b) = (Array(old), Array(new))
        let most = min(a.count + b.count, mostSteps)
        var furthest = [Int](repeating: 0, count: 2 * most + 3)
        let middle = most + 1
        var rounds: [[Int]] = []
        search: for step in 0...most {
            rounds.append(furthest)
            for diagonal in stride(from: -step, through: step, by: 2) {
                let isDown =
                    diagonal == -step
                    || (diagonal != step && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1])
                var x = isDown ? furthest[middle + diagonal + 1] : furthest[middle + diagonal - 1] + 1
                while x < a.count, x - diagonal >= 0, x - diagonal < b.count, a[x] == b[x - diagonal] { x += 1 }
                furthest[middle + diagonal] = x
                if x >= a.count, x - diagonal >= b.count { break search }
            }
            if step == most {
                return [Kind](repeating: .removed, count: a.count) + [Kind](repeating: .added, count: b.count)
            }
        }
        return back(through: rounds, middle, a.count, b.count)
    }

    private static func back(through rounds: [[Int]], _ middle: Int, _ oldCount: Int, _ newCount: Int) -> [Kind] {
        var kinds: [Kind] = []
        var (x, y) = (oldCount, newCount)
        for step in rounds.indices.reversed() {
            let furthest = rounds[step]
            let diagonal = x - y
            let isDown =
                diagonal == -step
                || (diagonal != step && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1])
            let previous = isDown ? diagonal + 1 : diagonal - 1
            let from = step == 0 ? 0 : furthest[middle + previous]
            while x > from, y > (step == 0 ? 0 : from - previous), x > 0, y > 0 {
                if step > 0, x == from + (isDown ? 0 : 1), y == from - previous + (isDown ? 1 : 0) { break }
                kinds.append(.same)
                (x, y) = (x - 1, y - 1)
            }
            guard step > 0 else { break }
            kinds.append(isDown ? .added : .removed)
            (x, y) = (from, from - previous)
        }
        return kinds.reversed()
    }
}
