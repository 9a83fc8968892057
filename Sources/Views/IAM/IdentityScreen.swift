import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One role, user or group: its policies, whom it trusts, what it is.
struct IdentityScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<IdentityDetails, any Error>)
        case form(FormStep)
        case removed(BulkResult<HeldPolicy>)
    }

    let kind: IdentityKind
    let name: String
    var tabs: Tabs
    var details: IdentityDetails?
    var failure: String?
    var table = Table<HeldPolicy>(
        id: "policies",
        columns: [
            TableColumn("Policy", min: 16, order: TableColumn.by { $0.name }) { TableCell($0.name) },
            TableColumn("Kind", min: 11, ideal: 11, order: TableColumn.by { $0.form.rawValue }) {
                TableCell($0.via.map { "of \($0)" } ?? $0.form.rawValue, .dim)
            },
        ], empty: "No policies: nothing is allowed. Press t to attach one, i to write one.")
    var viewer = JSONViewer(id: "document")
    var trust = JSONViewer(id: "trust")
    var list = KeyValueList()

    init(_ kind: IdentityKind, _ name: String, tab: String? = nil) {
        self.kind = kind
        self.name = ResourceName.last(of: name)
        tabs = Tabs(kind == .role ? ["Policies", "Trust", "Details"] : ["Policies", "Details"])
        if let index = tab.flatMap({ tabs.titles.firstIndex(of: $0.capitalized) }) { tabs.select(index) }
    }

    var crumbs: [String] { ["IAM", kind.plural, name, tabs.selectedTitle] }
    var title: String { name }
    var topics: Set<Topic> { ["iam"] }
    var capturesText: Bool { tab == "Policies" ? table.capturesText : tab == "Trust" && trust.capturesText }
    var handlesEscape: Bool { tab == "Policies" ? table.handlesEscape : tab == "Trust" && trust.handlesEscape }
    var copyText: String? { tab == "Policies" ? table.selected?.text : details?.arn }
    private var tab: String { tabs.selectedTitle }

    var bindings: [KeyBinding] {
        var bindings: [KeyBinding] = []
        let one = Availability.when(table.selected != nil, otherwise: "No policy is selected")
        switch tab {
        case "Policies":
            let inline =
                table.selected?.form == .inline && table.selected?.via == nil
                ? one : .disabled("Only inline policies are edited here; open the others")
            bindings =
                [
                    KeyBinding.open(
                        table.selected?.arn == nil ? .disabled("An inline policy has no page of its own") : one),
                    KeyBinding(
                        ["t"], "attach", "attach", help: "Attach a managed policy", menu: true, needs: [.changes]),
                    KeyBinding(
                        ["i"], "inline", "inline", help: "Write an inline policy", menu: true, needs: [.changes]),
                    KeyBinding(
                        ["e"], "edit", "edit", help: "Edit the inline policy", availability: inline, menu: true,
                        needs: [.changes]),
                    removal.binding(in: table),
                ] + Table<HeldPolicy>.bindings
        case "Trust":
            bindings =
                [KeyBinding(["e"], "edit", "edit", help: "Edit the trust policy", menu: true, needs: [.changes])]
                + JSONViewer.bindings
        default: bindings = KeyValueList.bindings
        }
        let simulate =
            kind == .group
            ? Availability.disabled("A group makes no calls") : .when(details != nil, otherwise: "Loading")
        return bindings + [
            KeyBinding(
                ["m"], "simulate", "simulate", help: "What may it do? The policy simulator", availability: simulate,
                menu: true),
            .refresh,
        ] + tabs.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("simulate"): return details.map { [.open("iam.simulator", $0.arn)] } ?? []
        case .action("open"): return table.selected?.arn.map { [.open("iam.policy", $0)] } ?? []
        case .action("attach"): return [attach()]
        case .action("inline"): return [writeInline(nil)]
        case .action("edit"): return edit()
        case .action("remove"): return removal.effects(on: table.targets) { .removed($0) }
        case .action(let action):
            if !tabs.perform(action) { perform(action) }
            showSelected()
            return []
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return [] }
            switch tab {
            case "Policies": _ = table.handle(input)
            case "Trust": _ = trust.handle(input)
            default: _ = list.handle(input)
            }
            showSelected()
            return []
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func perform(_ action: ActionID) {
        switch tab {
        case "Policies": _ = table.perform(action)
        case "Trust": _ = trust.perform(action)
        default: _ = list.perform(action)
        }
    }

    private mutating func showSelected() { viewer.set(table.selected?.text ?? "") }

    private var removal: BulkAction<HeldPolicy> {
        let (kind, name) = (kind, name)
        return .remove(
            Noun("policy", "policies"), help: "Detach what is marked or selected, or delete what is inline",
            name: { $0.name },
            consequence: { "\($0.name): \($0.arn == nil ? "inline, it is gone then" : "detached from \(name)")" },
            availability: { .when($0.via == nil && $0.form != .boundary, otherwise: "It comes from elsewhere") },
            each: { try await kind.remove($0, from: name, $1.aws) })
    }

    private func edit() -> [Effect<Message>] {
        if tab == "Trust" { return [writeTrust()] }
        return table.selected.flatMap { $0.form == .inline ? [writeInline($0)] : nil } ?? []
    }

    private func attach() -> Effect<Message> {
        let (kind, name) = (kind, name)
        return FormTask.ask(PolicyForms.attach(to: name), { .form($0) }) { values, context in
            try await kind.attach(PolicyForms.arn(values["policy"]), to: name, context.aws)
            return .init("Attached \(values["policy"])")
        }
    }

    private func writeInline(_ policy: HeldPolicy?) -> Effect<Message> {
        let (kind, name) = (kind, name)
        let form = PolicyForms.inline(policy?.name, on: name, policy?.text)
        return FormTask.ask(form, { .form($0) }) { values, context in
            let target = policy?.name ?? values["name"]
            try await kind.putInline(target, values["document"], on: name, context.aws)
            return .init("Saved \(target)")
        }
    }

    private func writeTrust() -> Effect<Message> {
        let name = name
        return FormTask.ask(PolicyForms.trust(of: name, details?.trust ?? ""), { .form($0) }) { values, context in
            _ = try await context.aws.call(
                IAM.updateAssumeRolePolicy, .init(roleName: name, policyDocument: values["document"]))
            return .init("Saved the trust policy")
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let loaded)):
            failure = nil
            details = loaded
            table.rows = loaded.policies
            trust.set(loaded.trust)
            list.items = loaded.items
            showSelected()
            return []
        case .loaded(.failure(let error)):
            failure = error.sentence
            return details == nil ? [] : [.toast(error.sentence, .failed)]
        case .form(let step): return step.effects { .form($0) } + (step.isDone ? [load()] : [])
        case .removed(let result):
            table.unmark(result.succeeded.map(\.id))
            return [load()]
        }
    }

    private func load() -> Effect<Message> {
        let (kind, name) = (kind, name)
        return .work("load") {
            try await IdentityDetails.load(kind, name, $0.aws)
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        guard details != nil else {
            let inside = parts[1].panel(tab)
            inside.write(
                failure ?? "Loading…", x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        switch tab {
        case "Policies":
            let isWide = parts[1].width >= 100
            let halves = isWide ? parts[1].columns([.percent(45), .fill()]) : parts[1].rows([.percent(45), .fill()])
            table.showing(failure).render(
                on: halves[0].panel("Policies", focused: true, note: table.countNote), focused: frame.isInteractive)
            viewer.render(
                on: halves[1].panel(table.selected?.name ?? "Document").inset(horizontally: 1), focused: false)
        case "Trust":
            trust.render(
                on: parts[1].panel("Who may take this role", focused: true).inset(horizontally: 1),
                focused: frame.isInteractive)
        default: list.render(on: parts[1].panel("Details", focused: true), focused: frame.isInteractive)
        }
    }
}
