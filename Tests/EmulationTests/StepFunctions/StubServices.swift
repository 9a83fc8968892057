import AWSModel
import AWSTypes

@testable import Emulation

/// A Lambda whose invocations the test answers, now or later.
final class StubLambda: Service {
    static let id = Lambda.id
    unowned let core: EngineCore
    var invocations: [Lambda.InvocationRequest] = []
    var waiting: [Reply<Lambda.InvocationResponse>] = []
    /// Answers at once; nil parks the invocation.
    var answer: ((Lambda.InvocationRequest) throws(ServiceError) -> Lambda.InvocationResponse?)?

    init(core: EngineCore) { self.core = core }

    var operations: OperationTable {
        var table = OperationTable()
        table.onPending(Lambda.invoke) { [unowned self] (input, _, reply) throws(ServiceError) in
            invocations.append(input)
            if let response = try answer?(input) { reply.succeed(response) } else { waiting.append(reply) }
        }
        return table
    }

    static func succeeded(_ payload: String) -> Lambda.InvocationResponse {
        Lambda.InvocationResponse(statusCode: 200, payload: Array(payload.utf8), executedVersion: "$LATEST")
    }

    static func failed(_ payload: String) -> Lambda.InvocationResponse {
        Lambda.InvocationResponse(
            statusCode: 200, functionError: "Unhandled", payload: Array(payload.utf8), executedVersion: "$LATEST")
    }
}

/// An SQS that keeps what is sent.
final class StubSQS: Service {
    static let id = SQS.id
    var sent: [SQS.SendMessageRequest] = []

    init(core: EngineCore) {}

    var operations: OperationTable {
        var table = OperationTable()
        table.on(SQS.sendMessage) { [unowned self] (input, _) throws(ServiceError) in
            guard input.queueUrl.hasSuffix("/orders") else {
                throw ServiceError("QueueDoesNotExist", "The specified queue does not exist.")
            }
            sent.append(input)
            return SQS.SendMessageResult(md5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661", messageId: "id-1")
        }
        return table
    }
}

extension TestEngine {
    static func withStepFunctions(journal: Journal? = nil, wall: Instant = TestEngine.start) throws -> TestEngine {
        try TestEngine(
            services: [StubLambda.init, StubSQS.init, StepFunctionsService.init], journal: journal, wall: wall)
    }

    var stubLambda: StubLambda { core.service(StubLambda.self)! }
    var stubSQS: StubSQS { core.service(StubSQS.self)! }

    static let role = "arn:aws:iam::123456789012:role/machine"
    static let function = "arn:aws:lambda:us-east-1:123456789012:function:work"

    func createMachine(_ definition: String, name: String = "machine", type: String? = nil) throws -> String {
        try call(
            SFN.createStateMachine, .init(name: name, definition: definition, roleArn: Self.role, type: type)
        ).stateMachineArn
    }

    func startExecution(_ machine: String, input: String? = nil, name: String? = nil) throws -> String {
        try call(SFN.startExecution, .init(stateMachineArn: machine, name: name, input: input)).executionArn
    }

    func describe(_ execution: String) throws -> SFN.DescribeExecutionOutput {
        try call(SFN.describeExecution, .init(executionArn: execution))
    }

    func eventTypes(_ execution: String) throws -> [String] {
        try call(SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 1000)).events.map(\.type)
    }

    /// Lets what other services answered within the turn arrive.
    func settle() { advance(by: .zero) }
}
