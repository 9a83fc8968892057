import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A pipe being made or changed: its form, and beside it whether its filter takes a sample record.
struct PipeEditorScreen: Screen {
    enum Message: Sendable {
        case explained(Result<PatternExplanation?, any Error>)
        case sampleChosen(ActionID)
        case saved(Result<Void, any Error>)
        case leaveConfirmed
    }

    private let old: PipeReading?
    var pane: FormPane
    private var verdict: PatternExplanation?
    private var refusal: String?
    private var sample = SampleEvent.all(.record)[0]

    init(editing pipe: PipeReading?) {
        old = pipe
        pane = FormPane(
            Form(
                pipe.map { "Edit \($0.name)" } ?? "Create pipe", submit: pipe == nil ? "Create" : "Save",
                Self.fields(pipe)))
    }

    private static let filterCount = 5

    private static func fields(_ old: PipeReading?) -> [FormField] {
        func member(_ path: String...) -> ModelledMember? { ModelledMember(Pipes.createPipe, path: path) }
        let pipe = old?.pipe
        let queue = pipe?.sourceParameters?.sqsQueueParameters
        var fields: [FormField] = []
        if old == nil {
            fields = [
                FormField("name", "Name", of: member("Name"), note: "letters, digits, . - and _"),
                FormField(
                    "source", "Source", of: member("Source"), note: "a queue's ARN: pipes read from queues as yet",
                    validate: ARNField.queueProblem),
            ]
        }
        return fields + [
            FormField(
                "batch", "Batch", of: member("SourceParameters", "SqsQueueParameters", "BatchSize"),
                value: String(queue?.batchSize ?? 10), note: "messages, default 10", required: true),
            FormField(
                "window", "Batch window",
                of: member("SourceParameters", "SqsQueueParameters", "MaximumBatchingWindowInSeconds"),
                value: String(queue?.maximumBatchingWindowInSeconds ?? 0),
                note: "seconds for a batch to fill, default 0",
                required: true),
        ] + filterFields(old?.filters ?? []) + [
            FormField(
                "enrichment", "Enrichment", of: member("Enrichment"), value: old?.enrichment ?? "",
                note: "a function's or express state machine's ARN; empty: none", validate: ARNField.anyProblem),
            FormField(
                "target", "Target", of: member("Target"), value: pipe?.target ?? "",
                note: "ARN of a queue, topic, function, state machine, bus …", validate: ARNField.anyProblem),
            FormField(
                "template", "Template", of: member("TargetParameters", "InputTemplate"),
                kind: .multiline(rows: 3, json: false), value: pipe?.targetParameters?.inputTemplate ?? "",
                note: #"{"order": <$.body.orderId>}; empty: the whole message"#),
            FormField(
                "role", "Role", of: member("RoleArn"), value: pipe?.roleArn ?? "", note: "the role the pipe takes on",
                placeholder: "arn:aws:iam::123456789012:role/pipes", validate: ARNField.roleProblem),
            FormField("description", "Description", of: member("Description"), value: pipe?.description ?? ""),
        ]
    }

    /// AWS: up to five filters; a message that passes one of them is taken. The next is asked for once one is written.
    private static func filterFields(_ filters: [String]) -> [FormField] {
        let member = ModelledMember(
            Pipes.createPipe, "SourceParameters", "FilterCriteria", "Filters", "Filters", "Pattern")
        return (0..<filterCount).map { index -> FormField in
            let isFirst = index == 0
            let value = filters.indices.contains(index) ? CompactJSON.lines(filters[index]) : ""
            let isVisible: @Sendable (FormValues) -> Bool = { values in
                isFirst || !values["filter\(index - 1)"].isEmpty || !values["filter\(index)"].isEmpty
            }
            return FormField(
                "filter\(index)", isFirst ? "Filter" : "Or filter \(index + 1)", of: member,
                kind: .multiline(rows: isFirst ? 5 : 3, json: true), value: value,
                note: isFirst ? #"{"body": {"kind": ["order"]}}; empty: every message"# : "empty: none",
                visible: isVisible, validate: { text, _ in PatternSyntax.problem(text) })
        }
    }

    /// The filters that are written, in order.
    private static func filters(_ values: FormValues) -> [String] {
        (0..<filterCount).compactMap { values.optional("filter\($0)") }
    }

    var crumbs: [String] { ["Pipes", old?.name ?? "Create pipe"] + (old == nil ? [] : ["Edit"]) }
    var capturesText: Bool { true }
    var handlesEscape: Bool { true }

    var bindings: [KeyBinding] {
        [
            pane.binding(isNew: old == nil),
            KeyBinding(["ctrl+t"], "sample record", "sample", help: "Which record to try the filter on", menu: true),
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return explain()
        case .action("save"): return take(.key(.control("s")))
        case .action("sample"): return [.menu(SampleEvent.menu(.record)) { .sampleChosen($0) }]
        case .input(let input): return take(input)
        case .message(.explained(.success(let new))): (verdict, refusal) = (new, nil)
        case .message(.explained(.failure(let error))):
            refusal = (error as? AWSError).map { String($0.message.prefix { $0 != "\n" }) } ?? error.sentence
        case .message(.sampleChosen(let id)):
            if let found = SampleEvent.all(.record).first(where: { $0.id == id.name }) { sample = found }
            return explain()
        case .message(.saved(.success)):
            guard let old else {
                let name = pane.values["name"]
                return [.toast("Creating \(name)", .running), .replace(PipeScreen(name: name))]
            }
            return [.toast("Saved \(old.name)"), .pop]
        case .message(.saved(.failure(let error))): pane.failed(error.sentence)
        case .message(.leaveConfirmed): return [.pop]
        default: break
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        let filters = Self.filters(pane.values)
        switch pane.take(input) {
        case .none: return []
        case .changed: return Self.filters(pane.values) == filters ? [] : explain()
        case .cancelled: return pane.isChanged ? [.confirm(FormPane.leaving, then: .leaveConfirmed)] : [.pop]
        case .submitted(let values): return save(values)
        }
    }

    private mutating func explain() -> [Effect<Message>] {
        let (filters, record) = (Self.filters(pane.values), sample.text)
        if filters.isEmpty { (verdict, refusal) = (nil, nil) }
        guard !filters.isEmpty, filters.allSatisfy({ (try? JSONReader.parse($0)) != nil }) else {
            return [.cancel("explain")]
        }
        return [
            .work("explain") { context in
                // The first that takes it decides; where none does, the first tells why.
                var first: PatternExplanation?
                for filter in filters {
                    let explanation = try await PatternExplanation.read(filter, record, kind: .record, context)
                    if explanation.matches { return explanation }
                    first = first ?? explanation
                }
                return first
            } then: {
                .explained($0)
            }
        ]
    }

    private func save(_ values: FormValues) -> [Effect<Message>] {
        let old = old
        let filters = Self.filters(values).map { Pipes.Filter(pattern: $0) }

        let criteria = Pipes.FilterCriteria(filters: filters)
        var target = old?.pipe.targetParameters ?? Pipes.PipeTargetParameters()
        target.inputTemplate = values.optional("template")
        let parameters = target
        return [
            .work("save") { context in
                if let old {
                    _ = try await context.aws.call(
                        Pipes.updatePipe,
                        .init(
                            name: old.name, description: values["description"],
                            sourceParameters: .init(
                                filterCriteria: criteria,
                                sqsQueueParameters: .init(
                                    batchSize: values.integer("batch"),
                                    maximumBatchingWindowInSeconds: values.integer("window"))),
                            enrichment: values["enrichment"], target: values["target"], targetParameters: parameters,
                            roleArn: values["role"]))
                } else {
                    _ = try await context.aws.call(
                        Pipes.createPipe,
                        .init(
                            name: values["name"], description: values.optional("description"), source: values["source"],
                            sourceParameters: .init(
                                filterCriteria: filters.isEmpty ? nil : criteria,
                                sqsQueueParameters: .init(
                                    batchSize: values.integer("batch"),
                                    maximumBatchingWindowInSeconds: values.integer("window"))),
                            enrichment: values.optional("enrichment"), target: values["target"],
                            targetParameters: values.optional("template") == nil ? nil : parameters,
                            roleArn: values["role"]))
                }
            } then: {
                .saved($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 110
        let parts = isWide ? surface.columns([.fill(), .percent(44)]) : surface.rows([.fill(), .fixed(5)])
        pane.render(on: parts[0], focused: frame.isInteractive)
        let inside = parts[1].panel("Filter on a sample", note: StyledLine(sample.title, .dim))
        if let refusal {
            inside.write("✗ \(refusal)".clipped(to: inside.width - 4), x: 2, y: 0, Style(.failure))
        } else if let verdict {
            inside.write(PatternVerdictView.headline(verdict), x: 1, y: 0)
            PatternVerdictView.render(
                verdict, on: inside.part(Rect(x: 0, y: 1, width: inside.width, height: inside.height - 1)))
        } else {
            inside.write("No filter: every message passes.", x: 2, y: 0, Style(.dim))
        }
    }
}
