import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

/// Distributed Maps whose children fail and go on.
@Suite struct MapRunTests {
    private static let machine =
        #"{"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":1,"ToleratedFailurePercentage":100,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"\#(TestEngine.function)","End":true}}},"Next":"After"},"After":{"Type":"Fail","Error":"Later"}}}"#
    private static let strict = machine.replacingOccurrences(of: #""ToleratedFailurePercentage":100,"#, with: "")

    private func settle(_ engine: TestEngine) { for _ in 0..<12 { engine.advance(by: .milliseconds(10)) } }

    private func odd(_ request: Lambda.InvocationRequest) -> Bool {
        String(decoding: request.payload ?? [], as: UTF8.self) == "2"
    }

    @Test func aRedrivenRunKeepsItsChildrensNamesAndWhatSucceeded() throws {
        let engine = try TestEngine.withStepFunctions()
        engine.stubLambda.answer = { request in
            odd(request) ? StubLambda.failed(#"{"errorType":"Odd"}"#) : StubLambda.succeeded("1")
        }
        let execution = try engine.startExecution(try engine.createMachine(Self.strict), input: #"{"items":[1,2]}"#)
        settle(engine)
        #expect(try engine.describe(execution).error == "States.ExceedToleratedFailureThreshold")
        let run = try #require(
            try engine.call(SFN.listMapRuns, .init(executionArn: execution)).mapRuns.first?.mapRunArn)
        func children() throws -> [SFN.ExecutionListItem] {
            try engine.call(SFN.listExecutions, .init(mapRunArn: run)).executions.sorted {
                $0.executionArn < $1.executionArn
            }
        }
        let before = try children()
        let failed = try #require(before.first { $0.status == "FAILED" })
        #expect(before.count == 2 && before.filter { $0.status == "SUCCEEDED" }.count == 1)
        let child = try engine.describe(failed.executionArn)
        #expect(child.redriveStatus == "REDRIVABLE_BY_MAP_RUN" && child.mapRunArn == run)
        let machine = try engine.call(SFN.describeStateMachineForExecution, .init(executionArn: failed.executionArn))
        let label = try #require(machine.label)
        #expect(machine.mapRunArn == run && run.contains("/\(label):"))
        // AWS: the machine of a child is the run's, which is what it does with an item.
        #expect(
            machine.stateMachineArn.hasSuffix("stateMachine:machine/\(label)") && machine.name == "machine/\(label)")
        #expect(
            machine.definition
                == #"{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"\#(TestEngine.function)","End":true}}}"#
        )
        let counts = try engine.call(SFN.describeMapRun, .init(mapRunArn: run)).executionCounts
        #expect(counts.failuresNotRedrivable == 0 && counts.pendingRedrive == 0)
        #expect(
            engine.error(SFN.redriveExecution, .init(executionArn: failed.executionArn))?.code
                == "ExecutionNotRedrivable")
        engine.stubLambda.answer = { _ in StubLambda.succeeded("7") }
        try engine.call(SFN.redriveExecution, .init(executionArn: execution))
        settle(engine)
        #expect(try engine.describe(execution).error == "Later")
        let after = try children()
        #expect(after.map(\.executionArn) == before.map(\.executionArn))
        #expect(after.allSatisfy { $0.status == "SUCCEEDED" })
        let redriven = try engine.call(SFN.listExecutions, .init(mapRunArn: run, redriveFilter: "REDRIVEN")).executions
        #expect(redriven.map(\.executionArn) == [failed.executionArn] && redriven.first?.redriveCount == 1)
        let description = try engine.call(SFN.describeMapRun, .init(mapRunArn: run))
        #expect(description.status == "SUCCEEDED" && description.redriveCount == 1)
        #expect(description.itemCounts.succeeded == 2 && description.itemCounts.total == 2)
        let types = try engine.eventTypes(failed.executionArn)
        #expect(types.contains("ExecutionRedriven") && types.last == "ExecutionSucceeded")
        #expect(try engine.eventTypes(execution).filter { $0 == "MapRunRedriven" }.count == 1)
    }

    @Test func failuresThatAreTooOldCannotBeRedriven() throws {
        let engine = try TestEngine.withStepFunctions()
        engine.stubLambda.answer = { request in
            odd(request) ? StubLambda.failed(#"{"errorType":"Odd"}"#) : StubLambda.succeeded("1")
        }
        let execution = try engine.startExecution(
            try engine.createMachine(Self.machine), input: #"{"items":[1,2,2]}"#)
        settle(engine)
        let run = try #require(
            try engine.call(SFN.listMapRuns, .init(executionArn: execution)).mapRuns.first?.mapRunArn)
        #expect(try engine.call(SFN.describeMapRun, .init(mapRunArn: run)).itemCounts.failuresNotRedrivable == 0)
        engine.advance(by: .seconds(15 * 86_400))
        let description = try engine.call(SFN.describeMapRun, .init(mapRunArn: run))
        #expect(description.itemCounts.failuresNotRedrivable == 2)
        #expect(description.executionCounts.failuresNotRedrivable == 2)
    }

    @Test func childrenThatWaitForTheirRedriveAreToldApart() throws {
        let journal = try Journal(path: nil)
        let engine = try TestEngine.withStepFunctions(journal: journal)
        engine.stubLambda.answer = { _ in StubLambda.failed(#"{"errorType":"Odd"}"#) }
        let machine = Self.machine.replacingOccurrences(
            of: #""ToleratedFailurePercentage":100"#, with: #""ToleratedFailureCount":1"#)
        let execution = try engine.startExecution(try engine.createMachine(machine), input: #"{"items":[1,2,3]}"#)
        settle(engine)
        let run = try #require(
            try engine.call(SFN.listMapRuns, .init(executionArn: execution)).mapRuns.first?.mapRunArn)
        engine.stubLambda.answer = nil
        try engine.call(SFN.redriveExecution, .init(executionArn: execution))
        settle(engine)
        func waiting(_ engine: TestEngine) throws -> [String] {
            let page = try engine.call(
                SFN.listExecutions, .init(statusFilter: "PENDING_REDRIVE", mapRunArn: run))
            return page.executions.map(\.status)
        }
        #expect(try waiting(engine) == ["PENDING_REDRIVE"])
        let counts = try engine.call(SFN.describeMapRun, .init(mapRunArn: run)).executionCounts
        #expect(counts.running == 1 && counts.pending == 2 && counts.total == 3 && counts.pendingRedrive == 1)
        // A restart keeps who waits for what.
        let second = try TestEngine.withStepFunctions(journal: journal, wall: engine.wall)
        #expect(try waiting(second) == ["PENDING_REDRIVE"])
        let children = try second.call(SFN.listExecutions, .init(mapRunArn: run)).executions
        #expect(children.count == 2 && children.allSatisfy { $0.mapRunArn == run })
        let parent = try second.describe(execution).stateMachineArn
        let refusal = second.error(
            SFN.listExecutions, .init(stateMachineArn: parent, statusFilter: "PENDING_REDRIVE"))
        #expect(refusal?.code == "ValidationException")
        for _ in 0..<3 {
            settle(second)
            guard !second.stubLambda.waiting.isEmpty else { break }
            second.stubLambda.waiting.removeFirst().succeed(StubLambda.succeeded("1"))
        }
        settle(second)
        #expect(try second.describe(execution).error == "Later")
        #expect(try second.call(SFN.describeMapRun, .init(mapRunArn: run)).itemCounts.succeeded == 3)
    }

    @Test func theSameTokenRedrivesOnceAlsoAfterARestart() throws {
        let journal = try Journal(path: nil)
        let engine = try TestEngine.withStepFunctions(journal: journal)
        let machine = try engine.createMachine(#"{"StartAt":"F","States":{"F":{"Type":"Fail"}}}"#)
        let execution = try engine.startExecution(machine)
        let first = try engine.call(SFN.redriveExecution, .init(executionArn: execution, clientToken: "t"))
        engine.advance(by: .seconds(60))
        let second = try TestEngine.withStepFunctions(journal: journal, wall: engine.wall)
        let again = try second.call(SFN.redriveExecution, .init(executionArn: execution, clientToken: "t"))
        #expect(again.redriveDate == first.redriveDate)
        #expect(try second.describe(execution).redriveCount == 1)
        second.advance(by: .seconds(15 * 60))
        try second.call(SFN.redriveExecution, .init(executionArn: execution, clientToken: "t"))
        #expect(try second.describe(execution).redriveCount == 2)
    }
}
