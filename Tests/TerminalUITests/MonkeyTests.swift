import Testing

@testable import TerminalUI

/// Random input and random sizes: nothing may trap, whatever the order of keys and however small the window.
@Suite struct MonkeyTests {
    private struct Random {
        var seed: UInt64
        mutating func below(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
    }

    private static let keys: [Key] = [
        .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .tab, .backTab, .escape, .backspace,
        .delete, .space,
        "j", "k", "h", "l", "g", "G", "/", "n", "N", "s", "S", "z", "-", "+", "W", "a", "é", "日", "~", "[", "!", "1",
        "9", "{", "}", "<", ">", "y",
        .control("w"), .control("k"), .control("u"), .control("z"), .control("y"), .control("s"), Key(.left, .shift),
        Key(.up, .shift), Key(.right, .control),
    ]

    private func storm(_ seed: UInt64, _ region: String, _ input: (WidgetInput) -> Void, _ render: (Surface) -> Void) {
        var random = Random(seed: seed)
        for step in 0..<400 {
            switch random.below(24) {
            case 0: input(.paste("pasted\ntext \u{1b}[31m 日本"))
            case 1:
                let kinds: [MouseEvent.Kind] = [.press, .doublePress, .wheelUp, .wheelDown, .drag, .release]
                let point = Point(x: random.below(90), y: random.below(30))
                input(
                    .mouse(
                        MouseHit(
                            event: MouseEvent(kinds[random.below(kinds.count)], at: point), region: region,
                            position: point)))
            default: input(.key(Self.keys[random.below(Self.keys.count)]))
            }
            if step.isMultiple(of: 5) {
                let size = Size(width: random.below(100), height: random.below(30))
                let buffer = CellBuffer(size: size, encoding: random.below(2) == 0 ? .utf8 : .ascii)
                render(Surface(buffer))
            }
        }
    }

    private struct Row: Identifiable, Sendable { let id: Int }

    @Test(arguments: [1, 2, 3] as [UInt64]) func widgetsSurviveAnything(_ seed: UInt64) {
        var table = Table<Row>(
            columns: [
                TableColumn("A", order: TableColumn.by { $0.id }, text: { "row \($0.id) 日本" }),
                TableColumn("B", min: 9, ideal: 20, align: .centre, text: { "\($0.id * 7)" }),
            ],
            rows: (0..<200).map { Row(id: $0) })
        storm(seed, "table", { _ = table.handle($0) }, { table.render(on: $0.panel("T", note: table.countNote)) })

        var editor = TextEditor("{\n  \"a\": [1, 2, \"日本\"]\n}\n", language: .json)
        storm(seed, "editor", { _ = editor.handle($0) }, { editor.render(on: $0, focused: true) })

        var json = JSONViewer(
            #"{"a":{"b":[1,2,{"c":null}],"d":"a long string that wraps on narrow windows 日本語"},"e":[]}"#)
        storm(seed, "json", { _ = json.handle($0) }, { json.render(on: $0) })

        var text = TextViewer(
            (0..<80).map { "line \($0)\t" + String(repeating: "日x", count: $0) }.joined(separator: "\n"))
        storm(seed, "text", { _ = text.handle($0) }, { text.render(on: $0) })

        var tree = Tree<Int>(nodes: [
            TreeNode(1, "one", children: [TreeNode(2, "two", children: [TreeNode(3, "three")]), TreeNode(4, "four")]),
            TreeNode(5, "five"),
        ])
        storm(seed, "tree", { _ = tree.handle($0) }, { tree.render(on: $0) })

        var details = KeyValueList([
            .heading("H"), KeyValue("a", text: "b"), .heading("I"),
            KeyValue("c", text: String(repeating: "d", count: 300)),
        ])
        storm(seed, "details", { _ = details.handle($0) }, { details.render(on: $0) })

        var form = Form(
            "F",
            [
                FormField("a", "A", required: true), FormField("n", "N", .number(1...5)),
                FormField("c", "C", .choice(["x", "y", "z"])), FormField("t", "T", .toggle),
                FormField("m", "M", .multiline(rows: 4, json: true)),
            ])
        storm(seed, "form.m", { _ = form.handle($0) }, { form.renderPopup(on: $0) })

        var palette = Palette(
            (0..<60).map { PaletteItem(.action(ActionID("\($0)")), "item \($0)", group: "g\($0 / 9)") })
        storm(seed, "palette", { _ = palette.handle($0) }, { palette.render(on: $0) })

        var menu = Menu(
            "M",
            (0..<40).map {
                MenuItem(ActionID("\($0)"), "item \($0)", availability: $0 % 3 == 0 ? .disabled("no") : .enabled)
            })
        storm(seed, "menu", { _ = menu.handle($0) }, { menu.render(on: $0) })

        var dialog = Dialog.delete("thing", consequences: (0..<30).map { "c\($0)" }, typeToConfirm: "thing")
        storm(seed, "dialog.confirm", { _ = dialog.handle($0) }, { dialog.render(on: $0) })

        var tabs = Tabs(["A", "Bee", "See"])
        var split = SplitPane(.horizontal)
        storm(
            seed, "tabs.1",
            {
                _ = tabs.handle($0); _ = split.handle($0)
            },
            { surface in
                tabs.render(on: surface)
                let parts = split.parts(of: surface)
                parts.first.panel("1")
                parts.second.panel("2")
                LineChart([ChartSeries("s", [.init(time: 0, value: 1), .init(time: 10, value: -5)])]).render(
                    on: surface)
                ProgressBar(nil).render(on: surface)
                Toast("a toast that is rather long, and then some more of it").render(on: surface)
            })
    }
}
