import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All dashboards of the account.
struct DashboardListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var entry: CloudWatch.DashboardEntry
        var id: String { entry.dashboardName ?? "" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case named(FormValues)
        case created(Result<String, any Error>, FormValues)
        case deleteConfirmed([Row])
        case deleted(Int, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "dashboards",
        columns: [
            TableColumn("Dashboard", min: 20, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn(
                "Last changed", min: 16, ideal: 19,
                order: TableColumn.by { $0.entry.lastModified?.microseconds ?? 0 }
            ) { TableCell($0.entry.lastModified.map { ElapsedTime.date($0) } ?? "–", .dim) },
            TableColumn("Size", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.entry.size ?? 0 }) {
                TableCell(Quantity.bytes($0.entry.size ?? 0), .dim)
            },
        ], empty: "No dashboards. n makes one; so does b in the metric explorer.")
    var failure: String?

    var crumbs: [String] { ["CloudWatch", "Dashboards"] }
    var topics: Set<Topic> { ["cloudwatch"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.entry.dashboardArn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No dashboard is selected")
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a dashboard", menu: true),
            KeyBinding(["e"], "edit body", "edit", help: "Edit its body", availability: one, menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("cloudwatch.dashboard", $0.id)] } ?? []
        case .action("edit"): return table.selected.map { [.push(DashboardEditorScreen(name: $0.id))] } ?? []
        case .action("create"): return [.form(Self.form) { .named($0) }]
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "dashboard \(first.id)" : "\(targets.count) dashboards"
            return [.confirm(.delete(what, consequences: targets.map(\.id)), then: .deleteConfirmed(targets))]
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .named(let values):
            return [
                .work("create") { context in
                    let name = values["name"]
                    let text: DocumentObject = [
                        "type": "text", "properties": ["markdown": .string("# \(name)\nWhat to watch, and why.")],
                    ]
                    _ = try await context.aws.call(
                        CloudWatch.putDashboard,
                        .init(
                            dashboardName: name,
                            dashboardBody: DashboardBody.adding(text, height: 3, to: #"{"widgets": []}"#)))
                    return name
                } then: {
                    .created($0, values)
                }
            ]
        case .created(.success(let name), _): return [.push(DashboardEditorScreen(name: name)), Self.load()]
        case .created(.failure(let error), let values):
            return [.form(Self.form.filled(with: values, failure: error.sentence)) { .named($0) }]
        case .deleteConfirmed(let targets):
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(
                        CloudWatch.deleteDashboards, .init(dashboardNames: targets.map(\.id)))
                } then: {
                    .deleted(targets.count, $0)
                }
            ]
        case .deleted(let count, .success):
            table.clearMarks()
            return [.toast("Deleted \(Quantity.count(count, "dashboard"))"), Self.load()]
        case .deleted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    static let nameField = FormField(
        "name", "Name", hint: "1–255 letters, digits, - and _", required: true,
        validate: { text, _ in
            if text.count > 255 { return "At most 255 characters" }
            return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
                ? nil : "Letters, digits, - and _ only"
        })

    private static var form: Form { Form("Create dashboard", submit: "Create", [nameField]) }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Dashboards", focused: true, note: table.countNote), focused: frame.isInteractive)
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var rows: [Row] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(CloudWatch.listDashboards, .init(nextToken: token))
                rows += (page.dashboardEntries ?? []).map { Row(entry: $0) }
                token = page.nextToken
            } while token != nil && !Task.isCancelled
            return rows
        } then: {
            .loaded($0)
        }
    }
}
