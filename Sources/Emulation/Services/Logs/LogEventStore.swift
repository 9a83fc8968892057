import AWSModel

/// Log events as rows. Only events whose rows may not be committed yet are in memory too, so that a world may log
/// gigabytes; every read merges both.
final class LogEventStore {
    /// Which events to read: of one stream or a whole group, strictly between two positions.
    struct Selection {
        enum Source {
            case stream(Int64)
            case group(Int64)
        }

        var source: Source
        /// Exclusive.
        var after: LogEvent.Position
        /// Exclusive.
        var before: LogEvent.Position
        var isDescending = false
    }

    private let journal: Journal
    private var uncommitted: [LogEvent] = []
    /// Length at which the next look for committed events is worth its query.
    private var pruneAt = 1000
    private(set) var lastSequence: Int64 = 0

    init(journal: Journal) { self.journal = journal }

    func restore(lastSequence: Int64) { self.lastSequence = max(self.lastSequence, lastSequence) }

    /// Adds an event of a stream and returns its number.
    func append(_ message: String, time: Int64, ingestionTime: Int64, group: Int64, stream: Int64) -> Int64 {
        if !journal.hasPending {
            uncommitted.removeAll(keepingCapacity: uncommitted.count < 10_000)
        } else if uncommitted.count >= pruneAt {
            prune()
            pruneAt = uncommitted.count + 1000
        }
        lastSequence += 1
        let event = LogEvent(
            position: LogEvent.Position(time: time, sequence: lastSequence), group: group, stream: stream,
            ingestionTime: ingestionTime, message: message)
        uncommitted.append(event)
        journal.record(
            "INSERT INTO logs_events VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(group), .integer(time), .integer(lastSequence), .integer(stream), .integer(ingestionTime),
                .text(message),
            ])
        return lastSequence
    }

    /// Bytes of messages that one read may bring into memory; events may be 1 MB each.
    private static let readLimit = 4_194_304

    struct Page {
        var events: [LogEvent]
        /// True where the page ended for its size: there may be more beyond its last event.
        var isCut: Bool
    }

    /// Up to `limit` events in the order asked for; fewer where they are large.
    func read(_ selection: Selection, limit: Int) throws(ServiceError) -> Page {
        prune()
        var page = try stored(selection, limit: limit)
        let edge = page.isCut ? page.events.last?.position : nil
        let known = Set(page.events.lazy.map(\.position.sequence))
        let fresh = uncommitted.filter { event in
            guard event.position > selection.after, event.position < selection.before,
                !known.contains(event.position.sequence)
            else { return false }
            if let edge, selection.isDescending ? event.position < edge : event.position > edge { return false }
            switch selection.source {
            case .stream(let id): return event.stream == id
            case .group(let id): return event.group == id
            }
        }
        guard !fresh.isEmpty else { return page }
        page.events += fresh
        page.events.sort { selection.isDescending ? $0.position > $1.position : $0.position < $1.position }
        if page.events.count > limit {
            page.events.removeLast(page.events.count - limit)
            page.isCut = true
        }
        return page
    }

    private func stored(_ selection: Selection, limit: Int) throws(ServiceError) -> Page {
        let (column, id) =
            switch selection.source {
            case .stream(let id): ("stream", id)
            case .group(let id): ("log_group", id)
            }
        let order = selection.isDescending ? "DESC" : "ASC"
        var page = Page(events: [], isCut: false)
        var bytes = 0
        try query(
            """
            SELECT time, sequence, log_group, stream, ingestion, message FROM logs_events
            WHERE \(column) = ? AND (time, sequence) > (?, ?) AND (time, sequence) < (?, ?)
            ORDER BY time \(order), sequence \(order) LIMIT ?
            """,
            [
                .integer(id), .integer(selection.after.time), .integer(selection.after.sequence),
                .integer(selection.before.time), .integer(selection.before.sequence), .integer(limit),
            ]
        ) { row in
            guard bytes < Self.readLimit else {
                page.isCut = true
                return
            }
            let event = LogEvent(
                position: LogEvent.Position(time: row.integer(0), sequence: row.integer(1)), group: row.integer(2),
                stream: row.integer(3), ingestionTime: row.integer(4), message: row.text(5))
            bytes += event.billedBytes
            page.events.append(event)
        }
        page.isCut = page.isCut || page.events.count == limit
        return page
    }

    func deleteEvents(ofStream stream: Int64) {
        uncommitted.removeAll { $0.stream == stream }
        journal.record("DELETE FROM logs_events WHERE stream = ?", [.integer(stream)])
    }

    func deleteEvents(ofGroup group: Int64) {
        uncommitted.removeAll { $0.group == group }
        journal.record("DELETE FROM logs_events WHERE log_group = ?", [.integer(group)])
    }

    /// Deletes what is older than `time` in a group; returns the bytes that went, by stream.
    func deleteEvents(ofGroup group: Int64, before time: Int64) throws(ServiceError) -> [Int64: Int] {
        var bytes: [Int64: Int] = [:]
        try query(
            """
            SELECT stream, SUM(LENGTH(CAST(message AS BLOB)) + ?) FROM logs_events
            WHERE log_group = ? AND time < ? GROUP BY stream
            """,
            [.integer(LogEvent.overhead), .integer(group), .integer(time)]
        ) { bytes[$0.integer(0)] = $0.int(1) }
        guard !bytes.isEmpty else { return [:] }
        journal.record("DELETE FROM logs_events WHERE log_group = ? AND time < ?", [.integer(group), .integer(time)])
        return bytes
    }

    /// Forgets events that are rows by now. Rows are committed in order: a stream's row that names a number says that
    /// everything up to it is there.
    private func prune() {
        guard !uncommitted.isEmpty else { return }
        guard journal.hasPending else {
            uncommitted.removeAll()
            return
        }
        var committed: Int64 = 0
        do throws(ServiceError) {
            try query("SELECT MAX(last_sequence) FROM logs_streams", []) { committed = $0.integer(0) }
        } catch {
            // Unreadable now: keeping them costs memory only, and the read itself reports the failure.
            return
        }
        uncommitted.removeAll { $0.position.sequence <= committed }
    }

    private func query(_ sql: String, _ arguments: [SQLValue], _ body: (StoredRows.Row) -> Void) throws(ServiceError) {
        do throws(StorageError) {
            try journal.rows.forEach(sql, arguments, body)
        } catch {
            throw .internalFailure(error.description)
        }
    }
}
