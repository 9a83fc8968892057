import AWSModel
import AWSTypes
import StatesLanguage

/// Rows of machines, executions and histories.
extension StepFunctionsService {
    // MARK: Machines

    func store(_ revision: MachineRevision) {
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_revisions (id, machine, source, role, revision, created, type) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(revision.id), .text(revision.machineArn), .text(revision.source), .text(revision.roleArn),
                .text(revision.revisionID), .instant(revision.created), .text(revision.type.rawValue),
            ])
    }

    func store(_ machine: StateMachineRecord) {
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_machines (arn, account, region, name, type, created, updated, revision, settings, last_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(machine.arn), .text(machine.scope.accountID), .text(machine.scope.region), .text(machine.name),
                .text(machine.type.rawValue), .instant(machine.created), .instant(machine.updated),
                .integer(machine.revision.id), .document(machine.settings), .integer(machine.lastVersion),
            ])
    }

    /// Takes a deleted machine and all that it had out of the world.
    func forget(_ machine: StateMachineRecord) {
        forgetMapRuns(of: machine)
        forgetMocks(of: machine)
        for record in machine.executions {
            executions[record.arn] = nil
            core.journal.record("DELETE FROM sfn_history WHERE execution = ?", [.integer(record.id)])
            removeRow(of: record)
        }
        warm.removeAll { record in
            guard record.machine === machine else { return false }
            warmEvents -= record.recent.count
            return true
        }
        for revision in revisions.values where revision.machineArn == machine.arn { revisions[revision.id] = nil }
        core.journal.record("DELETE FROM sfn_revisions WHERE machine = ?", [.text(machine.arn)])
        core.journal.record("DELETE FROM sfn_machines WHERE arn = ?", [.text(machine.arn)])
        remove(machine)
        core.changes.mark(Self.topic)
        core.changes.mark(machine.arn)
    }

    // MARK: Executions

    func store(_ record: ExecutionRecord, checkpoint: DocumentObject? = nil) {
        record.isStored = true
        let lastEvent = record.execution?.lastEventID ?? record.storedEvents + record.recent.count
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_executions (id, arn, machine, revision, version, name, status, started, stopped, input, output, error, cause, trace_header, last_event, checkpoint, alias, redrives, redriven, test_case, mocked_calls, redrive_tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(record.id), .text(record.arn), .text(record.machine.arn), .integer(record.revision.id),
                .text(record.versionArn), .text(record.name), .text(record.status.rawValue), .instant(record.started),
                record.stopped.map { .instant($0) } ?? .null, .text(record.input ?? "{}"), .text(record.output),
                .text(record.error), .text(record.cause), .text(record.traceHeader), .integer(lastEvent),
                checkpoint.map { .document($0) } ?? .null, .text(record.aliasArn),
                .integer(record.redrives), record.redriven.map { .instant($0) } ?? .null, .text(record.testCase),
                record.mockedCalls.isEmpty ? .null : .document(record.mockedCallsDocument),
                record.redriveTokens.isEmpty ? .null : .document(record.redriveTokenDocument),
            ])
    }

    /// The state of a running execution at the end of its part of the turn.
    func storeRunning(_ record: ExecutionRecord) {
        guard let execution = record.execution else { return }
        // AWS: an Express workflow that was started asynchronously runs at least once; one that somebody waits for, at most once.
        if !record.isStandard, record.onFinished != nil || record.mapLabel != nil { return }
        if record.isStored {
            core.journal.record(
                "UPDATE sfn_executions SET checkpoint = ?, last_event = ? WHERE id = ?",
                [.document(execution.checkpoint), .integer(execution.lastEventID), .integer(record.id)])
        } else {
            store(record, checkpoint: execution.checkpoint)
        }
    }

    func removeRow(of record: ExecutionRecord) {
        core.journal.record("DELETE FROM sfn_executions WHERE id = ?", [.integer(record.id)])
    }

    func store(_ events: [HistoryEvent], of record: ExecutionRecord) {
        for event in events {
            let details = event.details
            core.journal.record(
                "INSERT OR REPLACE INTO sfn_history (execution, id, previous, time, type, name, data, error, cause, more) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .integer(record.id), .integer(event.id), .integer(event.previousEventID), .instant(event.timestamp),
                    .text(event.type.name), .text(details.name), .text(details.data), .text(details.error),
                    .text(details.cause),
                    Self.more(details),
                ])
        }
    }

    /// The rarer members of an event's details.
    private static func more(_ details: HistoryEventDetails) -> SQLValue {
        var more = DocumentObject()
        if let value = details.index { more["index"] = .integer(Int64(value)) }
        if let value = details.resource { more["resource"] = .string(value) }
        if let value = details.resourceType { more["type"] = .string(value) }
        if let value = details.region { more["region"] = .string(value) }
        if let value = details.roleArn { more["role"] = .string(value) }
        if let value = details.timeoutInSeconds { more["timeout"] = .integer(Int64(value)) }
        if let value = details.heartbeatInSeconds { more["heartbeat"] = .integer(Int64(value)) }
        if let value = details.assignedVariables {
            more["assigned"] = .object(
                DocumentObject(value.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        return more.isEmpty ? .null : .document(more)
    }

    /// The events of an execution with ids in `range`, oldest first, wherever they lie.
    func events(of record: ExecutionRecord, in range: ClosedRange<Int>) -> [HistoryEvent] {
        var found: [HistoryEvent] = []
        if range.lowerBound <= record.storedEvents {
            try? core.journal.rows.forEach(
                "SELECT id, previous, time, type, name, data, error, cause, more FROM sfn_history WHERE execution = ? AND id BETWEEN ? AND ? ORDER BY id",
                [.integer(record.id), .integer(range.lowerBound), .integer(min(range.upperBound, record.storedEvents))]
            ) { row in
                guard let type = HistoryEventType(name: row.text(3)) else { return }
                let more = row.isNull(8) ? [:] : row.document(8)
                let details = HistoryEventDetails(
                    name: row.optionalText(4), data: row.optionalText(5), error: row.optionalText(6),
                    cause: row.optionalText(7),
                    index: more.integer("index"), resource: more.string("resource"), resourceType: more.string("type"),
                    region: more.string("region"), roleArn: more.string("role"),
                    timeoutInSeconds: more.integer("timeout"),
                    heartbeatInSeconds: more.integer("heartbeat"), assignedVariables: more.stringMap("assigned"))
                found.append(
                    HistoryEvent(
                        id: row.int(0), previousEventID: row.int(1), timestamp: row.instant(2), type: type,
                        details: details))
            }
        }
        let first = max(range.lowerBound - record.storedEvents - 1, 0)
        let last = min(range.upperBound - record.storedEvents - 1, record.recent.count - 1)
        if first <= last { found.append(contentsOf: record.recent[first...last]) }
        return found
    }

    /// Input and output, read from disk where they are no longer in memory.
    func payloads(of record: ExecutionRecord) -> (input: String?, output: String?) {
        if record.input != nil { return (record.input, record.output) }
        var found: (String?, String?) = (nil, nil)
        try? core.journal.rows.forEach("SELECT input, output FROM sfn_executions WHERE id = ?", [.integer(record.id)]) {
            row in
            found = (row.optionalText(0), row.optionalText(1))
        }
        return found
    }
}

extension StateMachineRecord {
    /// What the row keeps as one document.
    var settings: DocumentObject {
        get {
            var document: DocumentObject = [
                "logging": .object(logging.document), "tracing": .object(tracing.document),
                "tags": .list(tags.map { ["key": .string($0.key), "value": .string($0.value)] }),
                "versions": .list(
                    versions.map { version in
                        var document: DocumentObject = [
                            "number": .integer(Int64(version.number)), "revision": .integer(version.revision),
                            "created": .integer(version.created.microseconds),
                            "logging": .object(version.logging.document),
                            "tracing": .object(version.tracing.document),
                        ]
                        if let text = version.description { document["description"] = .string(text) }
                        return .object(document)
                    }),
                "deleting": .bool(isDeleting),
            ]
            if !aliases.isEmpty { document["aliases"] = .list(aliases.map { .object($0.document) }) }
            if let encryption { document["encryption"] = .object(encryption.document) }
            return document
        }
        set {
            logging = SFN.LoggingConfiguration(newValue.object("logging") ?? [:])
            tracing = SFN.TracingConfiguration(newValue.object("tracing") ?? [:])
            encryption = newValue.object("encryption").map(SFN.EncryptionConfiguration.init)
            tags =
                newValue.list("tags")?.compactMap { tag in
                    tag["key"]?.string.map { ($0, tag["value"]?.string ?? "") }
                } ?? []
            versions =
                newValue.list("versions")?.compactMap { value in
                    guard let number = value["number"]?.integer, let revision = value["revision"]?.integer else {
                        return nil
                    }
                    return MachineVersion(
                        number: Int(number), revision: revision, description: value["description"]?.string,
                        created: Instant(microseconds: value["created"]?.integer ?? 0),
                        logging: value["logging"]?.object.map(SFN.LoggingConfiguration.init) ?? logging,
                        tracing: value["tracing"]?.object.map(SFN.TracingConfiguration.init) ?? tracing)
                } ?? []
            aliases = newValue.list("aliases")?.compactMap { $0.object.flatMap(MachineAlias.init) } ?? []
            isDeleting = newValue.bool("deleting") ?? false
        }
    }
}
