import AWSTypes
import TerminalUI

/// What is to be tested, and how.
struct StateTestSetup: Hashable, Sendable {
    enum Mock: String, Hashable, Sendable, CaseIterable {
        case none, result, error
    }

    /// A whole machine's definition.
    var definition: String
    var state: String
    var role: String
    var level = "TRACE"
    var mock = Mock.none
    /// How strictly a mocked result is held against the called service's model.
    var validation = "STRICT"
    var errorName = ""
    var errorCause = ""
    /// Retries already used up when a mocked error is met.
    var retries = 0
    var revealsSecrets = false

    static let levels = ["INFO", "DEBUG", "TRACE"]
    static let validations = ["STRICT", "PRESENT", "NONE"]

    /// AWS: only these do work that could be mocked.
    static func canMock(_ type: String) -> Bool { type == "Task" || type == "Map" || type == "Parallel" }
    /// AWS: what is inside these is never run by a test.
    static func mustMock(_ type: String) -> Bool { type == "Map" || type == "Parallel" }

    func input(_ texts: StateTestTexts, type: String) -> SFN.TestStateInput {
        var request = SFN.TestStateInput(
            definition: definition, roleArn: role.isEmpty ? nil : role, input: texts.input.isEmpty ? nil : texts.input,
            inspectionLevel: level, variables: texts.variables.isEmpty ? nil : texts.variables, stateName: state)
        let mock = Self.canMock(type) ? mock : .none
        switch mock {
        case .none: if revealsSecrets { request.revealSecrets = true }
        case .result: request.mock = SFN.MockInput(result: texts.mock, fieldValidationMode: validation)
        case .error:
            request.mock = SFN.MockInput(
                errorOutput: SFN.MockErrorOutput(
                    error: errorName.isEmpty ? nil : errorName, cause: errorCause.isEmpty ? nil : errorCause))
        }
        // AWS: both are taken only beside a mock.
        if mock != .none, !texts.context.isEmpty { request.context = texts.context }
        if mock == .error, retries > 0 { request.stateConfiguration = .init(retrierRetryCount: retries) }
        return request
    }

    // MARK: The form

    func form(states: [StateDefinition]) -> Form {
        let names = states.map(\.name)
        let types = Dictionary(states.map { ($0.name, $0.type) }) { first, _ in first }
        @Sendable func mockable(_ values: FormValues) -> Bool { Self.canMock(types[values["state"]] ?? "") }
        return Form(
            "Test a state", submit: "Use",
            [
                FormField(
                    "state", "State", .choice(names), value: state, hint: "Any state, those inside Map and Parallel too"
                ),
                FormField(
                    "role", "Role ARN", .text, value: role,
                    hint: "What the task may do; a Task without a mock needs one"),
                FormField(
                    "level", "Inspection", .choice(Self.levels), value: level,
                    hint: "INFO: the output; DEBUG: each stage; TRACE: the HTTP request and response too"),
                FormField(
                    "mock", "Mock", .choice(Mock.allCases.map(\.rawValue)), value: mock.rawValue,
                    hint: "none does the work for real; Map and Parallel need a mock", visible: mockable,
                    validate: { text, values in
                        text == "none" && Self.mustMock(types[values["state"]] ?? "")
                            ? "A \(types[values["state"]] ?? "") state is tested with a mock only" : nil
                    }),
                FormField(
                    "validation", "Check result", .choice(Self.validations), value: validation,
                    hint: "STRICT: as the service's model says; PRESENT: only fields given; NONE",
                    visible: { mockable($0) && $0["mock"] == "result" }),
                FormField(
                    "error", "Error", .text, value: errorName, hint: "The name that Retry and Catch see",
                    visible: { mockable($0) && $0["mock"] == "error" }),
                FormField(
                    "cause", "Cause", .text, value: errorCause, hint: "For people",
                    visible: { mockable($0) && $0["mock"] == "error" }),
                FormField(
                    "retries", "Retries used", .number(0...99_999_999), value: "\(retries)",
                    hint: "How many retries the matching retrier has used up, default 0",
                    visible: { mockable($0) && $0["mock"] == "error" }),
                FormField(
                    "secrets", "Reveal secrets", .toggle, value: revealsSecrets ? "true" : "false",
                    hint: "Show what a connection adds to an HTTP request",
                    visible: { $0["level"] == "TRACE" && $0["mock"] == "none" }),
            ])
    }

    mutating func take(_ values: FormValues) {
        state = values["state"]
        role = values["role"]
        level = values["level"]
        mock = Mock(rawValue: values["mock"]) ?? .none
        validation = values["validation"]
        errorName = values["error"]
        errorCause = values["cause"]
        retries = values.integer("retries") ?? 0
        revealsSecrets = values.isOn("secrets")
    }
}

/// The texts a test is made with.
struct StateTestTexts: Hashable, Sendable {
    var input = "{}"
    var variables = ""
    var mock = "{}"
    var context = ""
}
