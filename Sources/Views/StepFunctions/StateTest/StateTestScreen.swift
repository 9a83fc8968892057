import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One state tried with any input, without an execution: TestState with all it takes and all it tells.
struct StateTestScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<SFN.DescribeStateMachineOutput, any Error>)
        case configured(FormValues)
        case tested(Result<SFN.TestStateOutput, any Error>)
    }

    enum Text: Int, CaseIterable, Hashable, Sendable {
        case input, variables, mock, context
        var title: String {
            switch self {
            case .input: "Input"
            case .variables: "Variables"
            case .mock: "Mock result"
            case .context: "Context"
            }
        }
    }

    let machine: String
    var setup: StateTestSetup?
    var states: [StateDefinition] = []
    var editors: [Text: TextEditor] = [:]
    var shown = Text.input
    var isEditing = true
    var isTesting = false
    var failure: String?
    var result: StateTestResult?
    var stageIndex = 0
    var viewer = JSONViewer("", id: "test.stage")
    private let wantedState: String?

    /// - Parameter state: the machine's first one where nil.
    init(machine: String, state: String? = nil) {
        self.machine = machine
        wantedState = state
        fill(StateTestTexts())
    }

    /// With everything known already, as from an execution's step.
    init(machine: String, setup: StateTestSetup, texts: StateTestTexts) {
        self.machine = machine
        wantedState = setup.state
        fill(texts)
        use(setup)
    }

    private mutating func fill(_ texts: StateTestTexts) {
        func editor(_ text: String) -> TextEditor {
            let pretty = (try? JSONReader.parse(text)).map { JSONWriter.string($0, pretty: true) } ?? text
            return TextEditor(pretty, language: .json)
        }
        editors = [
            .input: editor(texts.input), .variables: editor(texts.variables), .mock: editor(texts.mock),
            .context: editor(texts.context),
        ]
    }

    private mutating func use(_ new: StateTestSetup) {
        var new = new
        states = (try? StateMachineDefinition(new.definition))?.allStates ?? []
        if let type = states.first(where: { $0.name == new.state })?.type, new.mock == .none,
            StateTestSetup.mustMock(type)
        {
            new.mock = .result
            if editors[.mock]?.text == "{}" { editors[.mock]?.text = "[]" }
        }
        setup = new
        if !texts.contains(shown) { shown = .input }
    }

    var state: StateDefinition? { states.first { $0.name == setup?.state } }

    /// The texts that count for this test.
    var texts: [Text] {
        guard let setup, StateTestSetup.canMock(state?.type ?? ""), setup.mock != .none else {
            return [.input, .variables]
        }
        return setup.mock == .result ? Text.allCases : [.input, .variables, .context]
    }

    var crumbs: [String] { ["Step Functions", StateMachineNames.machineName(machine), "Test state"] }
    var capturesText: Bool { isEditing || viewer.capturesText }
    var handlesEscape: Bool { isEditing || viewer.handlesEscape }
    var copyText: String? { isEditing ? editors[shown]?.selectedText : viewer.selectedValue ?? result?.output.output }

    private var problem: String? {
        if setup == nil { return failure ?? "The state machine is being loaded" }
        if isTesting { return "The test runs" }
        for text in texts {
            if let error = editors[text]?.error { return "\(text.title), line \(error.line): \(error.message)" }
        }
        if state?.type == "Task", setup?.mock == StateTestSetup.Mock.none, setup?.role.isEmpty == true {
            return "A Task without a mock needs a role: F3"
        }
        return nil
    }

    var bindings: [KeyBinding] {
        let ready = Availability.when(problem == nil, otherwise: problem ?? "")
        var list = [
            KeyBinding(["f5", "ctrl+s"], "run", "run", help: "Test the state", availability: ready, menu: true),
            KeyBinding(
                ["f3", "ctrl+o"], "state and mock", "configure",
                help: "Choose state, role, inspection level, mocked result or error",
                availability: .when(setup != nil, otherwise: "The state machine is being loaded"), menu: true),
        ]
        if isEditing { return list }
        let several = Availability.when((result?.stages.count ?? 0) > 1, otherwise: "There is one stage or none")
        list += [
            KeyBinding(["e", "i", "enter"], "edit", "edit", help: "Back to the texts"),
            KeyBinding(["."], "next stage", "stage.next", availability: several),
            KeyBinding([","], "previous stage", "stage.previous", availability: several, prominence: .help),
        ]
        return list + JSONViewer.bindings
    }

    // MARK: Events

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared:
            guard setup == nil else { return [] }
            let machine = machine
            return [
                .work("load") { context in
                    let arn = try await StateMachineNames.machineARN(machine, context)
                    return try await context.aws.call(SFN.describeStateMachine, .init(stateMachineArn: arn))
                } then: {
                    .loaded($0)
                }
            ]
        case .action("run"): return run()
        case .action("configure"):
            return setup.map { [.form($0.form(states: states).onlyForLooking()) { .configured($0) }] } ?? []
        case .action("edit"): isEditing = true
        case .action("stage.next"): step(1)
        case .action("stage.previous"): step(-1)
        case .action(let action): _ = viewer.perform(action)
        case .input(let input):
            take(input)
            if let copied = editors[shown]?.takeCopied() { return [.copy(copied)] }
        case .message(let message): return receive(message)
        case .reappeared, .changed, .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let description)):
            let definition = try? StateMachineDefinition(description.definition)
            use(
                StateTestSetup(
                    definition: description.definition, state: wantedState ?? definition?.startAt ?? "",
                    role: description.roleArn))
        case .loaded(.failure(let error)): failure = error.sentence
        case .configured(let values):
            guard var new = setup else { return [] }
            new.take(values)
            use(new)
        case .tested(.success(let output)):
            (isTesting, failure) = (false, nil)
            let old = result?.stages.indices.contains(stageIndex) == true ? result?.stages[stageIndex].name : nil
            let new = StateTestResult(output)
            result = new
            stageIndex = new.stages.firstIndex { $0.name == old } ?? max(0, new.stages.count - 1)
            if output.error != nil, let at = new.stages.firstIndex(where: { $0.name == "Error" }) { stageIndex = at }
            showStage()
            isEditing = false
        case .tested(.failure(let error)): (isTesting, failure, result) = (false, error.sentence, nil)
        }
        return []
    }

    private mutating func run() -> [Effect<Message>] {
        guard let setup, let state else { return [] }
        isTesting = true
        func text(_ text: Text) -> String { texts.contains(text) ? editors[text]?.text ?? "" : "" }
        let input = setup.input(
            StateTestTexts(
                input: text(.input), variables: text(.variables), mock: text(.mock), context: text(.context)),
            type: state.type)
        return [
            .work("test") { context in
                try await context.aws.call(SFN.testState, input)
            } then: {
                .tested($0)
            }
        ]
    }

    private mutating func step(_ step: Int) {
        guard let count = result?.stages.count, count > 0 else { return }
        stageIndex = max(0, min(count - 1, stageIndex + step))
        showStage()
    }

    private mutating func showStage() {
        let stages = result?.stages ?? []
        viewer.set(stages.indices.contains(stageIndex) ? stages[stageIndex].value : "")
    }

    private mutating func take(_ input: WidgetInput) {
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if region == viewer.id { isEditing = false }
            if let text = Text.allCases.first(where: { "test.\($0)" == region }) { (shown, isEditing) = (text, true) }
        }
        guard isEditing else {
            _ = viewer.handle(input)
            return
        }
        switch input {
        case .key(let key) where editors[shown]?.handlesEscape == true && (key == .escape || key == .tab):
            _ = editors[shown]?.handle(input)
        case .key(.escape): isEditing = false
        case .key(.tab), .key(.backTab):
            let order = texts
            let at = order.firstIndex(of: shown) ?? 0
            shown = order[(at + (input == .key(.tab) ? 1 : order.count - 1)) % order.count]
        default: _ = editors[shown]?.handle(input)
        }
    }
}
