import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    private func waiting(_ token: String) throws(ServiceError) -> WaitingTask {
        guard let waiting = tokens[token] else {
            guard Base64.decode(token)?.count == 48 else { throw .invalidStepFunctionsToken }
            throw ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        }
        return waiting
    }

    func sendTaskSuccess(_ input: SFN.SendTaskSuccessInput, _ call: Call) throws(ServiceError)
        -> SFN.SendTaskSuccessOutput
    {
        let waiting = try waiting(input.taskToken)
        core.attribute(call, to: waiting.record.arn)
        let payload: Payload
        do throws(JSONSyntaxError) {
            payload = try Payload(parsing: input.output)
        } catch {
            throw ServiceError(
                "InvalidOutput", "Invalid Output: '\(JacksonSyntaxMessage(error, in: input.output).message)'")
        }
        apply(.taskSucceeded(waiting.task, payload), to: waiting.record)
        forget(input.taskToken, waiting.record)
        return SFN.SendTaskSuccessOutput()
    }

    func sendTaskFailure(_ input: SFN.SendTaskFailureInput, _ call: Call) throws(ServiceError)
        -> SFN.SendTaskFailureOutput
    {
        let waiting = try waiting(input.taskToken)
        core.attribute(call, to: waiting.record.arn)
        apply(.taskFailed(waiting.task, error: input.error, cause: input.cause), to: waiting.record)
        forget(input.taskToken, waiting.record)
        return SFN.SendTaskFailureOutput()
    }

    func sendTaskHeartbeat(_ input: SFN.SendTaskHeartbeatInput, _ call: Call) throws(ServiceError)
        -> SFN.SendTaskHeartbeatOutput
    {
        let waiting = try waiting(input.taskToken)
        core.attribute(call, to: waiting.record.arn)
        apply(.taskHeartbeat(waiting.task), to: waiting.record)
        return SFN.SendTaskHeartbeatOutput()
    }

    private func forget(_ token: String, _ record: ExecutionRecord) {
        tokens[token] = nil
        record.tokens.remove(token)
    }
}
