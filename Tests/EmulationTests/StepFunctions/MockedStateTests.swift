import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

/// Mocks put in through our own API.
@Suite struct MockedStateTests {
    private static let machine =
        #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Parameters":{"TableName":"t"},"Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":5}],"Next":"W"},"W":{"Type":"Wait","Seconds":60,"Next":"U"},"U":{"Type":"Task","Resource":"arn:aws:states:::ecs:runTask.sync","Parameters":{},"End":true}}}"#

    private func engine(_ journal: Journal? = nil, wall: Instant = TestEngine.start) throws -> TestEngine {
        try TestEngine(
            services: [StubLambda.init, StubSQS.init, StepFunctionsService.init, SkuaService.init], journal: journal,
            wall: wall)
    }

    private func put(
        _ engine: TestEngine, _ machine: String, _ state: String, _ responses: String, testCase: String? = nil
    ) throws {
        try engine.call(
            Skua.putMockedState,
            .init(stateMachineArn: machine, stateName: state, testCase: testCase, responses: responses))
    }

    @Test func aMockStandsInForEveryExecution() throws {
        let engine = try engine()
        let machine = try engine.createMachine(Self.machine)
        let failing = try engine.startExecution(machine)
        engine.settle()
        #expect(try engine.describe(failing).cause?.contains("Mock the state to run it.") == true)
        try put(engine, machine, "T", #"{"0":{"Throw":{"Error":"Busy","Cause":"c"}},"1":{"Return":{"a":1}}}"#)
        try put(engine, machine, "U", #"{"0-99":{"Return":{"b":2}}}"#)
        for _ in 0..<2 {
            let execution = try engine.startExecution(machine)
            engine.settle()
            engine.advance(by: .seconds(5))
            engine.advance(by: .seconds(60))
            engine.settle()
            #expect(try engine.describe(execution).output == #"{"b":2}"#)
            // AWS: what waits for the end of its work is submitted first.
            let types = try engine.eventTypes(execution)
            #expect(types.suffix(4) == ["TaskSubmitted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"])
            #expect(types.filter { $0 == "TaskSubmitted" }.count == 1)
        }
        let states = try engine.call(Skua.listMockedStates, .init(stateMachineArn: machine)).states ?? []
        #expect(states.map(\.stateName) == ["T", "U"])
        try engine.call(Skua.deleteMockedState, .init(stateMachineArn: machine, stateName: "T"))
        #expect(try engine.call(Skua.listMockedStates, .init(stateMachineArn: machine)).states?.count == 1)
        #expect(
            engine.error(Skua.deleteMockedState, .init(stateMachineArn: machine, stateName: "T"))?.code
                == "ResourceNotFoundException")
    }

    @Test func mocksAndCountedCallsOutliveARestart() throws {
        let path = NSTemporaryDirectory() + "skua-mocks-\(UInt64.random(in: 0 ... .max)).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        var execution = ""
        do {
            let engine = try engine(try Journal(path: path))
            let machine = try engine.createMachine(Self.machine)
            try put(
                engine, machine, "T", #"{"0":{"Throw":{"Error":"Busy"}},"1":{"Return":1}}"#, testCase: "Flaky")
            try put(engine, machine, "U", #"{"0":{"Return":{"b":2}}}"#, testCase: "Flaky")
            execution = try engine.startExecution(machine + "#Flaky")
            engine.settle()
            #expect(try engine.eventTypes(execution).last == "TaskFailed")
        }
        let engine = try engine(try Journal(path: path))
        engine.advance(by: .seconds(5))
        engine.settle()
        engine.advance(by: .seconds(60))
        engine.settle()
        #expect(try engine.describe(execution).output == #"{"b":2}"#)
    }

    @Test func whatCannotBeMockedIsSaid() throws {
        let engine = try engine()
        let machine = try engine.createMachine(Self.machine)
        for (state, responses) in [
            ("W", #"{"0":{"Return":1}}"#), ("Nowhere", #"{"0":{"Return":1}}"#), ("T", "{"), ("T", "{}"),
            ("T", #"{"x":{"Return":1}}"#), ("T", #"{"0":{}}"#),
        ] {
            let refusal = engine.error(
                Skua.putMockedState, .init(stateMachineArn: machine, stateName: state, responses: responses))
            #expect(refusal?.code == "ValidationException", "\(state) \(responses)")
        }
        #expect(
            engine.error(Skua.listMockedStates, .init(stateMachineArn: machine + "x"))?.code
                == "ResourceNotFoundException")
        #expect(
            engine.error(SFN.startExecution, .init(stateMachineArn: machine + "#None"))?.code == "ValidationException")
    }
}
