import AWSModel
import Testing

@testable import Views

@Suite struct ExecutionTraceTests {
    private let begun = ExecutionTrace(OrderMachine.events(OrderMachine.begun))
    private let ended = ExecutionTrace(OrderMachine.events(OrderMachine.ended))

    private func visit(_ trace: ExecutionTrace, _ name: String) throws -> StateVisit {
        try #require(trace.visits.last { $0.name == name })
    }

    @Test func visitsComeInTheOrderTheyWereEntered() {
        #expect(
            ended.visits.map(\.name) == [
                "Validate order", "Is it large?", "Each item", "Reserve stock", "Reserve stock", "Fulfil",
                "Charge card", "Pack",
                "Notify customer", "Rejected",
            ])
    }

    @Test func itemsOfAMapAreToldApart() throws {
        let map = try visit(ended, "Each item")
        let inside = ended.visits.filter { $0.container == map.id }
        #expect(inside.map(\.iteration) == [0, 1])
        #expect(map.iterations.map(\.status) == [.succeeded, .succeeded])
        #expect(map.itemCount == 2)
        #expect(inside[0].input == #"{"sku":"mug"}"#)
        #expect(inside[1].milliseconds(now: .epoch) == 632)
    }

    @Test func branchesOfAParallelAreToldApart() throws {
        let parallel = try visit(ended, "Fulfil")
        #expect(ended.visits.filter { $0.container == parallel.id }.map(\.branch) == [0, 1])
    }

    @Test func attemptsKeepTheirErrors() throws {
        let charge = try visit(ended, "Charge card")
        #expect(charge.attempts.map(\.error) == ["Payment.Busy", "Payment.Busy", "Payment.Declined"])
        #expect(charge.retries == 2)
        #expect(charge.status == .failed)
        #expect(charge.exited != nil)
    }

    @Test func aFailureThatIsLeftWasCaught() throws {
        #expect(try visit(ended, "Fulfil").status == .caught)
        #expect(try visit(ended, "Fulfil").error == "Payment.Declined")
        // The other branch was cut short.
        #expect(try visit(ended, "Pack").status == .aborted)
    }

    @Test func theStateThatEndedItIsKnown() {
        #expect(ended.status == .failed)
        #expect(ended.fatalVisit?.name == "Rejected")
        #expect(ended.error == "OrderRejected")
    }

    @Test func whileRunningTheWaitForARetryIsKnown() throws {
        let charge = try visit(begun, "Charge card")
        #expect(charge.isWaitingToRetry)
        #expect(charge.status == .running)
        #expect(try visit(begun, "Fulfil").status == .running)
        let state = try StateMachineDefinition(OrderMachine.definition).state("Charge card")
        let due = RetryExplanation(visit: charge, state: state).nextRetry()
        #expect(due?.microseconds == OrderMachine.start.microseconds + 2_400_000)
    }

    @Test func growingPageByPageIsTheSameAsReadingItWhole() {
        let events = OrderMachine.events(OrderMachine.ended)
        var grown = ExecutionTrace()
        for event in events {
            grown.append(contentsOf: [event])
            grown.append(contentsOf: [event])  // a page may overlap what is known
        }
        #expect(grown.visits == ended.visits)
        #expect(grown.events == ended.events)
    }

    @Test func theRetryTabTellsWhichRuleMatched() throws {
        let definition = try StateMachineDefinition(OrderMachine.definition)
        let charge = try visit(ended, "Charge card")
        let steps = RetryExplanation(visit: charge, state: definition.state("Charge card")).steps(now: .epoch)
        #expect(
            steps.map(\.text) == [
                "Attempt 1 · 493 ms", "waited 1.0 s", "Attempt 2 · 500 ms", "waited 2.0 s", "Attempt 3 · 400 ms",
                "Nothing caught Payment.Declined",
            ])
        #expect(
            steps[1].details == [
                "retrier 1 of 1 matches (Payment.Busy): retry 1 of 2 after 1 s"
            ])
        #expect(steps[5].details == ["its one retrier does not list Payment.Declined", "the state has no Catch"])
        let fulfil = try visit(ended, "Fulfil")
        #expect(
            RetryExplanation(visit: fulfil, state: definition.state("Fulfil")).steps(now: .epoch).last?.text
                == "Catcher 1 of 1 caught Payment.Declined and goes to Notify customer")
    }

    private func summary(_ trace: ExecutionTrace, _ name: String, _ definition: String) throws -> [String] {
        let visit = try #require(trace.visits.last { $0.name == name })
        let state = try StateMachineDefinition(definition).state(name)
        return StateSummary(visit: visit, state: state, name: name).lines(trace: trace, now: .epoch, width: 200)
            .map(\.text)
    }

    @Test func aChoiceTellsTheRuleThatWasTaken() throws {
        let text =
            #"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"X"},{"Variable":"$.b","IsNull":true,"Next":"Y"}],"Default":"Z"}}}"#
        func trace(_ next: String) -> ExecutionTrace {
            ExecutionTrace(
                OrderMachine.events([
                    ("ExecutionStarted", 0, 0, [:]), ("ChoiceStateEntered", 0, 1, ["name": "C"]),
                    ("ChoiceStateExited", 2, 2, ["name": "C"]), ("PassStateEntered", 3, 3, ["name": .string(next)]),
                ]))
        }
        #expect(try summary(trace("Y"), "C", text).last == "→ Y · rule 2: $.b is null")
        #expect(try summary(trace("Z"), "C", text).last == "→ Z · no rule matched: Default")
    }

    @Test func anExpressionThatFailedNamesItsField() throws {
        let trace = ExecutionTrace(
            OrderMachine.events([
                ("ExecutionStarted", 0, 0, [:]), ("PassStateEntered", 0, 1, ["name": "P"]),
                (
                    "EvaluationFailed", 2, 2,
                    [
                        "error": "States.QueryEvaluationError", "cause": "nothing there", "location": "Output/total",
                        "state": "P",
                    ]
                ),
                ("ExecutionFailed", 3, 3, ["error": "States.QueryEvaluationError", "cause": "nothing there"]),
            ]))
        let text = #"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#
        #expect(try summary(trace, "P", text).last == "States.QueryEvaluationError in Output/total: nothing there")
    }

    /// AWS: what a redrive goes on with follows the ExecutionRedriven event and enters no state anew.
    @Test func aRedriveGoesOnInTheStateThatFailed() throws {
        let history: [(String, Int, Int64, DocumentObject)] = [
            ("ExecutionStarted", 0, 0, [:]), ("ParallelStateEntered", 1, 1, ["name": "Both"]),
            ("ParallelStateStarted", 2, 1, [:]), ("TaskStateEntered", 3, 2, ["name": "Charge"]),
            ("TaskScheduled", 4, 3, ["resourceType": "sqs", "resource": "sendMessage"]),
            ("WaitStateEntered", 3, 4, ["name": "Pack"]), ("TaskFailed", 5, 5, ["error": "E"]),
            ("WaitStateAborted", 6, 6, [:]), ("ParallelStateFailed", 7, 6, [:]),
            ("ExecutionFailed", 9, 7, ["error": "E"]), ("ExecutionRedriven", 10, 20, ["redriveCount": 1]),
            ("TaskScheduled", 11, 21, ["resourceType": "sqs", "resource": "sendMessage"]),
            ("TaskSucceeded", 12, 22, ["output": "{}"]),
            ("TaskStateExited", 13, 23, ["name": "Charge", "output": "{}"]),
        ]
        let trace = ExecutionTrace(OrderMachine.events(history))
        let charge = try #require(trace.visits.first { $0.name == "Charge" })
        #expect(charge.attempts.map(\.status) == [.failed, .succeeded])
        #expect(charge.status == .succeeded)
        // What was tried before the redrive is no retry.
        #expect(charge.retries == 0)
        let text =
            #"{"StartAt":"Charge","States":{"Charge":{"Type":"Task","Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}],"End":true}}}"#
        let explained = RetryExplanation(visit: charge, state: try StateMachineDefinition(text).state("Charge"))
        #expect(explained.uses(of: 0, before: 2) == 0)
        #expect(
            explained.steps(now: .epoch).contains { $0.details == ["then redriven: retries are counted anew"] })
        #expect(trace.visits.first { $0.name == "Both" }?.status == .running)
        #expect(trace.visits.first { $0.name == "Pack" }?.attempts.isEmpty == true)
        let ended = ExecutionTrace(
            OrderMachine.events(
                history + [
                    ("ParallelStateSucceeded", 14, 24, [:]),
                    ("ParallelStateExited", 15, 24, ["name": "Both", "output": "[{}]"]),
                ]))
        #expect(ended.visits.first { $0.name == "Both" }?.status == .succeeded)
    }

    /// Two branches that made the same call are told apart by what they gave it, or by their order.
    @Test func aRedriveOfSeveralTasksGoesOnInEach() throws {
        func history(_ first: String, _ second: String) -> [(String, Int, Int64, DocumentObject)] {
            func call(_ given: String) -> DocumentObject {
                ["resourceType": "sqs", "resource": "sendMessage", "parameters": .string(given)]
            }
            return [
                ("ExecutionStarted", 0, 0, [:]), ("ParallelStateEntered", 1, 1, ["name": "Both"]),
                ("ParallelStateStarted", 2, 1, [:]), ("TaskStateEntered", 3, 2, ["name": "A"]),
                ("TaskScheduled", 4, 3, call("1")), ("TaskStateEntered", 3, 4, ["name": "B"]),
                ("TaskScheduled", 6, 5, call(first == second ? "1" : "2")), ("TaskFailed", 5, 6, ["error": "E"]),
                ("TaskStateAborted", 7, 7, [:]), ("ParallelStateFailed", 8, 7, [:]),
                ("ExecutionFailed", 10, 7, ["error": "E"]), ("ExecutionRedriven", 11, 20, ["redriveCount": 1]),
                ("TaskScheduled", 12, 21, call(first)), ("TaskScheduled", 12, 21, call(second)),
                ("TaskSucceeded", 13, 22, ["output": "1"]), ("TaskFailed", 14, 23, ["error": "F"]),
            ]
        }
        for (first, second, succeeds) in [("1", "1", "A"), ("1", "2", "A"), ("2", "1", "B")] {
            let trace = ExecutionTrace(OrderMachine.events(history(first, second)))
            let visits = trace.visits.filter { $0.type == "Task" }
            #expect(visits.allSatisfy { $0.attempts.count == 2 }, "\(first) \(second)")
            #expect(
                visits.map { $0.attempts.last?.status }
                    == (succeeds == "A" ? [.succeeded, .failed] : [.failed, .succeeded]))
        }
    }

    /// AWS: what a failing sibling cuts short follows that sibling's last event; a task that ends its branch is itself told
    /// of as aborted besides.
    @Test func whatASiblingCutsShortIsNotWhatFailed() throws {
        let trace = ExecutionTrace(
            OrderMachine.events([
                ("ExecutionStarted", 0, 0, [:]), ("ParallelStateEntered", 1, 1, ["name": "Both"]),
                ("ParallelStateStarted", 2, 1, [:]), ("TaskStateEntered", 3, 2, ["name": "A"]),
                ("TaskScheduled", 4, 3, [:]), ("TaskStateEntered", 3, 4, ["name": "B"]), ("TaskScheduled", 6, 5, [:]),
                ("ParallelStateEntered", 3, 5, ["name": "Inner"]), ("ParallelStateStarted", 8, 5, [:]),
                ("WaitStateEntered", 9, 5, ["name": "W"]), ("TaskFailed", 5, 6, ["error": "E"]),
                ("TaskStateAborted", 11, 7, [:]), ("TaskStateAborted", 11, 7, [:]),
                ("ParallelStateAborted", 11, 7, [:]), ("WaitStateAborted", 11, 7, [:]),
                ("ParallelStateFailed", 11, 7, [:]), ("ExecutionFailed", 16, 7, ["error": "E"]),
            ]))
        let states = Dictionary(trace.visits.map { ($0.name, $0.status) }) { first, _ in first }
        #expect(
            states == ["Both": .failed, "A": .failed, "B": .aborted, "Inner": .aborted, "W": .aborted])
    }

    @Test func anAbortEndsWhatIsOpen() {
        let events = OrderMachine.events(OrderMachine.begun + [("ExecutionAborted", 0, 1500, ["error": "Enough"])])
        let trace = ExecutionTrace(events)
        #expect(trace.visits.allSatisfy { !$0.status.isOpen })
        #expect(trace.visits.last { $0.name == "Pack" }?.status == .aborted)
    }

    @Test func aRetriedMapBeginsItsItemsAnew() {
        let trace = ExecutionTrace(
            OrderMachine.events([
                ("ExecutionStarted", 0, 0, [:]), ("MapStateEntered", 0, 1, ["name": "M"]),
                ("MapStateStarted", 2, 1, ["length": 1]),
                ("MapIterationStarted", 3, 2, ["name": "M", "index": 0]), ("FailStateEntered", 4, 3, ["name": "F"]),
                ("MapIterationFailed", 5, 4, ["name": "M", "index": 0]), ("MapStateStarted", 5, 9, ["length": 1]),
                ("MapIterationStarted", 7, 10, ["name": "M", "index": 0]), ("PassStateEntered", 8, 11, ["name": "P"]),
                ("PassStateExited", 9, 12, ["name": "P"]),
                ("MapIterationSucceeded", 10, 13, ["name": "M", "index": 0]),
                ("MapStateSucceeded", 11, 14, [:]), ("MapStateExited", 11, 14, ["name": "M"]),
                ("ExecutionSucceeded", 13, 15, [:]),
            ]))
        let map = trace.visits[0]
        #expect(map.attempts.map(\.status) == [.failed, .succeeded])
        #expect(map.iterations.map(\.status) == [.succeeded])
        #expect(map.status == .succeeded)
        #expect(trace.visits.map(\.status) == [.succeeded, .failed, .succeeded])
    }
}

@Suite struct TaskTokenTests {
    @Test func theTokenIsFoundWhereTheDefinitionPutIt() throws {
        let text = """
            {"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
             "Parameters":{"QueueUrl":"u","MessageBody":{"who.$":"$.who","reply":{"with.$":"$$.Task.Token"}}},"End":true}}}
            """
        let state = try StateMachineDefinition(text).state("Ask")
        var events: [(String, Int, Int64, DocumentObject)] = [
            ("ExecutionStarted", 0, 0, [:]), ("TaskStateEntered", 0, 1, ["name": "Ask"]),
            (
                "TaskScheduled", 2, 2,
                [
                    "resourceType": "sqs", "resource": "sendMessage.waitForTaskToken",
                    "parameters": #"{"QueueUrl":"u","MessageBody":{"who":"me","reply":{"with":"TOKEN"}}}"#,
                ]
            ),
            ("TaskStarted", 3, 3, [:]), ("TaskSubmitted", 4, 4, [:]),
        ]
        let waiting = ExecutionTrace(OrderMachine.events(events))
        #expect(TaskToken.find(waiting.visits[0], state) == "TOKEN")
        events.append(("TaskSucceeded", 5, 9, ["output": "{}"]))
        #expect(TaskToken.find(ExecutionTrace(OrderMachine.events(events)).visits[0], state) == nil)
        #expect(
            ExecutionReasons(trace: waiting, definition: try StateMachineDefinition(text), now: OrderMachine.start)
                .reasons(for: nil).map(\.rule) == ["Ask waits for its token"])
    }
}
