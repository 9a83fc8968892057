import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A rule with its targets, as EventBridge tells them.
struct RuleReading: Sendable {
    var rule: Events.DescribeRuleResponse
    var targets: [Events.Target]
    var hasEngine = true

    var name: String { rule.name ?? "" }
    var bus: String { rule.eventBusName ?? "default" }
    var isEnabled: Bool { rule.state != "DISABLED" }
    var isManaged: Bool { rule.managedBy != nil }
    var pattern: String? { rule.eventPattern.flatMap { $0.isEmpty ? nil : $0 } }
    var schedule: String? { rule.scheduleExpression.flatMap { $0.isEmpty ? nil : $0 } }

    /// What changes a rule is refused for, in words.
    var editable: Availability {
        .when(!isManaged, otherwise: "It is managed by \(rule.managedBy ?? "AWS") and cannot be changed")
    }

    static func read(_ name: String, bus: String, _ context: ConsoleContext) async throws -> RuleReading {
        let rule = try await context.aws.call(Events.describeRule, .init(name: name, eventBusName: bus))
        var targets: [Events.Target] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(
                Events.listTargetsByRule, .init(rule: name, eventBusName: bus, nextToken: token))
            targets += page.targets ?? []
            token = page.nextToken
        } while token != nil && !Task.isCancelled
        return RuleReading(rule: rule, targets: targets, hasEngine: context.capabilities.hasEngine)
    }

    /// The rule's settings as a request that would make it anew: AWS replaces a rule as a whole.
    func request() -> Events.PutRuleRequest {
        Events.PutRuleRequest(
            name: name, scheduleExpression: rule.scheduleExpression, eventPattern: rule.eventPattern,
            state: rule.state, description: rule.description, roleArn: rule.roleArn, eventBusName: bus)
    }
}

extension Events.Target {
    /// What of an event it gets, in a few words.
    var inputWords: String {
        if inputTransformer != nil { return "template" }
        if let inputPath { return inputPath }
        return input == nil ? "whole event" : "constant"
    }

    /// Where it leads, as people say it.
    var goal: String { ResourceName(arn).name }
}
