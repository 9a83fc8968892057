import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct StateTestScreenTests {
    private func check(_ screen: some Screen, _ name: String) {
        for (size, encoding, suffix) in [
            (Size.standard, Encoding.utf8, "80"), (.large, .utf8, "120"), (.standard, .ascii, "ascii"),
        ] {
            let text = Snapshot.text(Size(width: size.width, height: size.height - 2), encoding) {
                screen.render(on: $0, in: FrameContext(status: ConsoleStatus(now: OrderMachine.now)))
            }
            let problem = Snapshot.difference(text, "\(name)-\(suffix)")
            #expect(problem == nil, "\(problem ?? "")")
        }
    }

    private func screen(_ state: String, mock: StateTestSetup.Mock = .none) -> StateTestScreen {
        var setup = StateTestSetup(
            definition: OrderMachine.definition, state: state, role: "arn:aws:iam::123456789012:role/orders")
        setup.mock = mock
        return StateTestScreen(
            machine: "order-workflow", setup: setup,
            texts: StateTestTexts(input: #"{"orderId":"1042"}"#, mock: #"{"StatusCode":200,"Payload":{"ok":true}}"#))
    }

    private let succeeded = SFN.TestStateOutput(
        output: #"{"ok":true}"#,
        inspectionData: SFN.InspectionData(
            input: #"{"orderId":"1042"}"#, afterInputPath: #"{"orderId":"1042"}"#,
            afterParameters: #"{"FunctionName":"validate-order","Payload":{"orderId":"1042"}}"#,
            result: #"{"StatusCode":200,"Payload":{"ok":true}}"#), nextState: "Is it large?", status: "SUCCEEDED")

    @Test func aTestShowsEveryStage() {
        var screen = screen("Validate order", mock: .result)
        check(screen, "test-state-before")
        _ = screen.update(.message(.tested(.success(succeeded))))
        check(screen, "test-state")
        #expect(
            screen.result?.stages.map(\.name) == ["State input", "InputPath", "Parameters", "Result", "State output"])
        #expect(!screen.isEditing)
        _ = screen.update(.action("stage.previous"))
        #expect(screen.viewer.text.contains("StatusCode"))
    }

    @Test func aCaughtErrorNamesItsRule() {
        let output = SFN.TestStateOutput(
            error: "InvalidOrder", cause: "No address",
            inspectionData: SFN.InspectionData(errorDetails: SFN.InspectionErrorDetails(catchIndex: 0)),
            nextState: "Notify customer", status: "CAUGHT_ERROR")
        #expect(StateTestResult(output).consequence == "Catcher 1 caught it and goes to Notify customer")
        let retriable = SFN.TestStateOutput(
            error: "Payment.Busy",
            inspectionData: SFN.InspectionData(
                errorDetails: SFN.InspectionErrorDetails(retryIndex: 1, retryBackoffIntervalSeconds: 4)),
            status: "RETRIABLE")
        #expect(StateTestResult(retriable).consequence == "Retrier 2 would try again after 4 s")
    }

    @Test func whatIsSentFollowsTheMock() {
        var setup = StateTestSetup(definition: "D", state: "S", role: "R")
        let texts = StateTestTexts(input: "{}", variables: #"{"a":1}"#, mock: "[]", context: "{}")
        var input = setup.input(texts, type: "Pass")
        #expect(input.mock == nil)
        #expect(input.context == nil)
        #expect(input.variables == #"{"a":1}"#)
        #expect(input.stateName == "S")
        setup.mock = .error
        (setup.errorName, setup.retries) = ("Busy", 2)
        input = setup.input(texts, type: "Task")
        #expect(input.mock?.errorOutput?.error == "Busy")
        #expect(input.stateConfiguration?.retrierRetryCount == 2)
        #expect(input.context == "{}")
        setup.mock = .result
        input = setup.input(texts, type: "Map")
        #expect(input.mock?.result == "[]")
        #expect(input.mock?.fieldValidationMode == "STRICT")
    }

    @Test func aMapIsTestedWithAMockOnly() {
        let screen = screen("Each item")
        #expect(screen.setup?.mock == .result)
        #expect(screen.texts == StateTestScreen.Text.allCases)
    }

    @Test func brokenInputIsNotSent() {
        var screen = screen("Done")
        _ = screen.update(.input(.key("x")))
        #expect(screen.bindings.binding(for: "f5")?.availability.reason?.hasPrefix("Input, line 1") == true)
    }

    /// From a step everything the execution knows is filled in.
    @Test func aStepBringsItsInputAndItsError() throws {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        screen.select(state: "Charge card")
        let visit = try #require(screen.selected)
        #expect(visit.attempts.last?.error == "Payment.Declined")
        #expect(screen.bindings.binding(for: "X")?.availability.isEnabled == true)
        #expect(screen.testState().count == 1)
    }
}

@Suite struct StateVariablesTests {
    /// What was assigned on the way is seen, nearest first; what was assigned inside a Map is gone behind it.
    @Test func variablesAreThoseOfTheWayAndOfWhatIsAround() throws {
        let trace = ExecutionTrace(
            OrderMachine.events([
                ("ExecutionStarted", 0, 0, [:]), ("PassStateEntered", 0, 1, ["name": "A"]),
                ("PassStateExited", 2, 2, ["name": "A", "assignedVariables": ["x": "1", "y": "1"]]),
                ("PassStateEntered", 3, 3, ["name": "B"]),
                ("PassStateExited", 4, 4, ["name": "B", "assignedVariables": ["x": "2"]]),
                ("MapStateEntered", 5, 5, ["name": "M"]), ("MapStateStarted", 6, 5, ["length": 1]),
                ("MapIterationStarted", 7, 6, ["name": "M", "index": 0]), ("PassStateEntered", 8, 7, ["name": "P"]),
                ("PassStateExited", 9, 8, ["name": "P", "assignedVariables": ["x": "3", "inner": "true"]]),
                ("PassStateEntered", 10, 9, ["name": "Q"]), ("PassStateExited", 11, 10, ["name": "Q"]),
                ("MapIterationSucceeded", 12, 11, ["name": "M", "index": 0]), ("MapStateSucceeded", 13, 12, [:]),
                ("MapStateExited", 13, 12, ["name": "M"]), ("PassStateEntered", 15, 13, ["name": "C"]),
            ]))
        func variables(_ name: String) throws -> [String: String] {
            trace.variables(before: try #require(trace.visits.last { $0.name == name }))
        }
        #expect(try variables("A") == [:])
        #expect(try variables("P") == ["x": "2", "y": "1"])
        #expect(try variables("Q") == ["x": "3", "y": "1", "inner": "true"])
        #expect(try variables("C") == ["x": "2", "y": "1"])
    }
}
