import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Versions*: code and configuration that never change, by number.
struct FunctionVersionsTab: FunctionTab {
    enum Message: Sendable {
        case publishRequested(FormValues)
        case published(FormValues, Result<String, any Error>)
        case deleted(BulkResult<Row>)
    }

    struct Row: Identifiable, Sendable {
        var version: Lambda.FunctionConfiguration
        var aliases: [String]
        var id: String { version.version ?? "" }
        /// The highest number first; what can still change at the very top.
        var order: Int { Int(id) ?? .max }
    }

    var functionName: String
    var table = Table<Row>(
        id: "versions",
        columns: [
            TableColumn("Version", min: 8, ideal: 9, order: TableColumn.by { $0.order }) { TableCell($0.id) },
            TableColumn("Aliases", min: 10, ideal: 14) { TableCell($0.aliases.joined(separator: ", "), .accent) },
            TableColumn("Description", min: 16) { TableCell($0.version.description ?? "", .dim) },
            TableColumn("Runtime", min: 10, ideal: 11) { TableCell($0.version.runtime ?? "–", .dim) },
            TableColumn("Code", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.version.codeSize ?? 0 }) {
                TableCell(Quantity.bytes($0.version.codeSize ?? 0), .dim)
            },
            TableColumn("Modified", min: 19, ideal: 19, order: TableColumn.by { $0.version.lastModified ?? "" }) {
                TableCell(FunctionText.date(lambda: $0.version.lastModified), .dim)
            },
        ], empty: "No versions.")

    init(functionName: String) { self.functionName = functionName }

    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.version.functionArn }

    private var deletion: BulkAction<Row> {
        let function = functionName
        var action = BulkAction<Row>.delete(
            "version", help: "Delete what is marked or selected", question: .destructive, name: { $0.id },
            consequence: { "\(function):\($0.id)" },
            availability: { row in
                if row.id == "$LATEST" { return .disabled("$LATEST goes only with the function itself") }
                return .when(
                    row.aliases.isEmpty, otherwise: "Alias \(row.aliases.joined(separator: ", ")) points to it")
            },
            each: {
                _ = try await $1.aws.call(Lambda.deleteFunction, .init(functionName: function, qualifier: $0.id))
            })
        action.action = "versions.delete"
        return action
    }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["n"], "publish", "versions.publish",
                help: "Publish the code and configuration of $LATEST as a version", menu: true, needs: [.changes]),
            deletion.binding(in: table),
        ] + Table<Row>.bindings
    }

    mutating func show(_ details: FunctionDetails) {
        table.rows = details.versions.map { version in
            let number = version.version ?? ""
            let names = details.aliases.filter {
                $0.functionVersion == number || $0.routingConfig?.additionalVersionWeights?[number] != nil
            }.compactMap(\.name)
            return Row(version: version, aliases: names)
        }
    }

    mutating func perform(_ action: ActionID) -> Effects {
        switch action.name {
        case "versions.publish": return [.form(FunctionForms.publish()) { .versions(.publishRequested($0)) }]
        case "versions.delete": return deletion.effects(on: table.targets) { .versions(.deleted($0)) }
        default: _ = table.perform(action)
        }
        return []
    }

    mutating func handle(_ input: WidgetInput) -> Effects {
        _ = table.handle(input)
        return []
    }

    mutating func receive(_ message: Message) -> Effects {
        let function = functionName
        switch message {
        case .publishRequested(let values):
            return [
                .work("versions.change") { context in
                    try await context.aws.call(
                        Lambda.publishVersion,
                        .init(functionName: function, description: values.optional("description"))
                    ).version ?? "?"
                } then: {
                    .versions(.published(values, $0))
                }
            ]
        case .published(_, .success(let version)):
            // AWS: publishing code that has not changed answers the last version again.
            let isKnown = (table.allRows ?? []).contains { $0.id == version }
            return [
                isKnown
                    ? .toast("Nothing has changed since version \(version)", .warning)
                    : .toast("Published version \(version)")
            ]
        case .published(let values, .failure(let error)):
            return [
                .form(FunctionForms.publish().filled(with: values, failure: error.sentence)) {
                    .versions(.publishRequested($0))
                }
            ]
        case .deleted(let result):
            table.unmark(result.succeeded.map(\.id))
            return []
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.render(on: surface.panel("Versions", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
