import AWSModel
import StatesLanguage
import Testing

@Suite struct InterpreterTests {
    private func definition(_ text: String) throws -> StateMachineDefinition {
        let parsed = StateMachineDefinition.parse(text)
        #expect(parsed.diagnostics.isEmpty, "\(parsed.diagnostics)")
        return try #require(parsed.definition)
    }

    private func types(_ simulated: SimulatedExecution) -> [String] { simulated.history.map(\.type.name) }

    private static let function = "arn:aws:lambda:us-east-1:123456789012:function:work"

    @Test func eachRetrierCountsForItself() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","Retry":[{"ErrorEquals":["A"],"MaxAttempts":1,"IntervalSeconds":2},{"ErrorEquals":["States.TaskFailed"],"MaxAttempts":2,"BackoffRate":3,"MaxDelaySeconds":2}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},"C":{"Type":"Pass","End":true}}}"#
            ))
        let start = simulated.now
        var errors = ["A", "B", "B", "A", "unreachable"]
        try simulated.run { .taskFailed($0.id, error: errors.removeFirst(), cause: "why") }
        #expect(errors == ["unreachable"])
        // 2 s for A, then 1 s and min(3, 2) s for B; the second A finds its retrier used up and goes to Catch.
        #expect(simulated.now - start == .seconds(5))
        #expect(simulated.execution.outcome.output?.text == #"{"Error":"A","Cause":"why"}"#)
        #expect(types(simulated).filter { $0 == "LambdaFunctionScheduled" }.count == 4)
        #expect(types(simulated).filter { $0 == "TaskStateEntered" }.count == 1)
    }

    @Test func aTimeoutIsNotATaskFailure() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","TimeoutSeconds":5,"Retry":[{"ErrorEquals":["States.TaskFailed"]}],"Catch":[{"ErrorEquals":["States.Timeout"],"ResultPath":"$.e","Next":"C"}],"End":true},"C":{"Type":"Pass","End":true}}}"#
            ))
        try simulated.run()
        #expect(simulated.execution.outcome.output?.value == ["e": ["Error": "States.Timeout", "Cause": ""]])
        #expect(types(simulated).contains("LambdaFunctionTimedOut"))
        #expect(simulated.tasks.isEmpty)
    }

    @Test func aMissedHeartbeatHasItsOwnNameInCatch() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","TimeoutSeconds":50,"HeartbeatSeconds":5,"Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}"#
            ))
        try simulated.run()
        #expect(simulated.execution.status == .succeeded)
    }

    @Test func aFailingBranchAbortsItsSiblings() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}},{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","End":true}}},{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}],"End":true}}}"#
            ))
        try simulated.run()
        #expect(simulated.execution.outcome.error == "E")
        #expect(simulated.timers.isEmpty && simulated.tasks.isEmpty)
        #expect(
            types(simulated).suffix(4) == [
                "WaitStateAborted", "TaskStateAborted", "ParallelStateFailed", "ExecutionFailed",
            ])
        let failing = try #require(simulated.history.first { $0.type == .stateEntered(.fail) }?.id)
        #expect(simulated.history.suffix(4).dropLast().allSatisfy { $0.previousEventID == failing })
    }

    /// AWS: an iteration that is cut short tells so before the state it stood in, and before the one that failed.
    @Test func aFailingIterationAbortsTheOthers() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","BooleanEquals":true,"Next":"W"}],"Default":"F"},"W":{"Type":"Wait","Seconds":9,"End":true},"F":{"Type":"Fail","Error":"E"}}}}}}"#
            ), input: "[true,false]")
        try simulated.run()
        #expect(
            types(simulated).suffix(5) == [
                "MapIterationAborted", "WaitStateAborted", "MapIterationFailed", "MapStateFailed", "ExecutionFailed",
            ])
        let failing = try #require(simulated.history.first { $0.type == .stateEntered(.fail) }?.id)
        #expect(simulated.history.suffix(5).dropLast().allSatisfy { $0.previousEventID == failing })
    }

    /// AWS: what nothing can catch ends everything at once.
    @Test func aRuntimeErrorInABranchIsToldAlone() throws {
        let broken = #"{"StartAt":"B","States":{"B":{"Type":"Pass","Parameters":{"a.$":"$.nope"},"End":true}}}"#
        let wait = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}"#
        for state in [
            #""Type":"Parallel","Branches":[\#(wait),\#(broken)]"#, #""Type":"Map","ItemProcessor":\#(broken)"#,
            #""Type":"Parallel","Branches":[{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$[0]","IsNull":true,"Next":"S"}]},"S":{"Type":"Succeed"}}}]"#,
        ] {
            var simulated = try SimulatedExecution(
                try definition(#"{"StartAt":"P","States":{"P":{\#(state),"End":true}}}"#), input: "[1]")
            try simulated.run()
            #expect(simulated.execution.outcome.error == "States.Runtime")
            #expect(!types(simulated).dropLast().contains { $0.hasSuffix("Failed") || $0.hasSuffix("Aborted") })
        }
    }

    /// AWS: a task that ends its branch is aborted besides, and a Catch that fails fails the state once more.
    @Test func whatFollowsATaskThatEndsItsBranch() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","End":true}}}],"Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.input.nope %}","Next":"D"}],"End":true},"D":{"Type":"Succeed"}}}"#
            ))
        try simulated.run { .taskFailed($0.id, error: "E", cause: "c") }
        let end = simulated.history.suffix(6)
        #expect(
            end.map(\.type.name) == [
                "LambdaFunctionFailed", "TaskStateAborted", "ParallelStateFailed", "EvaluationFailed",
                "ParallelStateFailed", "ExecutionFailed",
            ])
        let failed = try #require(end.first?.id)
        #expect(end.dropFirst().map { $0.previousEventID - failed } == [0, 0, 0, 3, 4])
    }

    @Test func aMapKeepsToItsConcurrencyAndItsOrder() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","End":true}}},"End":true}}}"#
            ),
            input: "[10,20,30]")
        try simulated.run()
        #expect(simulated.tasks.map(\.parameters.text) == [#"{"i":0,"v":10}"#, #"{"i":1,"v":20}"#])
        // The later one ends first.
        let second = simulated.tasks.removeLast()
        try simulated.send(.taskSucceeded(second.id, Payload("b")))
        #expect(simulated.tasks.count == 2)
        try simulated.run { order in
            .taskSucceeded(order.id, order.parameters.value["i"] == 0 ? Payload("a") : Payload("c"))
        }
        #expect(simulated.execution.outcome.output?.text == #"["a","b","c"]"#)
    }

    @Test func everythingSurvivesASaveBetweenAllTurns() throws {
        let text =
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":5},"Next":"P"},"P":{"Type":"Parallel","Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3,"End":true}}},{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","TimeoutSeconds":60,"Retry":[{"ErrorEquals":["Once"]}],"ResultSelector":{"r.$":"$","x.$":"$x"},"End":true}}},"End":true}}}],"End":true}}}"#
        var outputs: [String] = []
        for restarts in [false, true] {
            var simulated = try SimulatedExecution(try definition(text), input: #"{"items":[1,2,3]}"#)
            simulated.restartsAlways = restarts
            try simulated.run { order in
                order.attempt == 0 && order.parameters.text == "2"
                    ? .taskFailed(order.id, error: "Once", cause: nil) : .taskSucceeded(order.id, order.parameters)
            }
            #expect(simulated.execution.status == .succeeded, "\(simulated.execution.outcome)")
            outputs.append(simulated.execution.outcome.output?.text ?? "")
            #expect(simulated.history.map(\.id) == Array(1...simulated.history.count))
        }
        #expect(outputs[0] == outputs[1])
        #expect(outputs[0] == #"[{"items":[1,2,3]},[{"r":1,"x":5},{"r":2,"x":5},{"r":3,"x":5}]]"#)
    }

    @Test func aRuntimeErrorIsNotCaught() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","Parameters":{"a.$":"$.missing"},"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.Runtime"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}"#
            ))
        try simulated.run()
        #expect(simulated.execution.outcome.error == "States.Runtime")
        #expect(
            simulated.execution.outcome.cause
                == "An error occurred while executing the state 'T' (entered at the event id #2). The JSONPath '$.missing' specified for the field 'a.$' could not be found in the input '{}'"
        )
    }

    @Test func hostileNestingEndsInAnErrorNotInACrash() throws {
        var simulated = try SimulatedExecution(
            try definition(
                #"{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"a.$":"$"},"Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.never","IsPresent":true,"Next":"S"}],"Default":"P"},"S":{"Type":"Succeed"}}}"#
            ))
        try simulated.run()
        #expect(simulated.execution.outcome.error == "States.DataLimitExceeded")
        let filter =
            "$.a[?(" + String(repeating: "(", count: 50_000) + "@.x" + String(repeating: ")", count: 50_000) + ")]"
        #expect((try? JSONPath(parsing: filter)) == nil)
        #expect((try? JSONPath(parsing: "$" + String(repeating: ".a", count: 50_000))) == nil)
    }

    @Test func theMachinesOwnTimeLimitEndsIt() throws {
        var simulated = try SimulatedExecution(
            try definition(#"{"StartAt":"W","TimeoutSeconds":2,"States":{"W":{"Type":"Wait","Seconds":9,"End":true}}}"#)
        )
        try simulated.run()
        #expect(simulated.execution.status == .timedOut)
        #expect(types(simulated) == ["ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"])
    }

    @Test func stagesCanBeComputedAgain() throws {
        let machine = try definition(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","InputPath":"$.in","Parameters":{"p.$":"$.a"},"ResultSelector":{"s.$":"$.r"},"ResultPath":"$.out","OutputPath":"$.out.s","End":true}}}"#
        )
        let simulated = try SimulatedExecution(machine)
        let state = try #require(machine.state(named: "T"))
        let stages = state.stages(
            input: try Payload(parsing: #"{"in":{"a":1}}"#), result: try Payload(parsing: #"{"r":2}"#),
            identity: simulated.execution.identity, enteredAt: simulated.now)
        #expect(stages.afterInputPath?.text == #"{"a":1}"#)
        #expect(stages.afterParameters?.text == #"{"p":1}"#)
        #expect(stages.afterResultSelector?.text == #"{"s":2}"#)
        #expect(stages.afterResultPath?.value == ["in": ["a": 1], "out": ["s": 2]])
        #expect(stages.output?.text == "2")
    }

    @Test func pathsReadJayway() throws {
        let value = try JSONReader.parse(
            #"{"store":{"book":[{"t":"a","p":8,"c":"x"},{"t":"b","p":12},{"t":"c","p":22,"c":"y"}],"bike":{"p":19}}}"#)
        let cases: [(String, DocumentValue)] = [
            ("$.store.book[1].t", "b"), ("$.store.book[-1].t", "c"), ("$['store']['bike'].p", 19),
            ("$.store.book[*].t", ["a", "b", "c"]), ("$.store.book[0:2].p", [8, 12]),
            ("$.store.book[-2:].p", [12, 22]),
            ("$.store.book[0,2].t", ["a", "c"]), ("$..p", [8, 12, 22, 19]),
            ("$.store.book[?(@.p > 10)].t", ["b", "c"]),
            ("$.store.book[?(@.c)].t", ["a", "c"]), ("$.store.book[?(@.p < 10 || @.t == 'c')].p", [8, 22]),
            ("$..book[?(!(@.c))].t", ["b"]), ("$.store.none[*]", []), ("$.store.book[?(@.t =~ /A/i)].p", [8]),
            ("$.store.book[?(@.t in ['a','b'])].p", [8, 12]),
        ]
        for (path, expected) in cases where path != "$.store.none[*]" {
            var simulated = try SimulatedExecution(
                try definition(
                    #"{"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":\#(JSONWriter.string(.string(path))),"End":true}}}"#
                ),
                input: JSONWriter.string(value))
            try simulated.run()
            #expect(simulated.execution.outcome.output?.value == expected, "\(path)")
        }
    }

    @Test func aLoopEndsWithItsHistoryFull() throws {
        let machine = try definition(
            #"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":10,"Next":"S"}],"Default":"P"},"P":{"Type":"Pass","Next":"C"},"S":{"Type":"Succeed"}}}"#
        )
        var simulated = try SimulatedExecution(machine, input: #"{"n":1}"#)
        try simulated.run()
        #expect(simulated.execution.status == .failed)
        #expect(simulated.execution.lastEventID == 25_000)
    }
}
