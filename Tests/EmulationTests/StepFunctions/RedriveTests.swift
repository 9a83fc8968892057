import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

@Suite struct RedriveTests {
    private static let machine =
        #"{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"a":1},"Next":"T"},"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}}"#

    @Test func aFailedExecutionGoesOnWhereItFailedAlsoAfterARestart() throws {
        let path = NSTemporaryDirectory() + "skua-redrive-\(UInt64.random(in: 0 ... .max)).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        var execution = ""
        do {
            let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
            engine.stubLambda.answer = { _ in StubLambda.failed(#"{"errorType":"Oops","errorMessage":"no"}"#) }
            execution = try engine.startExecution(try engine.createMachine(Self.machine))
            engine.settle()
            let failed = try engine.describe(execution)
            #expect(failed.status == "FAILED" && failed.redriveStatus == "REDRIVABLE")
        }
        let engine = try TestEngine.withStepFunctions(journal: try Journal(path: path))
        engine.stubLambda.answer = { _ in StubLambda.succeeded("7") }
        try engine.call(SFN.redriveExecution, .init(executionArn: execution))
        engine.settle()
        let ended = try engine.describe(execution)
        #expect(ended.status == "SUCCEEDED" && ended.output == "7" && ended.redriveCount == 1)
        #expect(ended.redriveStatusReason == "Execution is SUCCEEDED and cannot be redriven")
        let types = try engine.eventTypes(execution)
        #expect(types.contains("ExecutionRedriven"))
        #expect(types.filter { $0 == "PassStateEntered" }.count == 1)
        let refusal = engine.error(SFN.redriveExecution, .init(executionArn: execution))
        #expect(refusal?.code == "ExecutionNotRedrivable")
    }

    /// AWS: `RedriveTime` is there once there was one; the count is that of the redrive that runs.
    @Test func theContextTellsOfTheRedrive() throws {
        let engine = try TestEngine.withStepFunctions()
        engine.stubLambda.answer = { _ in StubLambda.failed(#"{"errorType":"Oops"}"#) }
        let machine = try engine.createMachine(
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","Parameters":{"context.$":"$$.Execution"},"End":true}}}"#
        )
        let execution = try engine.startExecution(machine)
        engine.settle()
        for _ in 0..<2 {
            engine.advance(by: .seconds(60))
            try engine.call(SFN.redriveExecution, .init(executionArn: execution))
            engine.settle()
        }
        let contexts = try engine.stubLambda.invocations.map { request in
            try #require(try JSONReader.parse(request.payload ?? [])["context"]?.object)
        }
        #expect(contexts.map { $0.integer("RedriveCount") } == [0, 1, 2])
        let started = TestEngine.start
        #expect(
            contexts.map { $0.string("RedriveTime") }
                == [nil, (started + .seconds(60)).iso8601(), (started + .seconds(120)).iso8601()])
        #expect(Set(contexts.map { $0.string("StartTime") }) == [started.iso8601()])
    }

    @Test func twoWeeksAfterTheEndItIsTooLate() throws {
        let engine = try TestEngine.withStepFunctions()
        engine.stubLambda.answer = { _ in StubLambda.failed(#"{"errorType":"Oops"}"#) }
        let execution = try engine.startExecution(try engine.createMachine(Self.machine))
        engine.advance(by: .seconds(15 * 86_400))
        #expect(try engine.describe(execution).redriveStatusReason == "Execution redrivable period exceeded")
    }
}
