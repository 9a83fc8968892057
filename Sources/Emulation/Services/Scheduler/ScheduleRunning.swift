import AWSModel
import AWSTypes

/// Runs schedules when their time comes.
extension SchedulerService {
    /// Sets the next run anew, from now on.
    func plan(_ schedule: Schedule, after time: Instant) {
        core.cancel(schedule.timer)
        schedule.timer = nil
        let origin = schedule.settings.startDate ?? schedule.modified
        var next = schedule.expression.next(
            after: max(time, (schedule.settings.startDate ?? .epoch) - .microseconds(1)), origin: origin)
        if let end = schedule.settings.endDate, let candidate = next, candidate > end { next = nil }
        schedule.scheduledTime = schedule.isEnabled ? next : nil
        schedule.runTime = schedule.scheduledTime.map { scheduled in
            guard schedule.window > 0 else { return scheduled }
            return scheduled + .seconds(Int(core.identifiers.fraction() * Double(schedule.window * 60)))
        }
        arm(schedule)
    }

    func arm(_ schedule: Schedule) {
        core.cancel(schedule.timer)
        schedule.timer = nil
        guard let time = schedule.runTime else { return }
        schedule.timer = core.schedule(at: time, TimerLabel(kind: "Schedule", resourceArn: schedule.arn)) {
            [weak self] in
            schedule.timer = nil
            self?.fire(schedule)
        }
    }

    private func fire(_ schedule: Schedule) {
        guard let target = schedule.settings.target, let scheduled = schedule.scheduledTime else { return }
        let cause = core.record(
            .timer, service: "scheduler", action: "Schedule", resource: schedule.arn, cause: nil,
            detail: schedule.settings.scheduleExpression ?? "")
        schedule.runs += 1
        let run = ScheduleRun(
            id: core.identifiers.uuid(), scope: schedule.scope, group: schedule.group, name: schedule.name,
            target: target, scheduled: scheduled, accepted: core.now, cause: cause)
        let last = max(scheduled, schedule.expression.isOnce ? scheduled : core.now)
        plan(schedule, after: last)
        if schedule.scheduledTime == nil, schedule.settings.actionAfterCompletion == "DELETE" {
            forget(schedule)
        } else {
            save(schedule)
        }
        attempt(run)
    }

    func attempt(_ run: ScheduleRun) {
        run.attempts += 1
        count("InvocationAttemptCount", run)
        let body = input(of: run)
        if let universal = UniversalTarget(run.target.arn) {
            call(universal, run, body)
            return
        }
        let delivery = TargetDelivery(
            targetArn: run.target.arn, body: body, messageGroupID: run.target.sqsParameters?.messageGroupId,
            eventSource: run.target.eventBridgeParameters?.source,
            eventDetailType: run.target.eventBridgeParameters?.detailType, roleArn: run.target.roleArn,
            principal: "scheduler.amazonaws.com", sourceArn: run.scheduleArn, scope: run.scope, cause: run.cause)
        core.deliver(delivery) { [weak self] result in self?.ended(run, result.map { _ in () }) }
    }

    private func call(_ universal: UniversalTarget, _ run: ScheduleRun, _ body: String) {
        guard let input = (try? JSONReader.parse(body))?.object else {
            return ended(
                run,
                .failure(
                    DeliveryFailure(
                        code: "INVALID_PARAMETER", message: "The input is no JSON object.", isRetryable: false)))
        }
        let caller = Caller(
            scope: run.scope, principalArn: run.target.roleArn, endpoint: core.configuration.endpoint,
            servicePrincipal: "scheduler.amazonaws.com")
        core.call(
            service: universal.service, operation: universal.operation, input: universal.members(input),
            caller: caller, cause: run.cause
        ) { [weak self] result in
            self?.ended(run, result.map { _ in () }.mapError(DeliveryFailure.init))
        }
    }

    /// AWS: without an input a target gets an event; in an input, attributes of the run are filled in.
    private func input(of run: ScheduleRun) -> String {
        guard let input = run.target.input else {
            return JSONWriter.string([
                "version": "0", "id": .string(run.id), "detail-type": "Scheduled Event", "source": "aws.scheduler",
                "account": .string(run.scope.accountID), "time": .string(run.scheduled.iso8601(milliseconds: false)),
                "region": .string(run.scope.region), "resources": [.string(run.scheduleArn)], "detail": "{}",
            ])
        }
        guard input.contains("<aws.scheduler.") else { return input }
        let values = [
            "aws.scheduler.schedule-arn": run.scheduleArn,
            "aws.scheduler.scheduled-time": run.scheduled.iso8601(milliseconds: false),
            "aws.scheduler.execution-id": run.id, "aws.scheduler.attempt-number": String(run.attempts),
        ]
        return InputTransform.rewrite(input) { name, _ in values[name] ?? "<\(name)>" }
    }

    private func ended(_ run: ScheduleRun, _ result: Result<Void, DeliveryFailure>) {
        let schedule = groups[run.scope]?[run.group]?.schedules[run.name]
        guard case .failure(let failure) = result else {
            schedule?.lastFailure = nil
            forget(run)
            return
        }
        schedule?.lastFailure = failure
        schedule?.failures += 1
        count("TargetErrorCount", run)
        if failure.code == "THROTTLING" { count("TargetErrorThrottledCount", run) }
        _ = core.record(
            .delivery, service: "scheduler", action: "DeliveryFailed", resource: run.target.arn, cause: run.cause,
            error: failure.code, detail: failure.message)
        guard failure.isRetryable else { return giveUp(run, failure, nil) }
        let policy = RetrySchedule(
            maximumAttempts: run.target.retryPolicy?.maximumRetryAttempts ?? 185,
            maximumAge: .seconds(run.target.retryPolicy?.maximumEventAgeInSeconds ?? 86_400))
        switch policy.next(
            after: run.attempts, accepted: run.accepted, now: core.now, random: &core.identifiers)
        {
        case .success(let due):
            run.due = due
            store(run)
            arm(run)
        case .failure(let exhausted): giveUp(run, failure, exhausted)
        }
    }

    private func giveUp(_ run: ScheduleRun, _ failure: DeliveryFailure, _ exhausted: RetrySchedule.Exhausted?) {
        count("InvocationDroppedCount", run)
        forget(run)
        guard let queue = run.target.deadLetterConfig?.arn, let arn = ARN(queue) else { return }
        var attributes = [
            "SCHEDULE_ARN": run.scheduleArn, "TARGET_ARN": run.target.arn, "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message, "EXECUTION_ID": run.id, "RETRY_ATTEMPTS": String(run.attempts - 1),
            "SCHEDULED_TIME": run.scheduled.iso8601(milliseconds: false),
        ]
        if let exhausted { attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted.rawValue }
        var scope = run.scope
        scope.region = arn.region
        core.call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: "\(core.configuration.endpoint)/\(arn.accountID)/\(arn.resource)",
                messageBody: input(of: run),
                messageAttributes: attributes.filter { !$0.value.isEmpty }.mapValues {
                    SQS.MessageAttributeValue(stringValue: $0, dataType: "String")
                }),
            caller: Caller(
                scope: scope, principalArn: run.target.roleArn, endpoint: core.configuration.endpoint,
                servicePrincipal: "scheduler.amazonaws.com"),
            cause: run.cause
        ) { [weak self] result in
            if case .success = result { self?.count("InvocationsSentToDeadLetterCount", run) }
        }
    }

    // MARK: Waiting

    func arm(_ run: ScheduleRun) {
        waiting[run.id] = run
        core.cancel(run.timer)
        let label = TimerLabel(kind: "DeliveryRetry", resourceArn: run.scheduleArn)
        run.timer = core.schedule(at: run.due, label) { [weak self] in
            run.timer = nil
            self?.attempt(run)
        }
    }

    private func forget(_ run: ScheduleRun) {
        waiting[run.id] = nil
        guard run.isStored else { return }
        core.journal.record("DELETE FROM scheduler_runs WHERE id = ?", [.text(run.id)])
    }

    private func store(_ run: ScheduleRun) {
        run.isStored = true
        core.journal.record(
            "INSERT OR REPLACE INTO scheduler_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(run.id), .text(run.scope.accountID), .text(run.scope.region), .text(run.group), .text(run.name),
                .instant(run.scheduled), .instant(run.accepted), .integer(run.attempts), .instant(run.due),
                .document(run.target.document),
            ])
    }

    func restoreRuns(from store: StoredRows) throws(StorageError) {
        try store.forEach(
            "SELECT id, account, region, parent, name, scheduled, accepted, attempts, due, target FROM scheduler_runs"
        ) { row in
            let run = ScheduleRun(
                id: row.text(0), scope: Scope(accountID: row.text(1), region: row.text(2)), group: row.text(3),
                name: row.text(4), target: Scheduler.Target(row.document(9)), scheduled: row.instant(5),
                accepted: row.instant(6), cause: Cause(entry: nil, trace: core.newTrace()))
            run.attempts = row.int(7)
            run.due = row.instant(8)
            run.isStored = true
            waiting[run.id] = run
        }
    }

    func count(_ name: String, _ run: ScheduleRun) {
        let key = "\(run.scope.accountID)/\(run.scope.region)/\(run.group)/\(name)"
        if handles[key] == nil {
            handles[key] = core.telemetry.handle(
                for: MetricSeries(
                    scope: run.scope, namespace: "AWS/Scheduler", name: name,
                    dimensions: [MetricSeries.Dimension("ScheduleGroup", run.group)]))
        }
        core.telemetry.record(1, in: handles[key] ?? nil)
    }
}
