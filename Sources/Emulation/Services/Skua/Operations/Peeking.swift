import AWSModel
import AWSTypes

/// What one service knows and the console asks for through ours: a queue's messages untouched, a function's
/// files, the stages of a state's data.
extension SkuaService {
    /// Larger files are listed without their text.
    private static let largestText = 512 * 1024

    func registerPeeking(_ table: inout OperationTable) {
        table.on(Skua.peekMessages) { [unowned self] (input, call) throws(ServiceError) in
            try peekMessages(input, call)
        }
        table.on(Skua.getFunctionCode) { [unowned self] (input, call) throws(ServiceError) in
            try functionCode(input, call)
        }
        table.on(Skua.describeStateStages) { [unowned self] (input, _) throws(ServiceError) in try stateStages(input) }
    }

    private func stateStages(
        _ input: Skua.DescribeStateStagesRequest
    ) throws(ServiceError) -> Skua.DescribeStateStagesResponse {
        guard let workflows = core.service(StepFunctionsService.self) else {
            throw .notImplemented(service: SFN.id, operation: "DescribeStateStages")
        }
        let found = try workflows.stages(ofExecution: input.executionArn, enteredEvent: input.eventId)
        return Skua.DescribeStateStagesResponse(
            stateName: found.state, stages: found.stages.map { Skua.StateStage(name: $0.name, value: $0.text) })
    }

    private func peekMessages(
        _ input: Skua.PeekMessagesRequest, _ call: Call
    ) throws(ServiceError) -> Skua.PeekMessagesResponse {
        guard let queues = core.service(SQSService.self) else {
            throw .notImplemented(service: SQS.id, operation: "PeekMessages")
        }
        return try queues.peek(
            input.queueUrl, state: input.state, group: input.messageGroupId, nextToken: input.nextToken,
            limit: input.maxResults ?? 100, caller: call.caller)
    }

    private func functionCode(
        _ input: Skua.GetFunctionCodeRequest, _ call: Call
    ) throws(ServiceError) -> Skua.GetFunctionCodeResponse {
        guard let functions = core.service(LambdaService.self) else {
            throw .notImplemented(service: Lambda.id, operation: "GetFunctionCode")
        }
        let name = input.functionName
        var files: [Skua.CodeFile] = []
        for file in try functions.codeFiles(ofFunction: name, qualifier: input.qualifier, from: call.scope) {
            var text: String?
            if file.size <= Self.largestText {
                let bytes = try functions.codeFile(
                    file.path, ofFunction: name, qualifier: input.qualifier, from: call.scope)
                text = bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
            }
            files.append(Skua.CodeFile(path: file.path, size: file.size, text: text, isBinary: text == nil))
        }
        return Skua.GetFunctionCodeResponse(files: files)
    }
}
