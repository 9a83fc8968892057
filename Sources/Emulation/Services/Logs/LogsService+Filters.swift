import AWSModel
import AWSTypes

// What happens to new events beside being kept.

extension LogsService {
    func filterNew(_ events: [(time: Int64, message: String)], _ stream: LogStream, of group: LogGroup, first: Int64) {
        if let metrics = core.service(CloudWatchService.self) {
            for filter in group.metricFilters.values { filter.record(events, in: metrics, scope: group.scope) }
        }
        for filter in group.subscriptions.values.sorted(by: { $0.put.filterName < $1.put.filterName }) {
            let passing = events.enumerated().filter { filter.pattern.matches($1.message) }
            guard !passing.isEmpty else { continue }
            let records = passing.map { offset, event -> DocumentValue in
                let position = LogEvent.Position(time: event.time, sequence: first + Int64(offset))
                let id = LogsToken.eventID(
                    LogEvent(position: position, group: group.id, stream: stream.id, ingestionTime: 0, message: ""))
                return [
                    "id": .string(id), "timestamp": .integer(event.time), "message": .string(event.message),
                ]
            }
            send(records, to: filter, stream: stream.name, of: group)
        }
    }

    private func send(_ records: [DocumentValue], to filter: SubscriptionFilter, stream: String, of group: LogGroup) {
        filter.sent += 1
        let cause = core.record(
            .delivery, service: "logs", action: "SubscriptionFilter", resource: group.arn, cause: nil,
            detail: "\(records.count) events to \(filter.put.destinationArn)")
        deliver("DATA_MESSAGE", records, to: filter, stream: stream, of: group, cause: cause) { [unowned self] error in
            guard let error else { return }
            filter.failed += 1
            _ = core.record(
                .delivery, service: "logs", action: "SubscriptionFilter", resource: group.arn, cause: cause,
                error: error.code, detail: error.message)
        }
    }

    /// Sends a batch to the function of a filter.
    func deliver(
        _ type: String, _ records: [DocumentValue], to filter: SubscriptionFilter, stream: String, of group: LogGroup,
        cause: Cause, completion: @escaping (ServiceError?) -> Void
    ) {
        let isControl = type == "CONTROL_MESSAGE"
        let batch: DocumentObject = [
            "messageType": .string(type), "owner": .string(isControl ? "CloudwatchLogs" : group.scope.accountID),
            "logGroup": .string(isControl ? "" : group.name), "logStream": .string(isControl ? "" : stream),
            "subscriptionFilters": isControl ? [] : [.string(filter.put.filterName)], "logEvents": .list(records),
        ]
        let data = Base64.encode(StoredGzip.encode(JSONWriter.bytes(.object(batch))))
        let caller = Caller(
            scope: group.scope, principalArn: group.arn + ":*", endpoint: core.configuration.endpoint,
            servicePrincipal: "logs.amazonaws.com")
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
