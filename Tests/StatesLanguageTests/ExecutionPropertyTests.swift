import AWSModel
import Foundation
import StatesLanguage
import Testing

/// What holds for every machine. `SKUA_MACHINES` runs more of them.
@Suite struct ExecutionPropertyTests {
    private static let count = ProcessInfo.processInfo.environment["SKUA_MACHINES"].flatMap(Int.init) ?? 300

    /// A worker that fails, hangs or answers by the seed and the order's number alone.
    private static func stub(_ seed: UInt64) -> (TaskOrder) -> ExecutionEvent? {
        { order in
            var random = TurnRandom(seed: seed &+ UInt64(order.id) &* 7_919)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: return nil
            case 1, 2: return .taskFailed(order.id, error: "A", cause: "by the seed")
            case 3: return .taskFailed(order.id, error: nil, cause: nil)
            default: return .taskSucceeded(order.id, Payload(["task": .integer(Int64(order.id))]))
            }
        }
    }

    private static func run(_ definition: StateMachineDefinition, _ seed: UInt64, restarts: Bool) throws
        -> SimulatedExecution
    {
        var simulated = try SimulatedExecution(definition, input: #"{"items":[1,2,3]}"#)
        simulated.random = TurnRandom(seed: seed)
        simulated.restartsAlways = restarts
        try simulated.run(answer: stub(seed))
        return simulated
    }

    @Test func randomMachinesKeepTheirHistoryStraight() throws {
        var ends: [String: Int] = [:]
        for seed in 0..<UInt64(Self.count) {
            var machine = RandomMachine(seed: seed)
            let text = machine.definition()
            let parsed = StateMachineDefinition.parse(text)
            let definition = try #require(parsed.definition, "seed \(seed): \(parsed.diagnostics) \(text)")
            let first = try Self.run(definition, seed, restarts: false)
            ends[first.execution.status.rawValue, default: 0] += 1
            #expect(first.execution.status != .running, "seed \(seed) does not end")
            #expect(first.tasks.isEmpty && first.timers.isEmpty, "seed \(seed) leaves work behind")
            checkHistory(first.history, seed)
            let again = try Self.run(definition, seed, restarts: false)
            #expect(first.history == again.history, "seed \(seed): a replay differs")
            let restarted = try Self.run(definition, seed, restarts: true)
            #expect(first.history == restarted.history, "seed \(seed): a restart between the turns differs")
            #expect(first.execution.outcome == restarted.execution.outcome, "seed \(seed)")
        }
        print("random machines: \(Self.count), \(ends.sorted { $0.key < $1.key }.map { "\($0) \($1)" })")
        #expect(ends["SUCCEEDED", default: 0] > 0 && ends["FAILED", default: 0] > 0)
    }

    /// As if it was killed after every single step, and gone on with from what was kept.
    @Test func aRestartAfterEveryStepChangesNothing() throws {
        var restarts = 0
        for seed in 0..<UInt64(Self.count) {
            var machine = RandomMachine(seed: seed, isPredictable: true)
            let definition = try #require(StateMachineDefinition.parse(machine.definition()).definition)
            let whole = try Self.run(definition, seed, restarts: false)
            var cut = try SimulatedExecution(definition, input: #"{"items":[1,2,3]}"#)
            cut.random = TurnRandom(seed: seed)
            cut.restartsAlways = true
            cut.stepsInATurn = 1
            try cut.run(answer: Self.stub(seed))
            restarts += cut.turns
            #expect(whole.execution.outcome == cut.execution.outcome, "seed \(seed)")
            #expect(
                whole.history.map { "\($0.id) \($0.previousEventID) \($0.type)" }
                    == cut.history.map { "\($0.id) \($0.previousEventID) \($0.type)" }, "seed \(seed)")
        }
        print("restarts after a step: \(restarts)")
        #expect(restarts > Self.count)
    }

    private func checkHistory(_ history: [HistoryEvent], _ seed: UInt64) {
        #expect(history.map(\.id) == Array(1...max(history.count, 1)), "seed \(seed)")
        for event in history where event.id > 1 {
            #expect(event.previousEventID < event.id, "seed \(seed): event \(event.id) follows a later one")
        }
        checkChains(history, seed)
        // An exit belongs to an entry of the same state; no state is left more often than entered.
        var open: [String: Int] = [:]
        for event in history {
            guard let name = event.details.name else { continue }
            switch event.type {
            case .stateEntered: open[name, default: 0] += 1
            case .stateExited:
                open[name, default: 0] -= 1
                #expect(open[name, default: 0] >= 0, "seed \(seed): \(name) is left but was not entered")
            default: break
            }
        }
    }

    /// Whoever follows the events back from where a state was left comes to where the same visit was entered, and
    /// the events of a function's call follow one another.
    private func checkChains(_ history: [HistoryEvent], _ seed: UInt64) {
        var visits: Set<Int> = []
        for event in history {
            let before = event.previousEventID > 0 ? history[event.previousEventID - 1] : nil
            switch event.type {
            case .stateExited(let type):
                var step = before
                while let earlier = step,
                    earlier.type != .stateEntered(type) || earlier.details.name != event.details.name
                {
                    step = earlier.previousEventID > 0 ? history[earlier.previousEventID - 1] : nil
                }
                #expect(step != nil, "seed \(seed): nothing leads from event \(event.id) back to its entry")
                if let entry = step {
                    #expect(visits.insert(entry.id).inserted, "seed \(seed): entry \(entry.id) is left twice")
                }
            case .lambdaFunctionStarted:
                #expect(before?.type == .lambdaFunctionScheduled, "seed \(seed): event \(event.id)")
            case .lambdaFunctionSucceeded, .lambdaFunctionFailed, .lambdaFunctionTimedOut:
                #expect(before?.type == .lambdaFunctionStarted, "seed \(seed): event \(event.id)")
            case .lambdaFunctionScheduled:
                let isRetry = before?.type == .lambdaFunctionFailed || before?.type == .lambdaFunctionTimedOut
                #expect(isRetry || before?.type == .stateEntered(.task), "seed \(seed): event \(event.id)")
            default: break
            }
        }
    }
}
