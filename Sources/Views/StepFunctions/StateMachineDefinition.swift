import AWSModel

/// Why a text is no state machine.
enum DefinitionFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case syntax(line: Int, column: Int, message: String)
    case shape(String)

    var description: String {
        switch self {
        case .syntax(let line, let column, let message): "Line \(line), column \(column): \(message)"
        case .shape(let message): message
        }
    }
}

/// A States Language definition as far as a screen needs it: its states in the order written, where each can go, and what
/// it retries and catches. Tolerant: whatever can be read is kept, so that a half-typed definition still draws.
struct StateMachineDefinition: Hashable, Sendable {
    var startAt: String
    var states: [StateDefinition]
    var comment: String?
    var queryLanguage: String?

    init(_ text: String) throws(DefinitionFailure) {
        let value: DocumentValue
        do {
            value = try JSONReader.parse(text)
        } catch {
            throw .syntax(line: error.line, column: error.column, message: error.description)
        }
        guard let object = value.object else { throw .shape("A definition is a JSON object") }
        guard object.object("States") != nil else { throw .shape("A definition needs StartAt and States") }
        self.init(object)
    }

    init(_ object: DocumentObject) {
        startAt = object.string("StartAt") ?? ""
        comment = object.string("Comment")
        queryLanguage = object.string("QueryLanguage")
        states = []
        for (name, value) in object.object("States") ?? DocumentObject() {
            states.append(StateDefinition(name: name, value.object ?? DocumentObject()))
        }
    }

    /// Every state, those in Map and Parallel states included, in the order written.
    var allStates: [StateDefinition] { states.flatMap { [$0] + $0.branches.flatMap(\.allStates) } }

    /// AWS: state names are unique in the whole machine, so a name finds a state wherever it lies.
    func state(_ name: String) -> StateDefinition? {
        for state in states {
            if state.name == name { return state }
            for branch in state.branches {
                if let found = branch.state(name) { return found }
            }
        }
        return nil
    }

    /// The workflow that a state is a state of: the machine, a branch or an item processor.
    func workflow(of name: String) -> StateMachineDefinition? {
        if states.contains(where: { $0.name == name }) { return self }
        for branch in states.flatMap(\.branches) {
            if let found = branch.workflow(of: name) { return found }
        }
        return nil
    }

    /// The Map and Parallel states around a state, outermost first; nil if there is no such state.
    func containers(of name: String) -> [StateDefinition]? {
        for state in states {
            if state.name == name { return [] }
            for branch in state.branches {
                if let inner = branch.containers(of: name) { return [state] + inner }
            }
        }
        return nil
    }
}

/// One state of a definition.
struct StateDefinition: Hashable, Sendable {
    /// A way out of a Choice state.
    struct Choice: Hashable, Sendable {
        /// Readable: `$.total > 100`.
        var condition: String
        var next: String
    }

    var name: String
    var type: String
    var next: String?
    var isEnd: Bool
    var choices: [Choice]
    var defaultNext: String?
    var retriers: [Retrier]
    var catchers: [Catcher]
    var resource: String?
    /// Of a Parallel state one each, of a Map state its item processor.
    var branches: [StateMachineDefinition]
    /// A Map state whose items run as executions of their own.
    var isDistributed: Bool
    /// As it was written.
    var document: DocumentObject

    init(name: String, _ object: DocumentObject) {
        self.name = name
        document = object
        type = object.string("Type") ?? "?"
        next = object.string("Next")
        isEnd = object.bool("End") ?? false
        defaultNext = object.string("Default")
        resource = object.string("Resource")
        choices = (object.list("Choices") ?? []).compactMap { value in
            guard let rule = value.object, let next = rule.string("Next") else { return nil }
            return Choice(condition: ChoiceCondition.text(of: rule), next: next)
        }
        retriers = (object.list("Retry") ?? []).compactMap { $0.object.map(Retrier.init) }
        catchers = (object.list("Catch") ?? []).compactMap { $0.object.map(Catcher.init) }
        let processor = object.object("ItemProcessor") ?? object.object("Iterator")
        branches = (object.list("Branches") ?? []).compactMap { $0.object.map { StateMachineDefinition($0) } }
        if let processor { branches.append(StateMachineDefinition(processor)) }
        isDistributed = processor?.object("ProcessorConfig")?.string("Mode") == "DISTRIBUTED"
    }

    var isContainer: Bool { !branches.isEmpty }
    var isTerminal: Bool { isEnd || type == "Succeed" || type == "Fail" }

    /// Its own JSON, without what it contains being left out.
    var text: String { JSONWriter.string(.object(document), pretty: true) }

    /// The most retries any one of its retriers allows; nil if it has none.
    var maximumRetries: Int? { retriers.map(\.maxAttempts).max() }
}

/// One entry of `Retry`.
struct Retrier: Hashable, Sendable {
    var errors: [String]
    /// AWS: 1 second where absent.
    var intervalSeconds: Double
    /// AWS: 3 where absent; 0 never retries.
    var maxAttempts: Int
    /// AWS: 2.0 where absent.
    var backoffRate: Double
    var maxDelaySeconds: Double?
    var hasJitter: Bool

    init(_ object: DocumentObject) {
        errors = object.strings("ErrorEquals") ?? []
        intervalSeconds = object.double("IntervalSeconds") ?? 1
        maxAttempts = object.integer("MaxAttempts") ?? 3
        backoffRate = object.double("BackoffRate") ?? 2
        maxDelaySeconds = object.double("MaxDelaySeconds")
        hasJitter = object.string("JitterStrategy") == "FULL"
    }

    func matches(_ error: String?) -> Bool { ErrorName.matches(errors, error) }

    /// Seconds before retry `number` (from 1), before any jitter.
    func delay(beforeRetry number: Int) -> Double {
        // AWS: a wait is at most 99,999,999 seconds, so that a large MaxAttempts overflows nothing.
        let growth = backoffRate <= 1 ? 1 : exponential(number - 1)
        let delay = min(intervalSeconds * growth, 99_999_999)
        return min(delay, maxDelaySeconds ?? delay)
    }

    private func exponential(_ power: Int) -> Double {
        var result = 1.0
        for _ in 0..<max(0, power) where result < 99_999_999 { result *= backoffRate }
        return result
    }

    /// `4 s (1 s × 2 × 2)`, with the cap or the jitter where there is one.
    func delayText(beforeRetry number: Int) -> String {
        let delay = delay(beforeRetry: number)
        var text = ElapsedTime.text(seconds: delay)
        if let maxDelaySeconds, intervalSeconds * exponential(number - 1) > maxDelaySeconds {
            text += " (MaxDelaySeconds)"
        } else if number > 1, backoffRate != 1 {
            let rate = JSONWriter.text(of: backoffRate)
            let factors = number <= 4 ? String(repeating: " × \(rate)", count: number - 1) : " × \(rate)^\(number - 1)"
            text += " (\(ElapsedTime.text(seconds: intervalSeconds))\(factors))"
        }
        return hasJitter ? "0 to \(text), full jitter" : text
    }

    /// `interval 2 s, × 2 each, at most 3`
    var summary: String {
        var text =
            "interval \(ElapsedTime.text(seconds: intervalSeconds)), × \(JSONWriter.text(of: backoffRate)) each, at most \(maxAttempts)"
        if let maxDelaySeconds { text += ", never over \(ElapsedTime.text(seconds: maxDelaySeconds))" }
        if hasJitter { text += ", full jitter" }
        return text
    }
}

/// One entry of `Catch`.
struct Catcher: Hashable, Sendable {
    var errors: [String]
    var next: String
    /// What becomes of the error, as the end of a sentence.
    var outcome: String

    init(_ object: DocumentObject) {
        errors = object.strings("ErrorEquals") ?? []
        next = object.string("Next") ?? "?"
        if object["Output"] != nil {
            outcome = "its Output makes the state's output"
        } else {
            // AWS: without ResultPath the error takes the place of the whole input.
            let path = object["ResultPath"].map { $0.string ?? "null" } ?? "$"
            outcome =
                path == "$"
                ? "Error and Cause replace the input"
                : path == "null" ? "Error and Cause are dropped" : "Error and Cause go to \(path) of the input"
        }
    }

    func matches(_ error: String?) -> Bool { ErrorName.matches(errors, error) }
}

/// How `ErrorEquals` is compared.
enum ErrorName {
    /// AWS: `States.ALL` matches all but `States.DataLimitExceeded` and `States.Runtime`; `States.TaskFailed` matches
    /// all but `States.Timeout`. An error without a name is matched by those two only.
    static func matches(_ patterns: [String], _ error: String?) -> Bool {
        patterns.contains { pattern in
            switch pattern {
            case "States.ALL": error != "States.DataLimitExceeded" && error != "States.Runtime"
            case "States.TaskFailed": error != "States.Timeout" && error != "States.Runtime"
            default: pattern == error
            }
        }
    }
}
