import AWSModel
import AWSTypes
import StatesLanguage

/// `states:startExecution`, alone, with a token, and waiting for the end (`.sync`, `.sync:2`).
extension StepFunctionsService {
    func startExecution(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        var parameters = order.parameters.value.object ?? [:]
        guard let machineArn = parameters.string("StateMachineArn") else {
            return core.later { [unowned self] in
                let error = ServiceError(
                    "ValidationException",
                    "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null"
                )
                fail(order, record, Self.stepFunctionsError(error, core))
            }
        }
        // AWS: null is no input, and a value is sent as its JSON.
        if parameters["Input"]?.isNull == true { parameters["Input"] = nil }
        parameters.serialise("Input")
        parameters["StateMachineArn"] = .string(machineArn)
        if parameters["TraceHeader"] == nil, let header = record.traceHeader {
            parameters["TraceHeader"] = .string(header)
        }
        callOptimized(.stepfunctions, "StartExecution", parameters, order, record) { [unowned self] result in
            switch result {
            case .failure(let error): fail(order, record, Self.stepFunctionsError(error, core))
            case .success(let document):
                let response = SFN.StartExecutionOutput(document)
                var output: DocumentObject = [
                    "ExecutionArn": .string(response.executionArn),
                    "StartDate": .integer(response.startDate.epochMilliseconds),
                ]
                let length = Self.answerLength(response)
                addMetadata(to: &output, length: length, contentType: "application/x-amz-json-1.0")
                output = output.sortedByName
                switch integration.pattern {
                case .requestResponse, .waitForTaskToken:
                    answered(integration, order, record, Payload(.object(output)))
                case .sync, .sync2:
                    apply(.taskSubmitted(order.id, Payload(.object(output))), to: record)
                    awaitEnd(of: response.executionArn, integration, order, record)
                }
            }
        }
    }

    /// Goes on with the task once the execution that it started has ended.
    private func awaitEnd(
        of arn: String, _ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord
    ) {
        guard let child = executions[arn] else {
            return core.later { [unowned self] in
                let error = ServiceError.executionDoesNotExist(arn)
                fail(order, record, Self.stepFunctionsError(error, core))
            }
        }
        guard child.status != .running else {
            record.awaited[order.id] = arn
            child.onEnd.append { [unowned self] child in
                record.awaited[order.id] = nil
                ended(child, integration, order, record)
            }
            return
        }
        core.later { [unowned self] in ended(child, integration, order, record) }
    }

    /// AWS: what a task waits for ends with it, whether it took too long, was cut short or stopped.
    func stopAwaited(by task: Int, of record: ExecutionRecord) {
        guard let arn = record.awaited.removeValue(forKey: task) else { return }
        core.later { [unowned self] in
            guard let child = executions[arn], child.status == .running else { return }
            let cause =
                "The Task state in AWS Step Functions execution [\(record.arn)] which was managing this resource was aborted"
            apply(.stop(error: nil, cause: cause), to: child)
        }
    }

    /// After a restart: the execution that a submitted `.sync` task waits for stands in its TaskSubmitted event.
    func awaitEndAgain(_ order: TaskOrder, _ record: ExecutionRecord) {
        guard case .integration(let integration) = order.resource, integration.service == "states",
            integration.pattern == .sync || integration.pattern == .sync2
        else { return }
        guard let id = order.submittedEvent, let event = events(of: record, in: id...id).first,
            event.type == .taskSubmitted,
            let arn = event.details.data.flatMap({ try? JSONReader.parse($0) })?["ExecutionArn"]?.string
        else { return }
        awaitEnd(of: arn, integration, order, record)
    }

    private func ended(
        _ child: ExecutionRecord, _ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord
    ) {
        let payloads = payloads(of: child)
        func shown(_ text: String) -> DocumentValue {
            integration.pattern == .sync2 ? ((try? JSONReader.parse(text)) ?? .string(text)) : .string(text)
        }
        var description: DocumentObject = [
            "ExecutionArn": .string(child.arn), "Input": shown(payloads.input ?? "{}"),
            "InputDetails": ["Included": true], "Name": .string(child.name),
            "StartDate": .integer(child.started.epochMilliseconds), "StateMachineArn": .string(child.machine.arn),
            "Status": .string(child.status.rawValue),
            "StopDate": .integer((child.stopped ?? core.now).epochMilliseconds),
        ]
        if let error = child.error { description["Error"] = .string(error) }
        if let cause = child.cause { description["Cause"] = .string(cause) }
        if let output = payloads.output {
            description["Output"] = shown(output)
            description["OutputDetails"] = ["Included": true]
        }
        let refusal = redriveRefusal(child)
        description["RedriveCount"] = .integer(Int64(child.redrives))
        description["RedriveStatus"] = .string(redriveStatus(child, refusal))
        if let refusal { description["RedriveStatusReason"] = .string(refusal) }
        let result = Payload(.object(description.sortedByName))
        if child.status == .succeeded {
            apply(.taskSucceeded(order.id, result), to: record)
        } else {
            fail(order, record, ("States.TaskFailed", result.text))
        }
    }

    /// The length of AWS's answer, which writes seconds as `1.767225600123E9`.
    private static func answerLength(_ response: SFN.StartExecutionOutput) -> Int {
        var digits = String(response.startDate.epochMilliseconds)
        while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
        return #"{"executionArn":"\#(response.executionArn)","startDate":\#(digits).E9}"#.utf8.count
    }

    private static func stepFunctionsError(_ error: ServiceError, _ core: EngineCore) -> (String, String) {
        var name = "AWSStepFunctionsException"
        if SFN.model.error(error.code) != nil {
            name = error.code.hasSuffix("Exception") ? error.code : error.code + "Exception"
        }
        return ("StepFunctions.\(name)", sdkCause(error, "AWSStepFunctions", core))
    }
}
