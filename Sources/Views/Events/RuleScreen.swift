import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One rule: what it listens to, and its targets. An event can be tried on it, and the clause that refuses it is named.
struct RuleScreen: Screen {
    struct Reading: Sendable {
        var rule: Events.DescribeRuleResponse
        var targets: [Events.Target]
    }

    enum Message: Sendable {
        case loaded(Result<Reading, any Error>)
        case tested(FormValues)
    }

    let name: String
    let bus: String
    var reading: Reading?
    var failure: String?
    var details = KeyValueList(id: "rule")

    init(name: String, bus: String?) {
        self.name = name
        self.bus = bus ?? "default"
    }

    var crumbs: [String] { ["EventBridge", "Rules", name] }
    var topics: Set<Topic> { ["events"] }
    var copyText: String? { details.selected?.value }

    var bindings: [KeyBinding] {
        let loaded = Availability.when(reading != nil, otherwise: "The rule is not loaded")
        let pattern = Availability.when(
            reading?.rule.eventPattern != nil,
            otherwise: "The rule has no pattern: it fires by a schedule")
        return [
            KeyBinding(
                ["e"], "test event", "test",
                help: "Try an event on the pattern; a clause that fails is named",
                availability: pattern, menu: true),
            .why(loaded),
            .refresh,
        ] + KeyValueList.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("why"): return reading?.rule.arn.map { [.open("why", $0)] } ?? []
        case .action("test"): return [.form(testForm) { .tested($0) }]
        case .action(let action): _ = details.perform(action)
        case .input(let input): _ = details.handle(input)
        case .message(.loaded(.success(let reading))):
            self.reading = reading
            failure = nil
            details.items = Self.items(reading)
        case .message(.loaded(.failure(let error))):
            failure = error.sentence
            details.items = []
            details.emptyText = error.sentence
        case .message(.tested(let values)):
            return reading?.rule.arn.map { [.open("why", $0, values["event"])] } ?? []
        case .tick: break
        }
        return []
    }

    private var testForm: Form {
        let template = """
            {
              "source": "",
              "detail-type": "",
              "detail": {}
            }
            """
        return Form(
            "Test an event on \(name)", submit: "Test",
            [
                FormField(
                    "event", "Event", .multiline(rows: 10, json: true), value: template,
                    hint: "The event as a target would receive it", required: true)
            ])
    }

    private static func items(_ reading: Reading) -> [KeyValue] {
        let rule = reading.rule
        var items = [
            KeyValue("State", text: rule.state == "DISABLED" ? "disabled" : "enabled"),
            KeyValue("Event bus", text: rule.eventBusName ?? "default"),
            KeyValue("ARN", text: rule.arn ?? ""),
        ]
        if let text = rule.description { items.append(KeyValue("Description", text: text)) }
        if let text = rule.managedBy { items.append(KeyValue("Managed by", text: text)) }
        if let text = rule.scheduleExpression { items.append(KeyValue("Schedule", text: text)) }
        if let text = rule.eventPattern {
            let pretty = (try? JSONReader.parse(text)).map { JSONWriter.string($0) } ?? text
            items.append(KeyValue("Pattern", text: pretty))
        }
        items.append(.heading(Quantity.count(reading.targets.count, "target")))
        for target in reading.targets {
            items.append(KeyValue(target.id, text: target.arn))
            if let transformer = target.inputTransformer {
                items.append(KeyValue("  Template", text: transformer.inputTemplate))
            } else if let text = target.input ?? target.inputPath {
                items.append(KeyValue("  Input", text: text))
            }
            if let arn = target.deadLetterConfig?.arn {
                items.append(KeyValue("  Dead letters", text: arn))
            }
            let attempts = target.retryPolicy?.maximumRetryAttempts ?? 185
            items.append(KeyValue("  Retries", text: "at most \(attempts)"))
        }
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        details.render(
            on: surface.panel("Rule \(name)", focused: true).inset(horizontally: 1),
            focused: frame.isInteractive)
    }

    private func load() -> Effect<Message> {
        let (name, bus) = (name, bus)
        return .work("load") { context in
            let rule = try await context.aws.call(
                Events.describeRule, .init(name: name, eventBusName: bus))
            let targets = try await context.aws.call(
                Events.listTargetsByRule, .init(rule: name, eventBusName: bus))
            return Reading(rule: rule, targets: targets.targets ?? [])
        } then: {
            .loaded($0)
        }
    }
}
