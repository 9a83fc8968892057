import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Where executions are logged and how much of them.
struct MachineLoggingTab: MachineTab {
    enum Message: Sendable {
        case edited(FormValues)
        case saved(FormValues, Result<Void, any Error>)
    }

    var machine: SFN.DescribeStateMachineOutput? {
        didSet { if let machine { list.items = Self.items(machine) } }
    }
    var isStale = false
    var list = KeyValueList(id: "machine.logging")

    var copyText: String? { list.selected?.value }
    private var group: ScreenAddress? {
        machine?.loggingConfiguration?.destinations?.first?.cloudWatchLogsLogGroup?.logGroupArn.flatMap {
            ResourceName($0).address
        }
    }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["enter"], "log group", "logging.open", help: "Open the log group",
                availability: .when(group != nil, otherwise: "Nothing is logged: press E to choose a log group")),
            KeyBinding(
                ["E"], "edit", "logging.edit", help: "Change level, log group and tracing",
                availability: .when(machine != nil, otherwise: "The state machine is being loaded"), menu: true,
                needs: [.changes]),
        ] + KeyValueList.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("logging.open"): return group.map { [.open($0)] } ?? []
        case .action("logging.edit"): return machine.map { [.form(MachineForms.logging($0)) { .edited($0) }] } ?? []
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        case .message(.edited(let values)):
            guard let arn = machine?.stateMachineArn else { return [] }
            return [
                .work("save") { context in
                    _ = try await context.aws.call(SFN.updateStateMachine, MachineForms.loggingInput(arn, values))
                } then: {
                    .saved(values, $0)
                }
            ]
        case .message(.saved(_, .success)):
            isStale = true
            return [.toast("Saved")]
        case .message(.saved(let values, .failure(let error))):
            guard let machine else { return [] }
            return [
                .form(MachineForms.logging(machine).filled(with: values, failure: error.sentence)) { .edited($0) }
            ]
        case .appeared, .reappeared, .changed, .tick: break
        }
        return []
    }

    private static func items(_ machine: SFN.DescribeStateMachineOutput) -> [KeyValue] {
        let logging = machine.loggingConfiguration
        let level = logging?.level ?? "OFF"
        let meaning =
            switch level {
            case "ALL": "every event of every execution"
            case "ERROR": "errors, caught ones too"
            case "FATAL": "only what ends an execution"
            default: "nothing is logged; press E to change that"
            }
        var items: [KeyValue] = [
            .heading("Logging"),
            KeyValue("Level", level == "OFF" ? StatusMark.disabled.line(level) : StatusMark.enabled.line(level)),
            KeyValue("Logged", text: meaning, .dim),
        ]
        for destination in logging?.destinations ?? [] {
            items.append(KeyValue("Log group", text: destination.cloudWatchLogsLogGroup?.logGroupArn ?? "–"))
        }
        if level != "OFF" {
            items.append(
                KeyValue(
                    "Execution data",
                    text: logging?.includeExecutionData == true ? "inputs and outputs are logged" : "left out"))
        }
        if machine.type == "EXPRESS" {
            items.append(KeyValue("Express", text: "keeps no history: the log is all that stays of an execution", .dim))
        }
        let isTraced = machine.tracingConfiguration?.enabled == true
        items += [
            .heading("Tracing"),
            KeyValue("X-Ray", isTraced ? StatusMark.enabled.line("on") : StatusMark.disabled.line("off")),
        ]
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        list.render(on: surface.panel("Logging", focused: true), focused: frame.isInteractive)
    }
}
