import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A rule being made or changed: its form, and beside it what the pattern says of a sample event or when it fires next.
struct RuleEditorScreen: Screen {
    enum Message: Sendable {
        case explained(Result<PatternExplanation, any Error>)
        case previewed(FiringsPreview.Answer)
        case sampleChosen(ActionID)
        case saved(Result<Void, any Error>)
        case leaveConfirmed
    }

    private let old: RuleReading?
    var pane: FormPane
    var firings = FiringsPreview()
    var verdict: PatternExplanation?
    private var refusal: String?
    private var sample = SampleEvent.all(.event)[0]

    /// A new rule.
    init(bus: String) {
        old = nil
        pane = FormPane(Form("Create rule", submit: "Create", Self.fields(nil, bus: bus)))
    }

    init(editing rule: RuleReading) {
        old = rule
        pane = FormPane(Form("Edit \(rule.name)", submit: "Save", Self.fields(rule, bus: rule.bus)))
    }

    private static func fields(_ rule: RuleReading?, bus: String) -> [FormField] {
        let isOnPattern: @Sendable (FormValues) -> Bool = { $0["on"] == "pattern" }
        let isOnSchedule: @Sendable (FormValues) -> Bool = { $0["on"] == "schedule" }
        var fields: [FormField] = []
        if rule == nil {
            fields = [
                FormField(
                    "name", "Name", of: ModelledMember(Events.putRule, "Name"), note: "letters, digits, . - and _"),
                FormField(
                    "bus", "Event bus", of: ModelledMember(Events.putRule, "EventBusName"), value: bus,
                    note: "name or ARN; schedules work on default only", required: true),
            ]
        }
        return fields + [
            FormField(
                "on", "Fires on", .choice(["pattern", "schedule"]),
                value: rule?.schedule != nil && rule?.pattern == nil ? "schedule" : "pattern",
                hint: "Events that match a pattern, or the clock",
                validate: { text, values in
                    let bus = rule?.bus ?? values["bus"]
                    return text == "schedule" && bus != "default" && !bus.hasSuffix("/default")
                        ? "Schedules work on the default bus only" : nil
                }),
            FormField(
                "pattern", "Event pattern", of: ModelledMember(Events.putRule, "EventPattern"),
                kind: .multiline(rows: 7, json: true),
                value: pretty(rule?.pattern) ?? PatternSandboxScreen.starter,
                note: #"{"source": ["shop"]}: each field with the values it may have"#, required: true,
                visible: isOnPattern, validate: { text, _ in PatternSyntax.problem(text) }),
            FormField(
                "schedule", "Schedule", of: ModelledMember(Events.putRule, "ScheduleExpression"),
                value: rule?.schedule ?? "rate(5 minutes)",
                note: "rate(5 minutes), rate(1 hour), cron(0 9 ? * MON-FRI *), in UTC", required: true,
                visible: isOnSchedule, validate: { text, _ in ScheduleText.problem(text, allowsAt: false) }),
            FormField(
                "description", "Description", of: ModelledMember(Events.putRule, "Description"),
                value: rule?.rule.description ?? ""),
            FormField("enabled", "Enabled", .toggle, value: rule?.isEnabled == false ? "false" : "true"),
        ]
    }

    private static func pretty(_ text: String?) -> String? {
        text.map { CompactJSON.lines($0) }
    }

    private var isOnPattern: Bool { pane.values["on"] == "pattern" }

    var crumbs: [String] { ["EventBridge", old?.name ?? "Rules", old == nil ? "Create rule" : "Edit"] }
    var capturesText: Bool { true }
    var handlesEscape: Bool { true }

    var bindings: [KeyBinding] {
        [
            pane.binding(isNew: old == nil),
            KeyBinding(
                ["ctrl+t"], "sample event", "sample", help: "Which event to try the pattern on",
                availability: .when(isOnPattern, otherwise: "It fires by the clock"), menu: true),
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return preview()
        case .action("save"): return take(.key(.control("s")))
        case .action("sample"): return [.menu(SampleEvent.menu(.event)) { .sampleChosen($0) }]
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        default: return []
        }
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        switch pane.take(input) {
        case .none: return []
        case .changed: return preview()
        case .cancelled: return pane.isChanged ? [.confirm(FormPane.leaving, then: .leaveConfirmed)] : [.pop]
        case .submitted(let values): return save(values)
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .explained(.success(let new)): (verdict, refusal) = (new, nil)
        case .explained(.failure(let error)):
            refusal = (error as? AWSError).map { String($0.message.prefix { $0 != "\n" }) } ?? error.sentence
        case .previewed(let answer): firings.set(answer)
        case .sampleChosen(let id):
            if let found = SampleEvent.all(.event).first(where: { $0.id == id.name }) { sample = found }
            return preview()
        case .saved(.success):
            let name = old?.name ?? pane.values["name"]
            guard old == nil else { return [.toast("Saved \(name)"), .pop] }
            return [
                .toast("Created \(name)"), .replace(RuleScreen(name: name, bus: pane.values["bus"], tab: "Targets")),
            ]
        case .saved(.failure(let error)): pane.failed(error.sentence)
        case .leaveConfirmed: return [.pop]
        }
        return []
    }

    private func preview() -> [Effect<Message>] {
        let values = pane.values
        guard isOnPattern else {
            let query = FiringsPreview.Query(expression: values["schedule"], kind: "rule")
            return [.work("preview") { .previewed(await FiringsPreview.read(query, $0)) }]
        }
        let (pattern, event) = (values["pattern"], sample.text)
        guard (try? JSONReader.parse(pattern)) != nil else { return [.cancel("preview")] }
        return [
            .work("preview") { context in
                try await PatternExplanation.read(pattern, event, context)
            } then: {
                .explained($0)
            }
        ]
    }

    private func save(_ values: FormValues) -> [Effect<Message>] {
        var request = old?.request() ?? Events.PutRuleRequest(name: values["name"], eventBusName: values["bus"])
        request.eventPattern = isOnPattern ? values["pattern"] : nil
        request.scheduleExpression = isOnPattern ? nil : values["schedule"]
        request.description = values.optional("description")
        request.state = values.isOn("enabled") ? "ENABLED" : "DISABLED"
        let input = request
        return [
            .work("save") { context in
                _ = try await context.aws.call(Events.putRule, input)
            } then: {
                .saved($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 110
        let parts = isWide ? surface.columns([.fill(), .percent(44)]) : surface.rows([.fill(), .fixed(6)])
        pane.render(on: parts[0], focused: frame.isInteractive)
        guard isOnPattern else { return firings.render(on: parts[1], now: frame.now) }
        let inside = parts[1].panel("On a sample", note: StyledLine(sample.title, .dim))
        if let refusal {
            for (row, line) in TextWrapping.wrap("✗ " + refusal, to: max(16, inside.width - 4)).enumerated() {
                inside.write(line, x: 2, y: row, Style(.failure))
            }
        } else if let verdict {
            inside.write(PatternVerdictView.headline(verdict), x: 1, y: 0)
            PatternVerdictView.render(
                verdict, on: inside.part(Rect(x: 0, y: 1, width: inside.width, height: inside.height - 1)))
        }
    }
}
