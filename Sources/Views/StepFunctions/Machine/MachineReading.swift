import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What a machine's screen knows of it.
struct MachineReading: Sendable {
    var description: SFN.DescribeStateMachineOutput
    var executions: [ExecutionRow]
    /// More executions exist than were read.
    var isPartial: Bool
    /// Only the newest were read.
    var isRecentOnly = false
    /// Why executions cannot be listed.
    var problem: String?

    /// Executions beyond this many are left to filters: a list of ten thousand serves nobody.
    private static let mostExecutions = 5000

    /// How many are read again when something changed: the newest, to be merged with what is known.
    private static let recent = 200

    /// The rows of a new, shorter reading in front of those known before that it does not hold.
    static func merge(_ new: [ExecutionRow], with old: [ExecutionRow]) -> [ExecutionRow] {
        let known = Set(new.map(\.id))
        return new + old.filter { !known.contains($0.id) }
    }

    /// - Parameter period: only executions started within so many seconds; they come newest first.
    static func read(
        _ name: String, status: String?, period: Int? = nil, onlyRecent: Bool = false, _ context: ConsoleContext
    ) async throws -> MachineReading {
        let arn = try await StateMachineNames.machineARN(name, context)
        let description = try await context.aws.call(SFN.describeStateMachine, .init(stateMachineArn: arn))
        var rows: [ExecutionRow] = []
        var token: String?
        var problem: String?
        if description.type == "EXPRESS" {
            problem = "Express machines keep no list of executions. Press e to start one and see its result."
        } else {
            do {
                let oldest = period == nil ? nil : await context.now().epochMilliseconds - Int64(period ?? 0) * 1000
                repeat {
                    let page = try await context.aws.call(
                        SFN.listExecutions,
                        .init(
                            stateMachineArn: arn, statusFilter: status, maxResults: onlyRecent ? recent : 1000,
                            nextToken: token))
                    rows += page.executions.map { ExecutionRow($0) }
                    token = page.nextToken
                    guard let oldest, let last = rows.last, last.started.epochMilliseconds < oldest else { continue }
                    rows.removeAll { $0.started.epochMilliseconds < oldest }
                    token = nil
                } while token != nil && !onlyRecent && rows.count < mostExecutions && !Task.isCancelled
            } catch {
                problem = error.sentence
            }
        }
        return MachineReading(
            description: description, executions: rows, isPartial: token != nil,
            isRecentOnly: onlyRecent && token != nil, problem: problem)
    }
}

/// An execution in a machine's list.
struct ExecutionRow: Identifiable, Sendable {
    var arn: String
    var name: String
    var status: String
    var started: Instant
    var ended: Instant?
    var redrives: Int

    var id: String { arn }

    init(_ item: SFN.ExecutionListItem) {
        arn = item.executionArn
        name = item.name
        status = item.status
        started = item.startDate
        ended = item.stopDate
        redrives = item.redriveCount ?? 0
    }

    var milliseconds: Int64? { ended.map { ($0.microseconds - started.microseconds) / 1000 } }

    static func table() -> Table<ExecutionRow> {
        Table(
            id: "executions",
            columns: [
                TableColumn("Name", min: 20, clipsMiddle: true, order: TableColumn.by { $0.name }) {
                    TableCell($0.name)
                },
                TableColumn("Status", min: 11, ideal: 12, order: TableColumn.by { $0.status }) {
                    TableCell(StatusMark.execution($0.status).line())
                },
                TableColumn("Started", min: 19, ideal: 19, order: TableColumn.by { $0.started }) {
                    TableCell(ElapsedTime.date($0.started), .dim)
                },
                TableColumn(
                    "Duration", min: 9, ideal: 12, align: .right, order: TableColumn.by { $0.milliseconds ?? .max }
                ) { row in
                    row.milliseconds.map { TableCell(ElapsedTime.text(milliseconds: $0)) } ?? TableCell("…", .running)
                },
                TableColumn("Ended", min: 19, ideal: 19) { TableCell($0.ended.map(ElapsedTime.date) ?? "–", .dim) },
                TableColumn("Redriven", min: 8, ideal: 8, align: .right) {
                    TableCell($0.redrives == 0 ? "–" : "\($0.redrives)×", .dim)
                },
            ], empty: "No executions. Press e to start one.")
    }
}
