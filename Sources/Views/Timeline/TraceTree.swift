import AWSModel

/// The entries of one trace as a tree of causes, in the order in which they are read.
struct TraceTree: Sendable {
    struct Line: Identifiable, Sendable, Hashable {
        var entry: TimelineRow
        /// `│ ├ `: how it hangs on what led to it.
        var guides: String
        /// Milliseconds since the trace began.
        var offset: Int64
        /// Milliseconds since its cause; nil for an origin.
        var sinceCause: Int64?
        /// The index of the line of its cause.
        var cause: Int?

        var id: Int { entry.id }
    }

    private(set) var lines: [Line] = []
    private var positions: [Int: Int] = [:]

    /// Entries whose cause is not among them are origins: what led to them is no longer remembered, or never was.
    init(_ entries: [TimelineRow]) {
        let ordered = entries.sorted { $0.id < $1.id }
        guard let start = ordered.map(\.time).min() else { return }
        let known = Set(ordered.map(\.id))
        var effects: [Int: [TimelineRow]] = [:]
        var origins: [TimelineRow] = []
        for entry in ordered {
            // A cause is always earlier; anything else would never end.
            if let cause = entry.causeID, cause < entry.id, known.contains(cause) {
                effects[cause, default: []].append(entry)
            } else {
                origins.append(entry)
            }
        }
        // A stack instead of recursion: a trace may be a thousand causes deep.
        var waiting: [(entry: TimelineRow, cause: Int?, guides: String, below: String)] =
            origins.reversed().map { ($0, nil, "", "") }
        while let (entry, cause, guides, below) = waiting.popLast() {
            let index = lines.count
            positions[entry.id] = index
            lines.append(
                Line(
                    entry: entry, guides: guides, offset: (entry.time - start).wholeMicroseconds / 1000,
                    sinceCause: cause.map { (entry.time - lines[$0].entry.time).wholeMicroseconds / 1000 }, cause: cause
                ))
            let next = effects[entry.id] ?? []
            for (position, effect) in next.enumerated().reversed() {
                let isLast = position == next.count - 1
                waiting.append((effect, index, below + (isLast ? "└ " : "├ "), below + (isLast ? "  " : "│ ")))
            }
        }
    }

    /// The place of an entry in the tree.
    func index(of id: Int) -> Int? { positions[id] }

    /// The index of the first thing a line led to.
    func firstEffect(of index: Int) -> Int? { lines.firstIndex { $0.cause == index } }

    var span: Int64 { lines.map(\.offset).max() ?? 0 }
    var failures: Int { lines.count { $0.entry.error != nil } }
}
