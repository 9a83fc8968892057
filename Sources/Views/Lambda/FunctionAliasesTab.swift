import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Aliases*: names that point to versions, with the share of each.
struct FunctionAliasesTab: FunctionTab {
    enum Message: Sendable {
        case submitted(String?, Form, FormValues)
        case changed(String, Form?, String?, FormValues, Result<Void, any Error>)
        case deleted(BulkResult<Row>)
    }

    struct Row: Identifiable, Sendable {
        var alias: Lambda.AliasConfiguration
        var id: String { alias.name ?? "" }
        var version: String { alias.functionVersion ?? "" }
        /// The second version and its share, from 0 to 1.
        var second: (version: String, weight: Double)? {
            alias.routingConfig?.additionalVersionWeights?.first.map { ($0.key, $0.value) }
        }

        var versions: String { second.map { "\(version) and \($0.version)" } ?? version }

        /// `████████████████░░ 90% / 10%`: the first version's share, then the second's.
        var weights: StyledLine {
            let cells = 18
            guard let second else {
                return [Span(String(repeating: "█", count: cells), .series1), Span(" 100%", .dim)]
            }
            let other = min(cells - 1, max(1, Int((second.weight * Double(cells)).rounded())))
            let percent = Int((second.weight * 100).rounded())
            return [
                Span(String(repeating: "█", count: cells - other), .series1),
                Span(String(repeating: "░", count: other), .series2),
                Span(" \(100 - percent)% / \(percent)%", .dim),
            ]
        }
    }

    var functionName: String
    var versions: [String] = []
    var table = Table<Row>(
        id: "aliases",
        columns: [
            TableColumn("Alias", min: 10, ideal: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Version", min: 9, ideal: 10, order: TableColumn.by { $0.version }) { TableCell($0.versions) },
            TableColumn("Traffic", min: 28, ideal: 30) { TableCell($0.weights) },
            TableColumn("Description", min: 12) { TableCell($0.alias.description ?? "", .dim) },
        ], empty: "No aliases. Press n to name a version, so that callers need not know its number.")

    init(functionName: String) { self.functionName = functionName }

    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.alias.aliasArn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No alias is selected")
        return [
            KeyBinding(
                ["e", "enter"], "edit", "aliases.edit", help: "Change version, weights and description",
                availability: one, menu: true, needs: [.changes]),
            KeyBinding(["n"], "new", "aliases.add", help: "Create an alias", menu: true, needs: [.changes]),
            deletion.binding(in: table),
        ] + Table<Row>.bindings
    }

    private var deletion: BulkAction<Row> {
        let function = functionName
        var action = BulkAction<Row>.delete(
            Noun("alias", "aliases"), help: "Delete what is marked or selected", question: .destructive,
            name: { $0.id }, consequence: { "\($0.id), which points to version \($0.version)" },
            each: { _ = try await $1.aws.call(Lambda.deleteAlias, .init(functionName: function, name: $0.id)) })
        action.action = "aliases.delete"
        return action
    }

    mutating func show(_ details: FunctionDetails) {
        table.rows = details.aliases.map { Row(alias: $0) }
        versions = details.publishedVersions
    }

    mutating func perform(_ action: ActionID) -> Effects {
        switch action.name {
        case "aliases.edit":
            guard let row = table.selected else { return [] }
            return [show(FunctionForms.alias(row.alias, versions: versions), for: row.id)]
        case "aliases.add": return [show(FunctionForms.alias(nil, versions: versions), for: nil)]
        case "aliases.delete": return deletion.effects(on: table.targets) { .aliases(.deleted($0)) }
        default: _ = table.perform(action)
        }
        return []
    }

    mutating func handle(_ input: WidgetInput) -> Effects {
        _ = table.handle(input)
        return []
    }

    private func show(_ form: Form, for name: String?) -> Effect<FunctionMessage> {
        .form(form) { .aliases(.submitted(name, form, $0)) }
    }

    mutating func receive(_ message: Message) -> Effects {
        let function = functionName
        switch message {
        case .submitted(let name, let form, let values):
            return [
                .work("aliases.change") { context in
                    let weights = Self.weights(values)
                    if let name {
                        _ = try await context.aws.call(
                            Lambda.updateAlias,
                            .init(
                                functionName: function, name: name, functionVersion: values["version"],
                                description: values["description"],
                                routingConfig: .init(additionalVersionWeights: weights)))
                    } else {
                        _ = try await context.aws.call(
                            Lambda.createAlias,
                            .init(
                                functionName: function, name: values["name"], functionVersion: values["version"],
                                description: values.optional("description"),
                                routingConfig: weights.isEmpty ? nil : .init(additionalVersionWeights: weights)))
                    }
                } then: {
                    .aliases(
                        .changed(
                            name == nil ? "Created alias \(values["name"])" : "Saved alias \(name ?? "")", form, name,
                            values, $0))
                }
            ]
        case .deleted(let result):
            table.unmark(result.succeeded.map(\.id))
            return []
        case .changed(let sentence, _, _, _, .success):
            table.clearMarks()
            return [.toast(sentence)]
        case .changed(_, .some(let form), let name, let values, .failure(let error)):
            return [show(form.filled(with: values, failure: error.sentence), for: name)]
        case .changed(_, nil, _, _, .failure(let error)): return [.toast(error.sentence, .failed)]
        }
    }

    /// AWS: an update with no weights clears them.
    static func weights(_ values: FormValues) -> [String: Double] {
        guard values["second"] != "none", let percent = values.integer("weight") else { return [:] }
        return [values["second"]: Double(percent) / 100]
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.render(on: surface.panel("Aliases", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
