import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Roles, users, groups and policies, a tab each.
struct IdentityListScreen: Screen {
    enum Message: Sendable {
        case list(Int, ResourceList<IdentityRow>.Message)
    }

    static let titles = ["Roles", "Users", "Groups", "Policies"]
    private static let nouns: [Noun] = ["role", "user", "group", Noun("policy", "policies")]

    var tabs = Tabs(Self.titles)
    var lists: [ResourceList<IdentityRow>]

    init(tab: String? = nil) {
        lists = Self.titles.indices.map { index in
            ResourceList(Self.titles[index], Self.table(index)) { marker, context in
                switch index {
                case 0: try await IdentityRow.roles(marker, context.aws)
                case 1: try await IdentityRow.users(marker, context.aws)
                case 2: try await IdentityRow.groups(marker, context.aws)
                default: try await IdentityRow.policies(marker, context.aws)
                }
            }
        }
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

    private var list: ResourceList<IdentityRow> { lists[tabs.selected] }
    private var selected: IdentityRow? { list.table.selected }
    private var isPolicies: Bool { tabs.selected == 3 }
    private var kind: IdentityKind { IdentityKind.allCases[min(tabs.selected, 2)] }
    private var noun: Noun { Self.nouns[tabs.selected] }

    var crumbs: [String] { ["IAM", tabs.selectedTitle] }
    var topics: Set<Topic> { ["iam"] }
    var capturesText: Bool { list.table.capturesText }
    var handlesEscape: Bool { list.table.handlesEscape }
    var copyText: String? { selected?.arn }

    var bindings: [KeyBinding] {
        [
            .open(.when(selected != nil, otherwise: "No \(noun.singular) is selected")),
            KeyBinding(
                ["n"], "new", "create", help: "Create a \(noun.singular)", menu: true, needs: [.changes]),
            KeyBinding(["m"], "simulate", "simulate", help: "What may it do? The policy simulator", menu: true),
            deletion.binding(in: list.table), .refresh,
        ] + Table<IdentityRow>.bindings + tabs.bindings
    }

    private var deletion: BulkAction<IdentityRow> {
        .delete(
            noun, name: { $0.name },
            availability: {
                .when(!$0.arn.contains(":iam::aws:"), otherwise: "AWS's own policies cannot be deleted")
            },
            each: { [isPolicies, kind] row, context in
                if isPolicies {
                    _ = try await context.aws.call(IAM.deletePolicy, .init(policyArn: row.arn))
                } else {
                    try await kind.delete(row.name, context.aws)
                }
            })
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        let index = tabs.selected
        switch event {
        case .action("open"):
            guard let row = selected else { return [] }
            return isPolicies ? [.open("iam.policy", row.arn)] : [.open(kind.screen, row.name)]
        case .action("simulate"):
            return [.open("iam.simulator", isPolicies || kind == .group ? "" : selected?.arn ?? "")]
        case .action("create"): return [create(index)]
        case .action("delete"): return deletion.effects(on: list.table.targets) { .list(index, .acted($0)) }
        case .action(let action): return tabs.perform(action) ? pass(.appeared) : pass(event.passedOn())
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return pass(.appeared) }
            return pass(event.passedOn())
        case .message(.list(let index, let message)): return pass(.message(message), to: index)
        case .appeared, .reappeared, .changed, .tick: return pass(event.passedOn())
        }
    }

    private mutating func pass(
        _ event: ScreenEvent<ResourceList<IdentityRow>.Message>?, to index: Int? = nil
    ) -> [Effect<Message>] {
        guard let event else { return [] }
        let index = index ?? tabs.selected
        return lists[index].update(event).map { effect in effect.named("\(index)").carried { .list(index, $0) } }
    }

    private func create(_ index: Int) -> Effect<Message> {
        let form = isPolicies ? PolicyForms.policy() : PolicyForms.identity(kind)
        return FormTask.ask(form, { .list(index, .form($0)) }) { values, context in
            let made = try await Self.create(index, values, context)
            return .init(
                "Created \(ResourceName.last(of: made))",
                opens: ScreenAddress(
                    id: index == 3 ? "iam.policy" : IdentityKind.allCases[index].screen, arguments: [made]))
        }
    }

    /// Its name, or a policy's ARN.
    private static func create(
        _ index: Int, _ values: FormValues, _ context: ConsoleContext
    ) async throws -> String {
        let name = values["name"]
        switch index {
        case 0:
            let account = try await context.aws.call(STS.getCallerIdentity, .init()).account ?? ""
            let trust = PolicyForms.trust(for: values["service"], account: account)
            _ = try await context.aws.call(IAM.createRole, .init(roleName: name, assumeRolePolicyDocument: trust))
        case 1: _ = try await context.aws.call(IAM.createUser, .init(userName: name))
        case 2: _ = try await context.aws.call(IAM.createGroup, .init(groupName: name))
        default:
            let made = try await context.aws.call(
                IAM.createPolicy,
                .init(
                    policyName: name, policyDocument: values["document"], description: values.optional("description")))
            return made.policy?.arn ?? name
        }
        return name
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        list.render(on: parts[1], in: frame)
    }
}
