import AWSModel
import AWSTypes

// StartQuery, GetQueryResults, StopQuery, DescribeQueries.

extension LogsService {
    private static let querySlice = 1_000
    /// AWS: at most 30 queries at a time.
    private static let queryLimit = 30
    /// Finished queries that are kept.
    private static let keptQueries = 200

    func startQuery(_ input: Logs.StartQueryRequest, _ call: Call) throws(ServiceError) -> Logs.StartQueryResponse {
        if let language = input.queryLanguage, language != "CWLI" {
            throw .invalidParameter("Skua does not implement the query language \(language).")
        }
        let query: InsightsQuery
        do {
            query = try InsightsParser.parse(input.queryString)
        } catch {
            throw error.serviceError
        }
        guard input.startTime <= input.endTime else {
            throw .invalidParameter(
                "Query's end date and time is either before the log groups creation time or before its start")
        }
        let groups = try queried(input, query, call)
        guard queries.values.count(where: { $0.status == "Running" }) < Self.queryLimit else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        // AWS: seconds; some clients send milliseconds.
        func milliseconds(_ time: Int) -> Int64 { time > 100_000_000_000 ? Int64(time) : Int64(time) * 1000 }
        var sources: [[LogGroup]] = []
        for subquery in query.subqueries {
            sources.append(subquery.hasSource ? try self.groups(of: subquery, call) : groups)
        }
        let started = LogQuery(
            id: core.identifiers.uuid(), scope: call.scope, text: input.queryString, query: query,
            limit: input.limit, groups: groups, sources: sources, created: call.time,
            from: milliseconds(input.startTime), to: milliseconds(input.endTime))
        if queryOrder.count >= Self.keptQueries { queries[queryOrder.removeFirst()] = nil }
        queries[started.id] = started
        queryOrder.append(started.id)
        if let first = groups.first { core.attribute(call, to: first.arn, detail: input.queryString) }
        goOn(started)
        return Logs.StartQueryResponse(queryId: started.id)
    }

    private func queried(
        _ input: Logs.StartQueryRequest, _ query: InsightsQuery, _ call: Call
    ) throws(ServiceError) -> [LogGroup] {
        let given = [input.logGroupName != nil, input.logGroupNames != nil, input.logGroupIdentifiers != nil]
        guard given.count(where: { $0 }) <= 1 else {
            throw .invalidParameter("logGroupName, logGroupNames and logGroupIdentifiers are mutually exclusive.")
        }
        if query.hasSource { return try groups(of: query, call) }
        let names =
            input.logGroupName.map { [$0] } ?? input.logGroupNames ?? input.logGroupIdentifiers?.map {
                Self.name(ofIdentifier: $0)
            } ?? []
        guard !names.isEmpty else {
            throw .invalidParameter("Must specify at least one log group to query.")
        }
        return try groups(named: names, call)
    }

    /// Those that the query itself names.
    private func groups(of query: InsightsQuery, _ call: Call) throws(ServiceError) -> [LogGroup] {
        let named = try groups(named: query.sourceNames.map { Self.name(ofIdentifier: $0) }, call)
        return named
            + groups(in: call.scope).filter { group in query.sourcePrefixes.contains { group.name.hasPrefix($0) } }
    }

    private func groups(named names: [String], _ call: Call) throws(ServiceError) -> [LogGroup] {
        var found: [LogGroup] = []
        for name in names {
            guard let group = find(name, in: call.scope) else {
                // AWS: the words of the service behind Insights, wrapped by the one in front of it.
                throw ServiceError(
                    "ResourceNotFoundException",
                    "Log group '\(name)' does not exist for account ID '\(call.scope.accountID)' (Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: \(core.identifiers.uuid()); Proxy: null)"
                )
            }
            found.append(group)
        }
        return found
    }

    /// The next slice comes in a turn of its own: a long query must not hold up others, nor need the clock to run.
    private func goOn(_ query: LogQuery) {
        core.start(.work { .success(true) }) { [unowned self] _ in
            guard query.status == "Running" else { return }
            do throws(ServiceError) {
                if try scan(query) { return goOn(query) }
                query.status = "Complete"
            } catch {
                query.status = "Failed"
            }
            query.finished = core.now
            core.changes.mark("logs:queries")
        }
    }

    /// Reads one slice; false where there is no more.
    private func scan(_ query: LogQuery) throws(ServiceError) -> Bool {
        guard let (group, from, before) = query.next else { return query.advance(behind: nil) }
        let oldest = max(from, group.oldestKept(at: core.now))
        let page = try events.read(
            LogEventStore.Selection(
                source: .group(group.id), after: LogEvent.Position(time: oldest, sequence: 0), before: before,
                isDescending: true), limit: Self.querySlice)
        let names = Dictionary(uniqueKeysWithValues: group.streams.values.map { ($0.id, $0.name) })
        let label = "\(group.scope.accountID):\(group.name)"
        let isTreated = hasTreatment(group)
        for event in page.events {
            let stream = names[event.stream] ?? ""
            let record =
                isTreated
                ? self.record(event, stream: stream, of: group) : InsightsRecord(event, stream: stream, group: label)
            query.add(record, bytes: event.message.utf8.count)
        }
        return query.advance(behind: page.isCut ? page.events.last?.position : nil)
    }

    /// An event as a query sees it: as its transformer made it, and masked.
    private func record(_ event: LogEvent, stream: String, of group: LogGroup) -> InsightsRecord {
        let label = "\(group.scope.accountID):\(group.name)"
        guard hasTreatment(group) else { return InsightsRecord(event, stream: stream, group: label) }
        var event = event
        if let text = transformed(event.message, at: event.ingestionTime, stream: stream, of: group) {
            event.message = text
        }
        let shown = masked(event.message, at: event.ingestionTime, of: group)
        return InsightsRecord(event, stream: stream, group: label, shown: shown)
    }

    func getQueryResults(
        _ input: Logs.GetQueryResultsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetQueryResultsResponse {
        guard let query = queries[input.queryId], query.scope == call.scope else { throw Self.noQuery }
        return Logs.GetQueryResultsResponse(
            queryLanguage: "CWLI",
            results: query.rows.map { row in
                row.map { Logs.ResultField(field: $0.field, value: $0.value) }
            },
            statistics: Logs.QueryStatistics(
                recordsMatched: Double(query.matched), recordsScanned: Double(query.scanned),
                estimatedRecordsSkipped: 0, bytesScanned: Double(query.bytes), estimatedBytesSkipped: 0,
                logGroupsScanned: Double(query.groups.count)), status: query.status)
    }

    private static var noQuery: ServiceError {
        ServiceError("ResourceNotFoundException", "The specified query does not exist.")
    }

    func stopQuery(_ input: Logs.StopQueryRequest, _ call: Call) throws(ServiceError) -> Logs.StopQueryResponse {
        guard let query = queries[input.queryId], query.scope == call.scope else { throw Self.noQuery }
        guard query.status == "Running" else {
            throw .invalidParameter("Query \(query.id) is not running: it has ended with status \(query.status)")
        }
        query.status = "Cancelled"
        query.finished = core.now
        return Logs.StopQueryResponse(success: true)
    }

    func describeQueries(
        _ input: Logs.DescribeQueriesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeQueriesResponse {
        let found = queryOrder.reversed().compactMap { queries[$0] }.filter { query in
            query.scope == call.scope && (input.status == nil || query.status == input.status)
                && (input.logGroupName.map { name in query.groups.contains { $0.name == name } } ?? true)
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxResults, most: 1000) { $0.id }
        return Logs.DescribeQueriesResponse(
            queries: page.map { query in
                Logs.QueryInfo(
                    queryLanguage: "CWLI", queryId: query.id, queryString: query.listed, status: query.status,
                    createTime: Int(query.created.epochMilliseconds), logGroupName: query.groups.first?.name,
                    queryDuration: query.finished.map {
                        Int($0.epochMilliseconds - query.created.epochMilliseconds)
                    },
                    bytesScanned: Double(query.bytes))
            }, nextToken: next)
    }

    // MARK: GetLogRecord, GetLogGroupFields

    func getLogRecord(
        _ input: Logs.GetLogRecordRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetLogRecordResponse {
        guard let (groupID, position) = LogsToken.pointed(input.logRecordPointer),
            let group = groups(in: call.scope).first(where: { $0.id == groupID })
        else { throw .invalidParameter("Invalid log record pointer") }
        let page = try events.read(
            LogEventStore.Selection(
                source: .group(group.id),
                after: LogEvent.Position(time: position.time, sequence: position.sequence - 1),
                before: LogEvent.Position(time: position.time, sequence: position.sequence + 1)), limit: 1)
        guard let event = page.events.first else {
            throw ServiceError("ResourceNotFoundException", "The specified log record does not exist.")
        }
        let stream = group.streams.values.first { $0.id == event.stream }?.name ?? ""
        let record = record(event, stream: stream, of: group)
        return Logs.GetLogRecordResponse(
            logRecord: record.values.mapValues { value in
                if case .time(let milliseconds) = value { String(Int64(milliseconds)) } else { value.text }
            })
    }

    /// AWS: of the newest events, in per cent that have the field.
    func getLogGroupFields(
        _ input: Logs.GetLogGroupFieldsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetLogGroupFieldsResponse {
        let group = try group(name: input.logGroupName, identifier: input.logGroupIdentifier, in: call.scope)
        let centre = input.time.map { $0 > 100_000_000_000 ? Int64($0) : Int64($0) * 1000 }
        let start = centre.map { $0 - 480_000 } ?? (call.time.epochMilliseconds - 900_000)
        let end = centre.map { $0 + 480_000 } ?? call.time.epochMilliseconds + 1
        let page = try events.read(
            LogEventStore.Selection(
                source: .group(group.id), after: LogEvent.Position(time: start, sequence: 0),
                before: LogEvent.Position(time: end + 1, sequence: 0), isDescending: true), limit: Self.querySlice)
        var counts: [String: Int] = [:]
        for event in page.events {
            for name in record(event, stream: "", of: group).values.keys { counts[name, default: 0] += 1 }
        }
        let total = max(1, page.events.count)
        return Logs.GetLogGroupFieldsResponse(
            logGroupFields: counts.filter { $0.key != "@ptr" }
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { Logs.LogGroupField(name: $0.key, percent: $0.value * 100 / total) })
    }
}
