import AWSModel
import AWSTypes

/// AWS's asynchronous model: events are kept before they are acknowledged, retried after about one and two minutes,
/// held back while throttled, and handed to a dead-letter queue and destination at the end.
extension LambdaService {
    /// Takes an event in. Durable before the caller hears of it.
    func enqueue(_ event: AsynchronousEvent, for function: LambdaFunction) {
        saveAsynchronous(event)
        function.asynchronous.insert(event)
        metrics(of: function, qualifier: event.qualifier).record(core.telemetry, .asyncEventsReceived, 1)
        core.changes.mark(function.arn)
        core.later { [unowned self] in pumpAsynchronousEvents(of: function) }
    }

    /// Starts what is due and may run, and sets the timer for the rest.
    func pumpAsynchronousEvents(of function: LambdaFunction) {
        guard region(function.scope).functions[function.name] === function else { return }
        while let event = function.asynchronous.popDue(at: core.now) {
            guard start(event, function) else { break }
        }
        armAsynchronousTimer(of: function)
    }

    /// False where the function is throttled, so that trying the others now is useless.
    private func start(_ event: AsynchronousEvent, _ function: LambdaFunction) -> Bool {
        if core.now - event.accepted >= .seconds(maximumAge(event, function)) {
            finish(event, function, .eventAgeExceeded, report: nil, version: nil)
            return true
        }
        // AWS: with reserved concurrency 0 events go to the dead-letter queue or destination without being tried.
        if function.reservedConcurrency == 0 {
            finish(event, function, .zeroReservedConcurrency, report: nil, version: nil)
            return true
        }
        let reference = FunctionReference(scope: function.scope, name: function.name, qualifier: event.qualifier)
        do throws(ServiceError) {
            let target = try target(reference)
            let input = InvocationInput(
                payload: event.payload, requestID: event.requestID, clientContext: event.clientContext,
                cause: event.cause, trigger: "Event")
            try run(target, input) { [weak self] report, invocation in
                event.lastInvocation = invocation
                self?.ended(event, function, report, version: target.version)
            }
            function.asynchronous.started(event)
            metrics(of: function, qualifier: event.qualifier).record(
                core.telemetry, .asyncEventAge, (core.now - event.accepted).inSeconds * 1000)
            return true
        } catch {
            if error.code == "ResourceNotFoundException" || error.code == "RecursiveInvocationException" {
                finish(event, function, .retriesExhausted, report: nil, version: nil)
                return true
            }
            holdBack(event, function)
            return false
        }
    }

    /// AWS: throttles back off from 1 second to 5 minutes, until the event is too old, and use up no attempt.
    private func holdBack(_ event: AsynchronousEvent, _ function: LambdaFunction) {
        let delay = min(300, 1 << min(event.throttles, 9))
        event.throttles += 1
        event.due = min(
            core.now + .seconds(delay), event.accepted + .seconds(maximumAge(event, function)))
        wait(event, function)
    }

    private func ended(
        _ event: AsynchronousEvent, _ function: LambdaFunction, _ report: InvocationReport, version: String
    ) {
        function.asynchronous.ended(event)
        // Deleted meanwhile: nobody waits for it any more.
        guard region(function.scope).functions[function.name] === function else { return }
        event.attempts += 1
        guard report.functionError != nil else {
            finish(event, function, .success, report: report, version: version)
            return
        }
        let retries = config(event, function)?.maximumRetryAttempts ?? EventInvokeConfig.defaultRetryAttempts
        guard event.attempts <= retries else {
            finish(event, function, .retriesExhausted, report: report, version: version)
            return
        }
        // AWS: about one minute before the first retry, two before the second; the age is checked before the wait.
        let due = core.now + .seconds(60 * event.attempts)
        guard due - event.accepted < .seconds(maximumAge(event, function)) else {
            finish(event, function, .eventAgeExceeded, report: report, version: version)
            return
        }
        event.due = due
        wait(event, function)
        armAsynchronousTimer(of: function)
    }

    private func wait(_ event: AsynchronousEvent, _ function: LambdaFunction) {
        function.asynchronous.insert(event)
        saveAsynchronous(event)
        core.changes.mark(function.arn)
    }

    private func finish(
        _ event: AsynchronousEvent, _ function: LambdaFunction, _ condition: DestinationRecord.Condition,
        report: InvocationReport?, version: String?
    ) {
        removeAsynchronous(event)
        core.changes.mark(function.arn)
        if condition != .success {
            metrics(of: function, qualifier: event.qualifier).record(core.telemetry, .asyncEventsDropped, 1)
        }
        deliver(event, function, condition, report: report, version: version)
    }

    func config(_ event: AsynchronousEvent, _ function: LambdaFunction) -> EventInvokeConfig? {
        function.eventInvokeConfigs[event.qualifier ?? FunctionReference.latest]
    }

    func maximumAge(_ event: AsynchronousEvent, _ function: LambdaFunction) -> Int {
        config(event, function)?.maximumEventAgeSeconds ?? EventInvokeConfig.defaultEventAgeSeconds
    }

    private func armAsynchronousTimer(of function: LambdaFunction) {
        core.cancel(function.asynchronous.timer)
        function.asynchronous.timer = nil
        guard let due = function.asynchronous.nextDue else { return }
        let label = TimerLabel(kind: "AsynchronousRetry", resourceArn: function.arn)
        function.asynchronous.timer = core.schedule(at: due, label) { [unowned self] in
            function.asynchronous.timer = nil
            pumpAsynchronousEvents(of: function)
        }
    }

    // MARK: Rows

    private func saveAsynchronous(_ event: AsynchronousEvent) {
        core.journal.record(
            "INSERT OR REPLACE INTO lambda_async_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(event.requestID), .text(event.scope.accountID), .text(event.scope.region),
                .text(event.functionName), .text(event.qualifier), .blob(event.payload), .text(event.clientContext),
                .instant(event.accepted), .integer(event.attempts), .integer(event.throttles), .instant(event.due),
            ])
    }

    private func removeAsynchronous(_ event: AsynchronousEvent) {
        core.journal.record("DELETE FROM lambda_async_events WHERE request = ?", [.text(event.requestID)])
    }

    /// The function is gone, and its events with it.
    func dropAsynchronousEvents(of function: LambdaFunction) {
        core.cancel(function.asynchronous.timer)
        function.asynchronous.timer = nil
        for event in function.asynchronous.removeAll() { removeAsynchronous(event) }
    }

    /// Events that were kept when the program ended: those that ran then run again, as AWS's at-least-once allows.
    func restoreAsynchronousEvents(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT * FROM lambda_async_events ORDER BY accepted") { row in
            let scope = Scope(accountID: row.text(1), region: row.text(2))
            guard let function = regions[scope]?.functions[row.text(3)] else { return }
            let event = AsynchronousEvent(
                requestID: row.text(0), functionName: function.name, scope: scope, qualifier: row.optionalText(4),
                payload: row.blob(5), clientContext: row.optionalText(6), accepted: row.instant(7),
                cause: Cause(entry: nil, trace: core.newTrace()), due: row.instant(10))
            event.attempts = row.int(8)
            event.throttles = row.int(9)
            function.asynchronous.insert(event)
        }
    }
}
