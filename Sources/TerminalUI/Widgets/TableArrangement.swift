/// A long list as it is to be filtered and sorted, away from the keys: nobody waits for a million rows to be looked at.
///
/// Whoever owns the table runs it, and gives each report back to `take`.
public struct TableArrangement<Row: Identifiable & Sendable>: Sendable where Row.ID: Sendable {
    /// Tells it from later ones: what has been overtaken is of no use.
    public let number: Int
    /// The table as it was; behind a reference, since the table has this.
    private let copy: Copy
    /// Positions that can be meant; nil: all.
    private let among: [Int]?

    private final class Copy: Sendable {
        let table: Table<Row>
        init(_ table: Table<Row>) { self.table = table }
    }

    init(number: Int, table: Table<Row>, among: [Int]?) {
        self.number = number
        copy = Copy(table)
        self.among = among
    }

    /// Rows looked at between two looks at whether anybody still wants them.
    private static var stride: Int { 20_000 }

    /// What passes the filter, in order. What is not sorted is reported as it is found, so that its beginning is soon seen.
    public func run(report: (Report) -> Void) -> Report? {
        let table = copy.table
        guard let rows = table.allRows else { return nil }
        let keep = table.filter.predicate()
        let count = among?.count ?? rows.count
        var kept: [Int] = []
        for start in Swift.stride(from: 0, to: count, by: Self.stride) {
            if Task.isCancelled { return nil }
            for index in start..<min(count, start + Self.stride) {
                let position = among?[index] ?? index
                if table.filter.isEmpty || keep(table.searchText(rows[position])) { kept.append(position) }
            }
            if table.sortColumn == nil {
                report(Report(number: number, positions: kept, count: rows.count, isWhole: false))
            }
        }
        let positions = table.sortColumn == nil ? kept : table.arranged(kept)
        return Report(number: number, positions: positions, count: rows.count, isWhole: true)
    }

    public struct Report: Sendable {
        fileprivate let number: Int
        fileprivate let positions: [Int]
        /// How many rows there were.
        fileprivate let count: Int
        fileprivate let isWhole: Bool
    }
}

extension Table {
    /// More rows than can be looked at between two keys.
    private static var longest: Int { 20_000 }

    func mustArrangeElsewhere(_ count: Int) -> Bool { arrangesElsewhere && count > Self.longest }

    mutating func arrangeElsewhere(among positions: [Int]?) {
        arrangements += 1
        arrangement = nil
        arrangement = TableArrangement(number: arrangements, table: self, among: positions)
    }

    /// Shows what an arrangement has found, unless it was overtaken. Rows that came meanwhile are put where they belong.
    public mutating func take(_ report: TableArrangement<Row>.Report) {
        guard report.number == arrangement?.number else { return }
        let selectedPosition = selected == nil ? nil : shown?[selectedIndex] ?? selectedIndex
        shown = report.positions
        if report.isWhole {
            arrangement = nil
            show(Array(report.count..<max(report.count, totalCount)))
        }
        stay(on: selectedPosition)
    }
}
