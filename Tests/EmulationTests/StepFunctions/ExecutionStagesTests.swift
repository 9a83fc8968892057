import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What the console asks beyond AWS's API: the stages of a state's data, and what waits for an activity's workers.
@Suite struct ExecutionStagesTests {
    private func engine() throws -> TestEngine {
        try TestEngine(services: [StubLambda.init, StubSQS.init, StepFunctionsService.init, SkuaService.init])
    }

    private func stages(_ engine: TestEngine, _ execution: String, _ state: String) throws -> [String: String] {
        let events = try engine.call(SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 1000)).events
        let entry = try #require(
            events.last { $0.type.hasSuffix("StateEntered") && $0.stateEnteredEventDetails?.name == state })
        let stages = try engine.call(Skua.describeStateStages, .init(executionArn: execution, eventId: entry.id)).stages
        return Dictionary((stages ?? []).map { ($0.name ?? "", $0.value ?? "") }) { first, _ in first }
    }

    @Test func onlyFieldsThatAreThereMakeStages() throws {
        let engine = try engine()
        let machine = try engine.createMachine(
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$.a","Parameters":{"x.$":"$.b"},"ResultPath":"$.r","Next":"B"},"B":{"Type":"Succeed"}}}"#
        )
        let execution = try engine.startExecution(machine, input: #"{"a":{"b":1}}"#)
        engine.settle()
        #expect(
            try stages(engine, execution, "A") == [
                "State input": #"{"a":{"b":1}}"#, "InputPath": #"{"b":1}"#, "Parameters": #"{"x":1}"#,
                "ResultPath": #"{"a":{"b":1},"r":{"x":1}}"#, "State output": #"{"a":{"b":1},"r":{"x":1}}"#,
            ])
        #expect(try stages(engine, execution, "B").keys.sorted() == ["State input", "State output"])
    }

    /// Variables of the way are seen; those of a Map that has ended are not.
    @Test func expressionsSeeTheVariablesOfTheirTime() throws {
        let engine = try engine()
        let machine = try engine.createMachine(
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"M"},"#
                + #""M":{"Type":"Map","Items":[1],"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x":7},"End":true}}},"Next":"P"},"#
                + #""P":{"Type":"Parallel","Branches":[{"StartAt":"Q","States":{"Q":{"Type":"Pass","Output":"{% $x %}","End":true}}}],"Arguments":"{% $x + 1 %}","End":true}}}"#
        )
        let execution = try engine.startExecution(machine)
        engine.settle()
        #expect(try engine.describe(execution).status == "SUCCEEDED")
        #expect(try stages(engine, execution, "P")["Arguments"] == "2")
        #expect(try stages(engine, execution, "P")["Error"] == nil)
        #expect(try stages(engine, execution, "Q")["State output"] == "1")
    }

    @Test func tasksThatWaitForAWorkerAreTold() throws {
        let engine = try engine()
        let activity = try engine.call(SFN.createActivity, .init(name: "approve")).activityArn
        #expect(try engine.call(Skua.explain, .init(resourceArn: activity)).reasons?.isEmpty == true)
        let machine = try engine.createMachine(
            #"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"\#(activity)","End":true}}}"#)
        let execution = try engine.startExecution(machine)
        engine.settle()
        let reasons = try engine.call(Skua.explain, .init(resourceArn: activity)).reasons ?? []
        #expect(reasons.map(\.rule) == ["ActivityTask"])
        #expect(reasons.map(\.relatedArn) == [execution])
        #expect(reasons.first?.text?.hasPrefix("'Ask' of ") == true)
        // A worker that polls takes it.
        _ = engine.begin(SFN.getActivityTask, .init(activityArn: activity, workerName: "mill-1"))
        engine.settle()
        #expect(try engine.call(Skua.explain, .init(resourceArn: activity)).reasons?.isEmpty == true)
        _ = engine.begin(SFN.getActivityTask, .init(activityArn: activity, workerName: "mill-2"))
        engine.settle()
        #expect(
            try engine.call(Skua.explain, .init(resourceArn: activity)).reasons?.map(\.text) == [
                "1 worker polls: mill-2."
            ])
    }
}
