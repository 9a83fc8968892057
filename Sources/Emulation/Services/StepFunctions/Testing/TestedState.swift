import AWSModel
import AWSTypes
import StatesLanguage

/// The state that TestState was given: alone, or one of a whole machine.
struct TestedState {
    var definition: StateMachineDefinition
    var state: StateDefinition

    /// AWS: what a state that comes alone is called.
    private static let loneName = "StateName"

    init(_ input: SFN.TestStateInput) throws(ServiceError) {
        let source: String
        if input.stateName != nil {
            source = input.definition
        } else {
            source = try Self.machine(around: input.definition)
        }
        let parsed = StateMachineDefinition.parse(source)
        guard let definition = parsed.definition else { throw ServiceError("InvalidDefinition", parsed.errorMessage) }
        guard let state = definition.state(named: input.stateName ?? Self.loneName) else {
            throw .validation("State not found in definition")
        }
        self.definition = definition
        self.state = state
    }

    /// A machine of that state, and of ends for wherever it may lead.
    private static func machine(around text: String) throws(ServiceError) -> String {
        let value: DocumentValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.parse(text)
        } catch {
            // The parser has AWS's words for it.
            return text
        }
        guard let state = value.object else { return text }
        var states: DocumentObject = [loneName: .object(state)]
        var targets = [state["Next"], state["Default"]]
        for field in ["Choices", "Catch"] { targets += state.list(field)?.map { $0["Next"] } ?? [] }
        for case .string(let name)? in targets where states[name] == nil { states[name] = ["Type": "Succeed"] }
        return JSONWriter.string(["StartAt": .string(loneName), "States": .object(states)])
    }

    var integration: ServiceIntegration? {
        if case .task(let task) = state.kind, case .integration(let integration) = task.resource { return integration }
        return nil
    }

    /// What the request asks of this state that AWS does not do, in AWS's words.
    func check(_ input: SFN.TestStateInput) throws(ServiceError) -> StateTest.Mock? {
        guard let mock = input.mock else {
            switch state.type {
            case .task where input.roleArn == nil:
                throw .validation("RoleArn must be specified when testing a Task state")
            case .map, .parallel:
                throw ServiceError(
                    "InvalidDefinition",
                    "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
                )
            default: return nil
            }
        }
        guard mock.result == nil || mock.errorOutput == nil else {
            throw .validation("A test mock should have only one of the following fields: [result, errorOutput].")
        }
        if input.revealSecrets == true {
            throw .validation("TestState does not support RevealSecrets when a mock is specified.")
        }
        switch state.type {
        case .task, .map, .parallel: break
        default: throw .validation("State type '\(state.type.rawValue)' is not supported when a mock is specified")
        }
        if let error = mock.errorOutput { return .failure(error: error.error, cause: error.cause) }
        guard let text = mock.result else { return nil }
        guard let payload = try? Payload(parsing: text) else { throw .validation("Mocked result must be valid JSON") }
        try checkShape(of: payload.value)
        let mode = mock.fieldValidationMode ?? "STRICT"
        if mode != "NONE", let integration {
            let check = MockedResultCheck(
                isStrict: mode == "STRICT", isSDK: integration.service.hasPrefix("aws-sdk:"))
            if let complaint = check.complaint(payload.value, integration) { throw .validation(complaint) }
        }
        return .result(payload)
    }

    /// A Parallel gives a list with an item for each branch, a Map a list or where its results were written.
    private func checkShape(of result: DocumentValue) throws(ServiceError) {
        switch state.kind {
        case .map where state.document["ResultWriter"] != nil:
            guard result.object != nil else { throw .validation("Mocked result must be a JSON object.") }
        case .map:
            guard result.list != nil else { throw .validation("Mocked result must be an array.") }
        case .parallel(let branches):
            guard let list = result.list else { throw .validation("Mocked result must be an array.") }
            guard list.count == branches.count else {
                throw .validation(
                    "Mocked result must contain the same number of items as number of Parallel branches.")
            }
        default: break
        }
    }

    /// AWS: a context can only name a token where the state waits for one.
    func context(_ text: String?) throws(ServiceError) -> DocumentObject? {
        guard let text else { return nil }
        guard let context = (try? JSONReader.parse(text))?.object else {
            throw .validation("Invalid Context object provided: Context object must be a valid JSON object")
        }
        if context["Task"] != nil, (integration?.pattern ?? .requestResponse) == .requestResponse {
            throw .validation(
                "Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
            )
        }
        return context
    }
}
