import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// What executions tell CloudWatch Logs and EventBridge.
@Suite struct ExecutionReportTests {
    private static let machine =
        #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(TestEngine.function)","Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}],"End":true},"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#

    @Test(arguments: ["STANDARD", "EXPRESS"]) func eachLevelLogsItsEvents(type: String) throws {
        let engine = try TestEngine(services: [StubLambda.init, StepFunctionsService.init, LogsService.init])
        engine.stubLambda.answer = { _ in StubLambda.failed(#"{"errorType":"Oops"}"#) }
        let wanted = [
            "ALL": [
                "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted",
                "LambdaFunctionFailed", "TaskStateExited", "FailStateEntered", "ExecutionFailed",
            ],
            "ERROR": ["LambdaFunctionFailed", "FailStateEntered", "ExecutionFailed"], "FATAL": ["ExecutionFailed"],
            "OFF": [],
        ]
        for (level, types) in wanted.sorted(by: { $0.key < $1.key }) {
            for hasData in [false, true] {
                let group = "\(level)-\(hasData)"
                try engine.call(Logs.createLogGroup, .init(logGroupName: group))
                let arn = try engine.call(
                    SFN.createStateMachine,
                    .init(
                        name: group, definition: Self.machine, roleArn: TestEngine.role, type: type,
                        loggingConfiguration: .init(
                            level: level, includeExecutionData: hasData,
                            destinations: [
                                .init(
                                    cloudWatchLogsLogGroup: .init(
                                        logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:\(group):*"))
                            ]))
                ).stateMachineArn
                _ = try engine.startExecution(arn, input: #"{"n":1}"#)
                engine.settle()
                let events = try engine.call(Logs.filterLogEvents, .init(logGroupName: group)).events ?? []
                let lines = try events.map { try JSONReader.parse($0.message ?? "") }
                #expect(lines.map { $0["type"]?.string ?? "" } == types, "\(group)")
                for line in lines {
                    #expect(line["redrive_count"]?.string == "0" && line["id"]?.string != nil)
                    let input = line["details"]?["input"]?.string
                    if line["type"]?.string == "ExecutionStarted" { #expect(input == (hasData ? #"{"n":1}"# : nil)) }
                }
            }
        }
    }

    private final class Listener: ServiceEventListener {
        var events: [ServiceEvent] = []
        func received(_ event: ServiceEvent, cause: Cause?) { events.append(event) }
    }

    @Test func everyChangeOfStatusIsAnEvent() throws {
        let engine = try TestEngine.withStepFunctions()
        let listener = Listener()
        engine.core.serviceEventListener = listener
        let machine = try engine.createMachine(
            #"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#)
        let execution = try engine.startExecution(machine, input: #"{"a":1}"#, name: "one")
        try engine.call(SFN.redriveExecution, .init(executionArn: execution))
        #expect(listener.events.map { $0.detail.string("status") } == ["RUNNING", "FAILED", "RUNNING", "FAILED"])
        let failed = try #require(listener.events.dropFirst().first)
        #expect(failed.source == "aws.states" && failed.detailType == "Step Functions Execution Status Change")
        #expect(failed.resources == [execution])
        let wanted: DocumentObject = [
            "executionArn": .string(execution), "stateMachineArn": .string(machine), "name": "one", "status": "FAILED",
            "startDate": .integer(TestEngine.start.epochMilliseconds),
            "stopDate": .integer(TestEngine.start.epochMilliseconds), "input": #"{"a":1}"#, "output": .null,
            "stateMachineVersionArn": .null, "stateMachineAliasArn": .null, "redriveCount": 0, "redriveDate": .null,
            "redriveStatus": "REDRIVABLE", "redriveStatusReason": .null, "inputDetails": ["included": true],
            "outputDetails": .null, "error": "E", "cause": "C",
        ]
        #expect(DocumentValue.object(failed.detail) == .object(wanted))
        #expect(listener.events.last?.detail.integer("redriveCount") == 1)
        // AWS: an event holds 248 KiB of both.
        let large = "\"" + String(repeating: "x", count: 130 * 1024) + "\""
        _ = try engine.startExecution(try engine.createMachine(StateMachineTests.pass, name: "p"), input: large)
        let ended = try #require(listener.events.last?.detail)
        #expect(ended["input"]?.isNull == true && ended["output"]?.string?.utf8.count == large.utf8.count)
        #expect(ended.object("inputDetails")?.bool("included") == false)
        #expect(ended.object("outputDetails")?.bool("included") == true)
    }
}
