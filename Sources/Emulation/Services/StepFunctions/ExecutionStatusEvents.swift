import AWSModel

extension StepFunctionsService {
    /// AWS: an event holds 248 KiB of input and output, as they are escaped; the input goes first.
    private static let statusPayloadLimit = 248 * 1024

    private static func shown(_ payloads: (input: String?, output: String?)) -> (input: String?, output: String?) {
        func size(_ text: String?) -> Int { text.map { JSONWriter.string(.string($0)).utf8.count } ?? 0 }
        let raw = (payloads.input?.utf8.count ?? 0) + (payloads.output?.utf8.count ?? 0)
        guard raw * 2 > statusPayloadLimit else { return payloads }
        var shown = payloads
        let output = size(payloads.output)
        if size(payloads.input) + output > statusPayloadLimit { shown.input = nil }
        if output > statusPayloadLimit { shown.output = nil }
        return shown
    }

    /// AWS: Standard executions tell EventBridge of every change of their status.
    func emitStatus(of record: ExecutionRecord) {
        guard record.isStandard else { return }
        let payloads = Self.shown(payloads(of: record))
        func text(_ value: String?) -> DocumentValue { value.map { .string($0) } ?? .null }
        func time(_ value: Instant?) -> DocumentValue { value.map { .integer($0.epochMilliseconds) } ?? .null }
        let refusal = redriveRefusal(record)
        let detail: DocumentObject = [
            "executionArn": .string(record.arn), "stateMachineArn": .string(record.machineArn),
            "name": .string(record.name), "status": .string(record.status.rawValue),
            "startDate": time(record.started), "stopDate": time(record.stopped), "input": text(payloads.input),
            "output": text(payloads.output), "stateMachineVersionArn": text(record.versionArn),
            "stateMachineAliasArn": text(record.aliasArn), "redriveCount": .integer(Int64(record.redrives)),
            "redriveDate": time(record.redriven),
            "redriveStatus": .string(redriveStatus(record, refusal)),
            "redriveStatusReason": text(refusal), "inputDetails": ["included": .bool(payloads.input != nil)],
            "outputDetails": record.status == .succeeded ? ["included": .bool(payloads.output != nil)] : .null,
            "error": text(record.error), "cause": text(record.cause),
        ]
        core.emit(
            ServiceEvent(
                source: "aws.states", detailType: "Step Functions Execution Status Change", resources: [record.arn],
                detail: detail, scope: record.machine.scope), cause: record.origin)
    }
}
