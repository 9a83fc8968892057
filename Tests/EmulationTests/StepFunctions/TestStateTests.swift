import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct TestStateTests {
    private static let task =
        #"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"work","Payload.$":"$"},"Retry":[{"ErrorEquals":["Oops"],"IntervalSeconds":2,"MaxAttempts":3}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Rescue"}],"Next":"Done"}"#

    private func test(_ engine: TestEngine, _ input: SFN.TestStateInput) throws -> SFN.TestStateOutput {
        try engine.call(SFN.testState, input)
    }

    @Test func aMockedTaskRetriesCatchesAndLeads() throws {
        let engine = try TestEngine.withStepFunctions()
        var request = SFN.TestStateInput(definition: Self.task, input: #"{"n":1}"#, inspectionLevel: "DEBUG")
        request.mock = .init(result: #"{"Payload":2}"#)
        let done = try test(engine, request)
        #expect(done.status == "SUCCEEDED" && done.nextState == "Done" && done.output == #"{"Payload":2}"#)
        #expect(done.inspectionData?.afterParameters == #"{"FunctionName":"work","Payload":{"n":1}}"#)
        request.mock = .init(errorOutput: .init(error: "Oops", cause: "why"))
        request.stateConfiguration = .init(retrierRetryCount: 1)
        let retried = try test(engine, request)
        #expect(retried.status == "RETRIABLE")
        #expect(retried.inspectionData?.errorDetails?.retryBackoffIntervalSeconds == 4)
        request.stateConfiguration = .init(retrierRetryCount: 3)
        let caught = try test(engine, request)
        #expect(caught.status == "CAUGHT_ERROR" && caught.nextState == "Rescue")
        #expect(caught.output == #"{"Error":"Oops","Cause":"why"}"#)
        #expect(caught.inspectionData?.errorDetails?.catchIndex == 0)
    }

    @Test func aTaskWithoutAMockIsDoneForReal() throws {
        let engine = try TestEngine.withStepFunctions()
        var request = SFN.TestStateInput(definition: Self.task, input: #"{"n":1}"#)
        #expect(
            engine.error(SFN.testState, request)?.message == "RoleArn must be specified when testing a Task state")
        request.roleArn = TestEngine.role
        engine.stubLambda.answer = { _ in StubLambda.succeeded("[3]") }
        let pending = engine.begin(SFN.testState, request)
        engine.settle()
        let output = try #require(try pending.result?.get())
        #expect(output.status == "SUCCEEDED" && output.nextState == "Done")
        #expect(try JSONReader.parse(output.output ?? "")["Payload"] == [3])
        #expect(engine.core.service(StepFunctionsService.self)?.executions.isEmpty == true)
    }

    @Test func mapsAndParallelsNeedAMockOfTheirShape() throws {
        let engine = try TestEngine.withStepFunctions()
        let branch = #"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#
        let parallel =
            #"{"Type":"Parallel","Branches":[\#(branch),\#(branch.replacingOccurrences(of: "P\"", with: "Q\""))],"End":true}"#
        let map = #"{"Type":"Map","ItemProcessor":\#(branch),"End":true}"#
        let writer =
            #"{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}},"End":true}"#
        for definition in [parallel, map] {
            let error = engine.error(SFN.testState, .init(definition: definition))
            #expect(error?.code == "InvalidDefinition")
            #expect(
                error?.message
                    == "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
            )
        }
        let array = "Mocked result must be an array."
        let cases: [(String, String, String?)] = [
            (parallel, "{}", array), (map, "{}", array), (writer, "[]", "Mocked result must be a JSON object."),
            (
                parallel, "[1]",
                "Mocked result must contain the same number of items as number of Parallel branches."
            ), (parallel, "[1,2]", nil), (map, "[]", nil), (writer, "{}", nil),
        ]
        for (definition, result, message) in cases {
            var request = SFN.TestStateInput(definition: definition)
            request.mock = .init(result: result)
            guard let message else {
                #expect(try test(engine, request).output == result)
                continue
            }
            #expect(engine.error(SFN.testState, request)?.message == message)
        }
    }

    @Test func mocksMustFitTheOperation() throws {
        let engine = try TestEngine.withStepFunctions()
        let definition =
            #"{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{"StateMachineArn":"x"},"End":true}"#
        var request = SFN.TestStateInput(definition: definition)
        request.mock = .init(result: #"{"StartDate":"now"}"#)
        #expect(
            engine.error(SFN.testState, request)?.message
                == "Mock result schema validation error: Required field 'ExecutionArn' is missing")
        request.mock?.fieldValidationMode = "PRESENT"
        #expect(try test(engine, request).status == "SUCCEEDED")
        request.mock = .init(result: #"{"ExecutionArn":1,"StartDate":"now"}"#)
        #expect(
            engine.error(SFN.testState, request)?.message
                == "Mock result schema validation error: Field 'ExecutionArn' must be a string")
    }
}
