import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

@Suite struct ExecutionRestartTests {
    /// A journal that outlives its engine, as a file does.
    private func path() -> String { NSTemporaryDirectory() + "skua-states-\(UInt64.random(in: 0 ... .max)).sqlite" }

    @Test func waitsGoOnAfterARestartAtTheTimeTheyHad() throws {
        let path = path()
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let machineText =
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"Next":"P"},"P":{"Type":"Pass","Result":1,"ResultPath":"$.r","End":true}}}"#
        var execution = ""
        do {
            let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
            execution = try engine.startExecution(try engine.createMachine(machineText), input: #"{"a":1}"#)
            engine.advance(by: .seconds(40))
        }
        let engine = try TestEngine.withStepFunctions(
            journal: try Journal(path: path), wall: TestEngine.start + .seconds(40))
        #expect(try engine.describe(execution).status == "RUNNING")
        engine.advance(by: .seconds(59))
        #expect(try engine.describe(execution).status == "RUNNING")
        engine.advance(by: .seconds(1))
        #expect(try engine.describe(execution).output == #"{"a":1,"r":1}"#)
        #expect(
            try engine.eventTypes(execution) == [
                "ExecutionStarted", "WaitStateEntered", "WaitStateExited", "PassStateEntered", "PassStateExited",
                "ExecutionSucceeded",
            ])
    }

    @Test func aFunctionThatWasOutIsInvokedAgainAndFinishedOnesAreRead() throws {
        let path = path()
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        var running = ""
        var finished = ""
        do {
            let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
            finished = try engine.startExecution(
                try engine.createMachine(StateMachineTests.pass, name: "p"), input: "[1]")
            running = try engine.startExecution(try engine.createMachine(ExecutionServiceTests.task), input: "[2]")
            #expect(engine.stubLambda.waiting.count == 1)
        }
        let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
        #expect(engine.stubLambda.invocations.map { String(decoding: $0.payload ?? [], as: UTF8.self) } == ["[2]"])
        engine.stubLambda.waiting.removeFirst().succeed(StubLambda.succeeded("3"))
        engine.settle()
        #expect(try engine.describe(running).output == "3")
        #expect(try engine.describe(finished).output == "[1]")
        #expect(try engine.eventTypes(finished).count == 4)
        #expect(try engine.eventTypes(running).filter { $0 == "LambdaFunctionScheduled" }.count == 1)
    }

    @Test func historiesAndPayloadsComeFromDiskOnceTheyAreOld() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(StateMachineTests.pass)
        let first = try engine.startExecution(machine, input: #"{"n":0}"#)
        let service = try #require(engine.core.service(StepFunctionsService.self))
        let record = try #require(service.executions[first])
        service.cool(to: 0)
        #expect(record.recent.isEmpty && record.input == nil)
        #expect(try engine.describe(first).output == #"{"n":0}"#)
        #expect(try engine.eventTypes(first).count == 4)
    }

    @Test func anAsynchronousExpressExecutionGoesOnAfterARestart() throws {
        let path = path()
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        do {
            let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
            _ = try engine.startExecution(
                try engine.createMachine(ExecutionServiceTests.task, type: "EXPRESS"), input: "[2]")
        }
        let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
        #expect(engine.stubLambda.waiting.count == 1)
        engine.stubLambda.waiting.removeFirst().succeed(StubLambda.succeeded("3"))
        engine.settle()
        #expect(engine.core.service(StepFunctionsService.self)?.executions.isEmpty == true)
    }

    @Test func aLongLoopIsCutIntoTurns() throws {
        let engine = try TestEngine.withStepFunctions()
        let loop =
            #"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.stop","BooleanEquals":true,"Next":"S"}],"Default":"P"},"P":{"Type":"Pass","Next":"C"},"S":{"Type":"Succeed"}}}"#
        let machine = try engine.createMachine(loop)
        var execution = ""
        let elapsed = try ContinuousClock().measure {
            execution = try engine.startExecution(machine, input: #"{"stop":false}"#)
            #expect(try engine.describe(execution).status == "RUNNING")
            engine.advance(by: .seconds(1))
        }
        print(
            "step functions: \(Int(12_500 / (Double(elapsed.wholeMicroseconds) / 1_000_000))) transitions/s with the journal (this build)"
        )
        let description = try engine.describe(execution)
        #expect(description.status == "FAILED")
        #expect(description.cause == "The execution reached the maximum number of history events (25000).")
        let last = try engine.call(
            SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 1, reverseOrder: true))
        #expect(last.events.first?.id == 25_000)
    }
}
