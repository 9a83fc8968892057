/// What a table shows in one cell: text in a role, or a line of spans.
public struct TableCell: Hashable, Sendable, ExpressibleByStringLiteral {
    public var line: StyledLine

    public init(_ text: String, _ role: Role = .text) { line = StyledLine(text, role) }
    public init(_ line: StyledLine) { self.line = line }
    public init(stringLiteral value: String) { line = StyledLine(value) }

    public static func status(_ mark: StatusMark, _ word: String? = nil) -> TableCell {
        TableCell(mark.line(word))
    }
}

/// A column: how wide it may be and what it shows of a row. Called only for the rows in view and when filtering or sorting.
public struct TableColumn<Row: Sendable>: Sendable {
    public let title: String
    /// It is left out of a pane where not all minima fit; the last ones go first.
    public let minimum: Int
    /// What it takes if there is room; `nil` takes a share of all that is left.
    public let ideal: Int?
    public let align: Alignment
    /// Keeps both ends of a text that is too long, as ARNs and identifiers want.
    public let clipsMiddle: Bool
    let cell: @Sendable (Row) -> TableCell
    let order: (@Sendable (Row, Row) -> Bool)?

    public init(
        _ title: String, min minimum: Int = 6, ideal: Int? = nil, align: Alignment = .left,
        clipsMiddle: Bool = false, order: (@Sendable (Row, Row) -> Bool)? = nil,
        _ cell: @escaping @Sendable (Row) -> TableCell
    ) {
        self.title = title
        self.minimum = minimum
        self.ideal = ideal
        self.align = align
        self.clipsMiddle = clipsMiddle
        self.order = order
        self.cell = cell
    }

    public init(
        _ title: String, min minimum: Int = 6, ideal: Int? = nil, align: Alignment = .left,
        clipsMiddle: Bool = false, order: (@Sendable (Row, Row) -> Bool)? = nil,
        text: @escaping @Sendable (Row) -> String
    ) {
        self.init(
            title, min: minimum, ideal: ideal, align: align, clipsMiddle: clipsMiddle, order: order
        ) { TableCell(text($0)) }
    }

    /// Sorted by a value of the row.
    public static func by<Value: Comparable & SendableMetatype>(
        _ value: @escaping @Sendable (Row) -> Value
    ) -> @Sendable (Row, Row) -> Bool {
        { value($0) < value($1) }
    }
}

/// A list of rows in columns, with selection, marks, filter and sorting. A million rows are fine: only those in view are made.
///
/// The selection follows its row's identity when `rows` is set anew.
public struct Table<Row: Identifiable & Sendable>: Sendable where Row.ID: Sendable {
    public let id: String
    public let columns: [TableColumn<Row>]
    /// Shown in the middle when there are no rows: what this list is for and how to get the first one.
    public var emptyText: String
    /// `nil` while loading.
    public internal(set) var allRows: [Row]?
    /// Indexes into `allRows` in the order shown, if it is not all of them in their own order.
    var shown: [Int]?
    /// Position among the shown rows.
    public internal(set) var selectedIndex = 0
    public internal(set) var marked: Set<Row.ID> = []
    public private(set) var filter = ListFilter("")
    /// More rows exist than were listed so far.
    public var isPartial = false
    /// Whether somebody filters and sorts a long list elsewhere: see `TableArrangement`.
    public var arrangesElsewhere = false
    /// What is to be arranged elsewhere; nil while what is shown is what was asked for.
    public internal(set) var arrangement: TableArrangement<Row>?
    var arrangements = 0
    /// The `/` line while it is being typed.
    var filterField: TextField?
    public private(set) var sortColumn: Int?
    public private(set) var sortsDescending = false
    let viewport = Viewport()

    public init(
        id: String = "table", columns: [TableColumn<Row>], rows: [Row]? = nil, empty: String = "Nothing here yet."
    ) {
        self.id = id
        self.columns = columns
        emptyText = empty
        allRows = rows
    }

    /// The rows; setting them keeps selection and marks by identity. `nil` shows that they are being loaded.
    public var rows: [Row]? {
        get { allRows }
        set {
            let selectedID = selected?.id
            allRows = newValue
            arrange(keeping: selectedID)
            if !marked.isEmpty, let newValue { marked.formIntersection(newValue.map(\.id)) }
        }
    }

    public var isLoading: Bool { allRows == nil }
    public var count: Int { shown?.count ?? allRows?.count ?? 0 }
    public var totalCount: Int { allRows?.count ?? 0 }
    public var isFiltering: Bool { filterField != nil }
    /// True while the filter line takes the keys: pass it on as the screen's `capturesText`.
    public var capturesText: Bool { filterField != nil }

    /// True while Esc would clear the filter or the marks.
    public var handlesEscape: Bool { filterField != nil || !filter.pattern.isEmpty || !marked.isEmpty }

    /// The row at a position among those shown.
    public func row(at index: Int) -> Row? {
        guard let allRows, index >= 0, index < count else { return nil }
        return allRows[shown?[index] ?? index]
    }

    public var selected: Row? { row(at: selectedIndex) }

    /// The marked rows in the order listed, or the selected one if none is marked: what an action works on.
    public var targets: [Row] {
        guard !marked.isEmpty, let allRows else { return selected.map { [$0] } ?? [] }
        return allRows.filter { marked.contains($0.id) }
    }

    public mutating func select(index: Int) {
        selectedIndex = max(0, min(index, count - 1))
    }

    /// Selects the row with this identity, if it is shown.
    public mutating func select(id: Row.ID) {
        guard let allRows else { return }
        if let shown {
            if let index = shown.firstIndex(where: { allRows[$0].id == id }) { selectedIndex = index }
        } else if let index = allRows.firstIndex(where: { $0.id == id }) {
            selectedIndex = index
        }
    }

    public mutating func setFilter(_ pattern: String) {
        let selectedID = selected?.id
        let old = filter
        filter = ListFilter(pattern)
        guard let shown, let allRows, arrangement == nil, filter.narrows(old) else {
            return arrange(keeping: selectedID)
        }
        if mustArrangeElsewhere(shown.count) { return arrangeElsewhere(among: shown) }
        // What is typed on to a filter can only take rows away: the others need no second look, nor another order.
        let keep = filter.predicate()
        self.shown = shown.filter { keep(searchText(allRows[$0])) }
        if let selectedID { select(id: selectedID) }
        select(index: selectedIndex)
    }

    /// Sorts by a column, or turns the order around if it is sorted by it.
    public mutating func sort(by column: Int) {
        guard columns.indices.contains(column), columns[column].order != nil else { return }
        let selectedID = selected?.id
        sortsDescending = sortColumn == column ? !sortsDescending : false
        sortColumn = column
        arrange(keeping: selectedID)
    }

    /// Sorts by the next column that can be sorted by; after the last, by none.
    mutating func sortByNext() {
        let sortable = columns.indices.filter { columns[$0].order != nil }
        guard !sortable.isEmpty else { return }
        let selectedID = selected?.id
        let at = sortColumn.flatMap { sortable.firstIndex(of: $0) }
        let next = at.map { $0 + 1 } ?? 0
        sortColumn = next < sortable.count ? sortable[next] : nil
        sortsDescending = false
        arrange(keeping: selectedID)
    }

    /// What the filter looks at: the texts of all columns.
    func searchText(_ row: Row) -> String {
        columns.map { $0.cell(row).line.text }.joined(separator: "\t")
    }

    mutating func arrange(keeping id: Row.ID?) {
        guard let allRows else {
            shown = nil
            return
        }
        arrangement = nil
        if isArranged, mustArrangeElsewhere(allRows.count) { return arrangeElsewhere(among: nil) }
        if isArranged {
            let keep = filter.predicate()
            let kept =
                filter.isEmpty ? Array(allRows.indices) : allRows.indices.filter { keep(searchText(allRows[$0])) }
            shown = sortColumn == nil ? kept : arranged(kept)
        } else {
            shown = nil
        }
        if let id { select(id: id) }
        select(index: selectedIndex)
    }
}
