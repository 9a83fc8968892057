import AWSModel
import AWSTypes

extension EventsService {
    func addArchiveOperations(to table: inout OperationTable) {
        table.on(Events.createArchive, createArchive)
        table.on(Events.updateArchive, updateArchive)
        table.on(Events.describeArchive, describeArchive)
        table.on(Events.deleteArchive, deleteArchive)
        table.on(Events.listArchives, listArchives)
        table.on(Events.startReplay, startReplay)
        table.on(Events.cancelReplay, cancelReplay)
        table.on(Events.describeReplay, describeReplay)
        table.on(Events.listReplays, listReplays)
    }

    private func archive(_ name: String, _ scope: Scope) throws(ServiceError) -> EventArchive {
        guard let archive = archives[scope]?[name] else {
            throw .eventsNotFound("Archive \(name) does not exist.")
        }
        return archive
    }

    func createArchive(_ input: Events.CreateArchiveRequest, _ call: Call) throws(ServiceError)
        -> Events.CreateArchiveResponse
    {
        guard input.archiveName.utf8.count <= 48 else {
            throw .validation(
                "1 validation error detected: Value '\(input.archiveName)' at 'archiveName' failed to satisfy constraint: Member must have length less than or equal to 48"
            )
        }
        let pattern = try input.eventPattern.map { text throws(ServiceError) in try compile(text) }
        let bus = try bus(input.eventSourceArn, call.scope)
        guard archives[call.scope]?[input.archiveName] == nil else {
            throw .eventsExists("Archive \(input.archiveName) already exists.")
        }
        let archive = EventArchive(scope: call.scope, name: input.archiveName, sourceArn: bus.arn, created: core.now)
        archive.description = input.description
        archive.patternText = input.eventPattern
        archive.pattern = pattern
        archive.retentionDays = input.retentionDays ?? 0
        archive.kmsKeyIdentifier = input.kmsKeyIdentifier
        archives[call.scope, default: [:]][archive.name] = archive
        bus.archives.append(archive.name)
        save(archive)
        putRule(of: archive, on: bus)
        core.attribute(call, to: archive.arn)
        return Events.CreateArchiveResponse(
            archiveArn: archive.arn, state: "ENABLED", creationTime: archive.created)
    }

    func updateArchive(_ input: Events.UpdateArchiveRequest, _ call: Call) throws(ServiceError)
        -> Events.UpdateArchiveResponse
    {
        let archive = try archive(input.archiveName, call.scope)
        if let text = input.eventPattern {
            archive.pattern = try compile(text)
            archive.patternText = text
        }
        if let text = input.description { archive.description = text }
        if let days = input.retentionDays { archive.retentionDays = days }
        save(archive)
        if let bus = findBus(archive.sourceArn, call.scope) { putRule(of: archive, on: bus) }
        expire(archive)
        core.attribute(call, to: archive.arn)
        return Events.UpdateArchiveResponse(
            archiveArn: archive.arn, state: "ENABLED", creationTime: archive.created)
    }

    func describeArchive(_ input: Events.DescribeArchiveRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeArchiveResponse
    {
        let archive = try archive(input.archiveName, call.scope)
        core.attribute(call, to: archive.arn)
        return Events.DescribeArchiveResponse(
            archiveArn: archive.arn, archiveName: archive.name, eventSourceArn: archive.sourceArn,
            description: archive.description, eventPattern: archive.patternText, state: "ENABLED",
            kmsKeyIdentifier: archive.kmsKeyIdentifier, retentionDays: archive.retentionDays,
            sizeBytes: archive.sizeBytes, eventCount: archive.eventCount, creationTime: archive.created)
    }

    func deleteArchive(_ input: Events.DeleteArchiveRequest, _ call: Call) throws(ServiceError)
        -> Events.DeleteArchiveResponse
    {
        let archive = try archive(input.archiveName, call.scope)
        core.attribute(call, to: archive.arn)
        core.cancel(archive.timer)
        archives[call.scope]?[archive.name] = nil
        if let bus = findBus(archive.sourceArn, call.scope) {
            bus.archives.removeAll { $0 == archive.name }
            if let rule = bus.rule(ArchiveRule.name(of: archive)) { forget(rule, of: bus) }
        }
        core.journal.record("DELETE FROM events_archived WHERE archive = ?", [.text(archive.arn)])
        removeRow(of: archive)
        return Events.DeleteArchiveResponse()
    }

    func listArchives(_ input: Events.ListArchivesRequest, _ call: Call) throws(ServiceError)
        -> Events.ListArchivesResponse
    {
        guard [input.namePrefix, input.eventSourceArn, input.state].count(where: { $0 != nil }) <= 1 else {
            throw .validation(
                "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.")
        }
        if let source = input.eventSourceArn { _ = try bus(source, call.scope) }
        let all = archives[call.scope, default: [:]].values.filter {
            $0.name.hasPrefix(input.namePrefix ?? "") && $0.sourceArn == (input.eventSourceArn ?? $0.sourceArn)
                && (input.state ?? "ENABLED") == "ENABLED"
        }.sorted { $0.name < $1.name }
        let page = try page(all, token: input.nextToken, limit: input.limit)
        return Events.ListArchivesResponse(
            archives: page.items.map {
                Events.Archive(
                    archiveName: $0.name, eventSourceArn: $0.sourceArn, state: "ENABLED",
                    retentionDays: $0.retentionDays, sizeBytes: $0.sizeBytes, eventCount: $0.eventCount,
                    creationTime: $0.created)
            }, nextToken: page.nextToken)
    }

    private func putRule(of archive: EventArchive, on bus: EventBus) {
        let rule = ArchiveRule.rule(for: archive, on: bus)
        bus.put(rule)
        save(rule)
    }

    /// Keeps an event in each archive of its bus whose pattern it matches.
    func archive(_ event: BusEvent, _ document: DocumentValue, from bus: EventBus) {
        for name in bus.archives {
            guard let archive = archives[bus.scope]?[name], archive.pattern?.matches(document) ?? true else { continue }
            let text = JSONWriter.string(document)
            let size = event.archivedSize
            lastArchivedID += 1
            core.journal.record(
                "INSERT INTO events_archived VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(lastArchivedID), .text(archive.arn), .instant(event.time), .integer(size),
                    .text(text),
                ])
            archive.eventCount += 1
            archive.sizeBytes += size
            if archive.timer == nil { wait(archive, forEventOf: event.time) }
        }
    }

    // MARK: Retention

    /// Drops what is past its days, and waits for what is next.
    private func expire(_ archive: EventArchive) {
        guard archive.retentionDays > 0 else { return expireLater(archive) }
        let limit = core.now - .seconds(archive.retentionDays * 86_400)
        var count = 0
        var size = 0
        try? core.journal.rows.forEach(
            "SELECT count(*), coalesce(sum(size), 0) FROM events_archived WHERE archive = ? AND time <= ?",
            [.text(archive.arn), .instant(limit)]
        ) { row in
            count = row.int(0)
            size = row.int(1)
        }
        if count > 0 {
            archive.eventCount -= count
            archive.sizeBytes -= size
            core.journal.record(
                "DELETE FROM events_archived WHERE archive = ? AND time <= ?", [.text(archive.arn), .instant(limit)])
        }
        expireLater(archive, after: limit)
    }

    func expireLater(_ archive: EventArchive, after limit: Instant = Instant(microseconds: .min)) {
        core.cancel(archive.timer)
        archive.timer = nil
        guard archive.retentionDays > 0 else { return }
        try? core.journal.rows.forEach(
            "SELECT min(time) FROM events_archived WHERE archive = ? AND time > ?",
            [.text(archive.arn), .instant(limit)]
        ) { row in
            if !row.isNull(0) { wait(archive, forEventOf: row.instant(0)) }
        }
    }

    private func wait(_ archive: EventArchive, forEventOf time: Instant) {
        guard archive.retentionDays > 0 else { return }
        let label = TimerLabel(kind: "ArchiveRetention", resourceArn: archive.arn, isInternal: true)
        archive.timer = core.schedule(at: time + .seconds(archive.retentionDays * 86_400), label) {
            [weak self, weak archive] in
            guard let self, let archive else { return }
            archive.timer = nil
            expire(archive)
        }
    }
}
