import AWSModel
import AWSTypes

/// A rule with its targets.
final class EventRule {
    let scope: Scope
    let busName: String
    let name: String
    var patternText: String?
    var pattern: EventPattern?
    var schedule: RuleSchedule?
    var scheduleText: String?
    var state = "ENABLED"
    var description: String?
    var roleArn: String?
    var managedBy: String?
    var createdBy: String
    var tags: [String: String] = [:]
    var targets: [Events.Target] = []
    /// When a scheduled rule fires next.
    var nextRun: Instant?
    var timer: TimerID?
    // Since the engine started, for screens and *Why?*.
    var delivered: [String: Int] = [:]
    /// Attempts in vain, by target.
    var failed: [String: Int] = [:]
    var lastMatched: Instant?
    /// Events that were held against its pattern in vain, and the last of them.
    var mismatches = 0
    var lastMismatch: DocumentValue?
    var lastFailure: [String: DeliveryFailure] = [:]
    var handles: [String: MetricHandle?] = [:]

    init(scope: Scope, busName: String, name: String) {
        self.scope = scope
        self.busName = busName
        self.name = name
        createdBy = scope.accountID
    }

    var arn: String {
        scope.arn("events", busName == "default" ? "rule/\(name)" : "rule/\(busName)/\(name)")
    }
    var isEnabled: Bool { state != "DISABLED" }

    var summary: Events.Rule {
        Events.Rule(
            name: name, arn: arn, eventPattern: patternText, state: state, description: description,
            scheduleExpression: scheduleText, roleArn: roleArn, managedBy: managedBy, eventBusName: busName)
    }

    var document: DocumentObject {
        var document: DocumentObject = [
            "state": .string(state), "tags": .entries(tags, DocumentValue.string),
            "targets": .list(targets.map { .object($0.document) }), "createdBy": .string(createdBy),
        ]
        document.putString("pattern", patternText)
        document.putString("schedule", scheduleText)
        document.putString("description", description)
        document.putString("role", roleArn)
        document.putString("managedBy", managedBy)
        document.putInteger("next", nextRun.map { Int($0.microseconds) })
        return document
    }

    convenience init(scope: Scope, busName: String, name: String, document: DocumentObject) {
        self.init(scope: scope, busName: busName, name: name)
        state = document.string("state") ?? "ENABLED"
        tags = document.stringMap("tags") ?? [:]
        targets = document.structures("targets") ?? []
        createdBy = document.string("createdBy") ?? scope.accountID
        patternText = document.string("pattern")
        managedBy = document.string("managedBy")
        // What a service manages does its work elsewhere: no event is held against it.
        if managedBy == nil { pattern = patternText.flatMap { try? EventPattern($0) } }
        scheduleText = document.string("schedule")
        schedule = scheduleText.flatMap(RuleSchedule.init)
        description = document.string("description")
        roleArn = document.string("role")
        nextRun = document["next"]?.integer.map { Instant(microseconds: $0) }
    }
}
