import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A Map Run and its child executions, read together.
struct MapRunReading: Sendable {
    var run: SFN.DescribeMapRunOutput
    var children: [ChildRow]
    /// More child executions exist than were read.
    var isPartial = false
    /// Why children cannot be listed, as those of Express.
    var problem: String?

    /// Children beyond this many are left to filters.
    static let mostChildren = 5000

    static func read(_ arn: String, status: String?, _ context: ConsoleContext) async throws -> MapRunReading {
        var reading = MapRunReading(
            run: try await context.aws.call(SFN.describeMapRun, .init(mapRunArn: arn)), children: [])
        do {
            var token: String?
            repeat {
                let page = try await context.aws.call(
                    SFN.listExecutions,
                    .init(statusFilter: status, maxResults: 1000, nextToken: token, mapRunArn: arn))
                reading.children += page.executions.map { ChildRow($0) }
                token = page.nextToken
            } while token != nil && reading.children.count < mostChildren && !Task.isCancelled
            reading.isPartial = token != nil
        } catch {
            // AWS: Express children keep no list; their counts are all there is.
            reading.problem =
                error.code == "StateMachineTypeNotSupported"
                ? "Express child executions keep no list: look into the machine's log group." : error.sentence
        }
        return reading
    }

    /// All Map Runs of an execution, newest first, each described.
    static func list(_ execution: String, _ context: ConsoleContext) async throws -> [MapRunRow] {
        let arn = try await StateMachineNames.executionARN(execution, context)
        var rows: [MapRunRow] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(
                SFN.listMapRuns, .init(executionArn: arn, maxResults: 1000, nextToken: token))
            rows += page.mapRuns.map { MapRunRow($0) }
            token = page.nextToken
        } while token != nil && !Task.isCancelled
        // AWS has no call that describes them all; an execution with more than a hundred is rare.
        for index in rows.indices.prefix(100) where !Task.isCancelled {
            rows[index].run = try? await context.aws.call(SFN.describeMapRun, .init(mapRunArn: rows[index].arn))
        }
        return rows
    }
}

/// A Map Run in an execution's list.
struct MapRunRow: Identifiable, Sendable {
    var arn: String
    var started: Instant
    var ended: Instant?
    /// Nil until it has been described.
    var run: SFN.DescribeMapRunOutput?

    var id: String { arn }
    var label: String { StateMachineNames.mapRunLabel(arn) }

    init(_ item: SFN.MapRunListItem) {
        arn = item.mapRunArn
        started = item.startDate
        ended = item.stopDate
    }

    static func table() -> Table<MapRunRow> {
        Table(
            id: "mapruns",
            columns: [
                TableColumn("Map Run", min: 24, clipsMiddle: true, order: TableColumn.by { $0.label }) {
                    TableCell($0.label)
                },
                TableColumn("Status", min: 11, ideal: 12, order: TableColumn.by { $0.run?.status ?? "" }) { row in
                    row.run.map { TableCell(StatusMark.execution($0.status).line()) } ?? TableCell("…", .faint)
                },
                TableColumn("Items", min: 11, ideal: 14, align: .right) { row in
                    row.run.map { TableCell("\($0.itemCounts.ended.grouped) of \($0.itemCounts.total.grouped)") }
                        ?? TableCell("…", .faint)
                },
                TableColumn("Failed", min: 6, ideal: 7, align: .right) { row in
                    let failed = row.run?.itemCounts.failed ?? 0
                    return TableCell(failed.grouped, failed > 0 ? .failure : .dim)
                },
                TableColumn("Started", min: 19, ideal: 19, order: TableColumn.by { $0.started }) {
                    TableCell(ElapsedTime.date($0.started), .dim)
                },
                TableColumn("Duration", min: 9, ideal: 10, align: .right) { row in
                    guard let ended = row.ended else { return TableCell("…", .running) }
                    return TableCell(
                        ElapsedTime.text(milliseconds: (ended.microseconds - row.started.microseconds) / 1000))
                },
            ], empty: "No Map Runs: only a Map state in mode DISTRIBUTED starts one.")
    }
}

/// A child execution of a Map Run.
struct ChildRow: Identifiable, Sendable {
    var execution: ExecutionRow
    var items: Int?

    var id: String { execution.arn }

    init(_ item: SFN.ExecutionListItem) {
        execution = ExecutionRow(item)
        items = item.itemCount
    }

    static func table() -> Table<ChildRow> {
        Table(
            id: "children",
            columns: [
                TableColumn("Child execution", min: 20, clipsMiddle: true, order: TableColumn.by { $0.execution.name })
                { TableCell($0.execution.name) },
                TableColumn("Status", min: 11, ideal: 12, order: TableColumn.by { $0.execution.status }) {
                    TableCell(StatusMark.execution($0.execution.status).line())
                },
                TableColumn("Items", min: 5, ideal: 6, align: .right, order: TableColumn.by { $0.items ?? 0 }) {
                    TableCell($0.items.map(\.grouped) ?? "–", .dim)
                },
                TableColumn("Started", min: 19, ideal: 19, order: TableColumn.by { $0.execution.started }) {
                    TableCell(ElapsedTime.date($0.execution.started), .dim)
                },
                TableColumn(
                    "Duration", min: 9, ideal: 10, align: .right,
                    order: TableColumn.by { $0.execution.milliseconds ?? .max }
                ) { row in
                    row.execution.milliseconds.map { TableCell(ElapsedTime.text(milliseconds: $0)) }
                        ?? TableCell("…", .running)
                },
                TableColumn("Redriven", min: 8, ideal: 8, align: .right) {
                    TableCell($0.execution.redrives == 0 ? "–" : "\($0.execution.redrives)×", .dim)
                },
            ], empty: "No child executions yet.")
    }
}

extension SFN.MapRunItemCounts {
    /// Items that are over, one way or another.
    var ended: Int { succeeded + failed + timedOut + aborted }
}

extension StateMachineNames {
    /// Label and number of a Map Run: `Each-order:5c0f…`.
    static func mapRunLabel(_ arn: String) -> String {
        let resource = ARN(arn)?.resource ?? arn
        return resource.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? resource
    }

    /// The state machine of a Map Run.
    static func machine(ofMapRun arn: String) -> String {
        let parts = (ARN(arn)?.resource ?? arn).split { $0 == ":" || $0 == "/" }
        return parts.dropFirst().first.map(String.init) ?? ""
    }
}
