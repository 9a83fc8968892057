import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Where the rule sends events, what of them, and what the selected target would get.
struct RuleTargetsTab: ResourceTab {
    struct Row: Identifiable, Hashable, Sendable {
        var target: Events.Target
        var id: String { target.id }
    }

    enum Message: Sendable {
        case previewed(String, Result<String, any Error>)
        case removed(BulkResult<Row>)
    }

    var reading: RuleReading? { didSet { table.rows = reading?.targets.map { Row(target: $0) } } }
    var isStale = false
    var preview = JSONViewer("", id: "target.preview")
    private var previewed: String?
    private var refusal: String?
    var table = Table<Row>(
        id: "targets",
        columns: [
            TableColumn("Id", min: 8, ideal: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Target", min: 14, clipsMiddle: true, order: TableColumn.by { $0.target.goal }) {
                TableCell($0.target.goal)
            },
            TableColumn("Kind", min: 10, ideal: 14) { TableCell(ResourceName($0.target.arn).title, .dim) },
            TableColumn("Gets", min: 11, ideal: 14) { TableCell($0.target.inputWords, .dim) },
            TableColumn("Retries", min: 7, ideal: 7, align: .right) {
                TableCell(($0.target.retryPolicy?.maximumRetryAttempts ?? 185).grouped, .dim)
            },
            TableColumn("Dead letters", min: 12, clipsMiddle: true) {
                TableCell($0.target.deadLetterConfig?.arn.map { ResourceName.last(of: $0) } ?? "–", .dim)
            },
        ], empty: "No targets: events that match go nowhere. Press n to add one.")

    var topics: Set<Topic> { ["events"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.target.arn }

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No target is selected")
        let editable = reading.map(\.editable) ?? one
        let full = Availability.when(
            (reading?.targets.count ?? 0) < 5, otherwise: "A rule has five targets at most")
        let link = selected.map {
            Availability.when(
                ResourceName($0.target.arn).address != nil, otherwise: ResourceName($0.target.arn).unavailable)
        }
        return [
            .open(link ?? one),
            KeyBinding(
                ["n"], "add", "add", help: "Add a target", availability: editable.isEnabled ? full : editable,
                menu: true, needs: [.changes]),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit what it gets, retries and dead letters",
                availability: selected == nil ? one : editable, menu: true, needs: [.changes]),
            removal.binding(in: table),
        ] + Table<Row>.bindings
    }

    private var removal: BulkAction<Row> {
        let rule = reading
        return .remove(
            "target", name: { $0.id }, consequence: { "\($0.target.goal) gets no more events of this rule" },
            availability: { _ in rule.map(\.editable) ?? .disabled("It has not been read yet") },
            each: { row, context in
                guard let rule else { return }
                let answer = try await context.aws.call(
                    Events.removeTargets, .init(rule: rule.name, eventBusName: rule.bus, ids: [row.id]))
                // AWS: what fails in a batch is no error of the call.
                if let failed = answer.failedEntries?.first {
                    throw AWSError(failed.errorCode ?? "", failed.errorMessage ?? "")
                }
            })
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed:
            previewed = nil
            return previewSelected()
        case .action("open"):
            return table.selected.flatMap { ResourceName($0.target.arn).address }.map { [.open($0)] } ?? []
        case .action("add"): return reading.map { [.push(TargetEditorScreen(rule: $0, target: nil))] } ?? []
        case .action("edit"):
            guard let reading, let row = table.selected else { return [] }
            return [.push(TargetEditorScreen(rule: reading, target: row.target))]
        case .action("remove"): return removal.effects(on: table.targets) { .removed($0) }
        case .action(let action):
            _ = table.perform(action)
            return previewSelected()
        case .input(let input):
            _ = table.handle(input)
            return previewSelected()
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .previewed(let id, let result):
            guard id == table.selected?.id else { return [] }
            previewed = id
            switch result {
            case .success(let text):
                refusal = nil
                preview.set(text)
            case .failure(let error): refusal = error.sentence
            }
        case .removed(let result):
            table.unmark(result.succeeded.map(\.id))
            isStale = true
        }
        return []
    }

    private func previewSelected() -> [Effect<Message>] {
        guard let row = table.selected, row.id != previewed, let reading, reading.hasEngine else { return [] }
        let query = TargetPreview.Query(row.target, rule: reading)
        return [
            .work("preview") { context in
                try await TargetPreview.read(query, context)
            } then: {
                .previewed(row.id, $0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let shows = table.selected != nil && reading?.hasEngine == true && surface.height >= 14
        let rows = surface.rows([.fill(), shows ? .percent(50) : .fixed(0)])
        table.render(
            on: rows[0].panel("Targets", focused: true, note: table.countNote), focused: frame.isInteractive)
        guard shows, let row = table.selected else { return }
        let inside = rows[1].panel("What \(row.target.goal) would get", note: StyledLine("of a sample event", .dim))
        if let refusal {
            inside.write("✗ \(refusal)".clipped(to: inside.width - 4), x: 2, y: 0, Style(.failure))
        } else {
            preview.render(on: inside.inset(horizontally: 1), focused: false)
        }
    }
}
