import AWSModel

extension StepFunctionsService {
    /// AWS: Standard executions tell EventBridge of every change of their status.
    func emitStatus(of record: ExecutionRecord) {
        guard record.isStandard else { return }
        let payloads = payloads(of: record)
        func text(_ value: String?) -> DocumentValue { value.map { .string($0) } ?? .null }
        func time(_ value: Instant?) -> DocumentValue { value.map { .integer($0.epochMilliseconds) } ?? .null }
        let refusal = redriveRefusal(record)
        let included: DocumentValue = ["included": true]
        let detail: DocumentObject = [
            "executionArn": .string(record.arn), "stateMachineArn": .string(record.machine.arn),
            "name": .string(record.name), "status": .string(record.status.rawValue),
            "startDate": time(record.started), "stopDate": time(record.stopped), "input": text(payloads.input),
            "output": text(payloads.output), "stateMachineVersionArn": text(record.versionArn),
            "stateMachineAliasArn": text(record.aliasArn), "redriveCount": .integer(Int64(record.redrives)),
            "redriveDate": time(record.redriven),
            "redriveStatus": .string(refusal == nil ? "REDRIVABLE" : "NOT_REDRIVABLE"),
            "redriveStatusReason": text(refusal), "inputDetails": included,
            "outputDetails": payloads.output == nil ? .null : included, "error": text(record.error),
            "cause": text(record.cause),
        ]
        core.emit(
            ServiceEvent(
                source: "aws.states", detailType: "Step Functions Execution Status Change", resources: [record.arn],
                detail: detail, scope: record.machine.scope), cause: record.origin)
    }
}
