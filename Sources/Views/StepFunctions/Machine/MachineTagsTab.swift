import AWSClient
import AWSTypes
import TerminalUI

/// The machine's tags, edited as lines of text.
struct MachineTagsTab: MachineTab {
    struct Row: Identifiable, Sendable {
        var tag: SFN.Tag
        var id: String { tag.key ?? "" }
    }

    enum Message: Sendable {
        case loaded(Result<[SFN.Tag], any Error>)
        case edited(FormValues)
        case saved(FormValues, Result<Void, any Error>)
    }

    var machine: SFN.DescribeStateMachineOutput?
    var failure: String?
    var table = Table<Row>(
        id: "machine.tags",
        columns: [
            TableColumn("Key", min: 16, ideal: 32, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Value", min: 20) { TableCell($0.tag.value ?? "") },
        ], empty: "No tags. Press E to add some.")

    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.tag.value }
    private var tags: [SFN.Tag] { (table.allRows ?? []).map(\.tag) }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["E", "enter"], "edit", "tags.edit", help: "Add, change and remove tags",
                availability: .when(table.allRows != nil, otherwise: failure ?? "The tags are being loaded"),
                menu: true, needs: [.changes]
            )
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .changed, .reappeared: return [load()].compactMap { $0 }
        case .action("tags.edit"): return [.form(MachineForms.tags(tags, of: machine?.name ?? "")) { .edited($0) }]
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(.loaded(.success(let tags))):
            failure = nil
            table.rows = tags.map { Row(tag: $0) }
        case .message(.loaded(.failure(let error))): failure = error.sentence
        case .message(.edited(let values)): return [save(values)].compactMap { $0 }
        case .message(.saved(_, .success)): return [.toast("Saved the tags"), load()].compactMap { $0 }
        case .message(.saved(let values, .failure(let error))):
            let form = MachineForms.tags(tags, of: machine?.name ?? "")
            return [.form(form.filled(with: values, failure: error.sentence)) { .edited($0) }]
        case .tick: break
        }
        return []
    }

    private func load() -> Effect<Message>? {
        guard let arn = machine?.stateMachineArn else { return nil }
        return .work("tags") { context in
            (try await context.aws.call(SFN.listTagsForResource, .init(resourceArn: arn)).tags ?? [])
                .sorted { ($0.key ?? "") < ($1.key ?? "") }
        } then: {
            .loaded($0)
        }
    }

    private func save(_ values: FormValues) -> Effect<Message>? {
        guard let arn = machine?.stateMachineArn else { return nil }
        let wanted = QueueForms.tags(values["tags"])
        let old = Dictionary(tags.map { ($0.key ?? "", $0.value ?? "") }) { $1 }
        let gone = old.keys.filter { wanted[$0] == nil }.sorted()
        let new = wanted.filter { old[$0.key] != $0.value }.sorted { $0.key < $1.key }
            .map { SFN.Tag(key: $0.key, value: $0.value) }
        return .work("save") { context in
            if !gone.isEmpty {
                _ = try await context.aws.call(SFN.untagResource, .init(resourceArn: arn, tagKeys: gone))
            }
            if !new.isEmpty { _ = try await context.aws.call(SFN.tagResource, .init(resourceArn: arn, tags: new)) }
        } then: {
            .saved(values, $0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Tags", focused: true, note: table.note(failure)), focused: frame.isInteractive)
    }
}
