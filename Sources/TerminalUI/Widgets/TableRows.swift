/// Changing some rows of a long list without a look at the others.
extension Table {
    /// The positions in `rows` of those in view, as last drawn.
    public var positionsInView: [Int] {
        let first = max(0, min(viewport.top, count - 1))
        return (first..<min(count, max(first, first + viewport.height))).map { shown?[$0] ?? $0 }
    }

    /// Whether the order or the choice of the rows depends on what they say.
    public var isArranged: Bool { sortColumn != nil || !filter.isEmpty }

    /// Adds rows at the end: a page more of a list. Filter and order are asked about these rows alone.
    public mutating func append(_ rows: [Row]) {
        guard allRows != nil else {
            self.rows = rows
            return
        }
        let first = totalCount
        allRows?.append(contentsOf: rows)
        // What is being arranged elsewhere takes them in at its end.
        guard shown != nil, arrangement == nil else { return }
        insert(Array(first..<first + rows.count))
    }

    /// Puts rows in the place of others with the same identity: what has become known of them.
    /// - Parameter positions: in `rows`, where each was.
    public mutating func replace(at positions: [Int], with rows: [Row]) {
        guard let known = allRows else { return }
        var changed: [Int] = []
        for (position, row) in zip(positions, rows) where position < known.count && known[position].id == row.id {
            allRows?[position] = row
            changed.append(position)
        }
        guard let old = shown, arrangement == nil, !changed.isEmpty else { return }
        let moved = Set(changed)
        let selectedPosition = old.indices.contains(selectedIndex) ? old[selectedIndex] : nil
        shown = old.filter { !moved.contains($0) }
        insert(changed, selecting: selectedPosition)
    }

    /// Shows some rows where they belong, if the filter lets them through.
    /// - Parameter selected: the position of the row to stay on; nil: of the one selected now.
    private mutating func insert(_ positions: [Int], selecting selected: Int? = nil) {
        guard let allRows, let old = shown else { return }
        let selected = selected ?? (old.indices.contains(selectedIndex) ? old[selectedIndex] : nil)
        let keep = filter.predicate()
        let new = filter.isEmpty ? positions : positions.filter { keep(searchText(allRows[$0])) }
        shown = merged(old, arranged(new))
        stay(on: selected)
    }

    /// Adds rows to those shown.
    mutating func show(_ positions: [Int]) { insert(positions) }

    /// Stays on the row at a position, if it is shown.
    mutating func stay(on position: Int?) {
        if let position, let shown {
            let index = firstIndex(in: shown[...], notBefore: position)
            if index < shown.count, shown[index] == position { selectedIndex = index }
        }
        select(index: selectedIndex)
    }

    /// Where a position stands, or would stand, in a run that is in order.
    private func firstIndex(in run: ArraySlice<Int>, notBefore position: Int) -> Int {
        var low = run.startIndex
        var high = run.endIndex
        while low < high {
            let middle = (low + high) / 2
            if precedes(run[middle], position) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Two runs, each in its order, as one. What is long is searched by halves, not walked.
    private func merged(_ long: [Int], _ short: [Int]) -> [Int] {
        guard !short.isEmpty else { return long }
        var result: [Int] = []
        result.reserveCapacity(long.count + short.count)
        var rest = long[...]
        for position in short {
            let index = firstIndex(in: rest, notBefore: position)
            result += rest[..<index]
            result.append(position)
            rest = rest[index...]
        }
        return result + rest
    }

    /// Positions in the order they are shown in.
    func arranged(_ positions: [Int]) -> [Int] {
        sortColumn == nil ? positions.sorted() : positions.sorted { precedes($0, $1) }
    }

    /// Whether the row at one position comes before that at another: by the column sorted by, then by position, which
    /// makes the order stable in both directions.
    private func precedes(_ left: Int, _ right: Int) -> Bool {
        guard let allRows, let order = sortColumn.flatMap({ columns[$0].order }) else { return left < right }
        if order(allRows[left], allRows[right]) { return !sortsDescending }
        if order(allRows[right], allRows[left]) { return sortsDescending }
        return left < right
    }
}
