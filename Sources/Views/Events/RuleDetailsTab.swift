import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Everything else about a rule.
struct RuleDetailsTab: ResourceTab {
    var reading: RuleReading? { didSet { if let reading { list.items = Self.items(reading) } } }
    var isStale = false
    var list = KeyValueList(id: "rule")

    var copyText: String? { list.selected?.value }
    var bindings: [KeyBinding] { KeyValueList.bindings }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        default: break
        }
        return []
    }

    private static func items(_ reading: RuleReading) -> [KeyValue] {
        let rule = reading.rule
        var items: [KeyValue] = [
            .heading("Rule"),
            KeyValue("Name", text: reading.name),
            KeyValue("State", (reading.isEnabled ? StatusMark.enabled : .disabled).line()),
            KeyValue("Event bus", text: reading.bus),
            KeyValue("ARN", text: rule.arn ?? ""),
            KeyValue("Description", text: rule.description ?? ""),
            KeyValue("Created by", text: rule.createdBy ?? ""),
        ]
        if let text = rule.managedBy { items.append(KeyValue("Managed by", text: text)) }
        if let text = rule.roleArn { items.append(KeyValue("Role", text: text)) }
        items.append(.heading("Fires on"))
        if let text = reading.schedule { items.append(KeyValue("Schedule", text: text)) }
        if let text = reading.pattern { items.append(KeyValue("Pattern", text: text)) }
        items.append(.heading(Quantity.count(reading.targets.count, "target")))
        items += reading.targets.map { KeyValue($0.id, text: $0.arn) }
        if reading.targets.isEmpty { items.append(KeyValue("None", StyledLine("add one in tab 2", .dim))) }
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        list.render(on: surface.panel("Details", focused: true), focused: frame.isInteractive)
    }
}
