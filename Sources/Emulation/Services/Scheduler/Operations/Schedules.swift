import AWSModel
import AWSTypes

extension SchedulerService {
    func createSchedule(_ input: Scheduler.CreateScheduleInput, _ call: Call) throws(ServiceError)
        -> Scheduler.CreateScheduleOutput
    {
        let group = try group(input.groupName, call.scope)
        let arn = call.scope.arn("scheduler", "schedule/\(group.name)/\(input.name)")
        core.attribute(call, to: arn)
        let (settings, expression) = try settings(Scheduler.UpdateScheduleInput(input.document), isNew: true)
        if let known = group.schedules[input.name] {
            if let token = input.clientToken, token == known.clientToken {
                return Scheduler.CreateScheduleOutput(scheduleArn: known.arn)
            }
            throw .schedulerConflict("Schedule \(input.name) already exists.")
        }
        let schedule = Schedule(
            scope: call.scope, group: group.name, name: input.name, created: core.now, settings: settings,
            expression: expression)
        schedule.clientToken = input.clientToken
        groups[call.scope]?[group.name]?.schedules[input.name] = schedule
        // AWS: without a start date, a rate's first run is at once.
        let isImmediate = expression.isRate && input.startDate == nil
        plan(schedule, after: isImmediate ? core.now - .microseconds(1) : core.now)
        save(schedule)
        return Scheduler.CreateScheduleOutput(scheduleArn: schedule.arn)
    }

    func updateSchedule(_ input: Scheduler.UpdateScheduleInput, _ call: Call) throws(ServiceError)
        -> Scheduler.UpdateScheduleOutput
    {
        let schedule = try schedule(input.name, input.groupName, call)
        // AWS: an update replaces everything; what is left out goes back to its default.
        (schedule.settings, schedule.expression) = try settings(input, isNew: false)
        schedule.modified = core.now
        plan(schedule, after: core.now)
        save(schedule)
        return Scheduler.UpdateScheduleOutput(scheduleArn: schedule.arn)
    }

    private func settings(_ input: Scheduler.UpdateScheduleInput, isNew: Bool) throws(ServiceError)
        -> (Scheduler.GetScheduleOutput, ScheduleExpression)
    {
        let expression = try ScheduleExpression(
            input.scheduleExpression, timezone: input.scheduleExpressionTimezone)
        let window = input.flexibleTimeWindow
        if window.mode == "FLEXIBLE", window.maximumWindowInMinutes == nil {
            throw .validation("MaximumWindowInMinutes must be provided when Mode is FLEXIBLE.")
        }
        if window.mode == "OFF", window.maximumWindowInMinutes != nil {
            throw .validation("MaximumWindowInMinutes must not be provided when Mode is OFF.")
        }
        if let start = input.startDate, isNew, core.now - start > .seconds(300), !expression.isOnce {
            throw .validation("The StartDate you specify cannot be earlier than 5 minutes ago.")
        }
        if let start = input.startDate, let end = input.endDate, start >= end {
            throw .validation("The StartDate you specify must be earlier than the EndDate.")
        }
        try check(input.target)
        var target = input.target
        target.retryPolicy = Scheduler.RetryPolicy(
            maximumEventAgeInSeconds: target.retryPolicy?.maximumEventAgeInSeconds ?? 86_400,
            maximumRetryAttempts: target.retryPolicy?.maximumRetryAttempts ?? 185)
        let settings = Scheduler.GetScheduleOutput(
            actionAfterCompletion: input.actionAfterCompletion ?? "NONE", description: input.description,
            endDate: input.endDate, flexibleTimeWindow: window, kmsKeyArn: input.kmsKeyArn,
            scheduleExpression: input.scheduleExpression,
            scheduleExpressionTimezone: input.scheduleExpressionTimezone ?? "UTC", startDate: input.startDate,
            state: input.state ?? "ENABLED", target: target)
        return (settings, expression)
    }

    private func check(_ target: Scheduler.Target) throws(ServiceError) {
        guard let arn = ARN(target.arn) else {
            throw .validation("Provided Arn is not in correct format.")
        }
        if arn.service == "sqs", arn.resource.hasSuffix(".fifo"), target.sqsParameters?.messageGroupId == nil {
            throw .validation("SqsParameters must be specified for an Amazon SQS FIFO queue target.")
        }
        if arn.service == "events", arn.resourceType == "event-bus", target.eventBridgeParameters == nil {
            throw .validation("EventBridgeParameters must be specified for an Amazon EventBridge target.")
        }
        if let universal = UniversalTarget(target.arn), OperationModel.isObservation(universal.operation) {
            throw .validation(
                "\(target.arn) is not supported: operations that only read cannot be scheduled.")
        }
    }

    func getSchedule(_ input: Scheduler.GetScheduleInput, _ call: Call) throws(ServiceError)
        -> Scheduler.GetScheduleOutput
    {
        try schedule(input.name, input.groupName, call).shown
    }

    func deleteSchedule(_ input: Scheduler.DeleteScheduleInput, _ call: Call) throws(ServiceError)
        -> Scheduler.DeleteScheduleOutput
    {
        forget(try schedule(input.name, input.groupName, call))
        return Scheduler.DeleteScheduleOutput()
    }

    func listSchedules(_ input: Scheduler.ListSchedulesInput, _ call: Call) throws(ServiceError)
        -> Scheduler.ListSchedulesOutput
    {
        if let name = input.groupName { _ = try group(name, call.scope) }
        openDefaultGroup(in: call.scope)
        let limit = input.maxResults ?? 100
        let last = try Self.position(input.nextToken)
        var found: [Schedule] = []
        for group in groups[call.scope, default: [:]].values.sorted(by: { $0.name < $1.name })
        where group.name == (input.groupName ?? group.name) && group.name >= last.group && found.count <= limit {
            let prefix = input.namePrefix ?? ""
            let after = group.name == last.group ? last.name : ""
            group.schedules.forEach(from: max(after, prefix)) { name, schedule in
                guard name.hasPrefix(prefix) else { return false }
                if name != after, schedule.settings.state == (input.state ?? schedule.settings.state) {
                    found.append(schedule)
                }
                return found.count <= limit
            }
        }
        let token = found.count > limit ? found[limit - 1] : nil
        return Scheduler.ListSchedulesOutput(
            nextToken: token.map { Base64.encode(Array("sch:\($0.group)/\($0.name)".utf8)) },
            schedules: found.prefix(limit).map(\.summary))
    }

    /// Where a page of schedules ended.
    private static func position(_ token: String?) throws(ServiceError) -> (group: String, name: String) {
        guard let token else { return ("", "") }
        let text = Base64.decode(token).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let parts = text.dropFirst("sch:".count).split(separator: "/").map(String.init)
        guard text.hasPrefix("sch:"), parts.count == 2 else { throw .validation("Invalid next token.") }
        return (parts[0], parts[1])
    }

    func page<Item>(_ all: [Item], _ token: String?, _ limit: Int?) throws(ServiceError) -> ([Item], String?) {
        var start = 0
        if let token {
            guard let text = Base64.decode(token).map({ String(decoding: $0, as: UTF8.self) }),
                text.hasPrefix("sch:"), let index = Int(text.dropFirst(4))
            else { throw .validation("Invalid next token.") }
            start = min(index, all.count)
        }
        let end = min(start + (limit ?? 100), all.count)
        return (Array(all[start..<end]), end < all.count ? Base64.encode(Array("sch:\(end)".utf8)) : nil)
    }
}
