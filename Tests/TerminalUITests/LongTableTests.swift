import Synchronization
import Testing

@testable import TerminalUI

/// A million rows: what is visited is counted, not timed.
@Suite struct LongTableTests {
    private struct Row: Identifiable, Sendable {
        let id: Int
        var weight: Int
        var name: String { "row-\(id)" }
    }

    private final class Visits: Sendable {
        private let cells = Atomic(0)
        private let orders = Atomic(0)
        func sawCell() { cells.add(1, ordering: .relaxed) }
        func compared() { orders.add(1, ordering: .relaxed) }

        /// How many cells were made and how many pairs compared since the last time.
        func take() -> (cells: Int, pairs: Int) {
            (cells.exchange(0, ordering: .relaxed), orders.exchange(0, ordering: .relaxed))
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    private func table(_ count: Int, _ visits: Visits) -> Table<Row> {
        Table(
            columns: [
                TableColumn("Name", min: 10) { row in
                    visits.sawCell()
                    return TableCell(row.name)
                },
                TableColumn(
                    "Weight", min: 8,
                    order: { left, right in
                        visits.compared()
                        return left.weight < right.weight
                    }
                ) { TableCell(String($0.weight)) },
            ], rows: (0..<count).map { Row(id: $0, weight: $0 * 7919 % 1000) })
    }

    @Test func `drawing and scrolling look at the rows in view`() {
        let visits = Visits()
        var table = table(1_000_000, visits)
        #expect(visits.take().cells == 0)
        for key: Key in ["j", .pageDown, "G", "k", "g"] {
            _ = table.handle(.key(key))
            _ = Snapshot.text { table.render(on: $0) }
            #expect(visits.take().cells <= Size.standard.height)
        }
        table.append((1_000_000..<1_001_000).map { Row(id: $0, weight: 0) })
        #expect(visits.take() == (0, 0))
        #expect(table.count == 1_001_000)
    }

    @Test func `typing on to a filter looks at what is left`() {
        let visits = Visits()
        var table = table(20_000, visits)
        table.setFilter("row-1")
        #expect(visits.take().cells == 20_000)
        let left = table.count
        table.setFilter("row-12")
        #expect(visits.take().cells == left)
    }

    @Test func `what comes to a list that is filtered and sorted is looked at alone`() {
        let visits = Visits()
        var table = table(20_000, visits)
        table.sort(by: 1)
        table.setFilter("row-")
        _ = visits.take()
        table.append((20_000..<20_100).map { Row(id: $0, weight: $0 % 1000) })
        var seen = visits.take()
        #expect(seen.cells == 100)
        // A hundred sorted, each searched for by halves, and the selected one as well.
        #expect(seen.pairs < 100 * 2 * (7 + 15) + 200)
        table.replace(at: [5, 7, 9], with: [5, 7, 9].map { Row(id: $0, weight: 999) })
        seen = visits.take()
        #expect(seen.cells == 3)
        #expect(seen.pairs < 500)
        #expect(table.count == 20_100)
    }

    @Test func `step by step comes out as all at once`() {
        var random = Seeded(state: 7)
        for _ in 0..<200 {
            var table = table(Int.random(in: 0...60, using: &random), Visits())
            var rows = table.rows ?? []
            for _ in 0..<12 {
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    let new = (rows.count..<rows.count + Int.random(in: 0...9, using: &random)).map {
                        Row(id: $0, weight: Int.random(in: 0..<20, using: &random))
                    }
                    table.append(new)
                    rows += new
                case 1 where !rows.isEmpty:
                    let positions = Set((0..<3).map { _ in Int.random(in: 0..<rows.count, using: &random) }).sorted()
                    let new = positions.map { Row(id: $0, weight: Int.random(in: 0..<20, using: &random)) }
                    for (position, row) in zip(positions, new) { rows[position] = row }
                    let selected = table.selected?.id
                    table.replace(at: positions, with: new)
                    let shown = (0..<table.count).compactMap { table.row(at: $0)?.id }
                    if let selected, shown.contains(selected) {
                        #expect(table.selected?.id == selected, "the selection stays on its row")
                    }
                case 2: table.sort(by: 1)
                case 3: table.setFilter(["", "1", "row-2", "!3"].randomElement(using: &random) ?? "")
                default: _ = table.handle(.key("j"))
                }
                var whole = table
                whole.rows = rows
                #expect(
                    (0..<table.count).map { table.row(at: $0)?.id } == (0..<whole.count).map { whole.row(at: $0)?.id })
            }
        }
    }

    @Test func `a long list is filtered and sorted away from the keys`() {
        let visits = Visits()
        var table = table(60_000, visits)
        table.arrangesElsewhere = true
        _ = visits.take()
        table.setFilter("row-1")
        #expect(visits.take() == (0, 0), "no row is looked at while a key is pressed")
        table.markAllShown()
        #expect(table.marked.isEmpty, "nobody knows yet what is shown")
        let overtaken = table.arrangement
        table.setFilter("row-12")
        table.append((60_000..<60_010).map { Row(id: $0, weight: 1) } + [Row(id: 1_260_000, weight: 2)])
        var reports = 0
        let report = table.arrangement?.run { _ in reports += 1 }
        if let old = overtaken?.run(report: { _ in }) { table.take(old) }
        #expect(table.arrangement != nil, "what was overtaken is not shown")
        if let report { table.take(report) }
        #expect(reports == 3, "what is found is told on the way")
        #expect(table.arrangement == nil)
        #expect(table.count == 1112, "1,111 of the first 60,000, and one that came meanwhile")
        #expect(table.row(at: 1111)?.id == 1_260_000)
    }

    @Test func `marks are set for what is shown`() {
        var table = table(1000, Visits())
        table.setFilter("row-99")
        table.markAllShown()
        #expect(table.marked.count == 11)
        table.setFilter("")
        table.invertMarks()
        #expect(table.marked.count == 989)
        table.markAllShown()
        table.markAllShown()
        #expect(table.marked.isEmpty)
    }
}
