import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A rule's target being added or changed: its form, and beside it what it would get of an event.
struct TargetEditorScreen: Screen {
    enum Message: Sendable {
        case previewed(Result<String, any Error>)
        case saved(Result<Void, any Error>)
        case leaveConfirmed
    }

    private let rule: RuleReading
    private let old: Events.Target?
    var pane: FormPane
    var viewer = JSONViewer("", id: "target.input")
    private var refusal: String?

    init(rule: RuleReading, target: Events.Target?) {
        self.rule = rule
        old = target
        pane = FormPane(
            Form(
                target.map { "Target \($0.id) of \(rule.name)" } ?? "Add a target to \(rule.name)",
                submit: target == nil ? "Add" : "Save", Self.fields(rule, target)))
    }

    private static let inputs = ["whole event", "part", "template", "constant"]

    private static func fields(_ rule: RuleReading, _ target: Events.Target?) -> [FormField] {
        func uses(_ kind: String) -> @Sendable (FormValues) -> Bool { { $0["input"] == kind } }
        let used = Set(rule.targets.map(\.id))
        let free = (1...9).map(String.init).first { !used.contains($0) } ?? "target"
        let kind =
            target?.inputTransformer != nil
            ? "template" : target?.inputPath != nil ? "part" : target?.input != nil ? "constant" : "whole event"
        let paths = (target?.inputTransformer?.inputPathsMap ?? [:]).sorted { $0.key < $1.key }
        func member(_ path: String...) -> ModelledMember? {
            ModelledMember(Events.putTargets, path: ["Targets", "Targets"] + path)
        }
        var fields: [FormField] = []
        if target == nil {
            fields.append(
                FormField(
                    "id", "Id", of: member("Id"), value: free,
                    note: "unique within the rule", required: true,
                    validate: { text, _ in used.contains(text) ? "The rule has a target with this id" : nil }))
        }
        return fields + [
            FormField(
                "arn", "Target", of: member("Arn"), value: target?.arn ?? "",
                note: "ARN of a queue, topic, function, state machine, log group, bus or API destination",
                placeholder: "arn:aws:sqs:us-east-1:123456789012:orders", required: true,
                validate: ARNField.anyProblem),
            FormField(
                "input", "It gets", .choice(inputs), value: kind,
                hint: "The event, a part of it, a template filled from it, or always the same"),
            FormField(
                "path", "Path", of: member("InputPath"), value: target?.inputPath ?? "$.detail",
                note: "JSONPath into the event: $.detail",
                required: true, visible: uses("part"),
                validate: { text, _ in text.hasPrefix("$") ? nil : "A path begins with $" }),
            FormField(
                "paths", "Variables", .multiline(rows: 3, json: false),
                value: paths.map { "\($0.key) = \($0.value)" }.joined(separator: "\n"),
                hint: "NAME = PATH, one a line: total = $.detail.total", visible: uses("template"),
                validate: { text, _ in pathsProblem(text) }),
            FormField(
                "template", "Template", of: member("InputTransformer", "InputTemplate"),
                kind: .multiline(rows: 3, json: false),
                value: target?.inputTransformer?.inputTemplate ?? #""""#,
                note: #"{"total": <total>} or "Order of <total>""#, required: true, visible: uses("template")),
            FormField(
                "constant", "Input", of: member("Input"), kind: .multiline(rows: 3, json: true),
                value: target?.input ?? "{}", note: "JSON it always gets", required: true, visible: uses("constant")),
            FormField(
                "group", "Message group", of: member("SqsParameters", "MessageGroupId"),
                value: target?.sqsParameters?.messageGroupId ?? "", note: "a FIFO queue needs one", required: true,
                visible: { $0["arn"].contains(":sqs:") && $0["arn"].hasSuffix(".fifo") }),
            FormField(
                "role", "Role", of: member("RoleArn"), value: target?.roleArn ?? "",
                note: "a role's ARN: state machines, buses and API destinations need one; else empty",
                validate: ARNField.roleProblem),
            FormField(
                "retries", "Retries", of: member("RetryPolicy", "MaximumRetryAttempts"),
                value: String(target?.retryPolicy?.maximumRetryAttempts ?? 185), note: "default 185",
                required: true),
            FormField(
                "age", "Event age", of: member("RetryPolicy", "MaximumEventAgeInSeconds"),
                value: String(target?.retryPolicy?.maximumEventAgeInSeconds ?? 86_400),
                note: "seconds, default 86,400 (1 d): older ones are given up", required: true),
            FormField(
                "dead", "Dead-letter queue", of: member("DeadLetterConfig", "Arn"),
                value: target?.deadLetterConfig?.arn ?? "",
                note: "a standard queue's ARN: takes what cannot be delivered; empty for none", required: false,
                validate: ARNField.queueProblem),
        ]
    }

    private static func paths(_ text: String) -> [String: String] {
        var paths: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: "=", maxSplits: 1).map { QueueForms.trimmed($0) }
            if pair.count == 2 { paths[pair[0]] = pair[1] }
        }
        return paths
    }

    private static func pathsProblem(_ text: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: "=", maxSplits: 1).map { QueueForms.trimmed($0) }
            guard pair.count == 2, !pair[0].isEmpty, pair[1].hasPrefix("$") else {
                return "NAME = $.path is needed, not “\(QueueForms.trimmed(line))”"
            }
        }
        return paths(text).count > 100 ? "At most 100 variables" : nil
    }

    /// The target as the form has it, on top of what the form does not ask for.
    static func target(_ values: FormValues, old: Events.Target?) -> Events.Target {
        var target = old ?? Events.Target(id: values["id"], arn: values["arn"])
        target.arn = values["arn"]
        target.roleArn = values.optional("role")
        let kind = values["input"]
        target.input = kind == "constant" ? values["constant"] : nil
        target.inputPath = kind == "part" ? values["path"] : nil
        let paths = paths(values["paths"])
        target.inputTransformer =
            kind == "template"
            ? Events.InputTransformer(inputPathsMap: paths.isEmpty ? nil : paths, inputTemplate: values["template"])
            : nil
        let takesGroup = target.arn.contains(":sqs:") && target.arn.hasSuffix(".fifo")
        target.sqsParameters = takesGroup ? Events.SqsParameters(messageGroupId: values["group"]) : nil
        let retries = values.integer("retries") ?? 185
        let age = values.integer("age") ?? 86_400
        target.retryPolicy =
            retries == 185 && age == 86_400
            ? nil : Events.RetryPolicy(maximumRetryAttempts: retries, maximumEventAgeInSeconds: age)
        target.deadLetterConfig = values.optional("dead").map { Events.DeadLetterConfig(arn: $0) }
        return target
    }

    var crumbs: [String] { ["EventBridge", rule.name, old == nil ? "Add target" : "Edit target"] }
    var capturesText: Bool { true }
    var handlesEscape: Bool { true }
    var bindings: [KeyBinding] { [pane.binding(isNew: old == nil)] }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return preview()
        case .action("save"): return take(.key(.control("s")))
        case .input(let input): return take(input)
        case .message(.previewed(.success(let text))):
            refusal = nil
            viewer.set(text)
        case .message(.previewed(.failure(let error))):
            refusal = (error as? AWSError)?.message ?? error.sentence
        case .message(.saved(.success)): return [.toast(old == nil ? "Added a target" : "Saved the target"), .pop]
        case .message(.saved(.failure(let error))): pane.failed(error.sentence)
        case .message(.leaveConfirmed): return [.pop]
        default: break
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        switch pane.take(input) {
        case .none: return []
        case .changed: return preview()
        case .cancelled: return pane.isChanged ? [.confirm(FormPane.leaving, then: .leaveConfirmed)] : [.pop]
        case .submitted(let values): return save(values)
        }
    }

    private func preview() -> [Effect<Message>] {
        guard rule.hasEngine else { return [] }
        let query = TargetPreview.Query(Self.target(pane.values, old: old), rule: rule)
        return [
            .work("preview") { context in
                try await TargetPreview.read(query, context)
            } then: {
                .previewed($0)
            }
        ]
    }

    private func save(_ values: FormValues) -> [Effect<Message>] {
        let target = Self.target(values, old: old)
        let rule = rule
        return [
            .work("save") { context in
                let answer = try await context.aws.call(
                    Events.putTargets, .init(rule: rule.name, eventBusName: rule.bus, targets: [target]))
                if let failed = answer.failedEntries?.first {
                    throw AWSError(failed.errorCode ?? "", failed.errorMessage ?? "")
                }
            } then: {
                .saved($0)
            }
        ]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 110
        let parts = isWide ? surface.columns([.fill(), .percent(42)]) : surface.rows([.fill(), .fixed(6)])
        pane.render(on: parts[0], focused: frame.isInteractive)
        let inside = parts[1].panel("What it would get", note: StyledLine("of a sample event", .dim))
        if !rule.hasEngine {
            inside.write("Only Skua's own engine tells it.", x: 2, y: 0, Style(.dim))
        } else if let refusal {
            for (row, line) in TextWrapping.wrap("✗ " + refusal, to: max(16, inside.width - 4)).enumerated() {
                inside.write(line, x: 2, y: row, Style(.failure))
            }
        } else {
            viewer.render(on: inside.inset(horizontally: 1), focused: false)
        }
    }
}
