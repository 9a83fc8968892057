import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    private func mapRun(_ arn: String) throws(ServiceError) -> MapRunRecord {
        guard let parsed = ARN(arn), parsed.service == "states", parsed.resource.hasPrefix("mapRun:") else {
            throw .invalidStepFunctionsArn(arn)
        }
        guard let run = mapRuns[arn] else { throw ServiceError("ResourceNotFound", "Resource not found: '\(arn)'") }
        return run
    }

    func describeMapRun(_ input: SFN.DescribeMapRunInput, _ call: Call) throws(ServiceError) -> SFN.DescribeMapRunOutput
    {
        let run = try mapRun(input.mapRunArn)
        core.attribute(call, to: run.arn)
        let items = run.itemCounts
        let children = run.counts
        let lost = failuresNotRedrivable(of: run)
        let waiting = run.pendingRedrives.compactMap { executions[$0] }
        return SFN.DescribeMapRunOutput(
            mapRunArn: run.arn, executionArn: run.parentArn, status: run.status.rawValue, startDate: run.started,
            stopDate: run.stopped, maxConcurrency: run.maxConcurrency,
            toleratedFailurePercentage: run.toleratedFailurePercentage,
            toleratedFailureCount: run.toleratedFailureCount,
            itemCounts: SFN.MapRunItemCounts(
                pending: items[.pending], running: items[.running], succeeded: items[.succeeded],
                failed: items.failed, timedOut: items.timedOut, aborted: items[.aborted], total: items.total,
                resultsWritten: run.resultsWritten, failuresNotRedrivable: lost.items,
                pendingRedrive: waiting.reduce(0) { $0 + $1.itemCount }),
            executionCounts: SFN.MapRunExecutionCounts(
                pending: children[.pending], running: children[.running], succeeded: children[.succeeded],
                failed: children.failed, timedOut: children.timedOut, aborted: children[.aborted],
                total: children.total, resultsWritten: run.resultsWritten,
                failuresNotRedrivable: lost.executions, pendingRedrive: waiting.count),
            redriveCount: run.redriveCount, redriveDate: run.redriven)
    }

    /// AWS: children that did not succeed and whose `redriveStatus` is NOT_REDRIVABLE. Express ones start anew instead.
    private func failuresNotRedrivable(of run: MapRunRecord) -> (executions: Int, items: Int) {
        var count = (executions: 0, items: 0)
        // As long as none is too old or too long there is nothing to look for.
        guard run.order.executionType == .standard, run.hasLongChildren || isPastRedrive(run.started) else {
            return count
        }
        for child in run.children where child.hasEnded && child.status != .succeeded {
            guard let record = child.arn.flatMap({ executions[$0] }), redriveRefusal(record) != nil else { continue }
            count.executions += 1
            count.items += child.items
        }
        return count
    }

    func listMapRuns(_ input: SFN.ListMapRunsInput, _ call: Call) throws(ServiceError) -> SFN.ListMapRunsOutput {
        let record = try execution(input.executionArn)
        core.attribute(call, to: record.arn)
        let page = try Page(
            Array(record.mapRuns.reversed()), maximum: input.maxResults, token: input.nextToken,
            of: "mapRuns \(record.arn)", at: core.now)
        return SFN.ListMapRunsOutput(
            mapRuns: page.items.map {
                SFN.MapRunListItem(
                    executionArn: record.arn, mapRunArn: $0.arn,
                    stateMachineArn: "\(record.machine.arn)/\($0.label)",
                    startDate: $0.started, stopDate: $0.stopped)
            }, nextToken: page.next)
    }

    func updateMapRun(_ input: SFN.UpdateMapRunInput, _ call: Call) throws(ServiceError) -> SFN.UpdateMapRunOutput {
        let run = try mapRun(input.mapRunArn)
        core.attribute(call, to: run.arn)
        guard run.status == .running else {
            throw .validation("The Map Run is \(run.status.rawValue) and cannot be updated.")
        }
        if let concurrency = input.maxConcurrency { run.maxConcurrency = concurrency }
        if let count = input.toleratedFailureCount { run.toleratedFailureCount = count }
        if let percentage = input.toleratedFailurePercentage { run.toleratedFailurePercentage = percentage }
        store(run)
        core.changes.mark(run.arn)
        pump(run)
        return SFN.UpdateMapRunOutput()
    }

    /// The child executions of a run, oldest first.
    func childExecutions(ofMapRun arn: String) throws(ServiceError) -> [ExecutionRecord] {
        let run = try mapRun(arn)
        // AWS: Express children are not kept, so that there is nothing to list.
        guard run.order.executionType == .standard else { throw .stateMachineTypeNotSupported }
        return run.children.compactMap { $0.arn.flatMap { executions[$0] } }.sorted { $0.id < $1.id }
    }
}
