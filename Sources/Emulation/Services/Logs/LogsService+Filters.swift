import AWSModel
import AWSTypes

// What happens to new events beside being kept.

extension LogsService {
    typealias Event = (time: Int64, message: String)

    /// Hands new events to whoever listens, and to the filters of the group and of its account. AWS: they are masked on
    /// every way out.
    func pass(on events: [Event], _ stream: LogStream, of group: LogGroup, first: Int64) {
        var subscriptions = group.subscriptions.values.sorted { $0.put.filterName < $1.put.filterName }
        if let account = accountSubscriptions[group.scope], account.criteria?.covers(group.name) ?? true {
            subscriptions.append(account)
        }
        guard !tails.isEmpty || !group.metricFilters.isEmpty || !subscriptions.isEmpty else { return }
        let now = core.now.epochMilliseconds
        let isTreated = hasTreatment(group)
        let shown = isTreated ? events.map { ($0.time, masked($0.message, at: now, of: group)) } : events
        if !tails.isEmpty { tellTails(shown, stream, of: group) }
        let needsTransformed =
            isTreated
            && (group.metricFilters.values.contains { $0.put.applyOnTransformedLogs == true }
                || subscriptions.contains { $0.put.applyOnTransformedLogs == true })
        let transformed: [Event] =
            needsTransformed
            ? zip(events, shown).map { event, shown in
                let text = self.transformed(event.message, at: now, stream: stream.name, of: group)
                return (event.time, text.map { masked($0, at: now, of: group) } ?? shown.1)
            } : shown
        if let metrics = core.service(CloudWatchService.self) {
            for filter in group.metricFilters.values {
                let seen = filter.put.applyOnTransformedLogs == true ? transformed : shown
                filter.record(seen, in: metrics, scope: group.scope)
            }
        }
        for filter in subscriptions {
            send(filter.put.applyOnTransformedLogs == true ? transformed : shown, first, to: filter, stream, of: group)
        }
    }

    private func send(
        _ events: [Event], _ first: Int64, to filter: SubscriptionFilter, _ stream: LogStream, of group: LogGroup
    ) {
        let passing = events.enumerated().filter { filter.pattern.matches($1.message) }
        filter.seen += events.count
        filter.matched += passing.count
        guard !passing.isEmpty else { return }
        let records = passing.map { offset, event -> DocumentValue in
            let position = LogEvent.Position(time: event.time, sequence: first + Int64(offset))
            let id = LogsToken.eventID(
                LogEvent(position: position, group: group.id, stream: stream.id, ingestionTime: 0, message: ""))
            return ["id": .string(id), "timestamp": .integer(event.time), "message": .string(event.message)]
        }
        let cause = core.record(
            .delivery, service: "logs", action: "SubscriptionFilter", resource: group.arn, cause: nil,
            detail: "\(records.count) events to \(filter.put.destinationArn)")
        let batch: DocumentObject = [
            "messageType": "DATA_MESSAGE", "owner": .string(group.scope.accountID), "logGroup": .string(group.name),
            "logStream": .string(stream.name), "subscriptionFilters": [.string(filter.put.filterName)],
            "logEvents": .list(records),
        ]
        filter.sent += 1
        deliver(batch, to: filter, in: group.scope, sourceArn: group.arn, cause: cause) { [unowned self] error in
            filter.lastFailure = error.map { (core.now, $0) }
            guard let error else { return }
            filter.failed += 1
            _ = core.record(
                .delivery, service: "logs", action: "SubscriptionFilter", resource: group.arn, cause: cause,
                error: error.code, detail: error.message)
            core.changes.mark(group.arn)
        }
    }

    /// Tries a destination before a filter is kept. AWS: one that does not take the control message is refused.
    func probe(
        _ filter: SubscriptionFilter, in scope: Scope, sourceArn: String? = nil, cause: Cause,
        completion: @escaping (ServiceError?) -> Void
    ) {
        let message = "CWL CONTROL MESSAGE: Checking health of destination Lambda function."
        let batch: DocumentObject = [
            "messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logGroup": "", "logStream": "",
            "subscriptionFilters": [],
            "logEvents": [
                ["id": "", "timestamp": .integer(core.now.epochMilliseconds), "message": .string(message)]
            ],
        ]
        let source = sourceArn ?? scope.arn("logs", "log-group")
        deliver(batch, to: filter, in: scope, sourceArn: source, cause: cause) { error in
            completion(
                error.map { _ in
                    .invalidParameter(
                        "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."
                    )
                })
        }
    }

    /// Sends a batch to the function of a filter.
    private func deliver(
        _ batch: DocumentObject, to filter: SubscriptionFilter, in scope: Scope, sourceArn: String, cause: Cause,
        completion: @escaping (ServiceError?) -> Void
    ) {
        let data = Base64.encode(StoredGzip.encode(JSONWriter.bytes(.object(batch))))
        let caller = Caller(
            scope: scope, endpoint: core.configuration.endpoint, servicePrincipal: "logs.amazonaws.com",
            sourceArn: sourceArn + ":*")
        let payload = JSONWriter.bytes(["awslogs": ["data": .string(data)]])
        core.call(
            Lambda.invoke,
            Lambda.InvocationRequest(
                functionName: filter.put.destinationArn, invocationType: "Event", payload: payload),
            caller: caller, cause: cause
        ) { result in
            if case .failure(let error) = result { completion(error) } else { completion(nil) }
        }
    }

    // MARK: The map

    /// Only groups that send their events on: nearly every other belongs to one function, whose page shows it.
    public func resources(in scope: Scope) -> [ResourceNode] {
        groups(in: scope).filter { !$0.subscriptions.isEmpty }.map { group in
            let count = group.subscriptions.count
            return ResourceNode(
                arn: group.arn, service: "logs", name: group.name,
                summary: count == 1 ? "1 subscription" : "\(count) subscriptions")
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        groups(in: scope).flatMap { group in
            group.subscriptions.values.sorted { $0.put.filterName < $1.put.filterName }.map {
                ResourceWire(
                    sourceArn: group.arn, targetArn: $0.put.destinationArn, kind: "subscription", count: $0.sent,
                    failed: $0.failed)
            }
        }
    }

    // MARK: Rows

    func save(_ filter: MetricFilter, of group: LogGroup) {
        saveFilter("metric", filter.put.filterName, filter.put.document, filter.created, of: group)
    }

    func save(_ filter: SubscriptionFilter, of group: LogGroup) {
        saveFilter("subscription", filter.put.filterName, filter.put.document, filter.created, of: group)
    }

    private func saveFilter(
        _ kind: String, _ name: String, _ document: DocumentObject, _ created: Instant, of group: LogGroup
    ) {
        core.journal.record(
            "INSERT OR REPLACE INTO logs_filters VALUES (?, ?, ?, ?, ?)",
            [.integer(group.id), .text(kind), .text(name), .document(document), .instant(created)])
        core.changes.mark(group.arn)
    }

    func removeFilter(_ kind: String, _ name: String, of group: LogGroup) {
        core.journal.record(
            "DELETE FROM logs_filters WHERE log_group = ? AND kind = ? AND name = ?",
            [.integer(group.id), .text(kind), .text(name)])
        core.changes.mark(group.arn)
    }

    func restoreFilters(_ groups: [Int64: LogGroup], from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT log_group, kind, name, definition, created FROM logs_filters") { row in
            guard let group = groups[row.integer(0)] else { return }
            if row.text(1) == "metric" {
                group.metricFilters[row.text(2)] = try? MetricFilter(
                    Logs.PutMetricFilterRequest(row.document(3)), created: row.instant(4))
            } else {
                group.subscriptions[row.text(2)] = try? SubscriptionFilter(
                    Logs.PutSubscriptionFilterRequest(row.document(3)), created: row.instant(4))
            }
        }
    }
}
