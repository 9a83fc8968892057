import Testing

@testable import TerminalUI

@Suite struct WidgetTests {
    private var chart: LineChart {
        let start: Int64 = 1_700_000_000_000
        let points = (0..<120).map { step in
            ChartSeries.Point(
                time: start + Int64(step) * 60_000,
                value: (50..<60).contains(step) ? nil : Double((step * step) % 97) + Double(step))
        }
        return LineChart(
            [
                ChartSeries("Invocations", points),
                ChartSeries("Errors", points.map { .init(time: $0.time, value: $0.value.map { $0 / 4 }) }),
            ], unit: " /s", levels: [ChartLevel(150)])
    }

    @Test func chartDraws() {
        #expect(Snapshot.difference(Snapshot.text { chart.render(on: $0) }, "chart") == nil)
        let ascii = Snapshot.text(.standard, .ascii) { chart.render(on: $0) }
        #expect(Snapshot.difference(ascii, "chart-ascii") == nil)
        #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func chartsOfOddDataDoNotBreak() {
        let odd: [[ChartSeries.Point]] = [
            [], [.init(time: 5, value: 0)], [.init(time: 5, value: nil)],
            [.init(time: 1, value: -3), .init(time: 2, value: 1e15)],
        ]
        for points in odd {
            for size in [Size(width: 17, height: 4), Size.standard] {
                _ = Snapshot.text(size) { LineChart([ChartSeries("x", points)]).render(on: $0) }
            }
        }
    }

    @Test func ticksAreRound() {
        #expect(AxisTicks.values(from: 0, to: 97, count: 5) == [0, 20, 40, 60, 80, 100])
        #expect(AxisTicks.values(from: 0, to: 0.3, count: 3).count <= 5)
        #expect(AxisTicks.short(1_500) == "1.5k")
        #expect(AxisTicks.short(0.25) == "0.25")
        #expect(AxisTicks.short(20_000_000) == "20M")
        #expect(AxisTicks.label(1_700_000_000_000, span: 3_600_000) == "22:13")
        #expect(AxisTicks.label(1_700_000_000_000, span: 10 * 86_400_000) == "11-14")
    }

    @Test func sparklineKeepsGaps() {
        #expect(Sparkline([0, 1, nil, 7]).span(width: 6).text == "  ▁▂ █")
        #expect(Sparkline([]).span(width: 3).text == "   ")
    }

    @Test func progressShowsEighths() {
        let text = Snapshot.text(Size(width: 15, height: 1)) { ProgressBar(0.55).render(on: $0) }
        #expect(text == "█████▌····  55%\n")
        #expect(
            Snapshot.text(Size(width: 15, height: 1), .ascii) { ProgressBar(0.5).render(on: $0) } == "[####....]  50%\n"
        )
    }

    @Test func textWrapsScrollsAndSearches() {
        var viewer = TextViewer(
            (1...100).map { "line \($0) " + String(repeating: "x", count: $0) }.joined(separator: "\n"))
        _ = Snapshot.text { viewer.render(on: $0) }
        _ = viewer.handle(.key("G"))
        #expect(Snapshot.text { viewer.render(on: $0) }.contains("line 100"))
        for key: Key in ["/", "l", "i", "n", "e", " ", "4", "2", .enter] { #expect(viewer.handle(.key(key)) == true) }
        #expect(Snapshot.text { viewer.render(on: $0) }.contains("line 42"))
        #expect(viewer.handle(.key(.escape)) == true)
        #expect(viewer.handle(.key(.escape)) == false)
    }

    @Test func liveTailFollowsUntilScrolledUp() {
        var viewer = TextViewer()
        viewer.follows = true
        for number in 0..<60 { viewer.append([StyledLine("event \(number)")]) }
        #expect(Snapshot.text { viewer.render(on: $0) }.contains("event 59"))
        _ = viewer.handle(.key("k"))
        viewer.append([StyledLine("event 60")])
        #expect(!Snapshot.text { viewer.render(on: $0) }.contains("event 60"))
        _ = viewer.handle(.key("G"))
        #expect(Snapshot.text { viewer.render(on: $0) }.contains("event 60"))
    }

    @Test func treeFoldsAndKeepsSelection() {
        var tree = Tree<String>(nodes: [
            TreeNode(
                "app", "app",
                children: [
                    TreeNode("fn", "handler"), TreeNode("q", "orders", children: [TreeNode("dlq", "orders-dlq")]),
                ]),
            TreeNode("bus", "default"),
        ])
        #expect(Snapshot.difference(Snapshot.text { tree.render(on: $0) }, "tree") == nil)
        tree.select("dlq")
        _ = tree.handle(.key("h"))
        #expect(tree.selectedID == "q")
        _ = tree.handle(.key("h"))
        #expect(!Snapshot.text { tree.render(on: $0) }.contains("orders-dlq"))
        _ = tree.handle(.key("l"))
        #expect(Snapshot.text { tree.render(on: $0) }.contains("orders-dlq"))
    }

    @Test func detailsSkipHeadingsAndWrap() {
        var list = KeyValueList([
            .heading("General"), KeyValue("Name", text: "orders"),
            KeyValue("ARN", text: String(repeating: "arn:", count: 40)),
            .heading("Limits"), KeyValue("Timeout", text: "30 s"), KeyValue("Tags", text: ""),
        ])
        #expect(list.selected?.label == "Name")
        _ = list.handle(.key("j"))
        _ = list.handle(.key("j"))
        #expect(list.selected?.label == "Timeout")
        #expect(Snapshot.difference(Snapshot.text { list.render(on: $0) }, "details") == nil)
    }

    @Test func tabsGiveWayButKeepNumbers() {
        var tabs = Tabs([
            "Messages", "Send", "Receive", "Dead-letter queue", "Monitoring", "Lambda triggers", "Access policy",
            "Encryption", "Details",
        ])
        #expect(tabs.handle(.key("3")) == true)
        #expect(tabs.selectedTitle == "Receive")
        #expect(tabs.perform("tabs.next") == true)
        #expect(tabs.selected == 3)
        let text = Snapshot.text(Size(width: 80, height: 1)) { tabs.render(on: $0) }
        #expect(text.contains("Dead-letter queue"))
        #expect(text.contains("9"))
    }

    @Test func paletteRanksAndBrowses() {
        var palette = Palette([
            PaletteItem(.screen("sqs.queues", arguments: []), "Queues", group: "Go to", detail: "SQS queues"),
            PaletteItem(.screen("lambda", arguments: []), "Functions", group: "Go to", detail: "Lambda functions"),
            PaletteItem(
                .action("purge"), "Purge the queue", group: "Here", key: "P", availability: .disabled("It is empty")),
        ])
        #expect(palette.matches.count == 3)
        for key: Key in ["l", "a", "m"] { _ = palette.handle(.key(key)) }
        #expect(palette.selected?.title == "Functions")
        for _ in 0..<3 { _ = palette.handle(.key(.backspace)) }
        for key: Key in ["p", "u", "r"] { _ = palette.handle(.key(key)) }
        #expect(palette.handle(.key(.enter)) == .open)
        #expect(Snapshot.difference(Snapshot.text { palette.render(on: $0) }, "palette") == nil)
    }

    @Test func menuShowsWhyNot() {
        var menu = Menu(
            "Actions",
            [
                MenuItem("delete", "Delete", key: "d", destructive: true),
                MenuItem("redrive", "Redrive", availability: .disabled("No dead-letter queue")),
                MenuItem("send", "Send a message", key: "s"),
            ])
        #expect(menu.items.map(\.action) == ["redrive", "send", "delete"])
        #expect(Snapshot.text { menu.render(on: $0) }.contains("No dead-letter queue"))
        #expect(menu.handle(.key("s")) == .chosen("send"))
        _ = menu.handle(.key("g"))
        #expect(menu.handle(.key(.enter)) == .open)
    }

    @Test func tallScreensPrintCompactly() {
        let buffer = CellBuffer(size: Size(width: 20, height: 300))
        Surface(buffer).panel("List").write("one")
        #expect(
            PlainTextPainter.paintCompactly(buffer)
                == "╭─ List ───────────╮\n│one               │\n│                  │\n╰──────────────────╯\n")
    }

    @Test func svgEscapesAndDraws() {
        let buffer = CellBuffer(size: Size(width: 20, height: 3))
        Surface(buffer).panel("a<b").write("&")
        let svg = SVGPainter.paint(buffer, theme: .dark, title: "skua")
        #expect(svg.contains("a&lt;b"))
        #expect(svg.contains("&amp;"))
        #expect(svg.hasSuffix("</svg>\n"))
    }
}
