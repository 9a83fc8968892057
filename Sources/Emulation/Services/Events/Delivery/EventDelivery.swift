import AWSModel
import AWSTypes

/// A delivery under way or waiting to be tried again.
final class PendingDelivery {
    let id: String
    let scope: Scope
    let busName: String
    let ruleName: String
    let target: Events.Target
    let body: String
    /// The event as it was, for the dead-letter queue.
    let event: String
    let accepted: Instant
    var attempts = 0
    var due: Instant
    var timer: TimerID?
    var cause: Cause
    var isStored = false
    var lastFailure: DeliveryFailure?
    /// An API destination's rate lets it through.
    var isAdmitted = false

    init(
        id: String, scope: Scope, busName: String, ruleName: String, target: Events.Target, body: String,
        event: String, accepted: Instant, cause: Cause
    ) {
        self.id = id
        self.scope = scope
        self.busName = busName
        self.ruleName = ruleName
        self.target = target
        self.body = body
        self.event = event
        self.accepted = accepted
        due = accepted
        self.cause = cause
    }

    var schedule: RetrySchedule {
        RetrySchedule(
            maximumAttempts: target.retryPolicy?.maximumRetryAttempts ?? RetrySchedule.standard.maximumAttempts,
            maximumAge: .seconds(target.retryPolicy?.maximumEventAgeInSeconds ?? 86_400))
    }
}

extension EventsService {
    /// Gives an event to the bus's archives and to every rule that matches.
    func publish(_ event: BusEvent, on bus: EventBus, cause: Cause, only rules: Set<String>? = nil) {
        let document = DocumentValue.object(event.document)
        if event.replayName == nil, !bus.archives.isEmpty { archive(event, document, from: bus) }
        for rule in bus.candidates(for: event) {
            guard rule.isEnabled, rules?.contains(rule.arn) ?? true, let pattern = rule.pattern else { continue }
            guard pattern.matches(document) else {
                rule.mismatches += 1
                rule.lastMismatch = document
                continue
            }
            count("MatchedEvents", rule)
            trigger(rule, event, cause: cause)
        }
    }

    /// Delivers an event to a rule's targets.
    func trigger(_ rule: EventRule, _ event: BusEvent, cause: Cause) {
        count("TriggeredRules", rule)
        rule.lastMatched = core.now
        let entry = core.record(
            .delivery, service: "events", action: "RuleMatched", resource: rule.arn, cause: cause,
            detail: "\(event.detailType) from \(event.source)")
        guard !rule.targets.isEmpty else { return }
        let text = JSONWriter.string(.object(event.document))
        for target in rule.targets {
            attempt(
                PendingDelivery(
                    id: core.identifiers.uuid(), scope: rule.scope, busName: rule.busName, ruleName: rule.name,
                    target: target, body: InputTransform.body(target, event, rule), event: text, accepted: core.now,
                    cause: entry))
        }
        changed(rule)
    }

    func rule(of delivery: PendingDelivery) -> EventRule? {
        buses[delivery.scope]?[delivery.busName]?.rule(delivery.ruleName)
    }

    func attempt(_ delivery: PendingDelivery) {
        delivery.attempts += 1
        core.cancel(delivery.timer)
        delivery.timer = nil
        let target = delivery.target
        let ruleArn =
            rule(of: delivery)?.arn
            ?? delivery.scope.arn("events", "rule/\(delivery.ruleName)")
        if let arn = ARN(target.arn), arn.service == "events", arn.resourceType == "api-destination" {
            callDestination(delivery)
            return
        }
        // AWS: to another bus an event goes as it is.
        if let arn = ARN(target.arn), arn.service == "events", arn.resourceType == "event-bus" {
            forward(delivery, arn)
            return
        }
        let request = TargetDelivery(
            targetArn: target.arn, body: delivery.body, messageGroupID: target.sqsParameters?.messageGroupId,
            roleArn: target.roleArn, principal: "events.amazonaws.com", sourceArn: ruleArn, scope: delivery.scope,
            cause: delivery.cause)
        core.deliver(request) { [weak self] result in self?.ended(delivery, result.map { _ in () }) }
    }

    private func forward(_ delivery: PendingDelivery, _ arn: ARN) {
        let scope = Scope(accountID: arn.accountID, region: arn.region)
        guard let bus = buses[scope]?[EventBus.name(delivery.target.arn)] ?? findBus(delivery.target.arn, scope),
            let document = (try? JSONReader.parse(delivery.event))?.object
        else {
            ended(
                delivery,
                .failure(
                    DeliveryFailure(
                        code: "NO_RESOURCE", message: "Event bus \(arn.resourceName) does not exist.",
                        isRetryable: false)))
            return
        }
        do throws(ServiceError) {
            try checkForwarding(delivery, to: bus)
        } catch {
            return ended(delivery, .failure(DeliveryFailure(error)))
        }
        let event = BusEvent(document, ingested: core.now)
        // AWS: an event that came from another bus goes no further, so that buses cannot feed each other for ever.
        guard forwarding[event.id] == nil else { return ended(delivery, .success(())) }
        forwarding[event.id] = bus.arn
        core.later { [weak self] in
            guard let self else { return }
            self.publish(event, on: bus, cause: delivery.cause)
            self.ended(delivery, .success(()))
            self.core.later { [weak self] in self?.forwarding[event.id] = nil }
        }
    }

    /// AWS: another account's bus must let the sender in by its policy; a role that is given must be allowed to send.
    private func checkForwarding(_ delivery: PendingDelivery, to bus: EventBus) throws(ServiceError) {
        let role = delivery.target.roleArn
        guard role != nil || bus.scope.accountID != delivery.scope.accountID else { return }
        let caller = Caller(
            scope: Scope(accountID: delivery.scope.accountID, region: bus.scope.region), principalArn: role,
            endpoint: core.configuration.endpoint, sourceArn: rule(of: delivery)?.arn)
        let call = Call(
            service: Events.id, operation: "PutEvents", caller: caller, requestID: delivery.id, time: core.now,
            cause: delivery.cause)
        try core.authorizer.authorize(call, ["Entries": [["EventBusName": .string(bus.arn)]]])
    }

    func ended(_ delivery: PendingDelivery, _ result: Result<Void, DeliveryFailure>) {
        let rule = rule(of: delivery)
        let name = delivery.target.arn
        switch result {
        case .success:
            if let rule {
                count("Invocations", rule)
                rule.delivered[name, default: 0] += 1
                rule.lastFailure[name] = nil
            }
            forget(delivery)
        case .failure(let failure):
            delivery.lastFailure = failure
            rule?.lastFailure[name] = failure
            rule?.failed[name, default: 0] += 1
            _ = core.record(
                .delivery, service: "events", action: "DeliveryFailed", resource: name, cause: delivery.cause,
                error: failure.code, detail: failure.message)
            guard failure.isRetryable else { return giveUp(delivery, failure, nil) }
            switch delivery.schedule.next(
                after: delivery.attempts, accepted: delivery.accepted, now: core.now, random: &core.identifiers)
            {
            case .success(let due):
                delivery.due = due
                store(delivery)
                arm(delivery)
            case .failure(let exhausted): giveUp(delivery, failure, exhausted)
            }
        }
        if let rule { changed(rule) }
    }

    /// To the dead-letter queue where the target has one; dropped where it has none.
    private func giveUp(
        _ delivery: PendingDelivery, _ failure: DeliveryFailure, _ exhausted: RetrySchedule.Exhausted?
    ) {
        let rule = rule(of: delivery)
        if let rule { count("FailedInvocations", rule) }
        guard let queue = delivery.target.deadLetterConfig?.arn, let arn = ARN(queue) else { return forget(delivery) }
        var attributes: [String: String] = [
            "RULE_ARN": rule?.arn ?? "", "TARGET_ARN": delivery.target.arn, "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message,
            "RETRY_ATTEMPTS": String(delivery.attempts - 1),
        ]
        if let exhausted { attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted.rawValue }
        let cause = core.record(
            .delivery, service: "events", action: "DeadLetter", resource: queue, cause: delivery.cause,
            detail: failure.message)
        var scope = delivery.scope
        scope.region = arn.region
        core.call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: "\(core.configuration.endpoint)/\(arn.accountID)/\(arn.resource)",
                messageBody: delivery.event,
                messageAttributes: attributes.filter { !$0.value.isEmpty }.mapValues {
                    SQS.MessageAttributeValue(stringValue: $0, dataType: "String")
                }),
            caller: Caller(
                scope: scope, endpoint: core.configuration.endpoint, servicePrincipal: "events.amazonaws.com"),
            cause: cause
        ) { [weak self] result in
            guard let self else { return }
            if let rule {
                if case .success = result {
                    self.count("InvocationsSentToDlq", rule)
                } else {
                    self.count("InvocationsFailedToBeSentToDlq", rule)
                }
            }
            self.forget(delivery)
        }
    }

    // MARK: Waiting

    func arm(_ delivery: PendingDelivery) {
        waiting[delivery.id] = delivery
        core.cancel(delivery.timer)
        let label = TimerLabel(kind: "DeliveryRetry", resourceArn: delivery.target.arn)
        delivery.timer = core.schedule(at: delivery.due, label) { [weak self] in
            delivery.timer = nil
            self?.attempt(delivery)
        }
    }

    private func forget(_ delivery: PendingDelivery) {
        core.cancel(delivery.timer)
        delivery.timer = nil
        waiting[delivery.id] = nil
        guard delivery.isStored else { return }
        core.journal.record("DELETE FROM events_deliveries WHERE id = ?", [.text(delivery.id)])
    }

    func store(_ delivery: PendingDelivery) {
        if delivery.isStored {
            core.journal.record(
                "UPDATE events_deliveries SET attempts = ?, due = ? WHERE id = ?",
                [.integer(delivery.attempts), .instant(delivery.due), .text(delivery.id)])
            return
        }
        delivery.isStored = true
        core.journal.record(
            "INSERT INTO events_deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(delivery.id), .text(delivery.scope.accountID), .text(delivery.scope.region),
                .text(delivery.busName), .text(delivery.ruleName), .instant(delivery.accepted),
                .integer(delivery.attempts), .instant(delivery.due), .document(delivery.target.document),
                .text(delivery.body), .text(delivery.event),
            ])
    }

    func restoreDeliveries(from store: StoredRows) throws(StorageError) {
        try store.forEach(
            "SELECT id, account, region, bus, rule, accepted, attempts, due, target, body, event FROM events_deliveries"
        ) { row in
            let delivery = PendingDelivery(
                id: row.text(0), scope: Scope(accountID: row.text(1), region: row.text(2)), busName: row.text(3),
                ruleName: row.text(4), target: Events.Target(row.document(8)), body: row.text(9), event: row.text(10),
                accepted: row.instant(5), cause: Cause(entry: nil, trace: core.newTrace()))
            delivery.attempts = row.int(6)
            delivery.due = row.instant(7)
            delivery.isStored = true
            waiting[delivery.id] = delivery
        }
    }

    // MARK: Metrics

    func count(_ name: String, _ rule: EventRule, _ value: Double = 1) {
        if rule.handles[name] == nil {
            var dimensions = [MetricSeries.Dimension("RuleName", rule.name)]
            // AWS: rules of other buses carry both.
            if rule.busName != "default" { dimensions.insert(.init("EventBusName", rule.busName), at: 0) }
            rule.handles[name] = core.telemetry.handle(
                for: MetricSeries(scope: rule.scope, namespace: "AWS/Events", name: name, dimensions: dimensions))
        }
        core.telemetry.record(value, in: rule.handles[name] ?? nil)
    }
}
