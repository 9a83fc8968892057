import AWSModel
import AWSTypes

extension EventsService {
    /// AWS: 1 MB a request, counted by entry.
    private static let requestBytes = 1_048_576

    func putEvents(_ input: Events.PutEventsRequest, _ call: Call) throws(ServiceError) -> Events.PutEventsResponse {
        if let endpoint = input.endpointId {
            guard endpoints[call.scope]?.values.contains(where: { $0.endpointId == endpoint }) ?? false else {
                throw .eventsNotFound("Endpoint \(endpoint) does not exist.")
            }
        }
        guard input.entries.reduce(0, { $0 + Self.size(of: $1) }) <= Self.requestBytes else {
            throw .validation("Total size of the entries in the request is over the limit.")
        }
        try checkAccess(input.entries, call)
        var results: [Events.PutEventsResultEntry] = []
        for entry in input.entries {
            do throws(ServiceError) {
                let event = try event(entry, call)
                results.append(Events.PutEventsResultEntry(eventId: event.id))
                // AWS: events for a bus that does not exist are accepted and lost.
                guard let bus = findBus(entry.eventBusName, call.scope) else { continue }
                core.attribute(call, to: bus.arn, detail: "\(input.entries.count) events")
                publish(event, on: bus, cause: call.cause)
            } catch {
                results.append(Events.PutEventsResultEntry(errorCode: error.code, errorMessage: error.message))
            }
        }
        return Events.PutEventsResponse(
            failedEntryCount: results.count { $0.errorCode != nil }, entries: results)
    }

    /// The call was judged for its first entry's bus; each other one has a policy of its own.
    private func checkAccess(_ entries: [Events.PutEventsRequestEntry], _ call: Call) throws(ServiceError) {
        var judged: Set<String> = [EventBus.key(entries.first?.eventBusName)]
        for entry in entries where judged.insert(EventBus.key(entry.eventBusName)).inserted {
            try core.authorizer.authorize(call, ["Entries": [.object(entry.document)]])
        }
    }

    private static func size(of entry: Events.PutEventsRequestEntry) -> Int {
        (entry.time == nil ? 0 : 14) + (entry.source?.utf8.count ?? 0) + (entry.detailType?.utf8.count ?? 0)
            + (entry.detail?.utf8.count ?? 0) + (entry.resources ?? []).reduce(0) { $0 + $1.utf8.count }
    }

    private func event(_ entry: Events.PutEventsRequestEntry, _ call: Call) throws(ServiceError) -> BusEvent {
        func required(_ name: String, _ value: String?) throws(ServiceError) -> String {
            guard let value, !value.isEmpty else {
                throw ServiceError(
                    "InvalidArgument", "Parameter \(name) is not valid. Reason: \(name) is a required argument.")
            }
            return value
        }
        let source = try required("Source", entry.source)
        let detailType = try required("DetailType", entry.detailType)
        let text = try required("Detail", entry.detail)
        if source.hasPrefix("aws."), call.caller.servicePrincipal == nil {
            throw ServiceError(
                "NotAuthorizedForSourceException", "Not authorized for the source.")
        }
        guard let detail = (try? JSONReader.parse(text))?.object else {
            throw ServiceError("MalformedDetail", "Detail is malformed.")
        }
        return BusEvent(
            id: core.identifiers.uuid(), source: source, detailType: detailType, account: call.scope.accountID,
            region: call.scope.region, time: entry.time ?? core.now, ingested: core.now,
            resources: entry.resources ?? [], detail: .object(detail))
    }
}

extension EventsService: ServiceEventListener {
    /// AWS: services put their events on the account's default bus.
    public func received(_ event: ServiceEvent, cause: Cause?) {
        guard let bus = findBus(nil, event.scope) else { return }
        publish(
            BusEvent(
                id: core.identifiers.uuid(), source: event.source, detailType: event.detailType,
                account: event.scope.accountID, region: event.scope.region, time: core.now, ingested: core.now,
                resources: event.resources, detail: .object(event.detail)),
            on: bus, cause: cause ?? Cause(entry: nil, trace: core.newTrace()))
    }
}
