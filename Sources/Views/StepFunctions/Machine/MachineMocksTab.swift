import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Answers that stand in for what tasks call, in the form of Step Functions Local's mocks. Only the embedded engine has them.
struct MachineMocksTab: MachineTab {
    struct Row: Identifiable, Sendable {
        var mock: Skua.MockedState
        var id: String { "\(mock.stateName)#\(mock.testCase ?? "")" }

        /// `0 throws Busy · 1-2 return`
        var summary: String { MockedAnswers.summary(mock.responses) }
    }

    enum Message: Sendable {
        case loaded(Result<[Skua.MockedState], any Error>)
        case submitted(FormValues)
        case saved(FormValues, Result<Void, any Error>)
        case deleted(BulkResult<Row>)
    }

    var machine: SFN.DescribeStateMachineOutput?
    var failure: String?
    private var states: [String] {
        let definition = machine.flatMap { try? StateMachineDefinition($0.definition) }
        return (definition?.allStates ?? []).filter { $0.type == "Task" }.map(\.name)
    }
    var table = Table<Row>(
        id: "machine.mocks",
        columns: [
            TableColumn("State", min: 16, ideal: 28, order: TableColumn.by { $0.mock.stateName }) {
                TableCell($0.mock.stateName)
            },
            TableColumn("Test case", min: 10, ideal: 18, order: TableColumn.by { $0.mock.testCase ?? "" }) { row in
                row.mock.testCase.map { TableCell($0, .accent) } ?? TableCell("every execution", .dim)
            },
            TableColumn("Answers, call by call", min: 22) { TableCell($0.summary) },
            TableColumn("Updated", min: 19, ideal: 19) { TableCell(ElapsedTime.date($0.mock.updatedAt), .dim) },
        ], empty: "No task is mocked. Press n to have a task answered without calling anything.")

    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected?.mock.responses }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No mock is selected")
        let create: Availability =
            failure.map { .disabled($0) } ?? .when(!states.isEmpty, otherwise: "The machine has no Task to mock")
        return [
            KeyBinding(
                ["enter"], "edit", "mocks.edit", help: "Change the answers", availability: one, menu: true,
                needs: [.changes]),
            KeyBinding(
                ["n"], "new", "mocks.add", help: "Mock a task: answers in place of its calls", availability: create,
                menu: true, needs: [.changes]),
            deletion.binding(in: table),
        ] + Table<Row>.bindings
    }

    private var deletion: BulkAction<Row> {
        let arn = machine?.stateMachineArn ?? ""
        var action = BulkAction<Row>.delete(
            "mock", help: "Call for real again", question: .destructive, name: { $0.mock.stateName },
            consequence: { "\($0.mock.stateName) calls for real again" },
            each: {
                _ = try await $1.aws.call(
                    Skua.deleteMockedState,
                    .init(stateMachineArn: arn, stateName: $0.mock.stateName, testCase: $0.mock.testCase))
            })
        // `delete` is the machine's own.
        action.action = "mocks.delete"
        return action
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .changed, .reappeared: return [load()].compactMap { $0 }
        case .action("mocks.edit"):
            guard let mock = table.selected?.mock else { return [] }
            return [.form(MockedAnswers.form(mock, states: states)) { .submitted($0) }]
        case .action("mocks.add"): return [.form(MockedAnswers.form(nil, states: states)) { .submitted($0) }]
        case .action("mocks.delete"): return deletion.effects(on: table.targets) { .deleted($0) }
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private func load() -> Effect<Message>? {
        guard let arn = machine?.stateMachineArn else { return nil }
        return .work("mocks") { context in
            guard context.capabilities.hasEngine else { throw MockedAnswers.Failure.noEngine }
            return try await context.aws.call(Skua.listMockedStates, .init(stateMachineArn: arn)).states ?? []
        } then: {
            .loaded($0)
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let mocks)):
            failure = nil
            table.rows = mocks.map { Row(mock: $0) }
        case .loaded(.failure(let error)): failure = error.sentence
        case .submitted(let values):
            guard let arn = machine?.stateMachineArn else { return [] }
            return [
                .work("save") { context in
                    _ = try await context.aws.call(
                        Skua.putMockedState,
                        .init(
                            stateMachineArn: arn, stateName: values["state"], testCase: values.optional("case"),
                            responses: values["responses"]))
                } then: {
                    .saved(values, $0)
                }
            ]
        case .saved(let values, .success):
            return [.toast("\(values["state"]) is mocked"), load()].compactMap { $0 }
        case .saved(let values, .failure(let error)):
            let form = MockedAnswers.form(nil, states: states).filled(with: values, failure: error.sentence)
            return [.form(form) { .submitted($0) }]
        case .deleted(let result):
            table.unmark(result.succeeded.map(\.id))
            return [load()].compactMap { $0 }
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Mocked tasks", focused: true, note: table.note(failure)), focused: frame.isInteractive)
    }
}

/// Answers of a mocked task, as Step Functions Local writes them.
enum MockedAnswers {
    enum Failure: Error, CustomStringConvertible {
        case noEngine
        var description: String { "Only the embedded engine can answer in place of what a task calls." }
    }

    static let starter = """
        {
          "0": {"Throw": {"Error": "Busy", "Cause": "Come back later"}},
          "1-2": {"Return": {"StatusCode": 200, "Payload": {"ok": true}}}
        }
        """

    /// `0 throws Busy · 1-2 return`
    static func summary(_ responses: String) -> String {
        guard let object = (try? JSONReader.parse(responses))?.object else { return responses.replacingLineEnds }
        return object.map { call, answer -> String in
            if let fault = answer["Throw"] { return "\(call) throws \(fault["Error"]?.string ?? "an error")" }
            return "\(call) \(call.contains("-") ? "return" : "returns")"
        }.joined(separator: " · ")
    }

    static func form(_ mock: Skua.MockedState?, states: [String]) -> Form {
        let text = mock?.responses ?? starter
        let pretty =
            mock == nil ? text : (try? JSONReader.parse(text)).map { JSONWriter.string($0, pretty: true) } ?? text
        let names = mock.map { [$0.stateName] } ?? states
        return Form(
            mock.map { "Mock of \($0.stateName)" } ?? "Mock a task", submit: "Save",
            [
                FormField(
                    "state", "State", .choice(names), value: names.first ?? "", hint: "The task that calls nothing"),
                FormField(
                    "case", "Test case", .text, value: mock?.testCase ?? "",
                    hint: "Only executions started with MACHINE#CASE; empty: every execution"),
                FormField(
                    "responses", "Answers", .multiline(rows: 10, json: true), value: pretty,
                    hint: "By number of the call, from 0: Return a result or Throw an Error and Cause", required: true),
            ])
    }
}
