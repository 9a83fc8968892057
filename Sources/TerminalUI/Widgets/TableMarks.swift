/// Marks: what an action works on instead of the selected row.
extension Table {
    public mutating func toggleMark() {
        guard let selected else { return }
        if marked.remove(selected.id) == nil { marked.insert(selected.id) }
        select(index: selectedIndex + 1)
    }

    /// Marks every row that the filter shows; if all of them are marked, none of them.
    public mutating func markAllShown() {
        let all = shownIDs
        guard !all.isEmpty else { return }
        if all.isSubset(of: marked) { marked.subtract(all) } else { marked.formUnion(all) }
    }

    /// Among the rows that the filter shows.
    public mutating func invertMarks() { marked.formSymmetricDifference(shownIDs) }

    public mutating func clearMarks() { marked.removeAll() }

    /// Takes marks away from rows that have been dealt with.
    public mutating func unmark(_ ids: some Sequence<Row.ID>) { marked.subtract(ids) }

    /// None while it is being found out what is shown: nobody means what the filter before this one let through.
    private var shownIDs: Set<Row.ID> {
        guard let allRows, arrangement == nil else { return [] }
        guard let shown else { return Set(allRows.map(\.id)) }
        return Set(shown.map { allRows[$0].id })
    }
}
