import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A pipe being made or changed: its form, and beside it whether its filter takes a sample record.
struct PipeEditorScreen: Screen {
    enum Message: Sendable {
        case explained(Result<PatternExplanation, any Error>)
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

    private static func fields(_ old: PipeReading?) -> [FormField] {
        let pipe = old?.pipe
        let queue = pipe?.sourceParameters?.sqsQueueParameters
        let filter = old?.filters.first.map { CompactJSON.lines($0) }
        var fields: [FormField] = []
        if old == nil {
            fields = [
                FormField(
                    "name", "Name", of: ModelledMember(Pipes.createPipe, "Name"), note: "letters, digits, . - and _"),
                FormField(
                    "source", "Source", hint: "A queue's ARN: pipes read from queues as yet", required: true,
                    validate: { text, _ in QueueForms.queueARNProblem(text) }),
            ]
        }
        @Sendable func arnProblem(_ text: String) -> String? {
            ARN(text) == nil ? "An ARN: arn:aws:SERVICE:REGION:ACCOUNT:NAME" : nil
        }
        return fields + [
            FormField(
                "batch", "Batch", .number(1...10_000), value: String(queue?.batchSize ?? 10),
                hint: "1–10,000 messages, default 10",
                required: true),
            FormField(
                "window", "Batch window", .number(0...300), value: String(queue?.maximumBatchingWindowInSeconds ?? 0),
                hint: "0–300 s for a batch to fill, default 0", required: true),
            FormField(
                "filter", "Filter", .multiline(rows: 5, json: true), value: filter ?? "",
                hint: #"{"body": {"kind": ["order"]}}; empty: every message"#,
                validate: { text, _ in PatternSyntax.problem(text) }),
            FormField(
                "enrichment", "Enrichment", value: old?.enrichment ?? "",
                hint: "A function's or express state machine's ARN; empty: none",
                validate: { text, _ in arnProblem(text) }),
            FormField(
                "target", "Target", value: pipe?.target ?? "",
                hint: "ARN of a queue, topic, function, state machine, bus …",
                required: true, validate: { text, _ in arnProblem(text) }),
            FormField(
                "template", "Template", .multiline(rows: 3, json: false),
                value: pipe?.targetParameters?.inputTemplate ?? "",
                hint: #"{"order": <$.body.orderId>}; empty: the whole message"#),
            FormField(
                "role", "Role", value: pipe?.roleArn ?? "", hint: "The role the pipe takes on",
                placeholder: "arn:aws:iam::123456789012:role/pipes", required: true,
                validate: { text, _ in
                    ARN(text)?.service == "iam" ? nil : "A role's ARN: arn:aws:iam::ACCOUNT:role/NAME"
                }),
            FormField(
                "description", "Description", of: ModelledMember(Pipes.createPipe, "Description"),
                value: pipe?.description ?? ""),
        ]
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
        let filter = pane.values["filter"]
        switch pane.take(input) {
        case .none: return []
        case .changed: return pane.values["filter"] == filter ? [] : explain()
        case .cancelled: return pane.isChanged ? [.confirm(FormPane.leaving, then: .leaveConfirmed)] : [.pop]
        case .submitted(let values): return save(values)
        }
    }

    private mutating func explain() -> [Effect<Message>] {
        let (filter, record) = (pane.values["filter"], sample.text)
        if filter.isEmpty { (verdict, refusal) = (nil, nil) }
        guard (try? JSONReader.parse(filter)) != nil else { return [.cancel("explain")] }
        return [
            .work("explain") { context in
                try await PatternExplanation.read(filter, record, kind: .record, context)
            } then: {
                .explained($0)
            }
        ]
    }

    private func save(_ values: FormValues) -> [Effect<Message>] {
        let old = old
        // The form asks for the first of several.
        let filters =
            (values.optional("filter").map { [$0] } ?? []).map { Pipes.Filter(pattern: $0) }
            + (old?.filters ?? []).dropFirst().map { Pipes.Filter(pattern: $0) }
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
