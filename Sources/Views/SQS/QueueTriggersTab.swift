import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The functions that Lambda calls with the messages of this queue.
struct QueueTriggersTab: QueueTab {
    typealias Mapping = Lambda.EventSourceMappingConfiguration

    struct Row: Identifiable, Hashable, Sendable {
        var mapping: Mapping
        var id: String { mapping.uuid ?? "" }
        var function: String { ResourceName(mapping.functionArn ?? "").unqualifiedName }
        var isEnabled: Bool { ["Enabled", "Enabling", "Creating", "Updating"].contains(mapping.state ?? "") }

        var mark: StatusMark {
            switch mapping.state {
            case "Enabled": .enabled
            case "Disabled": .disabled
            default: .waiting
            }
        }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case form(FormStep)
        case acted(BulkResult<Row>)
    }

    var queue: QueueReading?
    var isStale = false
    var failure: String?
    var table = Table<Row>(
        id: "triggers",
        columns: [
            TableColumn("Function", min: 16, order: TableColumn.by { $0.function }) { TableCell($0.function) },
            TableColumn("State", min: 11, ideal: 12, order: TableColumn.by { $0.mapping.state ?? "" }) {
                .status($0.mark, $0.mapping.state ?? "Unknown")
            },
            TableColumn("Batch", min: 6, ideal: 7, align: .right) { TableCell(($0.mapping.batchSize ?? 10).grouped) },
            TableColumn("Last result", min: 12) {
                TableCell($0.mapping.lastProcessingResult ?? $0.mapping.stateTransitionReason ?? "", .dim)
            },
            TableColumn("Window", min: 6, ideal: 7, align: .right) {
                TableCell("\($0.mapping.maximumBatchingWindowInSeconds ?? 0) s", .dim)
            },
            TableColumn("At once", min: 7, ideal: 8, align: .right) {
                TableCell($0.mapping.scalingConfig?.maximumConcurrency?.grouped ?? "any", .dim)
            },
            TableColumn("Partial", min: 7, ideal: 8) {
                TableCell($0.mapping.functionResponseTypes?.isEmpty == false ? "yes" : "no", .dim)
            },
            TableColumn("Filter", min: 6, ideal: 7) {
                TableCell($0.mapping.filterCriteria?.filters?.isEmpty == false ? "yes" : "no", .dim)
            },
        ], empty: "No function is called with these messages. Press n to add one.")

    var topics: Set<Topic> { ["lambda"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.mapping.functionArn }

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No trigger is selected")
        return [
            KeyBinding(["enter"], "function", "open", help: "Open the function", availability: one),
            Self.switching.binding(in: table),
            KeyBinding(
                ["t"], "try filter", "filter",
                help: "Hold a message against its filter: the clause that fails is named",
                availability: one, menu: true),
            KeyBinding(
                ["n"], "add", "add", help: "Call another function with these messages", menu: true, needs: [.changes]),
            Self.removal.binding(in: table),
            .quietWhy(
                .when(
                    selected?.mapping.eventSourceMappingArn != nil,
                    otherwise: selected == nil ? "No trigger is selected" : "This trigger has no ARN")),
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return [load()].compactMap { $0 }
        case .action("open"): return table.selected.map { [.open("lambda.function", $0.function)] } ?? []
        case .action("why"): return table.selected?.mapping.eventSourceMappingArn.map { [.open("why", $0)] } ?? []
        case .action("toggle"): return Self.switching.effects(on: table.targets) { .acted($0) }
        case .action("filter"):
            return table.selected.map { row in
                let filters = (row.mapping.filterCriteria?.filters ?? []).compactMap(\.pattern)
                return [
                    .push(
                        PatternSandboxScreen(
                            .filter(of: "Mapping to \(row.function)"), kind: .record, pattern: filters.first))
                ]
            } ?? []
        case .action("add"): return [add()]
        case .action("remove"): return Self.removal.effects(on: table.targets) { .acted($0) }
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .form(let step):
            return step.effects { .form($0) } + (step.isDone ? [load()].compactMap { $0 } : [])
        case .acted(let result):
            table.unmark(result.succeeded.map(\.id))
            return [load()].compactMap { $0 }
        }
        return []
    }

    private static let removal = BulkAction<Row>.remove(
        "trigger", name: { $0.function }, consequence: { "\($0.function) is no longer called with these messages" },
        each: { _ = try await $1.aws.call(Lambda.deleteEventSourceMapping, .init(uuid: $0.id)) })

    private static let switching = BulkAction<Row>.onOff(
        "trigger", help: "Enable or disable what is marked or selected", name: { $0.function },
        isOn: { $0.isEnabled },
        each: { _ = try await $2.aws.call(Lambda.updateEventSourceMapping, .init(uuid: $0.id, enabled: $1)) })

    private func add() -> Effect<Message> {
        let arn = queue?.arn
        return FormTask.ask(addForm, { .form($0) }) { values, context in
            _ = try await context.aws.call(
                Lambda.createEventSourceMapping,
                .init(
                    eventSourceArn: arn, functionName: values["function"], enabled: values.isOn("enabled"),
                    batchSize: values.integer("batch"),
                    maximumBatchingWindowInSeconds: values.integer("window") == 0 ? nil : values.integer("window"),
                    functionResponseTypes: values.isOn("partial") ? ["ReportBatchItemFailures"] : nil))
            return .init("\(values["function"]) is being added")
        }
    }

    private func load() -> Effect<Message>? {
        guard let arn = queue?.arn else { return nil }
        return .work("triggers") { context in
            var rows: [Row] = []
            var marker: String?
            repeat {
                let page = try await context.aws.call(
                    Lambda.listEventSourceMappings, .init(eventSourceArn: arn, marker: marker))
                rows += (page.eventSourceMappings ?? []).map { Row(mapping: $0) }
                marker = page.nextMarker
            } while marker != nil && !Task.isCancelled
            return rows
        } then: {
            .loaded($0)
        }
    }

    private var addForm: Form {
        let isFIFO = queue?.isFIFO ?? false
        return Form(
            "Add Lambda trigger", submit: "Add",
            [
                FormField(
                    "function", "Function", of: ModelledMember(Lambda.createEventSourceMapping, "FunctionName"),
                    note: "name, NAME:ALIAS or ARN", required: true),
                FormField(
                    "batch", "Batch size", of: ModelledMember(Lambda.createEventSourceMapping, "BatchSize"),
                    range: isFIFO ? 1...10 : nil, value: "10", note: "default 10", required: true,
                    validate: { text, values in
                        (Int(text) ?? 0) > 10 && (values.integer("window") ?? 0) == 0
                            ? "More than 10 needs a batch window" : nil
                    }),
                FormField(
                    "window", "Batch window",
                    of: ModelledMember(Lambda.createEventSourceMapping, "MaximumBatchingWindowInSeconds"), value: "0",
                    note: "seconds, default 0: wait to fill a batch", required: true, visible: { _ in !isFIFO }),
                FormField(
                    "partial", "Partial failures", .toggle,
                    hint: "The function names the messages that failed (ReportBatchItemFailures)"),
                FormField("enabled", "Enabled", .toggle, value: "true"),
            ])
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Lambda triggers", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
