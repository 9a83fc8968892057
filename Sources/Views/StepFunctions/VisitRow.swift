import AWSModel
import TerminalUI

/// A visit as the Table tab lists it.
struct VisitRow: Identifiable, Sendable {
    var visit: StateVisit
    var depth: Int
    var now: Instant
    /// When the execution began, and when it ended or what time it is.
    var start: Int64
    var end: Int64

    var id: Int { visit.id }

    /// All visits, each below what it lies in, in the order they were entered.
    static func rows(_ trace: ExecutionTrace, now: Instant) -> [VisitRow] {
        guard let started = trace.started ?? trace.visits.first?.entered else { return [] }
        let end = (trace.ended ?? max(now, started)).epochMilliseconds
        var depths: [Int: Int] = [:]
        return trace.visits.map { visit in
            let depth = visit.container.map { (depths[$0] ?? 0) + 1 } ?? 0
            depths[visit.id] = depth
            return VisitRow(visit: visit, depth: depth, now: now, start: started.epochMilliseconds, end: end)
        }
    }

    private var title: StyledLine {
        var line = StyledLine(String(repeating: "  ", count: min(depth, 6)) + visit.name)
        if let iteration = visit.iteration { line.append(" #\(iteration)", .dim) }
        if visit.retries > 0 { line.append(" ↻\(visit.retries)", .warning) }
        return line
    }

    static func table() -> Table<VisitRow> {
        Table(
            id: "visits",
            columns: [
                TableColumn("State", min: 22, order: TableColumn.by { $0.visit.name }) { TableCell($0.title) },
                TableColumn("Status", min: 11, ideal: 11, order: TableColumn.by { $0.visit.status.rawValue }) {
                    TableCell.status(
                        $0.visit.isWaitingToRetry ? .waiting : $0.visit.status.mark,
                        $0.visit.isWaitingToRetry ? "Retrying" : nil)
                },
                TableColumn(
                    "Duration", min: 9, ideal: 10, align: .right,
                    order: TableColumn.by { $0.visit.milliseconds(now: $0.now) }
                ) {
                    TableCell(ElapsedTime.text(milliseconds: $0.visit.milliseconds(now: $0.now)))
                },
                TableColumn("Attempts and waits", min: 22, ideal: 22) {
                    TableCell(TimelineBar($0.visit, start: $0.start, end: $0.end, now: $0.now).line(width: 22))
                },
                TableColumn("Type", min: 8, ideal: 8, order: TableColumn.by { $0.visit.type }) {
                    TableCell($0.visit.type, .dim)
                },
                TableColumn("Started", min: 8, ideal: 10, align: .right, order: TableColumn.by { $0.visit.entered }) {
                    TableCell(ElapsedTime.offset($0.visit.entered.epochMilliseconds - $0.start), .dim)
                },
                TableColumn("Resource", min: 14, ideal: 22, clipsMiddle: true) {
                    TableCell($0.visit.resource.map(TaskResource.short) ?? "–", .dim)
                },
            ], empty: "No state has been entered yet.")
    }
}

/// What a task calls, without what is the same in every ARN.
enum TaskResource {
    static func short(_ text: String) -> String {
        guard let arn = ARN(text) else { return text }
        let resource = arn.resource.hasPrefix("function:") ? String(arn.resource.dropFirst(9)) : arn.resource
        return arn.service == "states" ? resource : "\(arn.service):\(resource)"
    }
}

/// An event as the Events tab lists it.
struct EventRow: Identifiable, Sendable {
    var event: TraceEvent
    var state: String?
    var start: Int64

    var id: Int { event.id }

    static func rows(_ trace: ExecutionTrace, newestFirst: Bool) -> [EventRow] {
        let start = (trace.started ?? trace.events.first?.time ?? .epoch).epochMilliseconds
        let rows = trace.events.map { EventRow(event: $0, state: trace.visit(ofEvent: $0.id)?.name, start: start) }
        return newestFirst ? rows.reversed() : rows
    }

    private var typeCell: TableCell {
        let role: Role =
            switch event.status {
            case .failed, .timedOut: .failure
            case .succeeded: .success
            default: .text
            }
        return TableCell(event.type, role)
    }

    static func table(id: String = "events") -> Table<EventRow> {
        Table(
            id: id,
            columns: [
                TableColumn("Id", min: 4, ideal: 5, align: .right, order: TableColumn.by { $0.event.id }) {
                    TableCell("\($0.event.id)", .dim)
                },
                TableColumn("Type", min: 24, ideal: 26, order: TableColumn.by { $0.event.type }) { $0.typeCell },
                TableColumn("Elapsed", min: 9, ideal: 11, align: .right) {
                    TableCell(ElapsedTime.offset($0.event.time.epochMilliseconds - $0.start), .dim)
                },
                TableColumn("State", min: 12, ideal: 22, order: TableColumn.by { $0.state ?? "" }) {
                    TableCell($0.state ?? "–")
                },
                TableColumn("Details", min: 12) { TableCell($0.event.summary.replacingLineEnds, .dim) },
            ], empty: "No events yet.")
    }
}

extension String {
    /// On one line, for a cell of a list.
    var replacingLineEnds: String { String(map { $0.isNewline ? " " : $0 }.prefix(400)) }
}
