import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One managed policy: its document, its versions, and who has it.
struct PolicyScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<Loaded, any Error>)
        case form(FormStep)
        case versionRead(String, Result<String, any Error>)
        case madeDefault(String, Result<Void, any Error>)
        case deleted(BulkResult<Version>)
    }

    struct Version: Identifiable, Hashable, Sendable {
        var id: String
        var isDefault: Bool
        var created: Instant?
    }

    struct User: Identifiable, Hashable, Sendable {
        var kind: IdentityKind
        var name: String
        var id: String { "\(kind.rawValue)/\(name)" }
    }

    struct Loaded: Sendable {
        var policy: IAM.Policy
        var text: String
        var versions: [Version]
        var users: [User]
    }

    let arn: String
    var tabs = Tabs(["Document", "Versions", "Used by"])
    var loaded: Loaded?
    var failure: String?
    var viewer = JSONViewer(id: "document")
    var versionViewer = JSONViewer(id: "version")
    var versions = Table<Version>(
        id: "versions",
        columns: [
            TableColumn("Version", min: 8, ideal: 9) { TableCell($0.id) },
            TableColumn("State", min: 10, ideal: 11) {
                .status($0.isDefault ? .enabled : .disabled, $0.isDefault ? "Default" : "Kept")
            },
            TableColumn("Created", min: 10, ideal: 10) {
                TableCell($0.created.map { String(ElapsedTime.date($0).prefix(10)) } ?? "–", .dim)
            },
        ], empty: "No versions.")
    var users = Table<User>(
        id: "users",
        columns: [
            TableColumn("Name", min: 20, order: TableColumn.by { $0.name }) { TableCell($0.name, .link) },
            TableColumn("Kind", min: 6, ideal: 8, order: TableColumn.by { $0.kind.rawValue }) {
                TableCell($0.kind.rawValue, .dim)
            },
        ], empty: "Nobody has this policy.")

    init(arn: String) { self.arn = arn }

    private var name: String { ResourceName.last(of: arn) }
    private var isAWS: Bool { arn.contains(":iam::aws:") }
    private var own: Availability { isAWS ? .disabled("AWS's own policies cannot be changed") : .enabled }

    var crumbs: [String] { ["IAM", "Policies", name, tabs.selectedTitle] }
    var title: String { name }
    var topics: Set<Topic> { ["iam"] }
    var capturesText: Bool { tabs.selected == 0 && viewer.capturesText || tabs.selected == 2 && users.capturesText }
    var handlesEscape: Bool { tabs.selected == 0 && viewer.handlesEscape || tabs.selected == 2 && users.handlesEscape }
    var copyText: String? { tabs.selected == 0 ? viewer.text : arn }

    var bindings: [KeyBinding] {
        let edit = KeyBinding(
            ["e"], "edit", "edit", help: "Edit the document: a new version, made the default", availability: own,
            menu: true, needs: [.changes])
        switch tabs.selected {
        case 0: return [edit, .refresh] + JSONViewer.bindings + tabs.bindings
        case 1:
            let other =
                versions.selected?.isDefault == false && !isAWS
                ? Availability.enabled : .disabled("It is the default version")
            return [
                edit,
                KeyBinding(
                    ["v"], "make default", "default", help: "Make it the default", availability: other, menu: true,
                    needs: [.changes]),
                deletion.binding(in: versions), .refresh,
            ] + Table<Version>.bindings + tabs.bindings
        default:
            return [
                KeyBinding.open(.when(users.selected != nil, otherwise: "Nobody is selected")), .refresh,
            ] + Table<User>.bindings + tabs.bindings
        }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("edit"): return [edit()]
        case .action("default"):
            guard let version = versions.selected else { return [] }
            return [
                .work("default") { [arn] in
                    _ = try await $0.aws.call(
                        IAM.setDefaultPolicyVersion, .init(policyArn: arn, versionId: version.id))
                } then: {
                    .madeDefault(version.id, $0)
                }
            ]
        case .action("delete"): return deletion.effects(on: versions.targets) { .deleted($0) }
        case .action("open"): return users.selected.map { [.open($0.kind.screen, $0.name)] } ?? []
        case .action(let action):
            if tabs.perform(action) { return readVersion() }
            switch tabs.selected {
            case 0: _ = viewer.perform(action)
            case 1: _ = versions.perform(action)
            default: _ = users.perform(action)
            }
            return readVersion()
        case .input(let input):
            if case .mouse = input, tabs.handle(input) { return readVersion() }
            switch tabs.selected {
            case 0: _ = viewer.handle(input)
            case 1: _ = versions.handle(input)
            default: _ = users.handle(input)
            }
            return readVersion()
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let loaded)):
            failure = nil
            self.loaded = loaded
            viewer.set(loaded.text)
            versions.rows = loaded.versions
            users.rows = loaded.users
            return readVersion()
        case .loaded(.failure(let error)):
            failure = error.sentence
            return loaded == nil ? [] : [.toast(error.sentence, .failed)]
        case .form(let step): return step.effects { .form($0) } + (step.isDone ? [load()] : [])
        case .versionRead(let id, .success(let text)):
            if versions.selected?.id == id { versionViewer.set(text) }
            return []
        case .versionRead(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        case .deleted(let result):
            versions.unmark(result.succeeded.map(\.id))
            return [load()]
        case .madeDefault(let version, .success): return [.toast("\(version) is the default"), load()]
        case .madeDefault(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        }
    }

    private var deletion: BulkAction<Version> {
        let (arn, own) = (arn, own)
        return .delete(
            "version", help: "Delete the versions marked, or the selected one", question: .destructive,
            name: { $0.id },
            availability: { own.isEnabled ? .when(!$0.isDefault, otherwise: "It is the default version") : own },
            each: { _ = try await $1.aws.call(IAM.deletePolicyVersion, .init(policyArn: arn, versionId: $0.id)) })
    }

    private func edit() -> Effect<Message> {
        let (arn, name) = (arn, name)
        return FormTask.ask(PolicyForms.version(of: name, viewer.text), { .form($0) }) { values, context in
            _ = try await context.aws.call(
                IAM.createPolicyVersion,
                .init(policyArn: arn, policyDocument: values["document"], setAsDefault: true))
            return .init("Saved a new version of \(name)")
        }
    }

    private func readVersion() -> [Effect<Message>] {
        guard tabs.selected == 1, let id = versions.selected?.id else { return [] }
        let arn = arn
        return [
            .work("version") { context in
                let answer = try await context.aws.call(IAM.getPolicyVersion, .init(policyArn: arn, versionId: id))
                return FunctionPoliciesScreen.percentDecoded(answer.policyVersion?.documentText ?? "")
            } then: {
                .versionRead(id, $0)
            }
        ]
    }

    private func load() -> Effect<Message> {
        let arn = arn
        return .work("load") { context in
            let aws = context.aws
            let policy = try await aws.call(IAM.getPolicy, .init(policyArn: arn)).policy ?? IAM.Policy()
            let held = try await HeldPolicy.managed(arn, aws)
            let versions = try await aws.call(IAM.listPolicyVersions, .init(policyArn: arn)).versions ?? []
            let used = try await aws.call(IAM.listEntitiesForPolicy, .init(policyArn: arn))
            let users =
                (used.policyRoles ?? []).map { User(kind: .role, name: $0.roleName ?? "") }
                + (used.policyUsers ?? []).map { User(kind: .user, name: $0.userName ?? "") }
                + (used.policyGroups ?? []).map { User(kind: .group, name: $0.groupName ?? "") }
            return Loaded(
                policy: policy, text: held.text,
                versions: versions.map {
                    Version(id: $0.versionId ?? "", isDefault: $0.isDefaultVersion ?? false, created: $0.createDate)
                }, users: users)
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let parts = surface.rows([.fixed(1), .fill()])
        tabs.render(on: parts[0].inset(horizontally: 1))
        guard let loaded else {
            let inside = parts[1].panel(tabs.selectedTitle)
            inside.write(
                failure ?? "Loading…", x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre,
                Style(failure == nil ? .dim : .failure))
            return
        }
        switch tabs.selected {
        case 0:
            let kind = isAWS ? "AWS managed" : "Customer"
            let note = StyledLine("\(kind), \(loaded.policy.defaultVersionId ?? "v1")", .dim)
            viewer.render(
                on: parts[1].panel(name, focused: true, note: note).inset(horizontally: 1), focused: frame.isInteractive
            )
        case 1:
            let halves =
                parts[1].width >= 100
                ? parts[1].columns([.percent(40), .fill()]) : parts[1].rows([.fixed(9), .fill()])
            versions.render(
                on: halves[0].panel("Versions", focused: true, note: versions.countNote), focused: frame.isInteractive)
            versionViewer.render(
                on: halves[1].panel(versions.selected?.id ?? "Document").inset(horizontally: 1), focused: false)
        default:
            users.render(
                on: parts[1].panel("Used by", focused: true, note: users.countNote), focused: frame.isInteractive)
        }
    }
}
