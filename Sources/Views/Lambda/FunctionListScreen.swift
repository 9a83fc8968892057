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
struct FunctionListScreen: ListScreen {
    private static let table = Table<FunctionRow>(
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

    var list = ResourceList("Functions", Self.table, order: { $0.id < $1.id }) { marker, context in
        let page = try await context.aws.call(Lambda.listFunctions, .init(marker: marker))
        return ListPage((page.functions ?? []).map { FunctionRow(configuration: $0) }, next: page.nextMarker)
    }
    static let noun: Noun = "function"

    var crumbs: [String] { ["Lambda", "Functions"] }
    var topics: Set<Topic> { ["lambda"] }
    var copyText: String? { selected?.configuration.functionArn }

    var ownBindings: [KeyBinding] {
        [
            .open(one),
            KeyBinding(["i"], "test", "test", help: "Test the function", availability: one, menu: true),
            Self.new(),
            KeyBinding(["l"], "logs", "logs", help: "Tail its log", availability: one, menu: true),
            .quietWhy(one),
        ]
    }

    var actions: [BulkAction<FunctionRow>] {
        [
            .delete(
                Self.noun, help: "Delete what is marked or selected", name: { $0.id },
                consequence: { "\($0.id): its code, versions, aliases and triggers (\($0.runtime))" },
                each: { _ = try await $1.aws.call(Lambda.deleteFunction, .init(functionName: $0.id)) })
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("lambda.function", $0.id)] } ?? []
        case "why": selected?.configuration.functionArn.map { [.open("why", $0)] } ?? []
        case "test": selected.map { [.open("lambda.function", $0.id, "test")] } ?? []
        case "logs": selected.map { [.open("logs.tail", FunctionDetails.logGroup(of: $0.configuration))] } ?? []
        case "create": [Self.creation.begin { .form($0) }]
        default: nil
        }
    }

    /// Its form offers the roles that Lambda may take on.
    private static let creation = FormTask(preparing: { context in
        let roles = try? await context.aws.call(IAM.listRoles, .init(maxItems: 100)).roles
        return FunctionForms.create(
            roles: (roles ?? []).filter { ($0.assumeRolePolicyDocument ?? "").contains("lambda.amazonaws.com") }
                .map(\.arn))
    }) { values, context in
        let request = FunctionForms.createRequest(values)
        let name = try await context.aws.call(Lambda.createFunction, request).functionName ?? values["name"]
        return .init("Created \(name)", opens: ScreenAddress(id: "lambda.function", arguments: [name]))
    }
}
