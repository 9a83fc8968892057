import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All dashboards of the account.
struct DashboardListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var entry: CloudWatch.DashboardEntry
        var id: String { entry.dashboardName ?? "" }
    }

    private static let table = Table<Row>(
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

    var list = ResourceList("Dashboards", Self.table) { token, context in
        let page = try await context.aws.call(CloudWatch.listDashboards, .init(nextToken: token))
        return ListPage((page.dashboardEntries ?? []).map { Row(entry: $0) }, next: page.nextToken)
    }
    static let noun: Noun = "dashboard"

    var crumbs: [String] { ["CloudWatch", "Dashboards"] }
    var topics: Set<Topic> { ["cloudwatch"] }
    var copyText: String? { selected?.entry.dashboardArn }

    var ownBindings: [KeyBinding] {
        [
            .open(one), Self.new(),
            KeyBinding(
                ["e"], "edit body", "edit", help: "Edit its body", availability: one, menu: true, needs: [.changes]),
        ]
    }

    var actions: [BulkAction<Row>] {
        [
            .delete(
                Self.noun, help: "Delete what is marked or selected", question: .destructive, name: { $0.id },
                each: { _ = try await $1.aws.call(CloudWatch.deleteDashboards, .init(dashboardNames: [$0.id])) })
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("cloudwatch.dashboard", $0.id)] } ?? []
        case "edit": selected.map { [.push(DashboardEditorScreen(name: $0.id))] } ?? []
        case "create":
            asking(Form("Create dashboard", submit: "Create", [Self.nameField])) { values, context in
                let name = values["name"]
                let text: DocumentObject = [
                    "type": "text", "properties": ["markdown": .string("# \(name)\nWhat to watch, and why.")],
                ]
                _ = try await context.aws.call(
                    CloudWatch.putDashboard,
                    .init(
                        dashboardName: name,
                        dashboardBody: DashboardBody.adding(text, height: 3, to: #"{"widgets": []}"#)))
                return .init(
                    "Created \(name)", opens: ScreenAddress(id: "cloudwatch.dashboard", arguments: [name]))
            }
        default: nil
        }
    }

    static let nameField = FormField(
        "name", "Name", hint: "1–255 letters, digits, - and _", required: true,
        validate: { text, _ in
            if text.count > 255 { return "At most 255 characters" }
            return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
                ? nil : "Letters, digits, - and _ only"
        })
}
