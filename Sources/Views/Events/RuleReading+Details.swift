import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

extension RuleReading {
    /// Everything else about a rule.
    var details: [KeyValue] {
        var items: [KeyValue] = [
            .heading("Rule"),
            KeyValue("Name", text: name),
            KeyValue("State", (isEnabled ? StatusMark.enabled : .disabled).line()),
            KeyValue("Event bus", text: bus),
            KeyValue("ARN", text: rule.arn ?? ""),
            KeyValue("Description", text: rule.description ?? ""),
            KeyValue("Created by", text: rule.createdBy ?? ""),
        ]
        if let text = rule.managedBy { items.append(KeyValue("Managed by", text: text)) }
        if let text = rule.roleArn { items.append(KeyValue("Role", text: text)) }
        items.append(.heading("Fires on"))
        if let text = schedule { items.append(KeyValue("Schedule", text: text)) }
        if let text = pattern { items.append(KeyValue("Pattern", text: text)) }
        items.append(.heading(Quantity.count(targets.count, "target")))
        items += targets.map { KeyValue($0.id, text: $0.arn) }
        if targets.isEmpty { items.append(KeyValue("None", StyledLine("add one in tab 2", .dim))) }
        return items
    }
}
