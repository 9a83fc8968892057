import Synchronization
import TerminalUI
import Testing

@testable import Views

/// A list with enough of everything to exercise the shell.
private struct ListScreen: Screen {
    enum Message: Sendable {
        case loaded([Item])
        case deleted(String)
        case created(FormValues)
        case tailed(String)
    }
    struct Item: Identifiable, Sendable {
        let id: String
    }

    var name = "Queues"
    var loads = 0
    var table = Table<Item>(columns: [TableColumn("Queue", text: { $0.id })])
    var log: [String] = []
    var ticks: Duration?

    var crumbs: [String] { ["SQS", name] }
    var topics: Set<Topic> { ["sqs"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.id }
    var tickInterval: Duration? { ticks }
    var bindings: [KeyBinding] {
        [
            KeyBinding(["enter"], "Open", "open"),
            KeyBinding(["d"], "Delete", "delete", help: "Delete the queue", menu: true, destructive: true),
            KeyBinding(["n"], "New", "new", menu: true),
            KeyBinding(["x"], "Redrive", "redrive", availability: .disabled("No dead-letter queue"), menu: true),
            KeyBinding(["T"], "Tail", "tail"),
        ] + Table<Item>.bindings
    }

    func load() -> Effect<Message> {
        .work("load") { context in .loaded(context[NamesKey.self].names.map { Item(id: $0) }) }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .changed:
            loads += 1
            return [load()]
        case .reappeared:
            log.append("back")
            return []
        case .tick:
            log.append("tick")
            return []
        case .message(.loaded(let items)):
            table.rows = items
            return []
        case .message(.deleted(let name)):
            log.append("deleted \(name)")
            return [.toast("Deleted \(name)")]
        case .message(.created(let values)):
            log.append("created \(values["name"])")
            return []
        case .message(.tailed(let line)):
            log.append(line)
            return []
        case .action("open"): return table.selected.map { [.push(ListScreen(name: $0.id))] } ?? []
        case .action("delete"):
            guard let id = table.selected?.id else { return [] }
            return [.confirm(.delete("queue \(id)", consequences: ["3 messages"]), then: .deleted(id))]
        case .action("new"):
            return [
                .form(Form("Create queue", submit: "Create", [FormField("name", "Name", required: true)])) {
                    .created($0)
                }
            ]
        case .action("tail"):
            return [
                .stream("tail") { _, report in
                    report(.tailed("one"))
                    report(.tailed("two"))
                    return nil
                }
            ]
        case .action(let action):
            _ = table.perform(action)
            return []
        case .input(let input):
            _ = table.handle(input)
            return []
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fill(), .fixed(3)])
        table.render(on: parts[0].panel(name, focused: true, note: table.countNote))
        parts[1].write("loads \(loads)")
        parts[1].write(log.joined(separator: ","), y: 1)
    }
}

private struct Names: Sendable {
    var names = ["orders", "payments", "refunds"]
}

private enum NamesKey: ContextKey {
    static let defaultValue = Names()
}

@Suite struct ConsoleApplicationTests {
    private func console(
        _ root: any Screen = ListScreen(), size: Size = .standard, encoding: Encoding = .utf8
    ) async -> (ConsoleApplication, TestTerminal) {
        let terminal = TestTerminal(size: size, encoding: encoding)
        let catalog = ScreenCatalog([
            ScreenRegistration("sqs.queues", "Queues", summary: "All queues") { _ in ListScreen() },
            ScreenRegistration("sqs.queue", "Queue", summary: "One queue", arguments: ["QUEUE", "TAB?"]) {
                ListScreen(name: "queue " + $0[0])
            },
        ])
        // A sleep that never ends: no test waits for time.
        let console = ConsoleApplication(driver: terminal, catalog: catalog, root: root) { _ in
            for await _ in AsyncStream<Never>(unfolding: {
                await withUnsafeContinuation { (_: UnsafeContinuation<Never?, Never>) in }
            }) {}
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func drawsItsFrame() async {
        for (name, size, encoding) in [
            ("shell-80x24", Size.standard, Encoding.utf8), ("shell-120x40", .large, .utf8),
            ("shell-60x20-ascii", .smallest, .ascii),
        ] {
            let (console, terminal) = await console(size: size, encoding: encoding)
            console.show(ConsoleStatus(clock: .scaled(60), cost: "$0.0042"))
            await console.settle()
            #expect(Snapshot.difference(terminal.text, name) == nil)
        }
    }

    @Test func drawsOnlyWhenSomethingChanged() async {
        let (console, terminal) = await console()
        let before = terminal.draws
        console.show(ConsoleStatus())
        await console.settle()
        #expect(terminal.draws == before)
        // One turn, one frame.
        await console.send([.key("j"), .key("j"), .key("k")])
        #expect(terminal.draws == before + 1)
    }

    @Test func goesThroughHistory() async {
        let (console, terminal) = await console()
        await console.press("j", .enter)
        #expect(terminal.text.contains("SQS › payments"))
        await console.press(.escape)
        #expect(terminal.text.contains("SQS › Queues"))
        #expect(terminal.text.contains("back"))
        await console.press("]")
        #expect(terminal.text.contains("SQS › payments"))
        await console.press("[")
        await console.press(.escape)
        #expect(terminal.text.contains("This is the first screen"))
    }

    @Test func escClearsTheFilterBeforeItGoesBack() async {
        let (console, terminal) = await console()
        await console.press(.enter, "/")
        await console.type("pay")
        #expect(terminal.text.contains("1 of 3"))
        await console.press(.enter, .escape)
        #expect(terminal.text.contains("SQS › orders"))
        await console.press(.escape)
        #expect(terminal.text.contains("SQS › Queues"))
    }

    @Test func lettersTypedIntoAFilterAreNotKeys() async {
        let (console, terminal) = await console()
        await console.press("/")
        await console.type("q?d")
        #expect(await !console.hasEnded)
        #expect(terminal.text.contains("/q?d"))
    }

    @Test func asksBeforeDestroying() async {
        let (console, terminal) = await console()
        await console.press("d")
        #expect(terminal.text.contains("Delete queue orders?"))
        #expect(terminal.text.contains("3 messages"))
        await console.press(.enter)
        #expect(!terminal.text.contains("deleted"))
        await console.press("d", "y")
        #expect(terminal.text.contains("deleted orders"))
        #expect(terminal.text.contains("✓ Deleted orders"))
    }

    @Test func formsDeliverTheirValues() async {
        let (console, terminal) = await console()
        await console.press("n")
        await console.type("invoices")
        await console.press(.control("s"))
        #expect(terminal.text.contains("created invoices"))
    }

    @Test func disabledActionsSayWhy() async {
        let (console, terminal) = await console()
        await console.press("x")
        #expect(terminal.text.contains("No dead-letter queue"))
        await console.press("a")
        #expect(Snapshot.difference(terminal.text, "shell-actions") == nil)
    }

    @Test func paletteGoesByNameAndByLetters() async {
        let (console, terminal) = await console()
        await console.press(":")
        await console.type("sqs.queue invoices")
        await console.press(.enter)
        #expect(terminal.text.contains("SQS › queue invoices"))
        await console.press(":")
        await console.type("nowhere")
        await console.press(.enter)
        #expect(terminal.text.contains("There is no screen 'nowhere'"))
        await console.press(":")
        await console.type("all queues")
        await console.press(.enter)
        #expect(terminal.text.contains("SQS › Queues"))
    }

    @Test func helpIsMadeFromTheBindings() async {
        let (console, terminal) = await console(size: .large)
        await console.press("?")
        #expect(Snapshot.difference(terminal.text, "shell-help") == nil)
        await console.press(.escape)
        #expect(!terminal.text.contains("Everywhere"))
    }

    @Test func copiesThroughTheTerminal() async {
        let (console, terminal) = await console()
        await console.press("j", "y")
        #expect(terminal.copied == ["payments"])
    }

    @Test func changesLeadToOneRefetch() async {
        let (console, terminal) = await console()
        console.changed(["sqs/orders"])
        console.changed(["sqs/payments"])
        console.changed(["lambda"])
        await console.settle()
        #expect(terminal.text.contains("loads 2"))
        console.changed(["lambda"])
        await console.settle()
        #expect(terminal.text.contains("loads 2"))
    }

    @Test func streamsReportOnTheirWay() async {
        let (console, terminal) = await console()
        await console.press("T")
        while !terminal.text.contains("one,two") { await console.settle() }
    }

    @Test func aSmallWindowSaysSo() async {
        let (console, terminal) = await console()
        await console.send([.resized(Size(width: 50, height: 12))])
        #expect(terminal.text.contains("This window is 50×12."))
        await console.send([.resized(Size(width: 80, height: 24))])
        #expect(terminal.text.contains("orders"))
    }

    @Test func mouseSelectsOpensAndPressesKeys() async {
        let (console, terminal) = await console()
        await console.send([.mouse(MouseEvent(.press, at: Point(x: 5, y: 5)))])
        await console.send([.mouse(MouseEvent(.doublePress, at: Point(x: 5, y: 5)))])
        #expect(terminal.text.contains("SQS › refunds"))
        let row = 23
        let line = terminal.text.split(separator: "\n", omittingEmptySubsequences: false)[row]
        let column = line.distance(from: line.startIndex, to: line.range(of: "help")!.lowerBound)
        await console.send([.mouse(MouseEvent(.press, at: Point(x: column, y: row)))])
        #expect(terminal.text.contains("╭─ Help"))
    }

    @Test func endsWithTheTerminalGivenBack() async {
        let terminal = TestTerminal()
        let console = ConsoleApplication(driver: terminal, catalog: ScreenCatalog([]), root: ListScreen())
        terminal.send(.key("q"))
        #expect(await console.run() == nil)
        #expect(terminal.isClosed)
        let other = TestTerminal()
        let hungUp = ConsoleApplication(driver: other, catalog: ScreenCatalog([]), root: ListScreen())
        other.send(.ended(.hangUp))
        #expect(await hungUp.run() == .hangUp)
        #expect(other.isClosed)
    }

    @Test func printsAScreenWithoutATerminal() async {
        let buffer = await ScreenPrinter.frame(of: ListScreen(), context: ConsoleContext(), size: .standard)
        #expect(PlainTextPainter.paint(buffer).contains("refunds"))
    }

    @Test func addressesAreChecked() {
        let catalog = ScreenCatalog([
            ScreenRegistration("sqs.queue", "Queue", arguments: ["QUEUE", "TAB?"]) { ListScreen(name: $0[0]) }
        ])
        #expect(throws: ScreenCatalogError.wrongArguments(usage: "sqs.queue QUEUE [TAB]")) {
            try catalog.screen(at: ScreenAddress(id: "sqs.queue"))
        }
        #expect(throws: ScreenCatalogError.noSuchScreen("sqs", nearest: ["sqs.queue"])) {
            try catalog.screen(at: ScreenAddress(id: "sqs"))
        }
    }
}

extension Substring {
    fileprivate func range(of part: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
    }
}
