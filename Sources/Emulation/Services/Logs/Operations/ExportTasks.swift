import AWSModel
import AWSTypes

// CreateExportTask, DescribeExportTasks, CancelExportTask: events of a group as gzip files in a bucket.

extension LogsService {
    static let exportKind = "export"
    private static let exportSlice = 5_000
    /// AWS: one task at a time; it waits a little before it runs.
    private static let exportDelay = Duration.seconds(2)

    func createExportTask(
        _ input: Logs.CreateExportTaskRequest, _ call: Call, _ reply: Reply<Logs.CreateExportTaskResponse>
    ) throws(ServiceError) {
        let group = try group(input.logGroupName, in: call.scope)
        core.attribute(call, to: group.arn, detail: input.destination)
        guard input.from <= input.to else {
            throw .invalidParameter("The from time must not be after the to time.")
        }
        let isBusy = items(Self.exportKind, in: call.scope).contains {
            ["PENDING", "RUNNING"].contains($0.document.object("status")?.string("code"))
        }
        guard !isBusy else { throw ServiceError("LimitExceededException", "Resource limit exceeded.") }
        // AWS: whether it may write is tried with a small object, which stays there.
        let prefix = input.destinationPrefix.map { $0 + "/" } ?? ""
        let probe = S3.PutObjectRequest(
            body: Array("Permission Check Successful".utf8), bucket: input.destination,
            key: "\(prefix)aws-logs-write-test")
        core.call(S3.putObject, probe, caller: exporter(call.scope), cause: call.cause) { [unowned self] result in
            if case .failure(let error) = result {
                reply.fail(
                    .invalidParameter(
                        error.code == "NoSuchBucket"
                            ? "The given bucket does not exist. Please make sure the bucket is valid."
                            : "PutObject call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation."
                    ))
                return
            }
            reply.succeed(Logs.CreateExportTaskResponse(taskId: start(input, call.scope)))
        }
    }

    /// Keeps a task and lets it wait for its turn.
    private func start(_ input: Logs.CreateExportTaskRequest, _ scope: Scope) -> String {
        let id = core.identifiers.uuid()
        let task = Logs.ExportTask(
            taskId: id, taskName: input.taskName, logGroupName: input.logGroupName, from: input.from, to: input.to,
            destination: input.destination, destinationPrefix: input.destinationPrefix ?? "exportedlogs",
            status: Logs.ExportTaskStatus(code: "PENDING"),
            executionInfo: Logs.ExportTaskExecutionInfo(creationTime: Int(core.now.epochMilliseconds)))
        var document = task.document
        document["streamPrefix"] = input.logStreamNamePrefix.map { .string($0) } ?? .null
        let item = LogsItem(scope: scope, kind: Self.exportKind, id: id, document: document, modified: core.now)
        save(item)
        armExport(item)
        return id
    }

    private func exporter(_ scope: Scope) -> Caller {
        Caller(
            scope: scope, endpoint: core.configuration.endpoint, servicePrincipal: "logs.amazonaws.com",
            sourceArn: scope.arn("logs", "log-group:*"))
    }

    /// Tasks that had not ended when the engine stopped begin again.
    func resumeExports() {
        for item in items.values.sorted(by: { $0.id < $1.id }) where item.kind == Self.exportKind {
            if ["PENDING", "RUNNING"].contains(item.document.object("status")?.string("code")) { armExport(item) }
        }
    }

    private func armExport(_ item: LogsItem) {
        let label = TimerLabel(kind: "LogExport", resourceArn: item.scope.arn("logs", "export-task:\(item.id)"))
        core.schedule(at: core.now + Self.exportDelay, label) { [unowned self] in
            guard let task = self.item(Self.exportKind, item.id, in: item.scope), isRunning(task) else { return }
            guard let group = find(task.document.string("logGroupName") ?? "", in: task.scope) else {
                return end(task, "FAILED", "The log group does not exist any more.")
            }
            setStatus(task, "RUNNING", nil)
            let prefix = task.document.string("streamPrefix") ?? ""
            let streams = group.streams.values.filter { $0.name.hasPrefix(prefix) }.sorted { $0.id < $1.id }
            let cause = core.record(
                .timer, service: "logs", action: "Export", resource: group.arn, cause: nil,
                detail: task.document.string("destination") ?? "")
            export(streams[...], part: 0, after: nil, of: task, cause)
        }
    }

    private func isRunning(_ task: LogsItem) -> Bool {
        ["PENDING", "RUNNING"].contains(task.document.object("status")?.string("code"))
    }

    /// One file of one stream; the next follows when it is stored.
    private func export(
        _ streams: ArraySlice<LogStream>, part: Int, after: LogEvent.Position?, of task: LogsItem, _ cause: Cause
    ) {
        guard let current = item(Self.exportKind, task.id, in: task.scope), isRunning(current) else { return }
        guard let stream = streams.first else { return end(task, "COMPLETED", "Completed successfully") }
        let from = Int64(task.document.integer("from") ?? 0)
        let to = Int64(task.document.integer("to") ?? 0)
        let selection = LogEventStore.Selection(
            source: .stream(stream.id), after: after ?? LogEvent.Position(time: from, sequence: 0),
            before: LogEvent.Position(time: to, sequence: 0))
        // AWS: to is exclusive.
        guard let page = try? events.read(selection, limit: Self.exportSlice) else {
            return end(task, "FAILED", "The events could not be read.")
        }
        guard let last = page.events.last else {
            return export(streams.dropFirst(), part: 0, after: nil, of: task, cause)
        }
        var text = ""
        for event in page.events {
            text += "\(Instant(epochMilliseconds: event.position.time).iso8601()) \(event.message)\n"
        }
        let number = String(part)
        let file = String(repeating: "0", count: max(0, 6 - number.count)) + number
        let prefix = task.document.string("destinationPrefix") ?? "exportedlogs"
        let name = stream.name.map { $0 == "/" ? "-" : String($0) }.joined()
        let request = S3.PutObjectRequest(
            body: StoredGzip.encode(Array(text.utf8)), bucket: task.document.string("destination") ?? "",
            contentType: "application/x-gzip", key: "\(prefix)/\(task.id)/\(name)/\(file).gz")
        core.call(S3.putObject, request, caller: exporter(task.scope), cause: cause) { [unowned self] result in
            if case .failure(let error) = result {
                return end(task, "FAILED", "\(error.code): \(error.message)")
            }
            if page.isCut {
                export(streams, part: part + 1, after: last.position, of: task, cause)
            } else {
                export(streams.dropFirst(), part: 0, after: nil, of: task, cause)
            }
        }
    }

    private func setStatus(_ task: LogsItem, _ code: String, _ message: String?) {
        guard var task = item(Self.exportKind, task.id, in: task.scope) else { return }
        task.document["status"] = .object(Logs.ExportTaskStatus(code: code, message: message).document)
        save(task)
    }

    private func end(_ task: LogsItem, _ code: String, _ message: String?) {
        guard var task = item(Self.exportKind, task.id, in: task.scope), isRunning(task) else { return }
        var info = task.document.object("executionInfo") ?? [:]
        info["completionTime"] = .integer(core.now.epochMilliseconds)
        task.document["executionInfo"] = .object(info)
        task.document["status"] = .object(Logs.ExportTaskStatus(code: code, message: message).document)
        save(task)
    }

    func describeExportTasks(
        _ input: Logs.DescribeExportTasksRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeExportTasksResponse {
        let found = items(Self.exportKind, in: call.scope).filter { item in
            (input.taskId == nil || item.id == input.taskId)
                && (input.statusCode == nil || item.document.object("status")?.string("code") == input.statusCode)
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.limit) { $0.id }
        return Logs.DescribeExportTasksResponse(exportTasks: page.map { Logs.ExportTask($0.document) }, nextToken: next)
    }

    func cancelExportTask(_ input: Logs.CancelExportTaskRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard let task = item(Self.exportKind, input.taskId, in: call.scope) else {
            throw ServiceError("ResourceNotFoundException", "The specified export task does not exist.")
        }
        guard isRunning(task) else {
            throw ServiceError("InvalidOperationException", "The specified export task has already finished")
        }
        end(task, "CANCELLED", nil)
        return Unit()
    }
}
