import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    func startExecution(_ input: SFN.StartExecutionInput, _ call: Call) throws(ServiceError) -> SFN.StartExecutionOutput
    {
        let target = try startTarget(input.stateMachineArn)
        let name = input.name ?? core.identifiers.uuid()
        try checkName(name)
        let payload = try executionInput(input.input)
        guard target.machine.type == .standard else {
            let record = try beginExpress(target, name: name, payload, call, input.traceHeader)
            core.attribute(call, to: record.arn, detail: target.machine.name)
            return SFN.StartExecutionOutput(executionArn: record.arn, startDate: record.started)
        }
        let arn = target.machine.scope.arn("states", "execution:\(target.machine.name):\(name)")
        core.attribute(call, to: arn, detail: target.machine.name)
        if let record = executions[arn] {
            // AWS: the same name and input while it runs is the same request; a name is free again after 90 days.
            if record.status == .running, record.input == payload.text {
                return SFN.StartExecutionOutput(executionArn: arn, startDate: record.started)
            }
            guard let stopped = record.stopped, core.now - stopped > .seconds(90 * 86_400) else {
                throw .executionAlreadyExists(arn)
            }
        }
        let record = try begin(target, name: name, arn: arn, input: payload, call: call, traceHeader: input.traceHeader)
        store(record, checkpoint: record.execution?.checkpoint)
        return SFN.StartExecutionOutput(executionArn: arn, startDate: record.started)
    }

    func startSyncExecution(
        _ input: SFN.StartSyncExecutionInput, _ call: Call, _ reply: Reply<SFN.StartSyncExecutionOutput>
    ) throws(ServiceError) {
        let target = try startTarget(input.stateMachineArn)
        guard target.machine.type == .express else { throw .stateMachineTypeNotSupported }
        let name = input.name ?? core.identifiers.uuid()
        try checkName(name)
        let payload = try executionInput(input.input)
        let record = try beginExpress(target, name: name, payload, call, input.traceHeader)
        core.attribute(call, to: record.arn, detail: target.machine.name)
        let hasData = input.includedData != "METADATA_ONLY"
        record.onFinished = { record in
            let output = record.output
            reply.succeed(
                SFN.StartSyncExecutionOutput(
                    executionArn: record.arn, stateMachineArn: record.machine.arn, name: record.name,
                    startDate: record.started,
                    stopDate: record.stopped ?? record.started, status: record.status.rawValue, error: record.error,
                    cause: record.cause, input: hasData ? payload.text : nil, inputDetails: .init(included: hasData),
                    output: hasData ? output : nil, outputDetails: output == nil ? nil : .init(included: hasData),
                    traceHeader: record.traceHeader,
                    billingDetails: SFN.BillingDetails(
                        billedMemoryUsedInMB: Self.billedMegabytes,
                        billedDurationInMilliseconds: Self.billedMilliseconds(record))))
        }
    }

    /// A machine's ARN may end in `#TestCase`, as with Step Functions Local: then the mocks of that name answer.
    private func startTarget(_ arn: String) throws(ServiceError) -> Target {
        guard let mark = arn.lastIndex(of: "#") else { return try target(arn) }
        var target = try target(String(arn[..<mark]))
        let testCase = String(arn[arn.index(after: mark)...])
        guard hasMocks(testCase: testCase, of: target.machine) else {
            throw .validation("There is no mocked test case '\(testCase)' for state machine '\(target.machine.name)'")
        }
        target.testCase = testCase
        return target
    }

    private func beginExpress(
        _ target: Target, name: String, _ payload: Payload, _ call: Call, _ traceHeader: String?
    ) throws(ServiceError) -> ExecutionRecord {
        // AWS: never idempotent, each start is another execution.
        let arn = target.machine.scope.arn(
            "states", "express:\(target.machine.name):\(name):\(core.identifiers.uuid())")
        return try begin(target, name: name, arn: arn, input: payload, call: call, traceHeader: traceHeader)
    }

    func executionInput(_ text: String?) throws(ServiceError) -> Payload {
        guard let text else { return .emptyObject }
        guard !text.isEmpty else { throw .invalidExecutionInput("Invalid execution input.") }
        let payload: Payload
        do throws(JSONSyntaxError) {
            payload = try Payload(parsing: text)
        } catch {
            throw .invalidExecutionInput(JacksonSyntaxMessage(error, in: text).message)
        }
        guard !payload.isTooLarge else {
            throw .validation(
                "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to \(Payload.maximumBytes)"
            )
        }
        return payload
    }

    func stopExecution(_ input: SFN.StopExecutionInput, _ call: Call) throws(ServiceError) -> SFN.StopExecutionOutput {
        let record = try execution(input.executionArn)
        core.attribute(call, to: record.arn, detail: record.machine.name)
        if record.status == .running {
            apply(.stop(error: input.error, cause: input.cause), to: record)
        }
        return SFN.StopExecutionOutput(stopDate: record.stopped ?? core.now)
    }
}
