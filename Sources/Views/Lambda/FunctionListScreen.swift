import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A function as the list shows it.
struct FunctionRow: Identifiable, Sendable {
    var configuration: Lambda.FunctionConfiguration

    var id: String { configuration.functionName ?? "" }
    var runtime: String { configuration.runtime ?? (configuration.packageType == "Image" ? "image" : "–") }
    var memory: Int { configuration.memorySize ?? 128 }
    var timeout: Int { configuration.timeout ?? 3 }
    var codeSize: Int { configuration.codeSize ?? 0 }
    var modified: String { configuration.lastModified ?? "" }
}

/// All functions.
struct FunctionListScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[FunctionRow], any Error>)
        case roles([String])
        case createRequested(FormValues, roles: [String])
        case created(Result<String, any Error>, FormValues, roles: [String])
        case deleteConfirmed([String])
        case deleted(Int, Result<Void, any Error>)
    }

    var table = Table<FunctionRow>(
        id: "functions",
        columns: [
            TableColumn("Name", min: 16, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Runtime", min: 10, ideal: 12, order: TableColumn.by { $0.runtime }) {
                TableCell($0.runtime, .dim)
            },
            TableColumn(
                "State", min: 15, ideal: 15, order: TableColumn.by { FunctionText.state($0.configuration).word }
            ) {
                let state = FunctionText.state($0.configuration)
                return .status(state.mark, state.word)
            },
            TableColumn("Memory", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.memory }) {
                TableCell("\($0.memory.grouped) MB")
            },
            TableColumn("Timeout", min: 7, ideal: 8, align: .right, order: TableColumn.by { $0.timeout }) {
                TableCell("\($0.timeout) s")
            },
            TableColumn("Code", min: 8, ideal: 9, align: .right, order: TableColumn.by { $0.codeSize }) {
                TableCell(Quantity.bytes($0.codeSize), .dim)
            },
            TableColumn("Last modified", min: 19, ideal: 19, order: TableColumn.by { $0.modified }) {
                TableCell(FunctionText.date(lambda: $0.modified), .dim)
            },
        ], empty: "No functions. Press n to create one, or deploy a SAM application to this endpoint.")
    var failure: String?

    var crumbs: [String] { ["Lambda", "Functions"] }
    var topics: Set<Topic> { ["lambda"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.configuration.functionArn }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No function is selected")
        return [
            KeyBinding.open(one),
            KeyBinding(["i"], "test", "test", help: "Test the function", availability: one, menu: true),
            KeyBinding(["n"], "new", "create", help: "Create a function", menu: true),
            KeyBinding(["l"], "logs", "logs", help: "Tail its log", availability: one, menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete what is marked or selected", availability: one, menu: true,
                destructive: true),
            .quietWhy(one), .refresh,
        ] + Table<FunctionRow>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("lambda.function", $0.id)] } ?? []
        case .action("why"): return table.selected?.configuration.functionArn.map { [.open("why", $0)] } ?? []
        case .action("test"): return table.selected.map { [.open("lambda.function", $0.id, "test")] } ?? []
        case .action("logs"):
            return table.selected.map { [.open("logs.tail", FunctionDetails.logGroup(of: $0.configuration))] } ?? []
        case .action("create"): return [Self.roles()]
        case .action("delete"):
            let targets = table.targets
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "function \(first.id)" : "\(targets.count) functions"
            let lines = targets.map { "\($0.id): its code, versions, aliases and triggers (\($0.runtime))" }
            return [
                .confirm(
                    .delete(what, consequences: lines, typeToConfirm: targets.count == 1 ? first.id : "delete"),
                    then: .deleteConfirmed(targets.map(\.id)))
            ]
        case .action(let action):
            _ = table.perform(action)
            return []
        case .input(let input):
            _ = table.handle(input)
            return []
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
            return []
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .roles(let roles):
            return [.form(FunctionForms.create(roles: roles)) { .createRequested($0, roles: roles) }]
        case .createRequested(let values, let roles):
            return [
                .work("create") { context in
                    try await context.aws.call(Lambda.createFunction, FunctionForms.createRequest(values)).functionName
                        ?? values["name"]
                } then: {
                    .created($0, values, roles: roles)
                }
            ]
        case .created(.success(let name), _, _): return [.toast("Created \(name)"), .open("lambda.function", name)]
        case .created(.failure(let error), let values, let roles):
            let form = FunctionForms.create(roles: roles).filled(with: values, failure: error.sentence)
            return [.form(form) { .createRequested($0, roles: roles) }]
        case .deleteConfirmed(let names):
            return [
                .work("delete") { context in
                    for name in names {
                        _ = try await context.aws.call(Lambda.deleteFunction, .init(functionName: name))
                    }
                } then: {
                    .deleted(names.count, $0)
                }
            ]
        case .deleted(let count, .success):
            table.clearMarks()
            return [.toast(count == 1 ? "Deleted the function" : "Deleted \(count) functions"), Self.load()]
        case .deleted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Functions", focused: true, note: table.countNote), focused: frame.isInteractive)
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var rows: [FunctionRow] = []
            var marker: String?
            repeat {
                let page = try await context.aws.call(Lambda.listFunctions, .init(marker: marker))
                rows += (page.functions ?? []).map { FunctionRow(configuration: $0) }
                marker = page.nextMarker
            } while marker != nil && !Task.isCancelled
            return rows.sorted { $0.id < $1.id }
        } then: {
            .loaded($0)
        }
    }

    /// Roles that Lambda may take on, for the form.
    private static func roles() -> Effect<Message> {
        .work("roles") { context in
            let roles = try? await context.aws.call(IAM.listRoles, .init(maxItems: 100)).roles
            return .roles(
                (roles ?? []).filter { ($0.assumeRolePolicyDocument ?? "").contains("lambda.amazonaws.com") }.map(\.arn)
            )
        }
    }
}
