import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    func describeExecution(
        _ input: SFN.DescribeExecutionInput, _ call: Call
    ) throws(ServiceError) -> SFN.DescribeExecutionOutput {
        let record = try execution(input.executionArn)
        core.attribute(call, to: record.arn)
        let hasData = input.includedData != "METADATA_ONLY"
        let payloads: (input: String?, output: String?) = hasData ? payloads(of: record) : (nil, nil)
        let refusal = redriveRefusal(record)
        return SFN.DescribeExecutionOutput(
            executionArn: record.arn, stateMachineArn: record.machineArn, name: record.name,
            status: record.status.rawValue,
            startDate: record.started, stopDate: record.stopped, input: payloads.input,
            inputDetails: .init(included: hasData),
            output: payloads.output, outputDetails: record.status == .succeeded ? .init(included: hasData) : nil,
            traceHeader: record.traceHeader, mapRunArn: record.mapRun?.arn, error: record.error, cause: record.cause,
            stateMachineVersionArn: record.versionArn, stateMachineAliasArn: record.aliasArn,
            redriveCount: record.redrives, redriveDate: record.redriven,
            redriveStatus: refusal == nil ? "REDRIVABLE" : "NOT_REDRIVABLE", redriveStatusReason: refusal)
    }

    func listExecutions(_ input: SFN.ListExecutionsInput, _ call: Call) throws(ServiceError) -> SFN.ListExecutionsOutput
    {
        guard (input.stateMachineArn == nil) != (input.mapRunArn == nil) else {
            throw .validation("Must provide either a stateMachineArn or a mapRunArn")
        }
        var target: Target?
        // AWS: newest first.
        let candidates: [ExecutionRecord]
        if let arn = input.mapRunArn {
            core.attribute(call, to: arn)
            candidates = try childExecutions(ofMapRun: arn)
        } else {
            let found = try self.target(input.stateMachineArn ?? "")
            guard found.machine.type == .standard else { throw .stateMachineTypeNotSupported }
            core.attribute(call, to: found.machine.arn)
            candidates = found.machine.executions.reversed()
            target = found
        }
        let all = candidates.filter { record in
            if let status = input.statusFilter, record.status.rawValue != status { return false }
            if let filter = input.redriveFilter, (filter == "REDRIVEN") != (record.redrives > 0) { return false }
            if let alias = target?.aliasArn { return record.aliasArn == alias }
            return target?.versionArn == nil || record.versionArn == target?.versionArn
        }
        let page = try Page(all, maximum: input.maxResults, token: input.nextToken, usual: 100)
        return SFN.ListExecutionsOutput(
            executions: page.items.map {
                SFN.ExecutionListItem(
                    executionArn: $0.arn, stateMachineArn: $0.machineArn, name: $0.name, status: $0.status.rawValue,
                    startDate: $0.started, stopDate: $0.stopped, mapRunArn: $0.mapRun?.arn,
                    itemCount: $0.mapRun == nil ? nil : $0.itemCount, stateMachineVersionArn: $0.versionArn,
                    stateMachineAliasArn: $0.aliasArn, redriveCount: $0.redrives, redriveDate: $0.redriven)
            }, nextToken: page.next)
    }

    func getExecutionHistory(
        _ input: SFN.GetExecutionHistoryInput, _ call: Call
    ) throws(ServiceError) -> SFN.GetExecutionHistoryOutput {
        let record = try execution(input.executionArn)
        core.attribute(call, to: record.arn)
        let total = record.storedEvents + record.recent.count
        let isReversed = input.reverseOrder ?? false
        var skipped = 0
        if let token = input.nextToken {
            guard let position = Base64.decode(token).flatMap({ Int(String(decoding: $0, as: UTF8.self)) }),
                position >= 0
            else {
                throw .invalidStepFunctionsToken
            }
            skipped = min(position, total)
        }
        let count = min(input.maxResults.flatMap { $0 > 0 ? min($0, 1000) : nil } ?? 100, total - skipped)
        guard count > 0 else { return SFN.GetExecutionHistoryOutput(events: []) }
        let range = isReversed ? (total - skipped - count + 1)...(total - skipped) : (skipped + 1)...(skipped + count)
        var events = events(of: record, in: range)
        if isReversed { events.reverse() }
        let includesData = input.includeExecutionData ?? true
        let next = skipped + count
        return SFN.GetExecutionHistoryOutput(
            events: events.map { SFN.HistoryEvent($0.document(includesData: includesData)) },
            nextToken: next < total ? Base64.encode(Array(String(next).utf8)) : nil)
    }
}
