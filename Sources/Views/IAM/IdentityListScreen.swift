import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Roles, users, groups and policies, a tab each.
struct IdentityListScreen: Screen {
    enum Message: Sendable {
        case listed(Int, Result<[IdentityRow], any Error>)
        case createRequested(Int, FormValues)
        case created(Int, Result<String, any Error>, FormValues)
        case deleteConfirmed(Int, IdentityRow)
        case acted(Int, String, Result<Void, any Error>)
    }

    static let titles = ["Roles", "Users", "Groups", "Policies"]

    var tabs = Tabs(Self.titles)
    var tables: [Table<IdentityRow>]
    var failure: String?

    init(tab: String? = nil) {
        tables = Self.titles.indices.map(Self.table)
        if let index = tab.flatMap({ Self.titles.firstIndex(of: $0.capitalized) }) { tabs.select(index) }
    }

    private static func table(_ index: Int) -> Table<IdentityRow> {
        let name = TableColumn<IdentityRow>("Name", min: 20, order: TableColumn.by { $0.name }) { TableCell($0.name) }
        let created = TableColumn<IdentityRow>(
            "Created", min: 10, ideal: 10, order: TableColumn.by { $0.created ?? .epoch }
        ) {
            TableCell($0.created.map { String(ElapsedTime.date($0).prefix(10)) } ?? "–", .dim)
        }
        let arn = TableColumn<IdentityRow>("ARN", min: 20, ideal: 50, clipsMiddle: true) { TableCell($0.arn, .faint) }
        func note(_ title: String) -> TableColumn<IdentityRow> {
            TableColumn(title, min: 12, ideal: 18, order: TableColumn.by { $0.note }) { TableCell($0.note, .dim) }
        }
        let word = titles[index].lowercased()
        let columns: [TableColumn<IdentityRow>] =
            switch index {
            case 0: [name, note("Trusts"), created, arn]
            case 3:
                [
                    name, note("Kind"),
                    TableColumn("Used by", min: 7, ideal: 7, align: .right, order: TableColumn.by { $0.count ?? 0 }) {
                        TableCell(($0.count ?? 0).grouped, ($0.count ?? 0) > 0 ? .text : .dim)
                    }, created, arn,
                ]
            default: [name, note("Path"), created, arn]
            }
        return Table(id: word, columns: columns, empty: "No \(word). Press n to create one.")
    }

    private var table: Table<IdentityRow> { tables[tabs.selected] }
    private var isPolicies: Bool { tabs.selected == 3 }
    private var kind: IdentityKind { IdentityKind.allCases[min(tabs.selected, 2)] }

    var crumbs: [String] { ["IAM", tabs.selectedTitle] }
    var topics: Set<Topic> { ["iam"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.arn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "Nothing is selected")
        let own =
            table.selected?.arn.contains(":iam::aws:") == true
            ? Availability.disabled("AWS's own policies cannot be deleted") : one
        let word = isPolicies ? "policy" : kind.rawValue
        return [
            KeyBinding.open(one), KeyBinding(["n"], "new", "create", help: "Create a \(word)", menu: true),
            KeyBinding(["m"], "simulate", "simulate", help: "What may it do? The policy simulator", menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the \(word)", availability: own, menu: true, destructive: true),
            .refresh,
        ] + Table<IdentityRow>.bindings + tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("open"): return open()
        case .action("simulate"):
            return [.open("iam.simulator", isPolicies || kind == .group ? "" : table.selected?.arn ?? "")]
        case .action("create"): return [.form(form()) { [index = tabs.selected] in .createRequested(index, $0) }]
        case .action("delete"): return confirmDelete()
        case .action(let action):
            if tabs.perform(action) { return [load()] }
            _ = tables[tabs.selected].perform(action)
            return []
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return [load()] }
            _ = tables[tabs.selected].handle(input)
            return []
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private func open() -> [Effect<Message>] {
        guard let row = table.selected else { return [] }
        return isPolicies ? [.open("iam.policy", row.arn)] : [.open(kind.screen, row.name)]
    }

    private func form() -> Form { isPolicies ? PolicyForms.policy() : PolicyForms.identity(kind) }

    private func confirmDelete() -> [Effect<Message>] {
        guard let row = table.selected else { return [] }
        let word = isPolicies ? "policy" : kind.rawValue
        return [
            .confirm(
                .delete("\(word) \(row.name)", consequences: [], typeToConfirm: row.name),
                then: .deleteConfirmed(tabs.selected, row))
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .listed(let index, .success(let rows)):
            failure = nil
            tables[index].rows = rows
            return []
        case .listed(let index, .failure(let error)):
            failure = error.sentence
            return tables[index].rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .createRequested(let index, let values): return [create(index, values)]
        case .created(let index, .success(let name), _):
            let address = index == 3 ? "iam.policy" : IdentityKind.allCases[index].screen
            return [.toast("Created \(ResourceName.last(of: name))"), .open(address, name)]
        case .created(let index, .failure(let error), let values):
            return [.form(form().filled(with: values, failure: error.sentence)) { .createRequested(index, $0) }]
        case .deleteConfirmed(let index, let row):
            return [
                .work("delete") { context in
                    if index == 3 {
                        _ = try await context.aws.call(IAM.deletePolicy, .init(policyArn: row.arn))
                    } else {
                        try await IdentityKind.allCases[index].delete(row.name, context.aws)
                    }
                } then: {
                    .acted(index, "Deleted \(row.name)", $0)
                }
            ]
        case .acted(_, let done, .success): return [.toast(done), load()]
        case .acted(_, _, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        }
    }

    private func create(_ index: Int, _ values: FormValues) -> Effect<Message> {
        .work("create") { context in
            let name = values["name"]
            switch index {
            case 0:
                let account = try await context.aws.call(STS.getCallerIdentity, .init()).account ?? ""
                let trust = PolicyForms.trust(for: values["service"], account: account)
                _ = try await context.aws.call(
                    IAM.createRole, .init(roleName: name, assumeRolePolicyDocument: trust))
                return name
            case 1:
                _ = try await context.aws.call(IAM.createUser, .init(userName: name))
                return name
            case 2:
                _ = try await context.aws.call(IAM.createGroup, .init(groupName: name))
                return name
            default:
                let made = try await context.aws.call(
                    IAM.createPolicy,
                    .init(
                        policyName: name, policyDocument: values["document"],
                        description: values.optional("description")))
                return made.policy?.arn ?? name
            }
        } then: {
            .created(index, $0, values)
        }
    }

    private func load() -> Effect<Message> {
        let index = tabs.selected
        return .work("load") { context in
            switch index {
            case 0: try await IdentityRow.roles(context.aws)
            case 1: try await IdentityRow.users(context.aws)
            case 2: try await IdentityRow.groups(context.aws)
            default: try await IdentityRow.policies(context.aws)
            }
        } then: {
            .listed(index, $0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        table.showing(failure).render(
            on: parts[1].panel(tabs.selectedTitle, focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
