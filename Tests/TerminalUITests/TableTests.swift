import Testing

@testable import TerminalUI

@Suite struct TableTests {
    struct Row: Identifiable, Sendable {
        let id: Int
        var name: String { "queue-\(id)" }
    }

    private func table(_ count: Int) -> Table<Row> {
        Table(
            columns: [
                TableColumn("Queue", min: 10, order: TableColumn.by { $0.name }, text: { $0.name }),
                TableColumn("State", min: 8, ideal: 12) { .status($0.id.isMultiple(of: 2) ? .succeeded : .failed) },
                TableColumn("Visible", min: 7, ideal: 9, align: .right, order: TableColumn.by { $0.id % 7 }) {
                    TableCell(($0.id * 1000).grouped)
                },
                TableColumn("ARN", min: 20, clipsMiddle: true) {
                    TableCell("arn:aws:sqs:us-east-1:000000000000:\($0.name)", .dim)
                },
            ], rows: (0..<count).map { Row(id: $0) }, empty: "No queues. Press n to create one.")
    }

    @Test func drawsAsItShould() {
        var table = table(40)
        _ = table.handle(.key("j"))
        _ = table.handle(.key(.space))
        for (name, size, encoding) in [
            ("table-80x24", Size.standard, Encoding.utf8), ("table-120x40-ascii", .large, .ascii),
        ] {
            let text = Snapshot.text(size, encoding) { surface in
                table.render(on: surface.panel("Queues", focused: true, note: table.countNote))
            }
            #expect(Snapshot.difference(text, name) == nil)
        }
    }

    @Test func saysWhyItIsEmpty() {
        let text = Snapshot.text { table(0).render(on: $0) }
        #expect(text.contains("No queues. Press n to create one."))
        let loading = Snapshot.text { Table<Row>(columns: table(0).columns).render(on: $0) }
        #expect(loading.contains("Loading…"))
    }

    @Test func selectionFollowsIdentity() {
        var table = table(10)
        table.select(id: 4)
        table.rows = (3..<12).reversed().map { Row(id: $0) }
        #expect(table.selected?.id == 4)
        table.rows = [Row(id: 1)]
        #expect(table.selected?.id == 1)
    }

    @Test func filters() {
        var table = table(100)
        table.setFilter("queue-9")
        #expect(table.count == 11)
        table.setFilter("!queue-9")
        #expect(table.count == 89)
        table.setFilter("~queue-[12]$")
        #expect(table.count == 2)
        table.setFilter("~[")
        #expect(table.filter.problem != nil)
        #expect(table.count == 100)
        table.setFilter("QUEUE-1")
        #expect(table.count == 0)
    }

    @Test func filterLineTakesKeysAndEscClearsIt() {
        var table = table(20)
        #expect(table.handle(.key("/")) == true)
        for key: Key in ["-", "7"] { #expect(table.handle(.key(key)) == true) }
        #expect(table.capturesText)
        #expect(table.selected?.id == 7)
        #expect(table.handle(.key(.enter)) == true)
        #expect(!table.capturesText)
        #expect(table.handlesEscape)
        #expect(table.handle(.key(.escape)) == true)
        #expect(table.count == 20)
        #expect(table.selected?.id == 7)
        #expect(table.handle(.key(.escape)) == false)
    }

    @Test func sortsStablyBothWays() {
        var table = table(30)
        table.sort(by: 2)
        #expect((0..<5).compactMap { table.row(at: $0)?.id } == [0, 7, 14, 21, 28])
        table.sort(by: 2)
        #expect((0..<4).compactMap { table.row(at: $0)?.id } == [6, 13, 20, 27])
        #expect(table.selected?.id == 0)
    }

    @Test func marksMakeTargets() {
        var table = table(5)
        #expect(table.targets.map(\.id) == [0])
        _ = table.handle(.key(.space))
        _ = table.handle(.key(.space))
        #expect(table.targets.map(\.id) == [0, 1])
        #expect(table.handle(.key(.escape)) == true)
        #expect(table.targets.map(\.id) == [2])
    }

    @Test func aMillionRowsMakeOnlyThoseInView() {
        let made = Counter()
        var table = Table<Row>(
            columns: [
                TableColumn(
                    "N",
                    text: { row in
                        made.increase(); return row.name
                    })
            ], rows: (0..<1_000_000).map { Row(id: $0) })
        _ = table.handle(.key("G"))
        let text = Snapshot.text { table.render(on: $0) }
        #expect(text.contains("queue-999999"))
        #expect(made.value < 60)
    }

    @Test func mouseSelectsScrollsAndSorts() {
        var table = table(100)
        _ = Snapshot.text { table.render(on: $0) }
        func hit(_ kind: MouseEvent.Kind, _ x: Int, _ y: Int) -> WidgetInput {
            .mouse(MouseHit(event: MouseEvent(kind, at: .zero), region: "table", position: Point(x: x, y: y)))
        }
        #expect(table.handle(hit(.press, 5, 4)) == true)
        #expect(table.selectedIndex == 3)
        #expect(table.handle(hit(.wheelDown, 5, 4)) == true)
        #expect(table.selectedIndex == 6)
        #expect(table.handle(hit(.press, 3, 0)) == true)
        #expect(table.sortColumn == 0)
    }

    @Test func narrowPanesDropColumnsFromTheEnd() {
        let table = table(3)
        #expect(table.layout(width: 120).count == 4)
        #expect(table.layout(width: 34).map(\.column) == [0, 1, 2])
        for width in 4..<140 {
            for slot in table.layout(width: width) where width > 16 { #expect(slot.x + slot.width <= width) }
        }
    }
}

/// Counts calls from concurrent closures.
final class Counter: @unchecked Sendable {  // Used by one test on one thread; the closure type asks for Sendable.
    private(set) var value = 0
    func increase() { value += 1 }
}
