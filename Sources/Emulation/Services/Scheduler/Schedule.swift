import AWSModel
import AWSTypes

/// One schedule.
final class Schedule {
    let scope: Scope
    let group: String
    let name: String
    let created: Instant
    var modified: Instant
    /// As it was asked for, with AWS's defaults filled in.
    var settings: Scheduler.GetScheduleOutput
    var expression: ScheduleExpression
    /// The time the expression names next, and the one within its window at which it runs.
    var scheduledTime: Instant?
    var runTime: Instant?
    var timer: TimerID?
    /// AWS: a repeated request with the same token makes nothing new.
    var clientToken: String?
    var runs = 0
    /// Attempts in vain.
    var failures = 0
    var lastFailure: DeliveryFailure?

    init(
        scope: Scope, group: String, name: String, created: Instant, settings: Scheduler.GetScheduleOutput,
        expression: ScheduleExpression
    ) {
        self.scope = scope
        self.group = group
        self.name = name
        self.created = created
        modified = created
        self.settings = settings
        self.expression = expression
    }

    var arn: String { scope.arn("scheduler", "schedule/\(group)/\(name)") }
    var isEnabled: Bool { settings.state != "DISABLED" }
    /// Minutes within which a run may come; 0 where it is exact.
    var window: Int {
        settings.flexibleTimeWindow?.mode == "FLEXIBLE" ? settings.flexibleTimeWindow?.maximumWindowInMinutes ?? 0 : 0
    }

    var shown: Scheduler.GetScheduleOutput {
        var shown = settings
        shown.arn = arn
        shown.name = name
        shown.groupName = group
        shown.creationDate = created
        shown.lastModificationDate = modified
        return shown
    }

    var summary: Scheduler.ScheduleSummary {
        Scheduler.ScheduleSummary(
            arn: arn, creationDate: created, groupName: group, lastModificationDate: modified, name: name,
            state: settings.state, target: Scheduler.TargetSummary(arn: settings.target?.arn ?? ""))
    }

    var document: DocumentObject {
        var stored = settings
        stored.startDate = nil
        stored.endDate = nil
        var document: DocumentObject = [
            "created": .integer(created.microseconds), "modified": .integer(modified.microseconds),
            "settings": .object(stored.document),
        ]
        document.putInteger("start", settings.startDate.map { Int($0.microseconds) })
        document.putInteger("end", settings.endDate.map { Int($0.microseconds) })
        document.putInteger("scheduled", scheduledTime.map { Int($0.microseconds) })
        document.putString("token", clientToken)
        document.putInteger("run", runTime.map { Int($0.microseconds) })
        return document
    }

    /// Nil where the row cannot be read.
    convenience init?(scope: Scope, group: String, name: String, document: DocumentObject) {
        func time(_ key: String) -> Instant? { document[key]?.integer.map { Instant(microseconds: $0) } }
        var settings = Scheduler.GetScheduleOutput(document.object("settings") ?? [:])
        settings.startDate = time("start")
        settings.endDate = time("end")
        guard
            let expression = try? ScheduleExpression(
                settings.scheduleExpression ?? "", timezone: settings.scheduleExpressionTimezone)
        else { return nil }
        self.init(
            scope: scope, group: group, name: name, created: time("created") ?? .epoch, settings: settings,
            expression: expression)
        modified = time("modified") ?? created
        scheduledTime = time("scheduled")
        runTime = time("run")
        clientToken = document.string("token")
    }
}

/// A group of schedules.
final class ScheduleGroup {
    let scope: Scope
    let name: String
    let created: Instant
    var modified: Instant
    var tags: [String: String] = [:]
    var clientToken: String?
    var schedules = OrderedKeys<Schedule>()

    init(
        scope: Scope, name: String, created: Instant, modified: Instant, tags: [String: String] = [:],
        clientToken: String? = nil
    ) {
        self.scope = scope
        self.name = name
        self.created = created
        self.modified = modified
        self.tags = tags
        self.clientToken = clientToken
    }

    var arn: String { scope.arn("scheduler", "schedule-group/\(name)") }

    var document: DocumentObject {
        var document: DocumentObject = [
            "created": .integer(created.microseconds), "modified": .integer(modified.microseconds),
            "tags": .entries(tags, DocumentValue.string),
        ]
        document.putString("token", clientToken)
        return document
    }
}

/// One run of a schedule that is under way or waits to be tried again.
final class ScheduleRun {
    let id: String
    let scope: Scope
    let group: String
    let name: String
    let target: Scheduler.Target
    let scheduled: Instant
    let accepted: Instant
    var attempts = 0
    var due: Instant
    var isStored = false
    var timer: TimerID?
    var cause: Cause

    init(
        id: String, scope: Scope, group: String, name: String, target: Scheduler.Target, scheduled: Instant,
        accepted: Instant, cause: Cause
    ) {
        self.id = id
        self.scope = scope
        self.group = group
        self.name = name
        self.target = target
        self.scheduled = scheduled
        self.accepted = accepted
        due = accepted
        self.cause = cause
    }

    var scheduleArn: String { scope.arn("scheduler", "schedule/\(group)/\(name)") }
}
