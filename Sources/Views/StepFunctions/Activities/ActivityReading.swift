import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// An activity and the tasks that wait for its workers.
struct ActivityRow: Identifiable, Sendable {
    var arn: String
    var name: String
    var created: Instant
    /// Nil where only the service knows: AWS has no call that tells.
    var tasks: [Reason]?
    /// `2 workers poll: mill-1`; nil if none does, or nobody knows.
    var workers: String?

    var id: String { arn }

    static func read(_ context: ConsoleContext) async throws -> [ActivityRow] {
        var rows: [ActivityRow] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(SFN.listActivities, .init(maxResults: 1000, nextToken: token))
            rows += page.activities.map { ActivityRow(arn: $0.activityArn, name: $0.name, created: $0.creationDate) }
            token = page.nextToken
        } while token != nil && !Task.isCancelled
        guard context.capabilities.hasEngine else { return rows }
        for index in rows.indices.prefix(100) where !Task.isCancelled {
            guard let reasons = try? await Reason.explain(rows[index].arn, item: nil, context) else { continue }
            rows[index].tasks = reasons.filter { $0.rule == "ActivityTask" }.map { reason in
                var reason = reason
                reason.rule = reason.relatedARN.map { ResourceName($0).name } ?? "Task"
                return reason
            }
            rows[index].workers = reasons.first { $0.rule == "ActivityWorkers" }?.text
        }
        return rows
    }

    private var waiting: TableCell {
        guard let tasks else { return TableCell("–", .faint) }
        return TableCell(tasks.count.grouped, tasks.isEmpty ? .dim : .warning)
    }

    static func table() -> Table<ActivityRow> {
        Table(
            id: "activities",
            columns: [
                TableColumn("Name", min: 18, order: TableColumn.by { $0.name }) { TableCell($0.name) },
                TableColumn(
                    "Pending tasks", min: 13, ideal: 13, align: .right, order: TableColumn.by { $0.tasks?.count ?? 0 }
                ) { $0.waiting },
                TableColumn("Workers", min: 12) { TableCell($0.workers ?? "–", .dim) },
                TableColumn("Created", min: 19, ideal: 19, order: TableColumn.by { $0.created }) {
                    TableCell(ElapsedTime.date($0.created), .dim)
                },
            ], empty: "No activities. Press n to create one: a Task whose Resource is its ARN waits for your workers.")
    }
}

/// A task that a worker took.
struct ActivityTask: Hashable, Sendable {
    var activity: String
    var token: String
    var input: String

    var form: Form {
        let pretty = (try? JSONReader.parse(input)).map { JSONWriter.string($0, pretty: true) } ?? input
        var form = TaskToken.form(state: activity)
        form.title = "Task of \(activity)"
        form.show(input: pretty)
        return form
    }
}

extension Form {
    /// What the task was given, above its answer, to be read and copied from.
    fileprivate mutating func show(input: String) {
        self = Form(
            title, submit: submitLabel,
            [
                FormField(
                    "input", "Input", .multiline(rows: 5, json: true), value: input, hint: "What the task was given")
            ] + fields)
    }
}
