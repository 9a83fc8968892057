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
            redriveStatus: redriveStatus(record, refusal), redriveStatusReason: refusal)
    }

    func listExecutions(_ input: SFN.ListExecutionsInput, _ call: Call) throws(ServiceError) -> SFN.ListExecutionsOutput
    {
        guard (input.stateMachineArn == nil) != (input.mapRunArn == nil) else {
            throw .validation("Must provide either a stateMachineArn or a mapRunArn")
        }
        var target: Target?
        let candidates: [ExecutionRecord]
        var pendingRedrive: Set<String> = []
        if let arn = input.mapRunArn {
            core.attribute(call, to: arn)
            candidates = try childExecutions(ofMapRun: arn)
            pendingRedrive = mapRuns[arn]?.pendingRedrives ?? []
        } else {
            let found = try self.target(input.stateMachineArn ?? "")
            guard found.machine.type == .standard else { throw .stateMachineTypeNotSupported }
            guard input.statusFilter != "PENDING_REDRIVE" else {
                throw .validation("A mapRunArn must be specified when the statusFilter is PENDING_REDRIVE")
            }
            guard input.redriveFilter == nil else {
                throw .validation("A mapRunArn must be specified with a redriveFilter")
            }
            core.attribute(call, to: found.machine.arn)
            candidates = found.machine.executions
            target = found
        }
        func status(_ record: ExecutionRecord) -> String {
            pendingRedrive.contains(record.arn) ? "PENDING_REDRIVE" : record.status.rawValue
        }
        let list = [
            "executions", input.mapRunArn ?? input.stateMachineArn ?? "", input.statusFilter ?? "",
            input.redriveFilter ?? "",
        ].joined(separator: " ")
        // AWS: newest first.
        let page = try Page(
            newestFirst: candidates, maximum: input.maxResults, token: input.nextToken, of: list, at: core.now,
            id: \.id
        ) { record in
            if let wanted = input.statusFilter, status(record) != wanted { return false }
            if let filter = input.redriveFilter, (filter == "REDRIVEN") != (record.redrives > 0) { return false }
            if let alias = target?.aliasArn { return record.aliasArn == alias }
            return target?.versionArn == nil || record.versionArn == target?.versionArn
        }
        return SFN.ListExecutionsOutput(
            executions: page.items.map {
                SFN.ExecutionListItem(
                    executionArn: $0.arn, stateMachineArn: $0.machineArn, name: $0.name, status: status($0),
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
        let list = "history \(record.arn) \(isReversed)"
        let skipped = min(try PageToken(input.nextToken, of: list, at: core.now)?.place ?? 0, total)
        let count = min(PageToken.count(input.maxResults), total - skipped)
        guard count > 0 else { return SFN.GetExecutionHistoryOutput(events: []) }
        let range = isReversed ? (total - skipped - count + 1)...(total - skipped) : (skipped + 1)...(skipped + count)
        var events = events(of: record, in: range)
        if isReversed { events.reverse() }
        let includesData = input.includeExecutionData ?? true
        let next = skipped + count
        return SFN.GetExecutionHistoryOutput(
            events: events.map { SFN.HistoryEvent($0.document(includesData: includesData)) },
            nextToken: next < total ? PageToken(place: next).text(of: list, at: core.now) : nil)
    }
}
